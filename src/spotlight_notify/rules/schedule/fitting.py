"""Tell how many posts fit into windows at most. A day has 24 hours here, changes of the clock left aside."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from spotlight_notify.model.schedule import ALL_DAY, MIDNIGHT, Hours
from spotlight_notify.rules.schedule.rate_limits import HOUR

MINUTE = timedelta(minutes=1)
WEEK = 7

Week = Sequence[Sequence[int]]
"""Hold the open minutes of each weekday, from Monday on, ascending."""


def week_of(*hours: Hours) -> Week:
    """Give the minutes in which the windows of all are open, as if in one zone and without holidays."""
    return [sorted(set.intersection(*(_minutes(each, day) for each in hours))) for day in range(WEEK)]


def most_in_a_day(week: Week, every: timedelta) -> int:
    """Tell how many posts, so far apart, fit into the best day of a week."""
    return max(_fit(list(_runs(minutes, 1)), every) for minutes in week)


def most_in_an_hour(week: Week, every: timedelta) -> int:
    """Tell how many posts, so far apart, fit at most into any 60 minutes of a week.

    Windows less than an hour apart are taken for one, which can only make it more.
    """
    running = [day * MIDNIGHT + minute for day in range(WEEK + 1) for minute in week[day % WEEK]]
    longest = max((end - start for start, end in _runs(running, HOUR // MINUTE)), default=timedelta(0))
    return _fit([(timedelta(0), min(longest, HOUR))], every)


def _minutes(hours: Hours, day: int) -> set[int]:
    """Give a weekday's open minutes; a window that closes the next day is open on that day too."""
    found: set[int] = set()
    for window in hours.windows or (ALL_DAY,):
        closes = window.opens + window.minutes
        if day in window.weekdays:
            found |= set(range(window.opens, min(closes, MIDNIGHT)))
        if (day - 1) % WEEK in window.weekdays:
            found |= set(range(closes - MIDNIGHT))
    return found


def _runs(minutes: Sequence[int], apart: int) -> Iterator[tuple[timedelta, timedelta]]:
    """Yield where runs of minutes begin and end (not included); closer than ``apart`` they are one."""
    breaks = [(end + 1, start) for end, start in pairwise(minutes) if start - end - 1 >= apart]
    starts = [*minutes[:1], *(start for _, start in breaks)]
    ends = [*(end for end, _ in breaks), *(last + 1 for last in minutes[-1:])]
    yield from ((start * MINUTE, end * MINUTE) for start, end in zip(starts, ends, strict=True))


def _fit(runs: Sequence[tuple[timedelta, timedelta]], every: timedelta) -> int:
    """Count the posts, so far apart, that fit into runs of time: each as early as it can go."""
    count, free = 0, timedelta(0)
    for start, end in runs:
        first = max(start, free)
        more = max(0, -((first - end) // every))
        count, free = count + more, first + more * every if more else free
    return count
