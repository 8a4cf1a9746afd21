"""What becomes of real pictures: upright, in sRGB, on white, without a word about where they were taken."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image as Drawing
from PIL import ImageCms, PngImagePlugin

from drawings import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    Canvas,
    chunk,
    cleaned,
    flat,
    near,
    noise,
    photo,
    png,
    refusal,
    seen,
    written,
)
from spotlight_notify.pictures.normalize import MAX_BYTES

SECRETS = (b"Hidden", b"38.8977", b"Exif", b"http://ns.adobe.com", b"ICC_PROFILE", b"iCCP", b"tEXt", b"eXIf")
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- Hidden http://ns.adobe.com/xap/1.0/ --></x:xmpmeta>'
TURNED = {
    2: Drawing.Transpose.FLIP_LEFT_RIGHT,
    3: Drawing.Transpose.ROTATE_180,
    4: Drawing.Transpose.FLIP_TOP_BOTTOM,
    5: Drawing.Transpose.TRANSPOSE,
    6: Drawing.Transpose.ROTATE_90,
    7: Drawing.Transpose.TRANSVERSE,
    8: Drawing.Transpose.ROTATE_270,
}
"""How a scene lies in the file of a camera that was held so (EXIF 2.3, tag 0x0112)."""


def exif(orientation: int = 1) -> bytes:
    """Write where and how a picture was taken."""
    notes = Drawing.Exif()
    notes[0x0112], notes[0x010E], notes[0x9286] = orientation, "Hidden description", "Hidden comment"
    place = notes.get_ifd(0x8825)
    place[1], place[2], place[29] = "N", (38.0, 53.0, 51.0), "38.8977 Hidden"
    return notes.tobytes()


def profile(*, swapped: bool = False) -> bytes:
    """Write an sRGB profile; swapped: what it calls red is green, so that one sees whether it was used."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if not swapped:
        return plain
    for one, other in ((b"rXYZ", b"gXYZ"),):
        plain = plain.replace(one, b"????", 1).replace(other, one, 1).replace(b"????", other, 1)
    return plain


def shows_the_flat_poster(drawing: Canvas) -> bool:
    width, height = drawing.size
    left, right, above, below = width // 4, width * 3 // 4, height // 4, height * 3 // 4
    return (
        near(drawing, (left, above), RED)
        and near(drawing, (left, below), RED)
        and near(drawing, (right, above), GREEN)
        and near(drawing, (right, below), BLUE)
    )


# --- formats


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_every_format_becomes_one_that_all_networks_take(kind: str) -> None:
    drawing = seen(cleaned(written(flat(), kind)))
    assert drawing.format in ("PNG", "JPEG")
    assert drawing.size == (300, 200)
    assert shows_the_flat_poster(drawing)


def test_a_drawing_becomes_a_png_that_keeps_every_pixel() -> None:
    picture = cleaned(written(flat(), "PNG"))
    assert picture.media_type == "image/png"
    assert seen(picture).tobytes() == flat().tobytes()


def test_a_photograph_becomes_a_jpeg_whatever_it_was() -> None:
    for kind in ("PNG", "JPEG"):
        picture = cleaned(written(photo(), kind))
        assert picture.media_type == "image/jpeg"
        assert near(seen(picture).resize((1, 1)), (0, 0), _average(photo()))


def _average(drawing: Canvas) -> tuple[int, ...]:
    average = drawing.resize((1, 1)).getpixel((0, 0))
    assert isinstance(average, tuple)
    return tuple(map(int, average))


def test_a_jpeg_that_a_phone_sent_with_a_second_picture_behind_it_is_no_animation() -> None:
    twofold = written(photo(), "MPO", save_all=True, append_images=[photo(400, 300)])
    assert Drawing.open(io.BytesIO(twofold)).format == "MPO"
    assert (cleaned(twofold).width, cleaned(twofold).height) == (800, 600)


def test_the_same_bytes_in_give_the_same_bytes_out() -> None:
    for content in (written(photo(), "JPEG", exif=exif(6)), written(flat(mode="P"), "GIF")):
        digests = {hashlib.sha256(cleaned(content).content).hexdigest() for _ in range(3)}
        assert len(digests) == 1


def test_a_clean_picture_stays_as_it_is() -> None:
    once = cleaned(written(flat(3000, 2000), "PNG"))
    assert cleaned(once.content) == once


# --- metadata


