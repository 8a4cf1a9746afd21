"""Turn a page's bytes into text, whatever they are: never fails, and takes time like their length."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_DECLARED_WITHIN = 1_024
"""Bytes in which a page must name its encoding (HTML standard, 4.2.5.4)."""
_TAKEN = frozenset(
    {"big5", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "iso2022_jp", "koi8-r", "koi8-u", "shift_jis"}
    | {f"cp{number}" for number in (874, 932, 949, *range(1250, 1259))}
    | {f"iso8859-{number}" for number in range(2, 17)}
)
"""Python's names. It knows more, but those are none of the web's, and some are slow to undo."""
_WESTERN = frozenset({"ascii", "iso8859-1"})
"""What the web calls these is windows-1252 (Encoding standard, 4.2)."""


def decoded(page: bytes, content_type: str) -> str:
    """Decode a page by its first bytes, else by what the server says, else by what it says itself.

    UTF-8 where nothing is said; what cannot be decoded is replaced.
    """
    for mark, encoding in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(encoding, "replace")
    told = _CHARSET.search(content_type.encode("ascii", "replace"))
    named = told or _CHARSET.search(page, 0, _DECLARED_WITHIN)
    return page.decode(_encoding(named[1].decode("ascii")) if named else "utf-8", "replace")


def _encoding(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return "utf-8"
    if known in _WESTERN:
        return "cp1252"
    return known if known in _TAKEN else "utf-8"
