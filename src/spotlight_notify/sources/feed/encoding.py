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
LOST = "\ufffd"
"""Stands where something could not be read."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_ASCII = bytes(range(32, 127))
_ENTITY = re.compile(rb"<!entity", re.IGNORECASE)
_EBCDIC_ENTITY = re.compile(rb"\x4c[^\x4c][\xc5\x85][\xd5\x95][\xe3\xa3][\xc9\x89][\xe3\xa3][\xe8\xa8]")
"""How any IBM code page writes it: only the exclamation mark differs between them."""
_LEAD = re.compile(rb"(?:\s|\xef\xbb\xbf)+(?=[<{][^\0])")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\"';]*)[\"']?", re.IGNORECASE)


def in_utf8(body: bytes, content_type: str) -> tuple[bytes, str, int]:
    """Return body and Content-Type such that what they say of the encoding is true, or nothing.

    The first bytes are believed before the declaration, that before the server, if it says UTF-8; a name by
    which the body cannot be decoded is dropped. Of a body that is UTF-8 but for a few places those alone are
    replaced, and counted.
    """
    body = _without_lead(body)
    told = next((name for start, name in _STARTS if body.startswith(start)), "")
    if told:
        text = body.decode(told, "replace")
        return _as_utf8(text, content_type, text.count(LOST) - body.count(LOST.encode(told)))
    declared, charset = _names(body, content_type)
    if declared.lower() in ("utf-8", "utf8") or not (_decodes(body, declared) or _decodes(body, charset)):
        if not body.isascii() and _decodes(body, "utf-8"):
            return body, f"{_CHARSET.sub('', content_type)}; charset=utf-8", 0
        text = body.decode("utf-8", "replace")
        broken = text.count(LOST) - body.count(LOST.encode())
        if _beyond_ascii(text) > 2 * broken:  # else it is in another encoding as a whole
            return _as_utf8(text, content_type, broken)
    if declared and not _decodes(body, declared):
        body = _DECLARATION.sub(b"", body)
    if charset and not _decodes(body, charset):
        content_type = _CHARSET.sub("", content_type)
    return body, content_type, 0


def declares_entities(body: bytes, content_type: str) -> bool:
    """Return whether a document declares entities, in whatever encoding it may be read."""
    names = (name for name in _names(body, content_type) if _decoded(_ASCII, name) != _ASCII.decode("ascii"))
    return (
        bool(_ENTITY.search(body.replace(b"\0", b"") if b"\0" in body else body))
        or any("<!entity" in _decoded(body, name).lower() for name in names)
        or bool(_EBCDIC_ENTITY.search(body))
    )


def _names(body: bytes, content_type: str) -> tuple[str, str]:
    """Find what the declaration and the server call the encoding; empty where they do not."""
    declaration = _DECLARATION.match(body)
    declared = _DECLARED.search(declaration[0]) if declaration else None
    charset = _CHARSET.search(content_type)
    return declared[1].decode("latin-1") if declared else "", charset[1].strip() if charset else ""


def _as_utf8(text: str, content_type: str, replaced: int) -> tuple[bytes, str, int]:
    body = _DECLARATION.sub(b"", text.encode("utf-8", "replace"))
    return body, f"{_CHARSET.sub('', content_type)}; charset=utf-8", replaced


def _beyond_ascii(text: str) -> int:
    return sum(map(len, _BEYOND_ASCII.findall(text)))


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


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding, "ignore")
    except (LookupError, ValueError):
        return ""
