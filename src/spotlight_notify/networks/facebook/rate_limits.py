"""Read from Graph's headers how full a quota is, how much slower to go, and when access is regained."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from spotlight_notify.networks.failures import LONGEST_LIMIT, latest_reset
from spotlight_notify.wire.http_dates import retry_at

BUSY = 0.80
"""From here on posts keep a minute apart: Graph refuses at 1, and looks and uploads need their share too."""
FULL = 0.95
"""From here on the channel rests: one post with four pictures and its looks may take what is left."""
SHORT_PAUSE = timedelta(minutes=1)
LONG_PAUSE = timedelta(minutes=10)
"""Quotas count the last hour, so ten minutes give a sixth of it back; used where Graph names no time."""
MEASURES = ("call_count", "total_time", "total_cputime")
"""Percents, each of them throttled at 100."""
MOST = 1_000
"""Percent; what is above is a mistake, and is not believed."""


def usage_of(headers: Mapping[str, str]) -> float:
    """Return how full the fullest quota is, from 0 to 1 (more when overdrawn); 0 when nothing says so."""
    entries = [_json_header(headers, "x-app-usage"), *_business_usage(headers)]
    percents = [_number(entry.get(name)) for entry in entries for name in MEASURES]
    return max(percents, default=0.0) / 100


def pause_after(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long to leave the Page alone after this answer; None for no longer than usual."""
    usage = usage_of(headers)
    if usage >= FULL:
        return max(_regain_times(headers), default=LONG_PAUSE)
    return SHORT_PAUSE if usage >= BUSY else None


def facebook_reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when access is regained by the usage header (minutes, for each business and type), or None."""
    named = [now + wait for wait in _regain_times(headers)]
    return latest_reset([*named, retry_at(headers.get("retry-after", ""), now)], now)


def _regain_times(headers: Mapping[str, str]) -> list[timedelta]:
    """List how long Graph says it takes to regain access, as far as that can be believed."""
    named = [entry.get("estimated_time_to_regain_access") for entry in _business_usage(headers)]
    minutes = [
        n for n in named if isinstance(n, int | float) and 0 < n <= LONGEST_LIMIT / timedelta(minutes=1)
    ]
    return [timedelta(minutes=n) for n in minutes]


def _business_usage(headers: Mapping[str, str]) -> list[dict[str, Any]]:
    """List the entries, for each business and type, in Graph's usage header; none if it is unreadable."""
    usage = _json_header(headers, "x-business-use-case-usage")
    groups = [group for group in usage.values() if isinstance(group, list)]
    return [entry for group in groups for entry in group if isinstance(entry, dict)]


def _json_header(headers: Mapping[str, str], name: str) -> dict[str, Any]:
    """Read a header that holds a JSON object; empty if it does not."""
    try:
        value = json.loads(headers.get(name, ""))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float:
    """Read a figure; 0 for what is none, or cannot be."""
    return value if isinstance(value, int | float) and 0 <= value < MOST else 0.0
