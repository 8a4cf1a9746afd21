"""Write the aliases by which an aid is known, each within what a database can index."""

import hashlib

from spotlight_notify.text.invisible import visible

MAX_BYTES = 1_000
"""The longest name in UTF-8: PostgreSQL indexes at most 2,704 bytes, its source's name among them."""


def name_of(kind: str, text: str) -> str:
    """Return ``kind:text``; what nobody sees in a text is escaped, and one that is too long is hashed.

    No two texts have one name: one with escapes ends on a piece of its hash.
    """
    return _named(kind, _shown(text))


def former_names(kind: str, text: str) -> tuple[str, ...]:
    """Return the name that a ledger older than the escapes may know a text by, if it is another."""
    return () if _shown(text) == text else (_named(kind, text),)


def _shown(text: str) -> str:
    shown = visible(text)
    return text if shown == text else f"{shown} ({_hash(text)[:16]})"


def _named(kind: str, text: str) -> str:
    name = f"{kind}:{text}"
    if len(name.encode("utf-8", "replace")) <= MAX_BYTES:
        return name
    return f"{kind}:sha256-{_hash(text)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
