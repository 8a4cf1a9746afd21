"""Turn the times that people order into moments, each in the zone of the campaign it is for."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from spotlight_notify.model.schedule import Tempo
from spotlight_notify.operations.announce.orders import Place
from spotlight_notify.rules.schedule.wall_clock import wall_time
from spotlight_notify.text.clock_times import EXAMPLE, ClockTime, NoSuchTime, at_offset, read_clock_time
from spotlight_notify.text.times import utc_minute

FURTHEST = timedelta(days=731)
"""Two years: what is ordered for later has a slip in its year."""


def read_time(words: str, *, dated: bool = False) -> ClockTime:
    """Read a time of day, and its date if one is named (or has to be: ``dated``); else NoSuchTime."""
    read = read_clock_time(words)
    if read.clock is None:
        raise NoSuchTime(f"{words} has no time of day; write it like {EXAMPLE}")
    if dated and read.year is None:
        raise NoSuchTime(f"{words} has no date with its year; write it like {EXAMPLE}")
    return read


def due_times(
    read: ClockTime, places: Iterable[Place], tempos: Mapping[str, Tempo], now: datetime
) -> dict[str, datetime]:
    """Return the instant (UTC) that a time is in each campaign, by name; NoSuchTime where there is none."""
    return {
        campaign.name: instant(read, zone_of(campaign.name, channel.name, tempos), now)
        for campaign, channel in places
    }


def zone_of(campaign: str, channel: str, tempos: Mapping[str, Tempo]) -> ZoneInfo:
    """Return the zone of a campaign's hours; UTC for one that has none there any more."""
    tempo = tempos.get(channel)
    pace = tempo.paces.get(campaign) if tempo else None
    return pace.campaign.zone if pace else ZoneInfo("UTC")


def why_past(due: Mapping[str, datetime], now: datetime) -> str | None:
    """Return which of these times has passed, or is so far ahead that it is not meant; None if none is."""
    for at in dict.fromkeys(due.values()):
        if at <= now:
            return f"{utc_minute(at)} has passed"
        if at > now + FURTHEST:
            return f"{utc_minute(at)} is more than two years ahead (is that year right?)"
    return None


def instant(read: ClockTime, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the moment (UTC) that a time means by the clocks of a zone; NoSuchTime if they never show it.

    Where a date, a year or a weekday was left out it is the next such moment; midnight for a date alone.
    """
    try:
        dates = read.dates(now.astimezone(zone).date())
        moments = (_moment(day, read, zone) for day in dates)
        return next(at for at in moments if at > now or len(dates) == 1)
    except StopIteration:
        raise NoSuchTime(f"{read.words} does not come again") from None
    except (ValueError, OverflowError) as error:
        raise NoSuchTime(f"this time does not exist: {error}") from error


def _moment(day: date, read: ClockTime, zone: ZoneInfo) -> datetime:
    if read.offset is not None:
        return at_offset(day, read)
    local = datetime.combine(day, read.clock or time.min)
    at = wall_time(local, zone)
    if read.zone is None:
        return at
    for fold in (0, 1):
        aware = local.replace(tzinfo=zone, fold=fold)
        if read.zone in _names_of(aware):
            return aware.astimezone(UTC)
    shown = at.astimezone(zone)
    raise ValueError(f"{zone.key} has {shown:%H:%M %Z} then, not {read.zone}; leave the zone out")


def _names_of(local: datetime) -> tuple[str, ...]:
    """Return what a zone is called at a time: "EST", and "ET" whatever the season."""
    name = (local.tzname() or "").upper()
    return (name, name[0] + "T") if re.fullmatch("[A-Z][SD]T", name) else (name,)
