"""Read the times that people type, as they would say them: "Dec 2, 9 am", "12/2/2026 9:00 AM", "9:00"."""

import re
from calendar import isleap
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RELATIVE = {"today": 0, "tomorrow": 1}
LEAP_DAY = date(2000, 2, 29)
"""In a year that has every date."""
EXAMPLE = '"2026-12-01 09:00"'

_DATE = (
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"|(?P<us_month>\d{1,2})/(?P<us_day>\d{1,2})(?:/(?P<us_year>\d{4}|\d\d))?"
    rf"|(?P<name>{'|'.join(MONTHS)})[a-z]*\.? (?P<named_day>\d{{1,2}})(?:st|nd|rd|th)?"
    r"(?:,? (?P<named_year>\d{4}))?"
    rf"|(?P<relative>{'|'.join(RELATIVE)})"
)
_TIME = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)? ?(?P<half>[ap])\.?m\.?"
    r"|(?P<hour24>\d{1,2}):(?P<minute24>\d\d)(?::(?P<second24>\d\d)(?:\.\d+)?)?|(?P<noon>noon)"
)
_ZONE = r"(?P<offset>[+-]\d\d:?\d\d)|(?P<zone>[a-z]{1,5})"
_TYPED = re.compile(
    rf"(?:(?P<weekday>{'|'.join(WEEKDAYS)})[a-z]*\.?(?:,? |$))?(?:{_DATE})?"
    rf"(?:(?:^|t|[ ,]+(?:at )?|(?<= )(?:at )?)(?:{_TIME})(?: ?(?:{_ZONE}))?)?",
    re.IGNORECASE | re.ASCII,
)


class NoSuchTime(Exception):
    """Why, in words for a person, something is no time, or none that the clocks ever show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTime:
    """A time as it was typed. What was not said is None.

    ``year`` is None for the next such date; ``month`` and ``day`` are for the next such weekday or time of
    day, ``days`` from today if that was said. ``zone`` is the zone's name as its clocks show it ("EST"),
    ``offset`` how far its clocks are from UTC.
    """

    words: str = field(compare=False)
    year: int | None = None
    month: int | None = None
    day: int | None = None
    days: int | None = None
    weekday: int | None = None
    clock: time | None = None
    offset: tzinfo | None = None
    zone: str | None = None

    def dates(self, today: date) -> tuple[date, ...]:
        """Return the dates it may mean, the first choice first: the next year's where no year was said.

        ValueError if there is no such date.
        """
        if self.days is not None:
            dates = [today + timedelta(days=self.days)]
        elif self.month is None or self.day is None:
            dates = [today + timedelta(days=ahead) for ahead in range(8)]
        elif self.year is not None:
            dates = [date(self.year, self.month, self.day)]
        else:
            years = [
                year
                for year in (today.year, today.year + 1)
                if self.day < 29 or isleap(year) or self.month != 2
            ]
            dates = [date(year, self.month, self.day) for year in years]
        if self.weekday is None:
            return tuple(dates)
        fitting = tuple(each for each in dates if each.weekday() == self.weekday)
        if not fitting and dates:
            raise ValueError(f"{dates[0]:%Y-%m-%d} is a {dates[0]:%A}")
        return fitting


def read_clock_time(words: str) -> ClockTime:
    """Read a date, a time of day, or both; NoSuchTime for what is neither.

    A date is written as ISO 8601 does, as in the United States (12/02/2026, the month first), with the
    month's name, as a weekday, "today" or "tomorrow". A time of day has minutes, or "am" or "pm".
    """
    said = " ".join(words.split())
    if not said or not (found := _TYPED.fullmatch(said)):
        raise NoSuchTime(f"{words} is no time; write it like {EXAMPLE}")
    part = {name: value for name, value in found.groupdict().items() if value is not None}
    try:
        year, month, day = _date(part)
        read = ClockTime(
            words=said,
            year=year,
            month=month,
            day=day,
            days=RELATIVE[part["relative"].lower()] if "relative" in part else None,
            weekday=WEEKDAYS.index(part["weekday"].lower()) if "weekday" in part else None,
            clock=_clock(part),
            offset=_offset(part),
            zone=part.get("zone", "").upper() or None,
        )
        replace(read, weekday=None).dates(LEAP_DAY)
    except ValueError as error:
        month_first = " (the month comes first)" if "us_month" in part else ""
        raise NoSuchTime(f"{words} is no time{month_first}; write it like {EXAMPLE}") from error
    return read


def _date(part: dict[str, str]) -> tuple[int | None, int | None, int | None]:
    """Return year, month and day, as far as they were said."""
    if "name" in part:
        year, month, day = (
            part.get("named_year"),
            str(MONTHS.index(part["name"].lower()) + 1),
            part["named_day"],
        )
    elif "us_month" in part:
        year, month, day = part.get("us_year"), part["us_month"], part["us_day"]
        year = f"20{year}" if year and len(year) == 2 else year
    elif "year" in part:
        year, month, day = part["year"], part["month"], part["day"]
    else:
        return None, None, None
    return int(year) if year else None, int(month), int(day)


def _clock(part: dict[str, str]) -> time | None:
    if "noon" in part:
        return time(12)
    if "hour" in part:
        hour = int(part["hour"])
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if part["half"].lower() == "p" else 0)
        return time(hour, int(part.get("minute", 0)), int(part.get("second", 0)))
    if "hour24" in part:
        return time(int(part["hour24"]), int(part["minute24"]), int(part.get("second24", 0)))
    return None


def _offset(part: dict[str, str]) -> tzinfo | None:
    if part.get("zone", "").upper() in ("Z", "UTC", "GMT"):
        return UTC
    if "offset" not in part:
        return None
    ahead = timedelta(hours=int(part["offset"][1:3]), minutes=int(part["offset"][-2:]))
    return timezone(-ahead if part["offset"].startswith("-") else ahead)


def at_offset(day: date, read: ClockTime) -> datetime:
    """Return the moment on a date in the zone that the words gave by its distance from UTC."""
    return datetime.combine(day, read.clock or time.min, tzinfo=read.offset).astimezone(UTC)
