"""Read the dates of one document, in any words. Runs where it can be killed."""

import re
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from spotlight_notify.sources.feed.dates import bare_date, read_date

MOST_IN_WORDS = 300
"""Different dates of a document that are read word by word: two to five milliseconds each, of five seconds.

The library takes a quarter of a second and 20 MB when it is first needed (measured), so it is loaded then.
"""
LANGUAGES = [
    *("en", "es", "fr", "pt", "de", "it", "nl", "pl", "da", "sv"),
    *("ru", "uk", "el", "hu", "zh", "ja", "ko", "vi"),
]
"""Those of feeds that are likely; all that the library has would take two seconds for a date that is none."""
LONGEST = 80
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


class Moments:
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
        """Say how many dates were left unread, since there were too many in words."""
        return (f"{self._unread} dates in odd words were left unread",) if self._unread else ()

    def _read(self, text: str) -> float | None:
        bare = bare_date(text)
        try:
            read = read_date(bare, self._zone)
            return self._in_words(bare) if read is None else read
        except (ValueError, OverflowError):
            return None

    def _in_words(self, bare: str) -> float | None:
        if len(bare) > LONGEST or not _PERHAPS.match(bare):
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
