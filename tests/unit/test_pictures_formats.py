"""What a file is, told by its first bytes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawings import flat, page, pdf, written
from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.pictures.formats import Format, format_of

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"


def refusal(content: bytes) -> str:
    with pytest.raises(PictureRefused) as caught:
        format_of(content)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("found", [Format.JPEG, Format.PNG, Format.GIF, Format.WEBP, Format.PDF])
def test_a_format_is_known_by_what_pillow_writes(found: Format) -> None:
    assert format_of(written(flat(), found)) is found


def test_a_pdf_may_have_something_before_it() -> None:
    assert format_of(b"\xef\xbb\xbf\r\n" + pdf(*page())) is Format.PDF
    assert format_of(b"\0" * 1000 + pdf(*page())) is Format.PDF
    assert "no picture" in refusal(b"\0" * 1024 + pdf(*page()))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty: there is not one byte"),
        (b"<!DOCTYPE html><p>gone", "it is HTML, not a picture"),
        (b"\xef\xbb\xbf \r\n<HTML>", "it is HTML, not a picture"),
        (b"<html>%PDF-1.7", "it is HTML, not a picture"),
        (b"<svg xmlns='x'/>", "it is an SVG drawing, which is not taken: use PNG or JPEG"),
        (b"<?xml version='1.0'?>\n<svg>", "it is an SVG drawing, which is not taken: use PNG or JPEG"),
        (b"<?xml version='1.0'?><rss>", "it is HTML or XML, not a picture"),
        (b'{"error":1}', "it is JSON, not a picture"),
        (b"PK\x03\x04\x14", "it is a ZIP archive or an Office document, not a picture"),
        (b"%!PS-Adobe-3.0 EPSF", "it is PostScript, not a picture"),
        (written(flat(), "TIFF"), "it is in TIFF format, which is not taken: use JPEG or PNG"),
        (written(flat(), "BMP"), "it is in BMP format, which is not taken: use JPEG or PNG"),
        (written(flat(), "ICO"), "it is in ICO format, which is not taken: use JPEG or PNG"),
        (written(flat(), "JPEG2000"), "it is in JPEG 2000 format, which is not taken: use JPEG or PNG"),
        (HEIC, "it is in HEIC format, which is not taken: use JPEG or PNG"),
        (MP4, "it is a video, not a picture"),
        (b"Not found", "it is no picture: JPEG, PNG, WEBP, AVIF, still GIF and PDF are taken"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "it is no picture: JPEG, PNG, WEBP, AVIF, still GIF and PDF are taken"),
        (b"\x89PNG\r\n", "it is no picture: JPEG, PNG, WEBP, AVIF, still GIF and PDF are taken"),
    ],
)
def test_what_is_not_taken_is_named(content: bytes, said: str) -> None:
    assert refusal(content) == said


@given(st.binary(max_size=64) | st.binary(max_size=40).map(lambda rest: b"\0\0\0\x18ftyp" + rest))
def test_any_bytes_are_a_format_or_refused(content: bytes) -> None:
    with suppress(PictureRefused):
        assert format_of(content) in Format
