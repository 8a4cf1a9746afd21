"""Write the names by which an aid is known, each within what a database can index."""

import hashlib

MAX_BYTES = 1_000
"""The longest name in UTF-8: PostgreSQL indexes at most 2,704 bytes, its source's name among them."""


def name_of(kind: str, text: str) -> str:
    """Return ``kind:text``; a text that is too long is replaced by its hash."""
    name = f"{kind}:{text}"
    if len(name.encode("utf-8", "replace")) <= MAX_BYTES:
        return name
    return f"{kind}:sha256-{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()}"
