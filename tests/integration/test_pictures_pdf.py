"""A PDF's first page becomes a picture, or one clear line says why not."""

import hashlib
import zlib
from pathlib import Path

import pytest

from drawings import (
    BLUE,
    PAINTED,
    RED,
    WHITE,
    cleaned,
    flat,
    near,
    page,
    pdf,
    photo,
    refusal,
    seen,
    stream,
    written,
)

PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
"""What PDF puts behind a password to make it 32 bytes long (ISO 32000, 7.6.3.3)."""
OWNED, FILE_ID = b"\x41" * 32, b"\x42" * 16


def rc4(key: bytes, data: bytes) -> bytes:
    """Encrypt as PDFs of revision 2 do."""
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def locked(password: bytes) -> bytes:
    """Write a PDF that a password opens, with 40 bits of RC4 (ISO 32000, 7.6.2 and 7.6.3)."""
    padded = (password + PADDING)[:32]
    key = hashlib.md5(padded + OWNED + b"\xfc\xff\xff\xff" + FILE_ID).digest()[:5]
    contents = rc4(hashlib.md5(key + b"\4\0\0\0\0").digest()[:10], PAINTED)
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%b>/U<%b>>>/ID[<%b><%b>]" % tuple(
        part.hex().encode() for part in (OWNED, rc4(key, PADDING), FILE_ID, FILE_ID)
    )
    return pdf(*page(contents), trailer=lock)


def image(width: int, height: int, packed: bytes, space: bytes = b"/DeviceGray") -> bytes:
    return stream(
        packed,
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%b/Filter/FlateDecode"
        % (width, height, space),
    )


def test_the_first_page_becomes_a_picture() -> None:
    picture = cleaned(pdf(*page()))
    drawing = seen(picture)
    assert (picture.media_type, drawing.size) == ("image/png", (1546, 2000))
    assert near(drawing, (400, 1000), RED)
    assert near(drawing, (1200, 500), WHITE)
    assert near(drawing, (1200, 1500), BLUE)


def test_a_page_turned_on_its_side_is_turned_upright() -> None:
    drawing = seen(cleaned(pdf(*page(more=b"/Rotate 90"))))
    assert drawing.size == (2000, 1546)
    assert near(drawing, (1000, 400), RED)


def test_a_scanned_poster_becomes_a_photograph() -> None:
    picture = cleaned(written(photo(1600, 1200), "PDF", resolution=150))
    assert (picture.media_type, picture.width, picture.height) == ("image/jpeg", 2000, 1500)


def test_only_the_first_of_many_pages_counts() -> None:
    pages = written(flat(600, 400), "PDF", save_all=True, append_images=[flat(400, 600)] * 3)
    picture = cleaned(pages)
    assert (picture.width, picture.height) == (2000, 1334)


def test_the_same_pdf_gives_the_same_bytes() -> None:
    assert cleaned(pdf(*page())) == cleaned(pdf(*page()))


def test_a_page_of_another_size_is_drawn_as_large() -> None:
    assert seen(cleaned(pdf(*page(box=b"[0 0 3456 2592]")))).size == (2000, 1500)  # a poster, 48 x 36 inches
    small = page(b"1 0 0 rg 0 0 100 80 re f", box=b"[0 0 200 160]")
    assert seen(cleaned(pdf(*small))).size == (2000, 1600)


@pytest.mark.parametrize("password", [b"open sesame", b"x" * 40])
def test_a_pdf_with_a_password_is_refused(password: bytes) -> None:
    assert refusal(locked(password)) == "the PDF needs a password"


def test_a_pdf_that_only_may_not_be_printed_is_taken() -> None:
    assert near(seen(cleaned(locked(b""))), (400, 1000), RED)


def test_a_pdf_locked_in_another_way_is_refused() -> None:
    foreign = b"/ID[<00><00>]/Encrypt<</Filter/Adobe.PubSec/V 4/R 4/P -4>>"
    assert "locked" in refusal(pdf(*page(), trailer=foreign))


@pytest.mark.parametrize(
    "broken",
    [
        b"%PDF-1.7 and no more",
        pdf(*page())[:150],
        pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"),
        pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 3>>"),
        pdf(b"<</Type/Catalog>>"),
        pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
    ],
    ids=["header", "cut", "no pages", "pages promised", "no tree", "a page that is its own tree"],
)
def test_a_pdf_without_a_page_is_refused(broken: bytes) -> None:
    assert refusal(broken) in ("the PDF is damaged and cannot be read", "the PDF has no pages")


@pytest.mark.parametrize(
    "box", [b"[0 0 20000 20000]", b"[0 0 100000 792]", b"[0 0 10 10]", b"[0 0 14400 100]", b"[0 0 35 35]"]
)
def test_a_page_of_absurd_size_is_refused_before_it_is_drawn(box: bytes) -> None:
    said = refusal(pdf(*page(box=box)))
    assert said.startswith("the PDF's first page has an absurd size: ")
    assert said.endswith(" inches")


def test_a_blank_page_is_refused() -> None:
    assert refusal(pdf(*page(b""))).startswith("it shows nothing: ")


def test_the_first_page_that_shows_something_is_drawn() -> None:
    two = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>",
        stream(b""),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 6 0 R>>",
        stream(PAINTED),
    )
    assert cleaned(pdf(*two)).content == cleaned(pdf(*page())).content


def test_a_small_pdf_may_hold_a_large_picture() -> None:
    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(8000)) for _ in range(8000)) + rows.flush()
    objects = page(b"500 0 0 500 50 50 cm /I Do", more=b"/Resources<</XObject<</I 5 0 R>>>>")
    drawing = seen(cleaned(pdf(*objects, image(8000, 8000, packed))))
    assert near(drawing, (700, 1200), (0, 0, 0))


def test_the_sandbox_has_a_pdf_to_show() -> None:
    samples = Path(__file__).parents[2] / "src" / "spotlight_notify" / "sandbox" / "samples"
    posters = list(samples.glob("*.pdf"))
    assert posters
    for path in posters:
        assert max(seen(cleaned(path.read_bytes())).size) == 2000
