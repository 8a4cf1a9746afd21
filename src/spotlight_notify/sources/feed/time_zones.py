"""Read the time zone that a feed's date names: by an offset, an abbreviation, or the zone's own name."""

import re
from datetime import UTC, timedelta, timezone, tzinfo
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


def zone_of(name: str, own: tzinfo) -> tzinfo:
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
