"""Turn instants into what a clock on the wall shows, and back, also where clocks are put forward or back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of time, at most a day, in which a zone's clocks run evenly, ``offset`` ahead of UTC.

    Its end is not included.
    """

    starts_at: datetime
    ends_at: datetime
    offset: timedelta

    def wall(self, at: datetime) -> datetime:
        """Return what the clock shows at an instant of this stretch, or would show at its end (naive)."""
        return at.replace(tzinfo=None) + self.offset

    def instant(self, wall: datetime) -> datetime:
        """Return the instant (UTC) at which a clock that runs on like this one shows ``wall`` (naive)."""
        return (wall - self.offset).replace(tzinfo=UTC)


def stretch_from(zone: ZoneInfo, at: datetime) -> Stretch:
    """Return the stretch that begins at ``at`` (UTC): to the next change of the clocks, or a day.

    One look a day finds every change: in the whole tz database none is undone within six days.
    """
    offset, ends_at = _offset(zone, at), at + DAY
    if _offset(zone, ends_at) != offset:
        ends_at = _change_between(zone, at, ends_at)
    return Stretch(starts_at=at, ends_at=ends_at, offset=offset)


def wall(zone: ZoneInfo, at: datetime) -> datetime:
    """Return what the clocks of a zone show at an instant (naive)."""
    return at.astimezone(zone).replace(tzinfo=None)


def local_date(zone: ZoneInfo, at: datetime) -> date:
    """Return the date on the calendars of a zone at an instant."""
    return at.astimezone(zone).date()


def next_date_at(zone: ZoneInfo, at: datetime) -> datetime:
    """Return the first instant after ``at`` (UTC) that has another local date.

    A date may come back: until 2011 Newfoundland put its clocks back at one minute past midnight.
    """
    today = local_date(zone, at)
    midnight = datetime.combine(today + DAY, time.min)
    while local_date(zone, at) == today:
        stretch = stretch_from(zone, at)
        at = min(stretch.instant(midnight), stretch.ends_at)
    return at


def wall_time(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which the clocks of a zone show ``local`` (naive): the first of two.

    ValueError, in words for a person, for a time that the clocks skip.
    """
    at = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    shown = wall(zone, at)
    if shown != local:
        raise ValueError(
            f"there is no {local:%Y-%m-%d %H:%M} in {zone.key}, where the clocks are put forward past it: "
            f"choose another time, such as {shown:%Y-%m-%d %H:%M}"
        )
    return at


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return wall(zone, at) - at.replace(tzinfo=None)


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Find the first instant of another offset, by halving; changes happen on whole seconds."""
    offset = _offset(zone, before)
    before, after = before.replace(microsecond=0), after.replace(microsecond=0)
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after
