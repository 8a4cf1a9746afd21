"""Make a clean picture of what a file shows. Runs where it can be killed."""

import io
import warnings

from PIL import Image, UnidentifiedImageError
from PIL.Image import Transpose

from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.pictures.colours import in_plain_rgb, scalable
from spotlight_notify.pictures.encoding import encoded
from spotlight_notify.pictures.formats import Format
from spotlight_notify.pictures.sizing import MAX_PIXELS, MAX_WEBP, fitted

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


def clean(content: bytes, found: Format) -> CleanPicture:
    """Return what every network takes, made of nothing but the pixels that a file shows.

    Raises PictureRefused, and whatever Pillow raises for damaged files.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is odd but readable is read
        drawing = _page(content) if found is Format.PDF else _drawing(content, found)
    if drawing.getcolors(maxcolors=1):
        raise PictureRefused("it shows nothing: every pixel has the same colour")
    return encoded(drawing)


def _page(content: bytes) -> Image.Image:
    from spotlight_notify.pictures.pdf import first_page  # costs 5 MB, which pictures need not pay

    return first_page(content)


def _drawing(content: bytes, found: Format) -> Image.Image:
    with _opened(content, found) as drawing:
        size = fitted(*drawing.size, most=MAX_WEBP if found is Format.WEBP else MAX_PIXELS)
        if found is not Format.JPEG and getattr(drawing, "is_animated", False):
            raise PictureRefused("it is animated, which is hard on many people: use a still picture")
        drawing.draft(None, size)  # lets a large JPEG be read at half its size or less
        scaled = _scaled(_still(drawing), size)
        turned = _upright(scaled, _orientation(drawing))
        return in_plain_rgb(turned, drawing.info.get("icc_profile"))


def _opened(content: bytes, found: Format) -> Image.Image:
    if found is Format.WEBP:
        from PIL import WebPImagePlugin  # noqa: F401 - else Pillow would load the readers of all formats
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
    decoder = vars(drawing).pop("_decoder", None)
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
        return scalable(drawing).resize(size, Image.Resampling.LANCZOS)
    mode = scalable(drawing.crop((0, 0, 1, 1))).mode
    small = Image.new(mode, (-(-drawing.width // factor), -(-drawing.height // factor)))
    for top in range(0, small.height, BAND):
        end = min((top + BAND) * factor, drawing.height)
        band = scalable(drawing.crop((0, top * factor, drawing.width, end)))
        small.paste(band.reduce(factor), (0, top))
    return small.resize(size, Image.Resampling.LANCZOS)


def _orientation(drawing: Image.Image) -> int:
    """Read how the camera was held; notes that make no sense are as good as none."""
    try:
        return int(drawing.getexif().get(ORIENTATION, 1))
    except Exception:  # a parser's mistakes are without number, and none is worth the picture
        return 1


def _upright(drawing: Image.Image, orientation: int) -> Image.Image:
    turn = TURNS.get(orientation)
    return drawing if turn is None else drawing.transpose(turn)