@pytest.mark.parametrize(
    "content",
    [
        written(
            photo(), "JPEG", exif=exif(), comment=b"Hidden", xmp=XMP, icc_profile=profile(), dpi=(72, 72)
        ),
        written(flat(), "WEBP", exif=exif(), xmp=XMP, icc_profile=profile(), lossless=True),
        written(flat(mode="P"), "GIF", comment=b"Hidden"),
        written(photo(), "PNG", exif=exif(), icc_profile=profile()),
    ],
    ids=["jpeg", "webp", "gif", "png"],
)
def test_nothing_but_pixels_is_left(content: bytes) -> None:
    assert any(secret in content for secret in SECRETS)
    picture = cleaned(content)
    assert [secret for secret in SECRETS if secret in picture.content] == []
    assert not seen(picture).getexif()
    assert set(seen(picture).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_png_loses_its_text_whether_packed_or_not() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Hidden")
    notes.add_text("Comment", "Hidden", zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    content = written(flat(), "PNG", pnginfo=notes, dpi=(300, 300), transparency=RED)
    assert chunks(content) > {"tEXt", "zTXt", "iTXt", "pHYs", "tRNS"}
    assert chunks(cleaned(content).content) == {"IHDR", "IDAT", "IEND"}


def chunks(content: bytes) -> set[str]:
    """List a PNG's chunks by name."""
    names, at = set(), 8
    while at < len(content):
        names.add(content[at + 4 : at + 8].decode())
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return names


def test_what_hangs_behind_a_picture_is_gone() -> None:
    for kind in ("PNG", "JPEG", "GIF"):
        polyglot = written(flat(), kind) + b"<script>alert('Hidden')</script>PK\x03\x04 Hidden %PDF-1.7"
        assert b"Hidden" not in cleaned(polyglot).content


# --- orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_upright(orientation: int, kind: str) -> None:
    turn = TURNED.get(orientation)
    held = flat() if turn is None else flat().transpose(turn)
    lossless = {"lossless": True} if kind == "WEBP" else {"quality": 95} if kind == "JPEG" else {}
    picture = cleaned(written(held, kind, exif=exif(orientation), **lossless))
    assert (picture.width, picture.height) == (300, 200)
    assert shows_the_flat_poster(seen(picture))


@pytest.mark.parametrize(
    "notes",
    [
        b"Exif\0\0MM\0*\0",
        b"Exif\0\0no TIFF at all",
        b"Exif\0\0",
        b"Exif\0\0II*\0" + b"\xff" * 40,
        exif(9),
        exif(0),
    ],
)
def test_notes_that_make_no_sense_do_not_cost_the_picture(notes: bytes) -> None:
    assert shows_the_flat_poster(seen(cleaned(written(flat(), "PNG", exif=notes))))


# --- colours


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_colours_are_turned_into_srgb(kind: str) -> None:
    lossless = {"lossless": True} if kind == "WEBP" else {}
    picture = cleaned(written(flat(), kind, icc_profile=profile(swapped=True), **lossless))
    assert near(seen(picture), (75, 100), GREEN, by=20)  # red was meant as green
    assert near(seen(picture), (225, 50), RED, by=20)


@pytest.mark.parametrize("broken", [b"no profile", profile()[:300], profile().replace(b"RGB ", b"CMYK", 1)])
def test_a_profile_that_makes_no_sense_is_as_good_as_none(broken: bytes) -> None:
    assert shows_the_flat_poster(seen(cleaned(written(flat(), "PNG", icc_profile=broken))))


def test_a_picture_for_the_printing_press_keeps_its_looks() -> None:
    picture = cleaned(written(flat(mode="CMYK"), "JPEG", quality=95))
    assert shows_the_flat_poster(seen(picture))


def test_sixteen_bits_of_grey_become_eight() -> None:
    ramp = b"".join((y * 257).to_bytes(2, "little") * 256 for y in range(256))
    deep = Drawing.frombytes("I;16", (256, 256), ramp)
    content = written(deep, "PNG")
    assert Drawing.open(io.BytesIO(content)).mode == "I;16"
    drawing = seen(cleaned(content))
    assert [near(drawing, (128, y), (y, y, y), by=2) for y in (0, 64, 128, 255)] == [True] * 4


def test_sixteen_bits_of_colour_become_eight() -> None:
    header = chunk(b"IHDR", (200).to_bytes(4, "big") * 2 + bytes((16, 2, 0, 0, 0)))
    rows = (b"\0" + b"\xff\xff\0\0\0\0" * 100 + b"\0\0\0\0\xff\xff" * 100) * 200
    drawing = seen(cleaned(png(1, 1, pixels=rows).replace(png(1, 1)[8:33], header)))
    assert near(drawing, (50, 100), RED)
    assert near(drawing, (150, 100), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA"])
def test_every_way_to_store_pixels_is_read(mode: str) -> None:
    drawing = seen(cleaned(written(flat(mode="L").point(lambda v: 255 * (v > 60)).convert(mode), "PNG")))
    assert drawing.mode == "RGB"


def see_through(mode: str) -> bytes:
    """Draw the flat poster so that its left half is of a colour that is not there."""
    drawing = flat(mode="RGBA")
    drawing.paste((0, 0, 0, 0), (0, 0, 150, 200))
    if mode == "P":
        return written(drawing.quantize(16), "PNG")
    if mode == "tRNS":
        return written(flat(), "PNG", transparency=RED)
    if mode == "GIF":
        return written(drawing, "GIF")
    return written(drawing.convert(mode), "WEBP" if mode == "RGBA" else "PNG")


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "tRNS", "GIF"])
def test_what_is_see_through_lies_on_white(mode: str) -> None:
    drawing = seen(cleaned(see_through(mode)))
    assert drawing.mode == "RGB"
    assert near(drawing, (75, 100), WHITE)
    assert not near(drawing, (225, 50), WHITE)
    assert not near(drawing, (225, 150), WHITE)


def test_half_transparent_edges_get_no_dark_rim() -> None:
    drawing = Drawing.new("RGBA", (4000, 4000), (0, 0, 0, 0))
    drawing.paste((255, 0, 0, 255), (1001, 1001, 3001, 3001))
    shown = seen(cleaned(written(drawing, "PNG", compress_level=1)))
    greens = [shown.getpixel((x, 1024)) for x in range(500, 540)]
    assert all(isinstance(at, tuple) and at[0] >= 250 for at in greens)


def test_white_letters_on_nothing_are_laid_on_a_ground_that_shows_them() -> None:
    drawing = Drawing.new("RGBA", (300, 200), (255, 255, 255, 0))
    drawing.paste((255, 255, 255, 255), (50, 50, 100, 100))
    shown = seen(cleaned(written(drawing, "PNG")))
    assert (shown.getpixel((75, 75)), shown.getpixel((10, 10))) == ((255, 255, 255), (20, 40, 75))


def test_a_page_of_nearly_one_colour_is_refused() -> None:
    drawing = Drawing.new("RGB", (300, 200), (255, 255, 255))
    drawing.putpixel((5, 5), (250, 250, 250))
    assert refusal(written(drawing, "PNG")).startswith("it shows nothing: ")


def test_avif_is_read() -> None:
    drawing = Drawing.new("RGB", (300, 200), (10, 60, 120))
    drawing.paste((255, 255, 255), (50, 50, 200, 150))
    shown = seen(cleaned(written(drawing, "AVIF")))
    assert shown.size == (300, 200)


# --- sizes


@pytest.mark.parametrize(
    ("size", "posted"),
    [((4032, 3024), (2048, 1536)), ((1000, 3000), (683, 2048)), ((6000, 4000), (2048, 1365))],
)
def test_a_large_picture_is_scaled_down(size: tuple[int, int], posted: tuple[int, int]) -> None:
    for kind in ("JPEG", "PNG"):
        drawing = seen(cleaned(written(flat(*size), kind)))
        assert drawing.size == posted
        assert shows_the_flat_poster(drawing)


def test_a_large_picture_on_its_side_is_scaled_and_turned() -> None:
    held = flat(6000, 4000).transpose(TURNED[6])
    drawing = seen(cleaned(written(held, "JPEG", exif=exif(6))))
    assert drawing.size == (2048, 1365)
    assert shows_the_flat_poster(drawing)


def test_a_picture_that_packs_badly_loses_quality_before_size() -> None:
    picture = cleaned(written(noise(2048, 2048), "JPEG", quality=95))
    assert len(picture.content) <= MAX_BYTES
    assert seen(picture).size == (2048, 2048)


def test_the_worst_picture_of_all_loses_size_too() -> None:
    harsh = noise(2048, 2048).point(lambda value: value // 8 + 224 * (value > 127))
    picture = cleaned(written(harsh, "PNG", compress_level=1))
    assert len(picture.content) <= MAX_BYTES
    assert seen(picture).size == (1536, 1536)


@pytest.mark.parametrize("size", [(99, 300), (300, 99), (1, 1), (16, 16)])
def test_a_button_is_refused(size: tuple[int, int]) -> None:
    assert refusal(written(flat(*size), "PNG")).endswith("pixels; 100 are the least")


# --- animations


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_what_moves_is_refused(kind: str) -> None:
    moving = written(flat(), kind, save_all=True, append_images=[flat().rotate(180)], duration=100)
    assert refusal(moving) == "it is animated, which is hard on many people: use a still picture"


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_of_one_picture_is_still(kind: str) -> None:
    still = written(flat(), kind, save_all=True, **({"duration": 100} if kind != "WEBP" else {}))
    assert cleaned(still).width == 300


# --- damage


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.9, 0.99])
def test_what_is_cut_short_is_refused(kind: str, part: float) -> None:
    whole = written(photo(), kind)
    assert "damaged" in refusal(whole[: int(len(whole) * part)])


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff" + b"0" * 1000,
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0",
        png(300, 300),
        png(300, 300, pixels=b"\0" * 400),
        png(300, 300, chunk(b"zTXt", b"a\0\0broken"), pixels=b"\0" * 400),
        written(flat(), "PNG")[:60] + b"\xff" * 20 + written(flat(), "PNG")[80:],
    ],
)
def test_what_begins_like_a_picture_and_is_none_is_refused(content: bytes) -> None:
    said = refusal(content)
    assert "damaged" in said
    assert "0x" not in said


def test_the_samples_of_the_sandbox_are_taken() -> None:
    folder = Path(__file__).parents[2] / "src" / "spotlight_notify" / "sandbox" / "samples"
    taken = {
        path.name: cleaned(path.read_bytes()) for path in folder.iterdir() if path.suffix in (".png", ".pdf")
    }
    assert len(taken) >= 4
    assert all(min(picture.width, picture.height) >= 600 for picture in taken.values())
