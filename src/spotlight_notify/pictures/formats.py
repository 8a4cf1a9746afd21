"""Recognise a file's format by its first bytes, and decide the size at which a picture is posted."""

import math
from enum import StrEnum

from spotlight_notify.model.errors import PictureRefused

PDF_WITHIN = 1024
"""Bytes within which a PDF must begin: readers bear something before it (PDF Reference 1.7, appendix H)."""
OTHER_PICTURES = (
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"\0\0\1\0", "ICO"),
    (b"8BPS", "Photoshop"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
)
BRANDS = {b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC"}
"""What the family of MP4 says of itself in its second four bytes of four, where it is a picture."""
NO_PICTURES = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<", "HTML or XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
    (b"pk\3\4", "a ZIP archive or an Office document"),
    (b"%!ps", "PostScript"),
)
MAX_PIXELS = 50_000_000
"""The most pixels read: a poster of 18 x 24 inches at 300 to the inch has 39 million."""
MAX_WEBP = 16_000_000
"""The most pixels of a WEBP: reading one takes 12 bytes a pixel."""
MAX_SIDE = 2_048
"""The longest side posted, in pixels: the largest of those that Facebook's help page on photos names."""
MIN_SIDE = 100
"""The shortest side posted, in pixels: what is smaller is a button or a counter."""


WIDEST = 6
"""How many times its shorter side a picture's longer one may be: what is longer is a strip."""


class Format(StrEnum):
    """A format that pictures are made from; pictures as Pillow names them."""

    JPEG = "JPEG"
    PNG = "PNG"
    GIF = "GIF"
    WEBP = "WEBP"
    AVIF = "AVIF"
    PDF = "PDF"


TAKEN = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
)


def format_of(content: bytes) -> Format:
    """Return the format that bytes begin like; PictureRefused when it is none that is taken."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Format.WEBP
    if content[4:12] == b"ftypavif":
        return Format.AVIF
    for signature, found in TAKEN:
        if content.startswith(signature):
            return found
    other = _other(content)
    if other is None and b"%PDF-" in content[:PDF_WITHIN]:
        return Format.PDF
    raise PictureRefused(f"it is {other or 'no picture: JPEG, PNG, WEBP, AVIF, still GIF and PDF are taken'}")


def _other(content: bytes) -> str | None:
    """Return what bytes are that are not taken; None if that is unknown."""
    if not content:
        return "empty: there is not one byte"
    picture = _first(OTHER_PICTURES, content)
    if content[4:8] == b"ftyp":
        picture = BRANDS.get(content[8:12])
        if picture is None:
            return "a video, not a picture"
    if picture:
        return f"in {picture} format, which is not taken: use JPEG or PNG"
    return _text(content[:PDF_WITHIN].lstrip(b"\xef\xbb\xbf \t\r\n").lower())


def _text(start: bytes) -> str | None:
    if start.startswith(b"<svg") or (start.startswith((b"<?xml", b"<!")) and b"<svg" in start):
        return "an SVG drawing, which is not taken: use PNG or JPEG"
    name = _first(NO_PICTURES, start)
    return f"{name}, not a picture" if name else None


def _first(names: tuple[tuple[bytes, str], ...], content: bytes) -> str | None:
    return next((name for signature, name in names if content.startswith(signature)), None)


def fitted(width: int, height: int, *, most: int = MAX_PIXELS) -> tuple[int, int]:
    """Return the size at which a picture is posted: as it is, or scaled down as a whole.

    PictureRefused when it is too large to be read, or too small or narrow to be shown.
    """
    if min(width, height) < MIN_SIDE:
        raise PictureRefused(f"it is only {width:,} x {height:,} pixels; {MIN_SIDE} are the least")
    if width * height > most:
        millions = math.ceil(width * height / 1_000_000)
        raise PictureRefused(f"it has {millions:,} megapixels, more than {most // 1_000_000}")
    if max(width, height) > WIDEST * min(width, height):
        raise PictureRefused(f"it is a strip, {width:,} x {height:,} pixels: posts show it cut or tiny")
    scale = min(1.0, MAX_SIDE / max(width, height))
    size = round(width * scale), round(height * scale)
    if min(size) < MIN_SIDE:
        raise PictureRefused(f"it is too narrow to be shown: {width:,} x {height:,} pixels")
    return size
