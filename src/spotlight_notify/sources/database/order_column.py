"""Calculate along an order column: step back by an overlap, and never trust a time that has not come yet."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

from spotlight_notify.sources.database.cursor import Value

Overlap = int | float | timedelta | None

USUAL_NUMBERS = 1000
"""How far behind the farthest row late ones are usual in a column of numbers, as several people write."""

USUAL_TIME = timedelta(hours=1)
"""The same in a column of times."""

_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?")
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?")


def step_back(high: Value, overlap: Overlap, *, number: bool) -> Value:
    """Return the order value from which rows are read again; rows equal to it are read too.

    ``number``: the column counts, though its values may arrive as text. Without an overlap the usual one is
    taken, and none where the column holds neither numbers nor times. Raises ValueError, with a sentence, when
    the overlap does not fit what the column holds.
    """
    counts = number or isinstance(high, int | float | Decimal)
    if counts and not Decimal(str(high)).is_finite():
        raise ValueError(f"it holds {high}, from which nothing can be reckoned")
    if overlap is None:
        return _step_back_usually(high, counts=counts)
    if counts:
        return _step_back_number(high, overlap)
    if not isinstance(overlap, timedelta):
        raise ValueError("it holds no numbers, so its overlap must be a duration")
    if isinstance(high, str):
        return _step_back_text(high, overlap)
    if isinstance(high, datetime):
        return high - overlap
    if isinstance(high, date):
        return (datetime.combine(high, time()) - overlap).date()
    raise ValueError("it holds no dates, so it cannot have an overlap")


def _step_back_usually(high: Value, *, counts: bool) -> Value:
    try:
        return step_back(high, USUAL_NUMBERS if counts else USUAL_TIME, number=counts)
    except (ValueError, OverflowError):
        return high


def farthest(values: Sequence[Value], like: Value, overlap: Overlap, *, number: bool) -> tuple[Value, str]:
    """Return the last of these ordered values that ``step_back`` takes, and what is wrong with the others.

    ``like``: a value met before, or None; one of another sort (a word among numbers, which SQLite allows)
    does not count. None if no value does; an empty sentence if all do.
    """
    fit, odd = None, ""
    for value in values:
        try:
            step_back(value, overlap, number=number)
            like = value if like is None else like
            if _sort(value) is not _sort(like):
                raise ValueError(f"it holds {str(value)[:60]!r}, which is of another sort than the rest")
            fit = value
        except (ValueError, ArithmeticError) as error:
            odd = odd or str(error)
    return fit, odd


def why_disordered(values: Sequence[Value]) -> str:
    """Return why a column, by these values in its own order, does not sort as it grows; empty if it may.

    That happens to text: "10" comes before "9", and a time with a T after all that have a blank.
    """
    meant = [(value, _meant(value)) for value in values if isinstance(value, str)]
    read = [(text[:40], meaning) for text, meaning in meant if meaning is not None]
    for (text, (is_time, first)), (other, (too, second)) in pairwise(read):
        if is_time is not too:
            return f"it holds numbers beside times: {text!r} and {other!r}"
        if first > second:
            return f"its text sorts {text!r} before {other!r}"
    return ""


def _meant(text: str) -> tuple[bool, Decimal] | None:
    """Read the number that a text says, or the seconds of its time (True); None if it says neither."""
    if _NUMBER.fullmatch(text):
        return False, Decimal(text)
    try:
        found = datetime.fromisoformat(text) if _ISO.match(text) else None
        if found is None:
            return None
        seconds = found.replace(tzinfo=found.tzinfo or UTC).timestamp()
    except (ValueError, OverflowError):
        return None
    return True, Decimal(seconds)


def _sort(value: Value) -> type:
    return next((sort for sort in (str, bytes) if isinstance(value, sort)), object)


def not_ahead(top: Value, now: datetime, zone: tzinfo) -> Value:
    """Return the order value, or now as the column would write it, whichever is earlier.

    One row dated next month must not hide all that are dated before it. Times without a zone are in ``zone``.
    """
    if isinstance(top, str):
        return _text_not_ahead(top, now, zone)
    if isinstance(top, datetime):
        return min(top, now if top.tzinfo else now.astimezone(zone).replace(tzinfo=None))
    if isinstance(top, date):
        return min(top, now.astimezone(zone).date())
    return top


def _step_back_number(high: Value, overlap: Overlap) -> Value:
    if isinstance(overlap, timedelta):
        raise ValueError("it holds numbers, so its overlap must be a number")
    low = Decimal(str(high)) - Decimal(str(overlap))
    if isinstance(high, int) or (isinstance(high, str) and "." not in high):
        low = low.to_integral_value(ROUND_FLOOR)
    return type(high)(low)


def _step_back_text(high: str, overlap: timedelta) -> str:
    if high in ("infinity", "-infinity") or high.endswith(" BC"):
        return high
    head = _ISO.match(high)
    if not head:
        raise ValueError("it holds neither numbers nor ISO dates, so it cannot have an overlap")
    return _write_like(head.group(), datetime.fromisoformat(head.group()) - overlap)


def _text_not_ahead(top: str, now: datetime, zone: tzinfo) -> str:
    if top == "infinity":
        return min(_write_like("2026-01-01 00:00:00", now.astimezone(z)) for z in (UTC, zone))
    head = _ISO.match(top)
    if not head:
        return top
    try:
        own = datetime.fromisoformat(top).tzinfo
    except ValueError:
        own = None
    return min(top, _write_like(head.group(), now.astimezone(own or zone)))


def _write_like(head: str, value: datetime) -> str:
    """Write a time as long as ``head``: without a fraction or zone it sorts before all that have one."""
    return value.replace(tzinfo=None).isoformat(sep=head[10:11] or " ")[: len(head)]
