"""Tell what bytes are: which kind of picture, or what else."""

from collections.abc import Iterator

SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
OTHERS = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"<", "HTML or XML"),
    (b"%pdf", "PDF"),
    (b"{", "JSON"),
)
GIF_EXTENSION, GIF_IMAGE = 0x21, 0x2C
WEBP_ANIMATED = 0x02
"""The bit of a VP8X header that says there is more than one picture."""


def media_type(content: bytes) -> str | None:
    """Read a picture's type from its first bytes; None if it is none that a network takes."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for signature, kind in SIGNATURES if content.startswith(signature)), None)


def name_of(content: bytes) -> str:
    """Name what is not a picture, for a message."""
    if not content:
        return "empty"
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return next((name for signature, name in OTHERS if start.startswith(signature)), "something unknown")


def is_animated(content: bytes) -> bool:
    """Tell whether a GIF or WEBP holds more than one picture."""
    if content[12:16] == b"VP8X" and media_type(content) == "image/webp":
        return bool(content[20] & WEBP_ANIMATED) if len(content) > 20 else False
    return content.startswith(b"GIF8") and sum(1 for _ in _gif_images(content)) > 1


def _gif_images(content: bytes) -> Iterator[int]:
    """Walk through a GIF's blocks and give where each picture begins; a broken file ends the walk."""
    at = 13 + _gif_colours(content, 10)
    while at < len(content) and content[at] in (GIF_EXTENSION, GIF_IMAGE):
        if content[at] == GIF_IMAGE:
            yield at
            at += 11 + _gif_colours(content, at + 9)
        else:
            at += 2
        at = _after_sub_blocks(content, at)


def _gif_colours(content: bytes, flags_at: int) -> int:
    """Return the length of the colour table that the flags announce."""
    flags = content[flags_at] if flags_at < len(content) else 0
    return 3 << ((flags & 0x07) + 1) if flags & 0x80 else 0


def _after_sub_blocks(content: bytes, at: int) -> int:
    while at < len(content) and content[at]:
        at += 1 + content[at]
    return at + 1
