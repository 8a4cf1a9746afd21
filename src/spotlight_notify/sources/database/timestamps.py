"""Read what databases write as dates: timestamps, dates, ISO text, seconds since 1970."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal

MILLISECONDS_FROM = 100_000_000_000
"""Larger epoch values count milliseconds: as seconds they would lie beyond the year 5138."""

_EPOCH = re.compile(r"[0-9]{9,13}(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_NEVER = ("infinity", "-infinity", "")


def moment(value: object, zone: tzinfo, *, end_of_day: bool = False) -> datetime | None:
    """Return the value as aware UTC; None when it is empty, PostgreSQL's infinity or MySQL's day zero.

    Values without a zone are in ``zone``. A bare date means its first moment, or, with ``end_of_day``, the
    first moment of the next day. Raises ValueError when it is no date.
    """
    try:
        found = _read(value, zone)
        if isinstance(found, date) and not isinstance(found, datetime):
            found = datetime.combine(found + timedelta(days=end_of_day), time(), zone)
        return found.astimezone(UTC) if found else None
    except (OverflowError, OSError) as error:
        raise ValueError("out of range") from error


def names_no_zone(value: object) -> bool:
    """Return whether a value is a time of day that does not say in which zone."""
    if isinstance(value, datetime):
        return value.tzinfo is None
    if not isinstance(value, str) or ":" not in value:
        return False
    try:
        return datetime.fromisoformat(value.strip()).tzinfo is None
    except ValueError:
        return False


def _read(value: object, zone: tzinfo) -> date | None:
    if isinstance(value, str):
        return _read_text(value.strip(), zone)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _from_epoch(float(value))
    raise ValueError("not a date")


def _read_text(text: str, zone: tzinfo) -> date | None:
    if text.casefold() in _NEVER or text.startswith("0000-00-00"):
        return None
    if _EPOCH.fullmatch(text):
        return _from_epoch(float(text))
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    return _read(datetime.fromisoformat(text), zone)


def _from_epoch(seconds: float) -> datetime:
    if abs(seconds) >= MILLISECONDS_FROM:
        seconds /= 1000
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
