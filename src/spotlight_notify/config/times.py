"""Read durations, which always carry a unit (``"15m"``), and time zones."""

import re
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from spotlight_notify.config.validation import context_of, wrong
from spotlight_notify.config.words import did_you_mean

LONGEST = timedelta(days=366)
SHORTEST_INTERVAL = timedelta(seconds=30)
"""How often a public site may be asked at most."""
SHORTEST_OWN_INTERVAL = timedelta(seconds=1)
"""The same where private addresses are allowed: a test site on one's own machine."""

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_SIZES = ((86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))
_DURATION = re.compile(r"(?P<count>[0-9]{1,9})(?P<unit>[smhd])")
_SCHEMA = {"type": "string", "pattern": r"^([0-9]+[smhd]|.*\$\{.*)$", "examples": ["90s", "15m", "2h", "1d"]}


def duration(value: Any) -> timedelta:
    """Read a duration of at least a second."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise wrong('must be a duration in quotation marks with its unit, such as "90s", "15m", "2h" or "1d"')
    found = _DURATION.fullmatch(value)
    if not found:
        raise wrong('must be a whole number with a unit, such as "90s", "15m", "2h" or "1d"')
    length = timedelta(**{_UNITS[found["unit"]]: int(found["count"])})
    if not timedelta(0) < length <= LONGEST:
        raise wrong('must be between "1s" and "366d"')
    return length


def interval(value: Any, info: ValidationInfo) -> timedelta:
    """Read how often a source is looked at; public sites are not hammered."""
    length, around = duration(value), context_of(info)
    own = around is None or around.allow_private
    if length < (SHORTEST_OWN_INTERVAL if own else SHORTEST_INTERVAL):
        raise wrong('must be "30s" or longer, so that the source is not hammered')
    return length


def overlap(value: Any) -> int | timedelta:
    """Read how far behind its cursor a table is read again: a number of keys, or a duration."""
    if isinstance(value, bool) or (isinstance(value, int) and value < 0):
        raise wrong('must be a whole number, 0 or more, or a duration such as "1h"')
    if isinstance(value, int):
        return value
    return duration(value)


def time_zone(value: Any) -> ZoneInfo:
    """Read a time zone's name, such as ``America/New_York``."""
    if isinstance(value, ZoneInfo):
        return value
    if not isinstance(value, str):
        raise wrong('must be the name of a time zone, such as "America/New_York"')
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(value, available_timezones()) or '; names look like "America/New_York"'
        raise wrong(f"there is no time zone of this name{hint}") from None


def written(length: timedelta) -> str:
    """Write a duration as a configuration file would, in the largest unit that fits whole."""
    seconds = int(length.total_seconds())
    size, unit = next((size, unit) for size, unit in _SIZES if seconds % size == 0)
    return f"{seconds // size}{unit}"


Duration = Annotated[timedelta, PlainValidator(duration), WithJsonSchema(_SCHEMA)]
Interval = Annotated[timedelta, PlainValidator(interval), WithJsonSchema(_SCHEMA)]
Overlap = Annotated[
    int | timedelta,
    PlainValidator(overlap),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, _SCHEMA]}),
]
TimeZone = Annotated[ZoneInfo, PlainValidator(time_zone), WithJsonSchema({"type": "string"})]
