"""Read the times that people order, each in the zone of the campaign it is for, and tell times to them."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from spotlight_notify.model.schedule import Tempo
from spotlight_notify.operations.announce.orders import Place
from spotlight_notify.rules.schedule.wall_clock import wall_time
from spotlight_notify.text.times import short_utc_minute

FURTHEST = timedelta(days=731)
"""Two years: what is ordered for later has a slip in its year."""
US_TIME = re.compile(
    r"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d\d(?:\d\d)?)"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d\d(?::\d\d)?)\s*(?P<half>[AP]M)?)?",
    re.IGNORECASE | re.ASCII,
)
"""A date and a time as spreadsheets in the United States show and save them, the month first."""
EXAMPLE = '"2026-12-01 09:00"'


class NoSuchTime(Exception):
    """Why, in words for a person, something is no time, or none that the clocks ever show."""


def read_time(words: str) -> datetime:
    """Read a date and a time of day, naive unless it names its distance from UTC; else NoSuchTime.

    As ISO 8601 writes it, or as a spreadsheet in the United States does: ``12/02/2026 9:00 AM``.
    """
    said = words.strip()
    try:
        local = datetime.fromisoformat(_in_order(said))
    except ValueError as error:
        month_first = " (the month comes first)" if US_TIME.fullmatch(said) else ""
        raise NoSuchTime(f"{words} is no time{month_first}; write it like {EXAMPLE}") from error
    if ":" not in words:
        raise NoSuchTime(f"{words} has no time of day; write it like {EXAMPLE}")
    return local


def _in_order(words: str) -> str:
    """Write a time of the United States as ISO 8601 does; anything else stays as it is."""
    found = US_TIME.fullmatch(" ".join(words.split()))
    if found is None:
        return words
    year, hour, half = found["year"], int(found["hour"] or 0), (found["half"] or "").upper()
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0) if 1 <= hour <= 12 else 99
    date = f"{year if len(year) == 4 else f'20{year}'}-{found['month']:0>2}-{found['day']:0>2}"
    return f"{date} {hour:02}:{found['minute'] or '00'}"


def due_times(local: datetime, places: Iterable[Place], tempos: Mapping[str, Tempo]) -> dict[str, datetime]:
    """Return the instant (UTC) that a time is in each campaign, by name; NoSuchTime where there is none."""
    return {
        campaign.name: instant(local, zone_of(campaign.name, channel.name, tempos))
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
            return f"{short_utc_minute(at)} has passed"
        if at > now + FURTHEST:
            return f"{short_utc_minute(at)} is more than two years ahead (is that year right?)"
    return None


def told(at: datetime, zone: ZoneInfo) -> str:
    """Write a time in UTC, and what the clocks of a zone show then; on which pass, if they show it twice."""
    if zone.key == "UTC":
        return short_utc_minute(at)
    local = at.astimezone(zone)
    again = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
    which = f", the {'second' if local.fold else 'first'} of two" if again else ""
    return f"{short_utc_minute(at)} ({local:%a %H:%M %Z}{which})"


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment (UTC) at which a zone's clocks show a time; NoSuchTime if they never do."""
    try:
        return wall_time(local, zone) if local.tzinfo is None else local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NoSuchTime(f"this time does not exist: {error}") from error
