"""Find HTML that would show in a plain text."""

import re
from html.entities import html5

_ENTITY = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_TAG = re.compile(
    r"<(?:!--|/?(?:a|abbr|article|b|big|blockquote|br|center|cite|code|del|div|em|figure|font|h[1-6]|hr|i|iframe|"
    r"img|ins|li|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub|sup|table|td|th|tr|tt|u|ul)"
    r"\b[^<>]*>)",
    re.IGNORECASE,
)


def visible_markup(text: str) -> str | None:
    """Return the first entity, else the first tag, that readers would see as such; None if there is none.

    Only real ones count: "AT&T; more" and "Use of <Force>" are words.
    """
    for entity in _ENTITY.finditer(text):
        if entity[1][0] == "#" or entity[1] in html5:
            return entity[0]
    tag = _TAG.search(text)
    return tag[0] if tag else None
