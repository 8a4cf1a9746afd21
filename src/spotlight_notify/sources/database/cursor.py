"""Write where a table was left as JSON, and read it: values come back with the type they had."""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

Value = Any
"""A key or order value as the driver gives and takes it."""
_PACK: dict[type, Callable[[Any], str]] = {
    float: repr,
    Decimal: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    UUID: str,
    bytes: bytes.hex,
}
_UNPACK: dict[str, Callable[[str], Value]] = {
    "float": float,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "UUID": UUID,
    "bytes": bytes.fromhex,
}


class Strand(StrEnum):
    """A part of a scan.

    ``ORDERED``: rows along the order column. ``KEYED``: rows along the key, where there is an order column
    those that have no value in it. ``SWEPT``: all rows along the key, some with each scan, for what an order
    column does not show. ``CHANGED``: rows along the column that tells when they were last changed.
    """

    ORDERED = "ordered"
    KEYED = "keyed"
    SWEPT = "swept"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanState:
    """Where a table was left.

    ``of``: what was scanned; a cursor of another table, order or filter does not fit.
    ``high``: the farthest order value of the finished scans that no running transaction can still go under;
    the next scan starts an overlap behind it.
    ``ahead``: the farthest order value beyond that; it becomes ``high`` after a scan that began when all
    transactions before ``until``, one that had not begun when it was read, had ended.
    ``strand``: which part of a scan is under way; None between scans. The others only mean something then.
    ``after``: the last position read in it, the values of its columns; None at its start.
    ``low``: the order value this scan started from; None for the very beginning.
    ``top``: the farthest order value met in this scan.
    ``began_at``: when this scan began.
    ``pages``: how many pages of this part were read.
    ``swept``: the key at which the next sweep goes on; None for the first.
    ``changed``: the farthest time of change of the finished scans; ``latest``: that met in this scan.
    ``turn``: how many of the aids that wait were read again in turn, where they are many.
    ``first``: no scan has reached the end yet.
    """

    of: str
    high: Value = None
    ahead: Value = None
    until: int | None = None
    strand: Strand | None = None
    after: tuple[Value, ...] | None = None
    low: Value = None
    top: Value = None
    began_at: datetime | None = None
    pages: int = 0
    swept: tuple[Value, ...] | None = None
    changed: Value = None
    latest: Value = None
    turn: int = 0
    first: bool = True


def write_state(state: ScanState) -> str:
    """Return the cursor's text. Raises TypeError for a value of a type that cannot be kept."""
    pairs = {field.name: getattr(state, field.name) for field in fields(state)}
    return json.dumps({name: _pack(value) for name, value in pairs.items() if value is not None})


def read_state(cursor: str | None, of: str) -> ScanState:
    """Return the state a cursor holds; the beginning where there is none, or none that fits.

    To begin again is safe: every key is compared with what is known.
    """
    try:
        packed = json.loads(cursor or "{}")
        state = ScanState(**{name: _unpack(value) for name, value in packed.items()})
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError):
        return ScanState(of=of, first=cursor is None)
    if state.of != of:
        return ScanState(of=of, first=False)
    strand = Strand(state.strand) if state.strand else None
    after, swept = (tuple(each) if each else None for each in (state.after, state.swept))
    return replace(state, strand=strand, after=after, swept=swept)


def _pack(value: Value) -> Value:
    if isinstance(value, int | str):
        return value
    if isinstance(value, tuple):
        return [_pack(part) for part in value]
    pack = _PACK.get(type(value))
    if pack is None:
        raise TypeError(f"a {type(value).__name__} cannot be kept")
    return {type(value).__name__: pack(value)}


def _unpack(packed: Value) -> Value:
    if isinstance(packed, list):
        return [_unpack(part) for part in packed]
    if isinstance(packed, dict):
        ((kind, text),) = packed.items()
        return _UNPACK[kind](text)
    return packed
