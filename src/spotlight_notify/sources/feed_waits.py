"""Read how long a server asks to be left alone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)
"""No wait that a server asks for is longer than this: a slip in a header must not silence a source."""


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read Retry-After, in seconds or as a date; None when it is missing, past or unreadable."""
    said = headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return _bounded(said)
    try:
        until = parsedate_to_datetime(said)
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(wait, LONGEST) if wait > timedelta() else None


def fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    """Read how long an answer stays fresh from Cache-Control; None when it does not say."""
    directives = [part.strip().lower() for part in headers.get("Cache-Control", "").split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return None
    ages = (part.partition("=")[2].strip('" ') for part in directives if part.startswith("max-age="))
    age = next((age for age in ages if age.isdecimal()), "")
    fresh = _bounded(age) if age else None
    spent = _bounded(headers.get("Age", "")) or timedelta()
    return fresh - spent if fresh and fresh > spent else None


def _bounded(seconds: str) -> timedelta | None:
    """Read whole seconds, more than none and at most LONGEST."""
    if not (seconds.isascii() and seconds.isdecimal()):
        return None
    wait = timedelta(seconds=min(int(seconds[:12]), LONGEST.total_seconds()))
    return wait or None
