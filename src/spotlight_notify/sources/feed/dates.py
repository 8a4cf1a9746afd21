"""Read the dates of feeds: those that standards want, those that sites write, and those in words.

feedparser's own readers take an unknown zone for UTC, and make something of anything.
"""

import html
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

_EAST = {
    0: "z ut utc gmt wet",
    1: "bst cet met mez wat west",
    2: "cat cest eet mest mesz sast",
    3: "eat eest msk",
    5: "pkt",
    5.5: "ist",
    7: "wib",
    8: "awst hkt sgt",
    9: "jst kst",
    9.5: "acst",
    10: "aest chst",
    10.5: "acdt",
    11: "aedt",
    12: "nzst",
    13: "nzdt",
    -2.5: "ndt",
    -3: "adt art brt",
    -3.5: "nst",
    -4: "ast edt",
    -5: "cdt est",
    -6: "cst mdt",
    -7: "mst pdt",
    -8: "akdt pst",
    -9: "akst hdt",
    -10: "hst",
    -11: "sst",
}
"""Hours east of UTC, and the abbreviations that mean them; where two places use one, the American."""
_FIXED = {
    name: timezone(timedelta(hours=hours)) if hours else UTC
    for hours, names in _EAST.items()
    for name in names.split()
}
_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "akt": "America/Anchorage",
    "ht": "Pacific/Honolulu",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
}
"""What Americans say whatever the season."""
_OFFSET = re.compile(
    r"(?:gmt|utc|ut|z)?\s?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.IGNORECASE
)
_FARTHEST = 14
"""Hours from UTC in which anybody lives."""

ZONE = (
    r"(?:[a-z]{1,4}\s?)?[+-]\d{1,2}(?::?\d\d)?(?!\d)|[a-z]{3,12}/[a-z_]{3,20}(?:/[a-z_]{3,20})?"
    r"|(?:eastern|central|mountain|pacific|alaska|hawaii)(?: standard| daylight)?(?: time)?|[a-z]{1,4}"
)
"""A regular expression of what may name a zone, letter case aside."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

LONGEST = 200
"""Characters of a date that are looked at."""

_YEAR, _SHORT = r"(?P<year>\d{4})", r"(?P<year>\d{4}|\d\d)(?!\d)"
_MONTH, _DAY = r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NAME = rf"(?P<name>(?:{'|'.join(MONTHS)})[a-z]{{0,6}})\.?"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.]?(?P<minute>\d\d)(?:[:.]?(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
)
_START = r"(?:(?!" + "|".join(MONTHS) + r")[a-z]{2,9}\.?,?\s*)?"
_ZONE = rf"(?:\s?(?P<zone>{ZONE}))?(?:\s?[(\[].{{0,60}})?"
_END = rf"(?:(?:\s?[-–|]\s?|,\s?|\s(?:at\s|@\s?)?|T){_CLOCK}{_ZONE}|\s?(?P<zone_of_day>z|utc|gmt))?"
_DATES = (
    rf"{_YEAR}-{_MONTH}-{_DAY}",
    rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
    rf"{_YEAR}-?(?P<ordinal>\d{{3}})(?!\d)",
    rf"{_YEAR}[/.]{_MONTH}[/.]{_DAY}",
    rf"{_MONTH}[/-]{_DAY}[/-]{_SHORT}",
    rf"{_DAY}\.\s?{_MONTH}\.\s?{_YEAR}",
    rf"{_NAME}\s?{_DAY},?\s{_YEAR}",
    rf"{_DAY}(?:[\s-]|\sof\s)?{_NAME},?[\s-]?{_SHORT}",
)
_FORMS = (
    *(re.compile(_START + date + _END, re.IGNORECASE) for date in _DATES),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)"),
    re.compile(
        rf"{_START}{_NAME}\s{_DAY}\s{_CLOCK}(?:\s(?P<zone>[a-z]{{1,4}}))?\s{_YEAR}", re.IGNORECASE
    ),  # as ctime writes it
)
_SECONDS = re.compile(r"(?:/Date\()?(\d{10})(?:\.\d+|\d{3}|\d{6})?(?:\)/)?")
"""Seconds since 1970, 2001 to 2286, or thousandths or millionths of them."""
_TIME_TAG = re.compile(r"<time\b[^>]*?\bdatetime\s*=\s*[\"']?([^\"'>]+)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_LABEL = re.compile(
    r"(?:[^\W\d_]+\s){0,2}[^\W\d_]+\s?:\s?|(?:published|posted|updated|created|issued|released)(?:\son)?\s",
    re.IGNORECASE,
)
MOST_IN_WORDS = 300
"""Different dates of a document that are read word by word: two to five milliseconds each, of five seconds.

