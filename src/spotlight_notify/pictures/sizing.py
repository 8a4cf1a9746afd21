"""Decide at which size a picture is posted, before it is read."""

import math

from spotlight_notify.model.errors import PictureRefused

MAX_PIXELS = 50_000_000
"""The most pixels read: a poster of 18 x 24 inches at 300 to the inch has 39 million."""
MAX_WEBP = 16_000_000
"""The most pixels of a WEBP: reading one takes 12 bytes a pixel."""
MAX_SIDE = 2_048
"""The longest side posted, in pixels: the largest of those that Facebook's help page on photos names."""
MIN_SIDE = 100
"""The shortest side posted, in pixels: what is smaller is a button or a counter."""


def fitted(width: int, height: int, *, most: int = MAX_PIXELS) -> tuple[int, int]:
    """Return the size at which a picture is posted: as it is, or scaled down as a whole.

    PictureRefused when it is too large to be read, or too small or narrow to be shown.
    """
    if min(width, height) < MIN_SIDE:
        raise PictureRefused(f"it is only {width:,} x {height:,} pixels; {MIN_SIDE} are the least")
    if width * height > most:
        millions = math.ceil(width * height / 1_000_000)
        raise PictureRefused(f"it has {millions:,} megapixels, more than {most // 1_000_000}")
    scale = min(1.0, MAX_SIDE / max(width, height))
    size = round(width * scale), round(height * scale)
    if min(size) < MIN_SIDE:
        raise PictureRefused(f"it is too narrow to be shown: {width:,} x {height:,} pixels")
    return size
