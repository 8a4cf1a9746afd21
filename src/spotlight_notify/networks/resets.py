"""Read from an answer's headers when a network wants to be asked again."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from spotlight_notify.wire.http_dates import http_date, retry_at

FARTHEST = timedelta(days=2)
"""No limit of either network lasts longer than a day: a later time is a mistake, and is not believed."""
X_LIMITS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
"""The first is documented; the others are seen in the field and may be absent."""


def network_time(headers: Mapping[str, str]) -> datetime | None:
    """Read when a network answered, by its own clock; None where it does not say."""
    return http_date(headers.get("date", ""))


def x_reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the limits that are used up begin anew, the latest of them; None when nothing says so."""
    named = [_reset(headers, name, now) for name in _used_up(headers) or X_LIMITS[:1]]
    return _latest([*named, retry_at(headers.get("retry-after", ""), now)], now)


def x_used_up_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the limits begin anew that the call used up, though it was carried out; else None."""
    return _latest([_reset(headers, name, now) for name in _used_up(headers)], now)


def facebook_reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when access is regained by the usage header (minutes, for each business and type), or None."""
    named = [now + wait for wait in regain_times(headers)]
    return _latest([*named, retry_at(headers.get("retry-after", ""), now)], now)


def _used_up(headers: Mapping[str, str]) -> list[str]:
    return [name for name in X_LIMITS if headers.get(f"{name}-remaining", "").strip() == "0"]


def _latest(moments: Iterable[datetime | None], now: datetime) -> datetime | None:
    """A time that is over says nothing: the network has just refused."""
    return max((m for m in moments if m is not None and now < m <= now + FARTHEST), default=None)


def _reset(headers: Mapping[str, str], name: str, now: datetime) -> datetime | None:
    """Read when a limit begins anew, by our clock: X tells it by its own, which its Date header shows."""
    told, there = _epoch(headers.get(f"{name}-reset")), network_time(headers)
    return told + (now - there) if told and there else told


def _epoch(seconds: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def regain_times(headers: Mapping[str, str]) -> list[timedelta]:
    """List how long Graph says it takes to regain access, as far as that can be believed."""
    named = [entry.get("estimated_time_to_regain_access") for entry in business_usage(headers)]
    minutes = [n for n in named if isinstance(n, int | float) and 0 < n <= FARTHEST / timedelta(minutes=1)]
    return [timedelta(minutes=n) for n in minutes]


def business_usage(headers: Mapping[str, str]) -> list[dict[str, Any]]:
    """List the entries, for each business and type, in Graph's usage header; none if it is unreadable."""
    usage = json_header(headers, "x-business-use-case-usage")
    groups = [group for group in usage.values() if isinstance(group, list)]
    return [entry for group in groups for entry in group if isinstance(entry, dict)]


def json_header(headers: Mapping[str, str], name: str) -> dict[str, Any]:
    """Read a header that holds a JSON object; empty if it does not."""
    try:
        value = json.loads(headers.get(name, ""))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
