"""Sum up when posts went: from the bare list of moments, by nothing that plans or chooses."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Hold how close posts came; ``smallest_gap`` is None where fewer than two went."""

    posts: int
    smallest_gap: timedelta | None
    most_in_an_hour: int
    most_in_a_day: int


def sum_up(times: Sequence[datetime], zone: ZoneInfo) -> Sums:
    """Sum up ascending moments; an hour holds its beginning but not its end, a day is one of the zone."""
    gaps = [later - sooner for sooner, later in pairwise(times)]
    hours = [bisect_right(times, at) - bisect_right(times, at - HOUR) for at in times]
    days = Counter(at.astimezone(zone).date() for at in times)
    return Sums(
        posts=len(times),
        smallest_gap=min(gaps, default=None),
        most_in_an_hour=max(hours, default=0),
        most_in_a_day=max(days.values(), default=0),
    )
