"""Find HTML that would show in a plain text."""

import re
from html.entities import html5

_ENTITY = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
ELEMENTS = (
    r"a|abbr|applet|article|aside|audio|b|big|blockquote|br|button|canvas|caption|center|cite|code|col|colgroup|dd|"
    r"del|details|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|h[1-6]|header|hr|"
    r"i|iframe|img|input|ins|kbd|label|li|main|map|mark|marquee|nav|nobr|noscript|o:p|object|ol|option|p|param|"
    r"picture|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|"
    r"tbody|td|template|textarea|tfoot|th|thead|time|tr|track|tt|u|ul|var|video|wbr"
)
"""Names of elements, as a part of a regular expression."""
_TAG = re.compile(rf"<(?:!--|/?(?:{ELEMENTS})\b[^<>]*>)", re.IGNORECASE)


def visible_markup(text: str) -> str | None:
    """Return the first entity, else the first tag, that readers would see as such; None if there is none.

    Only real ones count: "AT&T; more" and "Use of <Force>" are words.
    """
    for entity in _ENTITY.finditer(text):
        if entity[1][0] == "#" or entity[1] in html5:
            return entity[0]
    tag = _TAG.search(text)
    return tag[0] if tag else None
