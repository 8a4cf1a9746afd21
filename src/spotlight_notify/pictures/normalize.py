"""Make a clean picture of what a file shows: upright, in sRGB, small enough. Runs where it can be killed."""

import io
import warnings
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageStat, UnidentifiedImageError
from PIL.Image import Transpose

from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.pictures.formats import MAX_PIXELS, MAX_SIDE, MAX_WEBP, Format, fitted

BAND = 64
"""Rows of the averaged drawing that are made at once."""
ORIENTATION = 0x0112
"""The EXIF tag that says how a camera was held; TURNS undoes each of its values (1: upright)."""
TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
BROKEN_PROFILE = (ImageCms.PyCMSError, OSError, ValueError, TypeError)
"""What Pillow raises for a colour profile that is damaged or meant for other colours."""
MAX_BYTES = 4_000_000
"""The largest file posted: Graph takes 4 MB, X takes 5."""
PNG_WORTH = 2
"""How many times as large as the JPEG a PNG may be: flat drawings measure 0.5 to 2, photographs 3 to 4."""
QUALITIES = (90, 80, 70)
SHOWN = 1.0
"""The least standard deviation of a picture's colours, of 255: a page with a line of print has about ten."""
LIGHT = 220
"""Drawings whose visible part is as light as this in the mean, of 255, would not be seen on white."""
DARK_GROUND = "#14284b"
"""A navy that white and light colours stand out on."""
SIDES = (MAX_SIDE, 1_536, 1_024)
"""At 1,024 pixels there are 3 MB before packing, so one of these always fits."""


def clean(content: bytes, found: Format) -> CleanPicture:
    """Return what every network takes, made of nothing but the pixels that a file shows.

    Raises PictureRefused, and whatever Pillow raises for damaged files.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is odd but readable is read
        drawing = _page(content) if found is Format.PDF else _drawing(content, found)
    if shows_nothing(drawing):
        raise PictureRefused("it shows nothing: every pixel has the same colour, or nearly so")
    return _encoded(drawing)


def shows_nothing(drawing: Image.Image) -> bool:
    """Return whether a picture is of one colour, or so nearly that nobody would see anything on it."""
    return drawing.getcolors(maxcolors=1) is not None or max(ImageStat.Stat(drawing).stddev) < SHOWN


def _page(content: bytes) -> Image.Image:
    from spotlight_notify.pictures.pdf import first_page  # costs 5 MB, which pictures need not pay

    return first_page(content, shows_nothing)


def _drawing(content: bytes, found: Format) -> Image.Image:
    with _opened(content, found) as drawing:
        size = fitted(*drawing.size, most=MAX_WEBP if found is Format.WEBP else MAX_PIXELS)
        if found is not Format.JPEG and getattr(drawing, "is_animated", False):
            raise PictureRefused("it is animated, which is hard on many people: use a still picture")
        drawing.draft(None, size)  # lets a large JPEG be read at half its size or less
        scaled = _scaled(_still(drawing), size)
        turned = _upright(scaled, _orientation(drawing))
        return _in_plain_rgb(turned, drawing.info.get("icc_profile"))


def _opened(content: bytes, found: Format) -> Image.Image:
    if found is Format.WEBP:
        from PIL import WebPImagePlugin  # noqa: F401 - else Pillow would load the readers of all formats
    if found is Format.AVIF:
        from PIL import AvifImagePlugin  # noqa: F401
    try:
        return Image.open(io.BytesIO(content), formats=(found,))
    except Image.DecompressionBombError as error:
        raise PictureRefused(f"it has far more than {MAX_PIXELS // 1_000_000} megapixels") from error
    except UnidentifiedImageError as error:
        raise PictureRefused(f"it begins like a {found} picture, but is damaged or none") from error
    except OSError as error:
        if found is Format.WEBP:
            raise PictureRefused(
                f"it is damaged, or has more than {MAX_WEBP // 1_000_000} megapixels"
            ) from error
        raise


def _still(drawing: Image.Image) -> Image.Image:
    """Read the pixels; a WEBP's decoder, which holds them twice, goes before they are laid out."""
    decoder = vars(drawing).pop("_decoder", None) if drawing.format == Format.WEBP else None
    if decoder is None:
        drawing.load()
        return drawing
    pixels, mode = decoder.get_next()[0], decoder.get_info()[-1]
    del decoder
    return Image.frombuffer(mode, drawing.size, pixels, "raw", mode, 0, 1)


def _scaled(drawing: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Scale down; what is twice as large or more is averaged first, by bands, which saves a second whole."""
    factor = min(drawing.width // size[0], drawing.height // size[1])
    if factor < 2:
        return _scalable(drawing).resize(size, Image.Resampling.LANCZOS)
    mode = _scalable(drawing.crop((0, 0, 1, 1))).mode
    small = Image.new(mode, (-(-drawing.width // factor), -(-drawing.height // factor)))
    for top in range(0, small.height, BAND):
        end = min((top + BAND) * factor, drawing.height)
        band = _scalable(drawing.crop((0, top * factor, drawing.width, end)))
        small.paste(band.reduce(factor), (0, top))
    return small.resize(size, Image.Resampling.LANCZOS)


def _orientation(drawing: Image.Image) -> int:
    """Read how the camera was held; notes that make no sense are as good as none."""
    try:
        return int(drawing.getexif().get(ORIENTATION, 1))
    except Exception:  # parsers raise anything, and nothing of it is worth the picture
        return 1


def _upright(drawing: Image.Image, orientation: int) -> Image.Image:
    turn = TURNS.get(orientation)
    return drawing if turn is None else drawing.transpose(turn)


def _scalable(drawing: Image.Image) -> Image.Image:
    """Return a drawing whose pixels can be blended: no palette, eight bits a colour, transparency kept."""
    if drawing.mode.startswith("I"):
        return drawing.convert("I").point([value >> 8 for value in range(65_536)], "L")
    if drawing.has_transparency_data:
        return drawing if drawing.mode in ("LA", "RGBA") else drawing.convert("RGBA")
    return drawing.convert({"1": "L", "P": "RGB"}[drawing.mode]) if drawing.mode in ("1", "P") else drawing


def _in_plain_rgb(drawing: Image.Image, profile: bytes | None) -> Image.Image:
    """Lay a drawing on a ground, and turn its colours into sRGB if an ICC profile says what they are."""
    drawing = _on_ground(drawing)
    if profile:
        drawing = _in_srgb(drawing, profile)
    return drawing.convert("RGB")


def _on_ground(drawing: Image.Image) -> Image.Image:
    """Lay what is transparent on white; a drawing that is white itself on a dark ground, which shows it."""
    if drawing.mode not in ("LA", "RGBA"):
        return drawing
    seen, colours = drawing.getchannel("A"), drawing.convert("RGB")
    is_cut_out = seen.getextrema()[0] == 0 and seen.getbbox() is not None
    is_light = is_cut_out and ImageStat.Stat(colours.convert("L"), mask=seen).mean[0] >= LIGHT
    ground = Image.new("RGB", drawing.size, DARK_GROUND if is_light else "white")
    ground.paste(colours, mask=seen)
    return ground


def _in_srgb(drawing: Image.Image, profile: bytes) -> Image.Image:
    """Turn colours into sRGB; a profile that makes no sense is as good as none."""
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        turned = ImageCms.profileToProfile(drawing, meant, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except BROKEN_PROFILE:
        return drawing
    return turned or drawing


def _encoded(drawing: Image.Image) -> CleanPicture:
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
