"""Draw the sample site's pictures, three posters (one a PDF) and a banner, into the samples folder.

Run it with the development tools installed; the pictures it makes are committed.
"""

import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).parents[1] / "src" / "spotlight_notify" / "sandbox" / "samples"
POSTER = (1080, 1350)
BANNER = (1200, 630)
SCALE = 2
"""Everything is drawn this much larger and then shrunk, for smooth edges."""
COLORS = 64
DRAWN_AT = time.gmtime(1_795_392_000)
"""What the PDF calls its date, so that it is the same file each time it is drawn."""

Color = tuple[int, int, int]
NAVY: Color = (20, 40, 75)
WHITE: Color = (255, 255, 255)
GOLD: Color = (255, 209, 102)


class Sheet:
    """Draw on a sheet whose measures are those of the finished picture."""

    def __init__(self, size: tuple[int, int], ground: Color) -> None:
        self.size = size
        self.image = Image.new("RGB", (size[0] * SCALE, size[1] * SCALE), ground)
        self.pen = ImageDraw.Draw(self.image)

    def shape(self, points: list[tuple[float, float]], fill: Color) -> None:
        """Fill a polygon."""
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def bubble(self, box: tuple[float, float, float, float], fill: Color, radius: float) -> None:
        """Fill a box with round corners."""
        self.pen.rounded_rectangle([edge * SCALE for edge in box], radius * SCALE, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Color) -> None:
        """Fill a circle."""
        box = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self.pen.ellipse(box, fill=fill)

    def words(
        self, text: str, at: tuple[float, float], size: float, fill: Color, *, bold: bool = False
    ) -> None:
        """Write lines around a middle point; bold is a stroke, since the bundled font has one weight."""
        font = ImageFont.load_default(size * SCALE)
        self.pen.multiline_text(
            (at[0] * SCALE, at[1] * SCALE),
            text,
            fill=fill,
            font=font,
            anchor="mm",
            align="center",
            spacing=size * SCALE * 0.12,
            stroke_width=size * SCALE * 0.022 if bold else 0,
        )

    def save(self, name: str) -> None:
        """Shrink, reduce the colors, and write the file: a PNG, or a PDF of one page."""
        small = self.image.resize(self.size, Image.Resampling.LANCZOS)
        path = FOLDER / name
        if path.suffix == ".pdf":
            small.save(path, resolution=150, quality=80, creationDate=DRAWN_AT, modDate=DRAWN_AT)
        else:
            small.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(f"{path.name}: {path.stat().st_size} bytes")


def star(sheet: Sheet, x: float, y: float, radius: float, fill: Color) -> None:
    """Fill a five-pointed star."""
    from math import cos, pi, sin

    reach = [radius, radius * 0.42] * 5
    sheet.shape([(x + r * sin(i * pi / 5), y - r * cos(i * pi / 5)) for i, r in enumerate(reach)], fill)


def foot(sheet: Sheet, ground: Color, ink: Color) -> None:
    """Write the line that all posters share."""
    width, height = sheet.size
    sheet.shape([(0, height - 110), (width, height - 110), (width, height), (0, height)], ground)
    sheet.words("SPOTLIGHT ON SAFETY", (width / 2, height - 55), 34, ink, bold=True)


def situations() -> None:
    """Draw speech bubbles that get smaller and calmer."""
    sheet = Sheet(POSTER, (24, 58, 110))
    for box, tail, fill in (
        ((90, 160, 560, 440), [(190, 430), (330, 430), (180, 530)], (244, 114, 94)),
        ((470, 300, 800, 500), [(600, 490), (700, 490), (610, 570)], (255, 209, 102)),
        ((730, 410, 960, 550), [(800, 540), (870, 540), (800, 600)], (140, 214, 178)),
    ):
        sheet.bubble(box, fill, 60)
        sheet.shape([(float(x), float(y)) for x, y in tail], fill)
    sheet.words("!!!", (280, 300), 150, (24, 58, 110), bold=True)
    sheet.words("...", (635, 375), 110, (24, 58, 110), bold=True)
    sheet.words("ok", (845, 476), 70, (24, 58, 110), bold=True)
    sheet.words("Defusing\nDifficult\nSituations", (540, 815), 118, WHITE, bold=True)
    sheet.words("Slow it down. Listen. Leave a way out.", (540, 1125), 46, GOLD)
    foot(sheet, NAVY, WHITE)
    sheet.save("defusing-difficult-situations.png")


def keep_calm() -> None:
    """Draw a badge with a star over large letters."""
    deep: Color = (18, 74, 66)
    sheet = Sheet(POSTER, (207, 232, 220))
    for half, fill in ((150.0, deep), (128.0, GOLD)):
        top = 250 - half * 1.15
        sheet.shape(
            [
                (540 - half, top + half * 0.25),
                (540, top),
                (540 + half, top + half * 0.25),
                (540 + half * 0.92, 250 + half * 0.45),
                (540, 250 + half * 1.25),
                (540 - half * 0.92, 250 + half * 0.45),
            ],
            fill,
        )
    star(sheet, 540, 250, 88, deep)
    sheet.words("KEEP\nCALM", (540, 660), 185, deep, bold=True)
    sheet.words("and", (540, 895), 70, deep)
    sheet.words("DE-ESCALATE", (540, 1010), 128, deep, bold=True)
    sheet.words("whenever it is safe and possible", (540, 1150), 48, deep)
    foot(sheet, deep, WHITE)
    sheet.save("keep-calm-and-de-escalate.png")


def techniques() -> None:
    """Draw an iceberg: a small tip over the water, a large body under it."""
    sheet = Sheet(POSTER, (255, 214, 140))
    sheet.disc(840, 190, 95, (255, 240, 205))
    sheet.shape([(0, 430), (1080, 430), (1080, 1350), (0, 1350)], (20, 88, 128))
    sheet.shape([(430, 430), (500, 270), (560, 210), (620, 300), (680, 430)], WHITE)
    sheet.shape([(560, 210), (620, 300), (680, 430), (590, 430)], (214, 232, 243))
    sheet.shape(
        [(330, 430), (780, 430), (850, 550), (760, 710), (560, 810), (380, 710), (270, 560)], (132, 190, 220)
    )
    sheet.shape([(590, 430), (780, 430), (850, 550), (760, 710), (560, 810)], (98, 164, 201))
    sheet.words("De-Escalation\nTechniques", (540, 990), 108, WHITE, bold=True)
    sheet.words("What you see may not be all there is.", (540, 1170), 48, GOLD)
    foot(sheet, (11, 52, 78), WHITE)
    sheet.save("de-escalation-techniques.pdf")


def banner() -> None:
    """Draw the words Spotlight on Safety beside a beam of light."""
    sheet = Sheet(BANNER, NAVY)
    sheet.shape([(70, 95), (130, 60), (900, 700), (200, 700)], (32, 54, 92))
    sheet.shape([(80, 100), (125, 75), (740, 700), (330, 700)], (46, 70, 110))
    sheet.disc(98, 80, 52, GOLD)
    star(sheet, 98, 80, 30, NAVY)
    sheet.words("Spotlight\non Safety", (720, 265), 120, WHITE, bold=True)
    sheet.words("Defusing Difficult Encounters", (720, 470), 46, GOLD)
    sheet.save("banner.png")


DRAWINGS: tuple[Callable[[], None], ...] = (situations, keep_calm, techniques, banner)

if __name__ == "__main__":
    for draw in DRAWINGS:
        draw()
