"""Repair text that was read in another encoding than it was written in; find it where that is not certain."""

import re

_CP1252 = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0))
_REST = rf"[\x80-\x9f{re.escape(_CP1252)}]"
"""What the later bytes of a character in UTF-8 become in Windows-1252 or Latin-1."""
_SUSPECT = re.compile(
    rf"[\x80-\x9f\ufffd]|â€|[\xc2-\xdf]{_REST}|[\xe0-\xef]{_REST}{{2}}|[\xf0-\xf4]{_REST}{{3}}"
)
"""What may be such a character, or may be French: only then the library is loaded (0.2 s, 15 MB)."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1d\x1f\x7f]")
"""Beside these, what looks like Windows-1252 is meant for a terminal, and is taken out with them."""


def repaired(text: str) -> str:
    """Repair a text's encoding if nothing in it stays in doubt; else leave it as it is."""
    if not _SUSPECT.search(text) or _CONTROLS.search(text):
        return text
    from ftfy import fix_encoding

    read = fix_encoding(text)
    return text if garbled(read) else read


def garbled(text: str) -> str | None:
    """Find what was surely not written so, a few characters of it; None if there is nothing."""
    found = _SUSPECT.search(text)
    if found is None:
        return None
    from ftfy.badness import is_bad

    lost = text.find("\ufffd")
    at = lost if lost >= 0 else found.start()
    return text[max(0, at - 10) : at + 10] if lost >= 0 or is_bad(text) else None
