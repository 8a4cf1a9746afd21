"""Draw a PDF's first page that shows something. Runs where it can be killed."""

from collections.abc import Callable

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.pictures.formats import WIDEST

PAGE_SIDE = 2_000
"""Pixels of a page's longest side, give or take one: a letter page at about 180 to the inch."""
POINTS = 72
"""Points to an inch."""
LARGEST, SMALLEST = 200 * POINTS, POINTS // 2
"""The sides a page may have, in points: 200 inches is a PDF's own limit (ISO 32000, annex C)."""
NARROWEST = 1 / WIDEST
MOST_PAGES = 5
"""So many pages are tried, where the first ones are blank."""

LOCKED = {
    raw.FPDF_ERR_PASSWORD: "the PDF needs a password",
    raw.FPDF_ERR_SECURITY: "the PDF is locked in a way that cannot be opened here",
}


def first_page(content: bytes, shows_nothing: Callable[[Image.Image], bool]) -> Image.Image:
    """Draw a PDF's first page on white, or a later one if that is blank; PictureRefused says why not."""
    try:
        with pypdfium2.PdfDocument(content) as document:
            if not len(document):
                raise PictureRefused("the PDF has no pages")
            pages = (_drawn(document[number]) for number in range(min(len(document), MOST_PAGES)))
            return next((page for page in pages if not shows_nothing(page)), None) or _drawn(document[0])
    except pypdfium2.PdfiumError as error:
        raise PictureRefused(LOCKED.get(error.err_code, "the PDF is damaged and cannot be read")) from error


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    longest = max(width, height)
    if not max(SMALLEST, longest * NARROWEST) <= min(width, height) <= longest <= LARGEST:
        inches = f"{width / POINTS:,.1f} x {height / POINTS:,.1f} inches"
        raise PictureRefused(f"the PDF's first page has an absurd size: {inches}")
    drawn: Image.Image = page.render(scale=PAGE_SIDE / longest).to_pil()
    return drawn
