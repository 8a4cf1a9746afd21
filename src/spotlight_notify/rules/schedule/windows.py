"""Say in which hours posts may go out, and when the next such hour begins. By the clock on the wall."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from spotlight_notify.rules.schedule.wall_clock import DAY, stretch_from, wall

MIDNIGHT = 24 * 60
FURTHEST = timedelta(days=400)
"""How far ahead an opening is searched: a year and a month, so that a yearly one is found."""


def never(day: date) -> bool:
    """Take no day for a holiday."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hold hours of the week: weekdays (0 is Monday), and minutes of the local day from 0 to 1440.

    One that closes at or before its opening minute closes the next day, and belongs to the day it opens on.
    """

    weekdays: frozenset[int]
    opens: int
    closes: int

    def __post_init__(self) -> None:
        """Refuse days and minutes that no calendar has."""
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("weekdays are numbers from 0 (Monday) to 6 (Sunday)")
        if not (0 <= self.opens < MIDNIGHT and 0 <= self.closes <= MIDNIGHT):
            raise ValueError("a window opens between 00:00 and 23:59 and closes between 00:00 and 24:00")

    @property
    def minutes(self) -> int:
        """Tell how long it is open, on a day on which no clock is changed."""
        return self.closes - self.opens + MIDNIGHT * (self.closes <= self.opens)


ALL_DAY = Window(weekdays=frozenset(range(7)), opens=0, closes=MIDNIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Say when and how fast posts go out: on a channel, or of a campaign on a channel.

    No windows: open at all hours. A holiday closes what opens on it. ``gap``: between two posts.
    ``per_hour``: posts in any 60 minutes; ``per_day``: posts on one local calendar day.
    """

    zone: ZoneInfo
    windows: tuple[Window, ...] = ()
    is_holiday: Callable[[date], bool] = never
    gap: timedelta = timedelta(0)
    per_hour: int | None = None
    per_day: int | None = None

    def __post_init__(self) -> None:
        """Refuse a pace at which nothing could ever go out."""
        caps = (self.per_hour, self.per_day)
        if self.gap < timedelta(0) or any(cap is not None and cap < 1 for cap in caps):
            raise ValueError("a gap must not be negative, and caps must let out at least one post")


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
