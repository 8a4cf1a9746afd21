"""Bring a drawing's colours to what every screen shows alike. Runs where it can be killed."""

import io

from PIL import Image, ImageCms

BROKEN_PROFILE = (ImageCms.PyCMSError, OSError, ValueError, TypeError)
"""What Pillow raises for a colour profile that is damaged or meant for other colours."""


def scalable(drawing: Image.Image) -> Image.Image:
    """Return a drawing whose pixels can be blended: no palette, eight bits a colour, transparency kept."""
    if drawing.mode.startswith("I"):
        return drawing.convert("I").point([value >> 8 for value in range(65_536)], "L")
    if drawing.has_transparency_data:
        return drawing if drawing.mode in ("LA", "RGBA") else drawing.convert("RGBA")
    return drawing.convert({"1": "L", "P": "RGB"}[drawing.mode]) if drawing.mode in ("1", "P") else drawing


def in_plain_rgb(drawing: Image.Image, profile: bytes | None) -> Image.Image:
    """Lay a drawing on white, and turn its colours into sRGB if an ICC profile says what they are."""
    drawing = _on_white(drawing)
    if profile:
        drawing = _in_srgb(drawing, profile)
    return drawing.convert("RGB")


def _on_white(drawing: Image.Image) -> Image.Image:
    if drawing.mode not in ("LA", "RGBA"):
        return drawing
    white = Image.new(drawing.mode.removesuffix("A"), drawing.size, "white")
    white.paste(drawing.convert(white.mode), mask=drawing.getchannel("A"))
    return white


def _in_srgb(drawing: Image.Image, profile: bytes) -> Image.Image:
    """Turn colours into sRGB; a profile that makes no sense is as good as none."""
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(drawing, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except BROKEN_PROFILE:
        return drawing
    return turned or drawing
