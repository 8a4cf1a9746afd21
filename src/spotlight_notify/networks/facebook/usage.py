"""Read from Graph's headers how full a quota is, and how much slower to go before Graph has to refuse."""

from collections.abc import Mapping
from datetime import timedelta

from spotlight_notify.networks.resets import business_usage, json_header, regain_times

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
    entries = [json_header(headers, "x-app-usage"), *business_usage(headers)]
    percents = [_number(entry.get(name)) for entry in entries for name in MEASURES]
    return max(percents, default=0.0) / 100


def pause_after(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long to leave the Page alone after this answer; None for no longer than usual."""
    usage = usage_of(headers)
    if usage >= FULL:
        return max(regain_times(headers), default=LONG_PAUSE)
    return SHORT_PAUSE if usage >= BUSY else None


def _number(value: object) -> float:
    """Read a figure; 0 for what is none, or cannot be."""
    return value if isinstance(value, int | float) and 0 <= value < MOST else 0.0
