"""Make a feed's bytes UTF-8 before a parser guesses wrongly. Runs where it can be killed."""

import codecs
import re

_STARTS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"{\0\0\0", "utf-32-le"),
    (b"\0\0\0{", "utf-32-be"),
    (b"{\0", "utf-16-le"),
    (b"\0{", "utf-16-be"),
)
"""First bytes that leave no doubt, longer ones before those they begin with (XML 1.0, appendix F)."""
_DECLARATION = re.compile(rb"\A\s*<\?xml\b[^>]{0,1000}\?>")
_DECLARED = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")
_LEAD = re.compile(rb"(?:\s|\xef\xbb\xbf)+(?=[<{][^\0])")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';]*)[\"']?", re.IGNORECASE)


def in_utf8(body: bytes, content_type: str) -> tuple[bytes, str]:
    """Return body and Content-Type such that what they say of the encoding is true, or nothing.

    The first bytes are believed before the server; a name by which the body cannot be decoded is dropped.
    """
    body = _without_lead(body)
    told = next((name for start, name in _STARTS if body.startswith(start)), "")
    if told:
        text = body.decode(told, "replace").encode("utf-8", "replace")
        return _DECLARATION.sub(b"", text), f"{_CHARSET.sub('', content_type)}; charset=utf-8"
    declaration = _DECLARATION.match(body)
    declared = _DECLARED.search(declaration[0]) if declaration else None
    if declared and not _decodes(body, declared[1].decode("latin-1")):
        body = _DECLARATION.sub(b"", body)
    charset = _CHARSET.search(content_type)
    if charset and not _decodes(body, charset[1].strip()):
        content_type = _CHARSET.sub("", content_type)
    return body, content_type


def _without_lead(body: bytes) -> bytes:
    """Take blank lines and byte order marks before the first element away, but for one mark."""
    lead = _LEAD.match(body)
    if lead is None:
        return body
    mark = codecs.BOM_UTF8 if codecs.BOM_UTF8 in lead[0] else b""
    return mark + body[lead.end() :]


def _decodes(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except (LookupError, ValueError):  # UnicodeError is a ValueError; so is a name with NUL in it
        return False
    return True
