"""Read from an answer's headers when a network wants to be asked again."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

FARTHEST = timedelta(days=2)
"""No limit of either network lasts longer than a day: a later time is a mistake, and is not believed."""
X_LIMITS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
"""The first is documented; the others are seen in the field and may be absent."""


def x_reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the limits that are used up begin anew, the latest of them; None when nothing says so."""
    used_up = [name for name in X_LIMITS if headers.get(f"{name}-remaining", "").strip() == "0"]
    named = [_epoch(headers.get(f"{name}-reset")) for name in used_up or X_LIMITS[:1]]
    return _latest([*named, _retry_after(headers, now)], now)


def facebook_reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when access is regained by the usage header (minutes, for each business and type), or None."""
    minutes = _minutes(headers.get("x-business-use-case-usage", ""))
    named = [now + timedelta(minutes=n) for n in minutes if 0 < n <= FARTHEST / timedelta(minutes=1)]
    return _latest([*named, _retry_after(headers, now)], now)


def _latest(moments: Iterable[datetime | None], now: datetime) -> datetime | None:
    """A time that is over says nothing: the network has just refused."""
    return max((m for m in moments if m is not None and now < m <= now + FARTHEST), default=None)


def _epoch(seconds: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _retry_after(headers: Mapping[str, str], now: datetime) -> datetime | None:
    value = headers.get("retry-after", "").strip()
    try:
        moment = now + timedelta(seconds=int(value)) if value.isdecimal() else parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _minutes(header: str) -> list[float]:
    try:
        usage = json.loads(header)
    except ValueError:
        return []
    groups = usage.values() if isinstance(usage, dict) else ()
    entries = [entry for group in groups if isinstance(group, list) for entry in group]
    named = [entry.get("estimated_time_to_regain_access") for entry in entries if isinstance(entry, dict)]
    return [float(n) for n in named if isinstance(n, int | float)]
