"""Read how long a server asks to be left alone."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(hours=24)
"""No wait that a server in trouble asks for is longer: a slip in a header must not silence a source."""
LONGEST_FRESH = timedelta(hours=1)
"""No answer counts as fresh for longer: caches are told "ten years" of what has news tomorrow."""


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
    """Read how long an answer stays fresh from now on; None when it does not say, or is stale already."""
    fresh = max_age(headers)
    spent = _bounded(headers.get("Age", "")) or timedelta()
    return min(fresh - spent, LONGEST_FRESH) if fresh and fresh > spent else None


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """Read how long an answer stays fresh from Cache-Control, since it left its server; None if not said."""
    directives = [part.strip().lower() for part in headers.get("Cache-Control", "").split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return None
    ages = (part.partition("=")[2].strip('" ') for part in directives if part.startswith("max-age="))
    age = next((age for age in ages if age.isdecimal()), "")
    return _bounded(age) if age else None


def _bounded(seconds: str) -> timedelta | None:
    """Read whole seconds, more than none and at most LONGEST."""
    if not (seconds.isascii() and seconds.isdecimal()):
        return None
    wait = timedelta(seconds=min(int(seconds[:12]), LONGEST.total_seconds()))
    return wait or None
