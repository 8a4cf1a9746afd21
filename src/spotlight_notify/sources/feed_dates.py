"""Read the dates that feedparser reads wrongly or not at all: slashes, dots, US order, Drupal's dashes.

And refuse those that do not exist, which feedparser would move to some other day.
"""

import re
import time
from calendar import timegm
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LONGEST = 80
"""Characters of a date that are looked at."""

NO_DATE = time.struct_time((0,) * 9)
"""What keeps feedparser from trying its own readers, one of which would make something of anything."""

_START = r"^\s*(?:[a-z]{3,9}\.?,?\s+)?"
_END = (
    r"(?:(?:\s*[-–]\s*|,?\s+(?:at\s+)?|T)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\.\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*(?P<zone>z|[a-z]{2,4}|[+-]\d\d:?\d\d))?\s*$"
)
_FORMS = tuple(
    re.compile(_START + form + _END, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
        r"(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
        r"(?P<day>\d{1,2})\s+(?P<name>[a-z]{3,9})\.?,?\s+(?P<year>\d{4})(?=.*(?:\s[-–]\s|\d\s*[ap]\.?m\b))",
    )
)


_ISO_START = re.compile(r"\d{4}(?=[-\d]|$)")
_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<ordinal>\d{3})|-(?P<month>\d\d)(?:-(?P<day>\d\d))?|(?P<month2>\d\d)(?P<day2>\d\d))?"
    r"(?:\s*[T ,]\s*(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?(?!\d).{0,40})?"
)
_MAIL = re.compile(
    r"(?:[a-z]+,?\s+)?(?P<day>\d{1,2})[\s-]+(?P<name>[a-z]{3})[a-z]*\.?[\s-]+(?P<year>\d{4})(?!\d)"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?)?",
    re.IGNORECASE,
)


def existing_date(text: str) -> time.struct_time | None:
    """Return NO_DATE for a date or a time of day that does not exist; None leaves it to other readers."""
    text = text[:LONGEST].strip()
    found = _ISO.fullmatch(text) if _ISO_START.match(text) else _MAIL.match(text)
    if found is None:
        return NO_DATE if _ISO_START.match(text) else None
    try:
        _check(found.groupdict())
    except ValueError:
        return NO_DATE
    return None


def _check(parts: dict[str, str | None]) -> None:
    """Raise ValueError unless day and hour exist; 24:00 and a leap second do."""
    month = _month(parts) if parts.get("name") else int(parts["month"] or parts["month2"] or 1)
    first = datetime(int(parts["year"] or 0), month, int(parts["day"] or parts.get("day2") or 1), tzinfo=UTC)
    if parts.get("ordinal") and (first + timedelta(int(parts["ordinal"] or 0) - 1)).year != first.year:
        raise ValueError("no such day of the year")
    limits = {"hour": 24, "minute": 59, "second": 60}
    if any(int(parts[unit] or 0) > limit for unit, limit in limits.items()):
        raise ValueError("no such time of day")


def odd_date(text: str) -> time.struct_time | None:
    """Read a date as UTC for feedparser; None leaves it to feedparser's own readers.

    A date with slashes is in US order unless its first number is no month. No zone means UTC.
    Raises ValueError for a day that does not exist.
    """
    found = next((match for form in _FORMS if (match := form.match(text[:LONGEST]))), None)
    if found is None:
        return None
    parts = found.groupdict()
    day, month = int(parts["day"]), _month(parts)
    if month > 12 >= day:
        day, month = month, day
    written = datetime(int(parts["year"]), month, day, _hour(parts), tzinfo=UTC)
    minutes = timedelta(minutes=int(parts["minute"] or 0), seconds=int(parts["second"] or 0))
    return time.gmtime(timegm((written + minutes).timetuple()) - _offset(parts["zone"] or ""))


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("name")
    return MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"] or 0)


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts["hour"] or 0)
    match (parts["half"] or "").lower():
        case "p":
            return hour % 12 + 12
        case "a":
            return hour % 12
    return hour


def _offset(zone: str) -> int:
    """Tell a zone's seconds east of UTC; a zone that is not known counts as UTC."""
    parsed = parsedate_tz(f"1 Jan 2000 00:00:00 {zone.replace(':', '')}")
    return (parsed[9] or 0) if parsed else 0