The library takes a quarter of a second and 20 MB when it is first needed (measured), so it is loaded then.
"""
LANGUAGES = [
    *("en", "es", "fr", "pt", "de", "it", "nl", "pl", "da", "sv"),
    *("ru", "uk", "el", "hu", "zh", "ja", "ko", "vi"),
]
"""Those of feeds that are likely; all that the library has would take two seconds for a date that is none."""
LONGEST_IN_WORDS = 80
"""Characters of a date in words."""
_PERHAPS = re.compile(r"(?=.*(?<!\d)(?:19|20)\d\d(?!\d))(?=.*(?<!\d)\d\d?(?!\d))")
"""A date has a year and a day."""
_SETTINGS = {
    "DATE_ORDER": "DMY",
    "PARSERS": ["absolute-time"],
    "PREFER_LOCALE_DATE_ORDER": False,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "TIMEZONE": "UTC",
}
"""Nothing that counts from now ("yesterday"), and nothing that lacks a part."""


class DateReader:
    """Read a document's dates as seconds since 1970; those that name no zone are in the source's own."""

    def __init__(self, zone: str = "UTC") -> None:
        self._zone: tzinfo = ZoneInfo(zone)
        self._seen: dict[str, float | None] = {}
        self._reader: Any = None
        self._in_words_left = MOST_IN_WORDS
        self._unread = 0

    def read(self, text: str) -> float | None:
        """Read a date; None where there is none, where it does not exist, or nobody knows what it says."""
        if text not in self._seen:
            self._seen[text] = self._read(text)
        return self._seen[text]

    def warnings(self) -> tuple[str, ...]:
        """Return how many dates were left unread, since there were too many in words."""
        return (f"{self._unread} dates in odd words were left unread",) if self._unread else ()

    def _read(self, text: str) -> float | None:
        bare = bare_date(text)
        try:
            read = _read_date(bare, self._zone)
            return self._in_words(bare) if read is None else read
        except (ValueError, OverflowError):
            return None

    def _in_words(self, bare: str) -> float | None:
        if len(bare) > LONGEST_IN_WORDS or not _PERHAPS.match(bare):
            return None
        if not self._in_words_left:
            self._unread += 1
            return None
        self._in_words_left -= 1
        if self._reader is None:
            self._reader = _reader()
        found = self._reader.get_date_data(bare).date_obj
        if found is None:
            return None
        return float((found if found.tzinfo else found.replace(tzinfo=self._zone)).timestamp())


def _reader() -> Any:
    from dateparser.date import DateDataParser

    return DateDataParser(languages=LANGUAGES, settings=_SETTINGS)


def bare_date(text: str) -> str:
    """Take off a date what stands around it: tags, a label such as ``Published:``, white space."""
    text = html.unescape(text[:LONGEST])
    told = _TIME_TAG.search(text)
    plain = " ".join((told[1] if told else _TAG.sub(" ", text)).replace("−", "-").split())
    label = _LABEL.match(plain)
    return plain[label.end() :] if label else plain


def _read_date(bare: str, zone: tzinfo) -> float | None:
    """Read a date as seconds since 1970; None leaves it to other readers.

    A date with slashes is in US order unless its first number is no month. ``zone`` is that of dates that
    name none. Raises ValueError or OverflowError for a day or a time of day that does not exist.
    """
    if seconds := _SECONDS.fullmatch(bare):
        return float(seconds[1])
    found = next((match for form in _FORMS if (match := form.fullmatch(bare))), None)
    return None if found is None else _moment(found.groupdict(), zone).timestamp()


def _moment(parts: dict[str, str | None], zone: tzinfo) -> datetime:
    """Make a time of what was found; 24:00 and a leap second exist."""
    hour, minute, second = _hour(parts), int(parts.get("minute") or 0), int(parts.get("second") or 0)
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("no such time of day")
    named = _zone_of(parts.get("zone") or parts.get("zone_of_day") or "", zone)
    day = _day(parts) + timedelta(hours=hour, minutes=minute, seconds=second)
    return day.replace(tzinfo=named)


def _day(parts: dict[str, str | None]) -> datetime:
    year = int(parts["year"] or 0)
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    if ordinal := parts.get("ordinal"):
        day = datetime(year, 1, 1, tzinfo=UTC) + timedelta(int(ordinal) - 1)
        if day.year != year:
            raise ValueError("no such day of the year")
        return day
    day_of_month, name = int(parts["day"] or 0), parts.get("name")
    month = MONTHS.index(name[:3].lower()) + 1 if name else int(parts["month"] or 0)
    if not name and month > 12 >= day_of_month:
        day_of_month, month = month, day_of_month
    return datetime(year, month, day_of_month, tzinfo=UTC)


def _hour(parts: dict[str, str | None]) -> int:
    hour = int(parts.get("hour") or 0)
    match (parts.get("half") or "").lower():
        case "p":
            return hour % 12 + 12
        case "a":
            return hour % 12
    return hour


def _zone_of(name: str, own: tzinfo) -> tzinfo:
    """Return what a date's zone means; ``own`` where it names none, or one that nobody knows.

    Raises ValueError for an offset that no place has.
    """
    if offset := _OFFSET.fullmatch(name):
        hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
        if hours > _FARTHEST or minutes > 59:
            raise ValueError("no such offset")
        east = timedelta(hours=hours, minutes=minutes)
        return timezone(-east if offset["sign"] == "-" else east)
    if "/" in name:
        return _place(name, own)
    word = name.lower().partition(" ")[0]
    return _place(_PLACES[word], own) if word in _PLACES else _FIXED.get(word, own)


def _place(name: str, own: tzinfo) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return own
