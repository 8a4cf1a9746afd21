"""Write row keys as names of aids, and read them from there."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import product

from spotlight_notify.sources.database.cursor import Value
from spotlight_notify.text.aliases import former_names, name_of

ROW = "row"

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_FLOAT = re.compile(r"-?[0-9]+\.[0-9]+(e[+-]?[0-9]+)?|-?[0-9]+e[+-]?[0-9]+")
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_PART = re.compile(r"(?:[^\\,]|\\.)*", re.DOTALL)


def identity(key: Value) -> str:
    """Return the aid key of a row's key: the same text for the same key, whatever is read beside it."""
    return name_of(ROW, _text(key))


def former_identities(key: Value) -> tuple[str, ...]:
    """Return the name by which an older ledger may know a key, if it is another."""
    return former_names(ROW, _text(key))


def written_in(names: Iterable[str]) -> list[str]:
    """Return the texts of keys that these names were made from; a name that holds a hash gives another."""
    prefix = f"{ROW}:"
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


def is_hashed(names: Iterable[str]) -> bool:
    """Tell whether no text can be read from some of these names."""
    return any(name.startswith(f"{ROW}:sha256-") for name in names)


def values_of(text: str, columns: int, *, typed: bool) -> list[Value]:
    """Return the keys that may be written so: a value each, or, of several columns, a tuple.

    ``typed``: the database compares numbers and bytes with text as what they are, so they are among them.
    """
    parts = [text] if columns == 1 else [re.sub(r"\\(.)", r"\1", part) for part in _split(text)]
    if len(parts) != columns:
        return []
    found = product(*(_readings(part) if typed else [part] for part in parts))
    return [key[0] if columns == 1 else key for key in found]


def _split(text: str) -> Iterator[str]:
    at = 0
    while at <= len(text):
        part = _PART.match(text, at)
        assert part is not None, "nothing is a part, too"
        yield part.group()
        at = part.end() + 1


def _readings(text: str) -> list[Value]:
    found: list[Value] = [text]
    if _INTEGER.fullmatch(text):
        found.append(int(text))
    if _FLOAT.fullmatch(text):
        found.append(float(text))
    if _HEX.fullmatch(text):
        found.append(bytes.fromhex(text))
    return found


def _text(key: Value) -> str:
    if isinstance(key, tuple):
        return ",".join(re.sub(r"([\\,])", r"\\\1", _text(part)) for part in key)
    if isinstance(key, bytes):
        return key.hex()
    if isinstance(key, date):
        return key.isoformat()
    if isinstance(key, Decimal) and key.is_finite():
        return format(key.normalize(), "f")
    return str(key).replace("\0", "\ufffd")
