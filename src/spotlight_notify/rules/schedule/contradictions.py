"""Find hours that contradict themselves or each other, and caps that can never be reached.

A day has 24 hours where posts are counted, changes of the clock left aside.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from spotlight_notify.model.schedule import ALL_DAY, MIDNIGHT, Hours
from spotlight_notify.rules.schedule.rate_limits import HOUR, RateLimit, next_at
from spotlight_notify.rules.schedule.windows import next_open

MINUTE = timedelta(minutes=1)
WEEK = 7
Week = Sequence[Sequence[int]]
"""The open minutes of each weekday, from Monday on, ascending."""
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Where the year begins that is searched for an opening, when no other is given."""
CHANNELS = "the channel's"


def week_of(*hours: Hours) -> Week:
    """Return the minutes in which the windows of all are open, as if in one zone and without holidays."""
    return [sorted(set.intersection(*(_minutes(each, day) for each in hours))) for day in range(WEEK)]


def most_in_a_day(week: Week, every: timedelta) -> int:
    """Return how many posts, so far apart, fit into the best day of a week."""
    return max(_fit(list(_runs(minutes, 1)), every) for minutes in week)


def most_in_an_hour(week: Week, every: timedelta) -> int:
    """Return how many posts, so far apart, fit at most into any 60 minutes of a week.

    Windows less than an hour apart are taken for one, which can only make it more.
    """
    running = [day * MIDNIGHT + minute for day in range(WEEK + 1) for minute in week[day % WEEK]]
    longest = max((end - start for start, end in _runs(running, HOUR // MINUTE)), default=timedelta(0))
    return _fit([(timedelta(0), min(longest, HOUR))], every)


def contradiction(*hours: Hours, since: datetime = SOME_DAY) -> str | None:
    """Return in one sentence what contradicts itself; None when nothing does.

    That is windows that do not open in the 400 days from ``since`` on, each alone or (a channel's and
    a campaign's) all together, and a cap that is ``out_of_reach`` by its own hours.
    """
    for one in hours:
        if next_open(one, since) is None:
            return "the windows never open: every day they could open on is a holiday, or they name no day"
        for cap, why in out_of_reach(one).items():
            return f"{cap} = {getattr(one, cap)} can never be reached: {why}"
    if next_at([RateLimit(hours=one, posts=()) for one in hours], since) is None:
        return "the windows of the channel and of the campaign are never open at the same time"
    return None


def out_of_reach(own: Hours, channel: Hours | None = None) -> Mapping[str, str]:
    """Return why caps can never be reached, by their settings (per_hour, per_day); empty when all can.

    Their gap and windows keep them from it, and those of the channel if there is one. Changes of the clock
    are left aside, and so are a channel's windows in another zone.
    """
    limits = [own] if channel is None else [own, channel]
    if own.per_hour is None and own.per_day is None:
        return {}
    week = week_of(*(each for each in limits if each.zone.key == own.zone.key))
    within = " within the windows" if any(len(day) < MIDNIGHT for day in week) else ""
    return {
        name: f"{words} holds only {most}{within}"
        for name, (most, words) in _bounds(own, week, max(limits, key=lambda each: each.gap)).items()
        if (cap := getattr(own, name)) is not None and cap > most
    }


def _minutes(hours: Hours, day: int) -> set[int]:
    """Return a weekday's open minutes; a window that closes the next day is open on that day too."""
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


def _bounds(own: Hours, week: Week, slowest: Hours) -> dict[str, tuple[int, str]]:
    """Return the most an hour and a day can hold, and by what; nothing where it is any number."""
    gap, in_an_hour, in_a_day = slowest.gap, [], []
    if gap:
        pace = f"with {'a' if gap == own.gap else CHANNELS} gap of {gap / MINUTE:g} minutes"
        in_an_hour += [(most_in_an_hour(week, gap), f"{pace} an hour")]
        in_a_day += [(most_in_a_day(week, gap), f"{pace} a day")]
    if own.per_hour is not None:
        by_hours = own.per_hour * most_in_a_day(week, HOUR)
        in_a_day += [(by_hours, f"at {own.per_hour} an hour a day")]
    bounds = {"per_hour": in_an_hour, "per_day": in_a_day}
    return {name: min(found, key=lambda bound: bound[0]) for name, found in bounds.items() if found}
