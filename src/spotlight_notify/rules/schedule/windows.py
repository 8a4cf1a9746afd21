"""Windows: read them as a person writes them, tell whether they are open, and when they open next.

All by the clock on the wall.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from spotlight_notify.model.schedule import ALL_DAY, MIDNIGHT, Hours, Tempo, Window
from spotlight_notify.rules.schedule.wall_clock import DAY, stretch_from, wall

FURTHEST = timedelta(days=400)
"""How far ahead an opening is searched: a year and a month, so that a yearly one is found."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLES = '"Mon-Fri 08:00-18:00", "Sat,Sun 10:00-14:00" or "daily 22:00-02:00"'
_WINDOW = re.compile(r"\s*(?P<days>\S.*?)\s+(?P<opens>[0-9:]+)\s*-\s*(?P<closes>[0-9:]+)\s*")
_TIME = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-5][0-9])")


def is_open(hours: Hours, at: datetime) -> bool:
    """Return whether the clock on the wall shows a time in a window, in both passes of a repeated hour."""
    now = wall(hours.zone, at)
    return any(True for _ in _beginnings(hours, now, now + datetime.resolution))


def is_open_for(tempo: Tempo, campaign: str, at: datetime) -> bool:
    """Return whether the hours of a channel and of a campaign on it are open; those of none always are."""
    pace = tempo.paces.get(campaign)
    return pace is None or (is_open(tempo.channel, at) and is_open(pace.campaign, at))


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


def parse_window(words: str) -> Window:
    """Read a window; ValueError, in one sentence for a person, when it is not one.

    Days have three letters, in any case: ``Mon-Fri``, ``Fri-Mon`` (four days), ``Mon,Wed-Fri``, ``daily``.
    """
    found = _WINDOW.fullmatch(words)
    if not found:
        raise ValueError(f'"{words}" is not a window: write it like {EXAMPLES}')
    opens, closes = _minutes(words, found["opens"]), _minutes(words, found["closes"])
    if opens == closes:
        raise ValueError(f'"{words}" closes when it opens: for a whole day write 00:00-24:00')
    if opens == MIDNIGHT:
        raise ValueError(f'"{words}" opens at 24:00: write 00:00 and the day after')
    return Window(weekdays=_weekdays(words, found["days"]), opens=opens, closes=closes)


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


def _minutes(words: str, clock: str) -> int:
    found = _TIME.fullmatch(clock)
    minutes = 60 * int(found["hour"]) + int(found["minute"]) if found else MIDNIGHT + 1
    if minutes > MIDNIGHT:
        raise ValueError(f'"{words}": {clock} is not a time between 00:00 and 24:00')
    return minutes


def _weekdays(words: str, days: str) -> frozenset[int]:
    if days.lower() == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for part in days.split(","):
        ends = [_weekday(words, name.strip()) for name in part.split("-")]
        if len(ends) > 2:
            raise ValueError(f'"{words}": {part.strip()} is not a range of days: write it like Mon-Fri')
        first, last = ends[0], ends[-1]
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(found)


def _weekday(words: str, name: str) -> int:
    if name.lower() not in DAYS:
        raise ValueError(f'"{words}": "{name}" is no day: write Mon, Tue, Wed, Thu, Fri, Sat, Sun or daily')
    return DAYS.index(name.lower())
