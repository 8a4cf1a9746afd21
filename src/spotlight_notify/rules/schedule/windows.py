"""Say in which hours posts may go out, and when the next such hour begins. By the clock on the wall."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from spotlight_notify.model.schedule import ALL_DAY, Hours
from spotlight_notify.rules.schedule.wall_clock import DAY, stretch_from, wall

FURTHEST = timedelta(days=400)
"""How far ahead an opening is searched: a year and a month, so that a yearly one is found."""


def is_open(hours: Hours, at: datetime) -> bool:
    """Tell whether the clock on the wall shows a time within a window; both passes of a repeated hour do."""
    now = wall(hours.zone, at)
    return any(True for _ in _beginnings(hours, now, now + datetime.resolution))


def next_open(hours: Hours, at: datetime) -> datetime | None:
    """Return the first open instant from ``at`` (UTC) on; None when there is none within 400 days.

    Where the clocks skip a window's beginning it opens after the skip, if it is not over by then.
    """
    latest = at + FURTHEST
    while at <= latest:
        stretch = stretch_from(hours.zone, at)
        begins, ends = stretch.wall(stretch.starts_at), stretch.wall(stretch.ends_at)
        opening = min(_beginnings(hours, begins, ends), default=None)
        if opening is not None:
            return stretch.instant(max(opening, begins))
        at = stretch.ends_at
    return None


def _beginnings(hours: Hours, first: datetime, end: datetime) -> Iterator[datetime]:
    """Yield when the windows begin that are open at some time from ``first`` on, before ``end`` (naive)."""
    for days in range(-1, (end.date() - first.date()).days + 1):
        midnight = datetime.combine(first.date() + days * DAY, time.min)
        for window in hours.windows or (ALL_DAY,):
            if midnight.weekday() in window.weekdays:
                begins = midnight + timedelta(minutes=window.opens)
                overlaps = begins < end and begins + timedelta(minutes=window.minutes) > first
                if overlaps and not hours.is_holiday(midnight.date()):
                    yield begins
