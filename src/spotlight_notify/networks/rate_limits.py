"""Read from an answer's headers when a network answered, and when it wants to be asked again."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from spotlight_notify.wire.http_dates import http_date

FARTHEST = timedelta(days=2)
"""No limit of a network lasts longer than a day: a later time is a mistake, and is not believed."""


def network_time(headers: Mapping[str, str]) -> datetime | None:
    """Read when a network answered, by its own clock; None where it does not say."""
    return http_date(headers.get("date", ""))


def latest(moments: Iterable[datetime | None], now: datetime) -> datetime | None:
    """Return the latest time that can be believed; one that is over says nothing: it has just refused."""
    return max((m for m in moments if m is not None and now < m <= now + FARTHEST), default=None)
