"""Write a drawing as a file that every network takes. Runs where it can be killed."""

import io
from collections.abc import Iterator

from PIL import Image

from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.pictures.sizing import MAX_SIDE

MAX_BYTES = 4_000_000
"""The largest file posted: Graph takes 4 MB, X takes 5."""
PNG_WORTH = 2
"""How many times as large as the JPEG a PNG may be: flat drawings measure 0.5 to 2, photographs 3 to 4."""
QUALITIES = (90, 80, 70)
SIDES = (MAX_SIDE, 1_536, 1_024)
"""At 1,024 pixels there are 3 MB before packing, so one of these always fits."""


def encoded(drawing: Image.Image) -> CleanPicture:
    """Write a drawing as PNG, which keeps letters and edges crisp, or else, as photographs, as JPEG.

    Nothing but the pixels is written, and the same pixels give the same bytes. A JPEG over MAX_BYTES loses
    quality first, then size.
    """
    drawing.info.clear()  # Pillow writes comments and profiles that it finds there
    png = _png(drawing)
    jpeg = next(jpeg for jpeg in _ever_smaller(drawing) if len(jpeg.content) <= MAX_BYTES)
    return png if len(png.content) <= min(MAX_BYTES, PNG_WORTH * len(jpeg.content)) else jpeg


def _ever_smaller(drawing: Image.Image) -> Iterator[CleanPicture]:
    for side in SIDES:
        drawing.thumbnail((side, side), Image.Resampling.LANCZOS)
        yield from (_jpeg(drawing, quality) for quality in QUALITIES)


def _png(drawing: Image.Image) -> CleanPicture:
    written = io.BytesIO()
    drawing.save(written, "PNG")
    return _picture(drawing, written, "image/png")


def _jpeg(drawing: Image.Image, quality: int) -> CleanPicture:
    """Write with full colour at every pixel (4:4:4), or coloured letters get blurred edges."""
    written = io.BytesIO()
    drawing.save(written, "JPEG", quality=quality, subsampling=0)
    return _picture(drawing, written, "image/jpeg")


def _picture(drawing: Image.Image, written: io.BytesIO, media_type: str) -> CleanPicture:
    width, height = drawing.size
    return CleanPicture(content=written.getvalue(), media_type=media_type, width=width, height=height)
