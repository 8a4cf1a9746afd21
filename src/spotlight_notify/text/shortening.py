"""Shorten a text to a limit, and make titles that keep theirs."""

from spotlight_notify.text.cutting import cuts
from spotlight_notify.text.html import plain_title

MAX_TITLE = 1_000
"""The longest title, or words for a picture, in characters: X takes no more for a picture."""
MAX_HTML = 32 * 1024
"""The longest HTML field looked at, in characters: hostile nesting costs with the square of it."""


def short_title(html: str) -> str:
    """Turn a title, or the words for a picture, into one line of plain text within MAX_TITLE."""
    return shortened(plain_title(html[:MAX_HTML]), MAX_TITLE)


def shortened(text: str, limit: int) -> str:
    """Cut a text to a limit at the end of a sentence or a word."""
    if len(text) <= limit:
        return text
    forms = (cut.of(text) for cut in cuts(text[: 2 * limit])[1:])
    return next((form for form in forms if form and len(form) <= limit), text[:limit])
