"""Read from X's headers when its limits begin anew."""

from collections.abc import Mapping
from datetime import UTC, datetime

from spotlight_notify.networks.failures import latest_reset
from spotlight_notify.wire.http_dates import answered_at, retry_at

LIMITS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
"""The first is documented; the others are seen in the field and may be absent."""


def x_reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the limits that are used up begin anew, the latest of them; None when nothing says so."""
    named = [_reset(headers, name, now) for name in _used_up(headers) or LIMITS[:1]]
    return latest_reset([*named, retry_at(headers.get("retry-after", ""), now)], now)


def x_used_up_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the limits begin anew that the call used up, though it was carried out; else None."""
    return latest_reset([_reset(headers, name, now) for name in _used_up(headers)], now)


def _used_up(headers: Mapping[str, str]) -> list[str]:
    return [name for name in LIMITS if headers.get(f"{name}-remaining", "").strip() == "0"]


def _reset(headers: Mapping[str, str], name: str, now: datetime) -> datetime | None:
    """Read when a limit begins anew, by our clock: X tells it by its own, which its Date header shows."""
    told, there = _epoch(headers.get(f"{name}-reset")), answered_at(headers)
    return told + (now - there) if told and there else told


def _epoch(seconds: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
