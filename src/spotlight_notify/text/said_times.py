"""Read moments that words name, as offices write them: "Wed., December 9, 2026, from 2:00 to 3:30 p.m. ET".

Strict on purpose: a month by name, a day and a time of day, or nothing. What is read here decides when a post
goes, so what is unclear is left to a person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZONES = {
    "e": ZoneInfo("America/New_York"),
    "c": ZoneInfo("America/Chicago"),
    "m": ZoneInfo("America/Denver"),
    "p": ZoneInfo("America/Los_Angeles"),
}
"""American zones by their first letter: ET, EST, EDT and "Eastern" alike."""
_DAY = r"(?:(?P<{p}weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}\.?,? )?"
_DATE = (
    _DAY + r"(?P<{p}month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{{0,6}}\.? "
    r"(?P<{p}day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<{p}year>20\d\d))?"
)
_HOUR = r"(?P<{p}hour>\d{{1,2}})(?::(?P<{p}minute>\d\d))?"
_TIME = (
    rf"(?:from |at |@ ?)?(?:{_HOUR} ?(?P<{{p}}half>[ap])\.?m\.?|(?P<{{p}}noon>noon)"
    r"|(?P<{p}from>\d{{1,2}})(?::(?P<{p}from_minute>\d\d))?(?: ?(?:to|-|–|—) ?)"
    r"\d{{1,2}}(?::\d\d)? ?(?P<{p}to_half>[ap])\.?m\.?)"
    r"(?: ?(?:to|-|–|—|until) ?\d{{1,2}}(?::\d\d)? ?[ap]\.?m\.?)?"
    r"(?:,? \(?(?P<{p}zone>[ecmp])(?:[sd]?t\b|astern|entral|ountain|acific))?"
)
_SAID = re.compile(
    rf"(?:{_DATE.format(p='a_')},?(?: ?[|•–-])? {_TIME.format(p='a_')})"
    rf"|(?:{_TIME.format(p='b_')}(?:,? (?:on )?|, ){_DATE.format(p='b_')})",
    re.IGNORECASE,
)
_EMBARGO = re.compile(
    r"\b(?:embargo(?:ed)?|not for (?:release|publication)|hold(?: for release)?)\b"
    r"[^\n]{0,40}?(?:\b(?:until|before)\b|:)([^\n]{4,80})",
    re.IGNORECASE,
)
LONGEST = 4_000
"""Characters that are looked through."""


@dataclass(frozen=True, slots=True)
class Said:
    """A moment that words name; ``at`` is None where they contradict themselves."""

    words: str
    at: datetime | None


def said_times(text: str, zone: tzinfo | None, since: datetime | None) -> tuple[Said, ...]:
    """Return the moments that a text names, each once; ``zone`` where it names none.

    Without a year the first such date from ``since`` on is meant. What cannot be told so is unclear.
    """
    found = {said.at or said.words: said for said in _said(text[:LONGEST], zone, since)}
    return tuple(found.values())


def event_time(text: str, zone: tzinfo | None, since: datetime | None) -> datetime | None:
    """Return when the one event takes place that a text tells of; None if it names no moment, or several."""
    found = said_times(text, zone, since)
    return found[0].at if len(found) == 1 else None


def embargo_end(text: str, zone: tzinfo | None, since: datetime | None) -> datetime | None:
    """Return until when a text says that it must not be published; None if it does not, or unclearly."""
    found = _EMBARGO.search(text[:LONGEST])
    return event_time(found[1], zone, since) if found else None


def _said(text: str, zone: tzinfo | None, since: datetime | None) -> Iterator[Said]:
    for found in _SAID.finditer(text):
        part = {name[2:]: value for name, value in found.groupdict().items() if value is not None}
        at = _moment(part, zone, since)
        yield Said(" ".join(found[0].split()), at and at.astimezone(UTC))


def _moment(part: dict[str, str], zone: tzinfo | None, since: datetime | None) -> datetime | None:
    """Return the moment that these parts name; None when there is no such day, hour or weekday."""
    try:
        place = _ZONES[part["zone"].lower()] if "zone" in part else zone
        if place is None:
            return None
        day = _day(part, since and since.astimezone(place).date())
        hour, minute = _time_of_day(part)
        at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=place)
    except ValueError:
        return None
    weekday = part.get("weekday", "").lower()
    return at if not weekday or _DAYS[day.weekday()] == weekday else None


def _day(part: dict[str, str], since: date | None) -> date:
    month, day = _MONTHS.index(part["month"].lower()) + 1, int(part["day"])
    if year := part.get("year"):
        return date(int(year), month, day)
    if since is None:
        raise ValueError("no year")
    this = date(since.year, month, day)
    return this if this >= since - timedelta(days=1) else date(since.year + 1, month, day)


def _time_of_day(part: dict[str, str]) -> tuple[int, int]:
    """Return hour and minute; "2:00 to 3:30 p.m." begins in the same half of the day as it ends."""
    if part.get("noon"):
        return 12, 0
    hour, minute = (int(part.get(name) or 0) for name in _fields_of(part))
    if not 1 <= hour <= 12:
        raise ValueError("no such hour")
    half = (part.get("half") or part["to_half"]).lower()
    return hour % 12 + (12 if half == "p" else 0), minute


def _fields_of(part: dict[str, str]) -> tuple[str, str]:
    return ("hour", "minute") if "hour" in part else ("from", "from_minute")
