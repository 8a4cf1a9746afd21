"""Read the dates in headers of HTTP answers (RFC 9110, 5.6.7 and 10.2.3)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 10**9
"""Seconds of a wait that are counted; more would lead beyond the calendar."""


def http_date(written: str) -> datetime | None:
    """Return the time that a header names, in UTC where it names no zone; None if it is no date."""
    try:
        read = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def answered_at(headers: Mapping[str, str]) -> datetime | None:
    """Return when a server answered, by its own clock; None where it does not say."""
    return http_date(headers.get("date", ""))


def retry_at(retry_after: str, now: datetime) -> datetime | None:
    """Return when a server asks to be tried again: Retry-After is a number of seconds or a date."""
    written = retry_after.strip()
    if written.isascii() and written.isdecimal():
        return now + timedelta(seconds=min(int(written[:12]), LONGEST_SECONDS))
    return http_date(written)
