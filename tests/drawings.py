"""Draw pictures and PDFs for tests: photographs and posters, odd ones and hostile ones."""

import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image as Drawing
from PIL import ImageDraw

from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.pictures.child_main import answer
from spotlight_notify.pictures.child_process import unpacked
from spotlight_notify.pictures.formats import format_of

Canvas = Drawing.Image
RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def cleaned(content: bytes) -> CleanPicture:
    """Clean bytes in this very process, as a child does."""
    return unpacked(answer(content, format_of(content)))


def refusal(content: bytes) -> str:
    """Clean bytes in this very process and give the reason why that is refused."""
    with pytest.raises(PictureRefused) as caught:
        cleaned(content)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def seen(picture: CleanPicture) -> Canvas:
    """Open a clean picture, whole, and check that it is what it says of itself."""
    drawing = Drawing.open(io.BytesIO(picture.content))
    drawing.load()
    assert (f"image/{str(drawing.format).lower()}", *drawing.size) == (
        picture.media_type,
        picture.width,
        picture.height,
    )
    return drawing


def near(drawing: Canvas, at: tuple[int, int], colour: tuple[int, ...], by: int = 12) -> bool:
    """Tell whether a pixel has almost this colour."""
    found = drawing.convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(one - other) <= by for one, other in zip(found, colour, strict=True))


def written(drawing: Canvas, kind: str, **more: Any) -> bytes:
    """Save a drawing as a file."""
    file = io.BytesIO()
    drawing.save(file, kind, **more)
    return file.getvalue()


def flat(width: int = 300, height: int = 200, mode: str = "RGB") -> Canvas:
    """Draw a poster: the left half red; the right half green above, blue below."""
    drawing = Drawing.new("RGB", (width, height), RED)
    pen = ImageDraw.Draw(drawing)
    pen.rectangle((width // 2, 0, width, height), fill=GREEN)
    pen.rectangle((width // 2, height // 2, width, height), fill=BLUE)
    return drawing.convert(mode)


def noise(width: int, height: int, seed: int = 1) -> Canvas:
    """Draw what packs worst of all: every pixel of a colour of its own."""
    return Drawing.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))


def photo(width: int = 800, height: int = 600) -> Canvas:
    """Draw soft shapes with the grain of a camera."""
    soft = noise(width // 40, height // 40).resize((width, height), Drawing.Resampling.BICUBIC)
    return Drawing.blend(soft, noise(width, height), 0.05)


def chunk(name: bytes, data: bytes) -> bytes:
    """Write one chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, *chunks: bytes, pixels: bytes = b"") -> bytes:
    """Write a PNG of 8-bit grey by hand, of whatever size it says and whatever it holds."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(chunks)
        + chunk(b"IDAT", zlib.compress(pixels, 9))
        + chunk(b"IEND", b"")
    )


# --- PDFs, by hand


PAINTED = b"1 0 0 rg 0 0 306 792 re f 0 0 1 rg 306 0 306 396 re f"
"""Page contents: the left half of a letter page red, the lower half of the right blue."""


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Number objects, the first of which is the catalog, and write the table that says where they are."""
    written, places = b"%PDF-1.7\n", []
    for number, held in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, held)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, trailer, len(written))
    )


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (more, len(data), data)


def page(contents: bytes = PAINTED, box: bytes = b"[0 0 612 792]", more: bytes = b"") -> tuple[bytes, ...]:
    """Write the four objects of a PDF with one page."""
    return (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox%b/Contents 4 0 R%b>>" % (box, more),
        stream(contents),
    )


def nested_pdf(depth: int, fan: int) -> bytes:
    """Write a page that draws fan ** depth finely dotted curves, each form drawing the next one often."""
    forms = b"/Resources<</XObject<</F %d 0 R>>>>"
    objects = list(page(b"/F Do " * fan, more=forms % 5))
    for number in range(6, 5 + depth):
        body = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]" + forms % number
        objects.append(stream(b"/F Do " * fan, body))
    objects.append(
        stream(b"[.05] 0 d 0 0 m 0 700 600 0 600 700 c S", b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]")
    )
    return pdf(*objects)
