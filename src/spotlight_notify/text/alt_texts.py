"""Bring the words for a picture into the length that networks take."""

from spotlight_notify.text.cutting import shortened, whole_forms
from spotlight_notify.text.html import MAX_TITLE, plain_title


def alt_within(words: str) -> str:
    """Return the words in plain text: whole, else as many whole sentences as fit, else cut between words."""
    plain = plain_title(words)
    if len(plain) <= MAX_TITLE:
        return plain
    seen = plain[: MAX_TITLE + 1]
    fitting = (said for cut in whole_forms(seen) if len(said := cut.of(seen)) <= MAX_TITLE)
    return next(fitting, None) or shortened(plain, MAX_TITLE)
