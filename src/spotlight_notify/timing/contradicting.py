"""Find hours that contradict themselves or each other, and say so in words for a person."""

from datetime import UTC, datetime, timedelta

from spotlight_notify.timing.pacing import HOUR, Rule, next_at
from spotlight_notify.timing.wall_clock import DAY
from spotlight_notify.timing.windows import Hours, next_open

SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Where the year begins that is searched for an opening, when no other is given."""

MINUTE = timedelta(minutes=1)


def contradiction(*hours: Hours, since: datetime = SOME_DAY) -> str | None:
    """Say in one sentence what contradicts itself; None when nothing does.

    That is windows that do not open in the 400 days from ``since`` on, each alone or (a channel's and
    a campaign's) all together, and a cap that another or the gap keeps from ever being reached.
    """
    for one in hours:
        if next_open(one, since) is None:
            return "the windows never open: every day they could open on is a holiday, or they name no day"
        if wrong := _out_of_reach(one):
            return wrong
    if next_at([Rule(hours=one, posts=()) for one in hours], since) is None:
        return "the windows of the channel and of the campaign are never open at the same time"
    return None


def _out_of_reach(hours: Hours) -> str | None:
    """Name the cap that can never be reached; a day has 24 hours here, changes of the clock left aside."""
    cause = f"with a gap of {hours.gap / MINUTE:g} minutes"
    in_an_hour, in_a_day = _most(hours.gap, HOUR), _most(hours.gap, DAY)
    if _exceeds(hours.per_hour, in_an_hour):
        return f"per_hour = {hours.per_hour} can never be reached: {cause} an hour holds only {in_an_hour}"
    if hours.per_hour is not None and (in_a_day is None or 24 * hours.per_hour < in_a_day):
        cause, in_a_day = f"at {hours.per_hour} an hour", 24 * hours.per_hour
    if _exceeds(hours.per_day, in_a_day):
        return f"per_day = {hours.per_day} can never be reached: {cause} a day holds only {in_a_day}"
    return None


def _exceeds(cap: int | None, most: int | None) -> bool:
    return cap is not None and most is not None and cap > most


def _most(gap: timedelta, within: timedelta) -> int | None:
    """Tell how many posts fit in a length of time (its end not included); None: any number."""
    return -(-within // gap) if gap else None
