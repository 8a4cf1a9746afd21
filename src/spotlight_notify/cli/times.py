"""Read the moments that a person names: a time by the clock on the wall, or a duration from now."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from spotlight_notify.config.times import duration
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.operations.announce.times import NoSuchTime, instant, read_time, why_past, zone_of
from spotlight_notify.rules.schedule.wall_clock import wall_time


def parse_until(option: str, words: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Read a moment to come: a duration such as ``2h``, or a time in the zone; Refused if it has passed."""
    length = _duration(words)
    at = now + length if length else _time(option, words, zone, 'or a duration such as "2h"')
    if at <= now:
        raise Refused(f"{option}: {words} in {zone.key} has passed")
    return at


def parse_since(option: str, words: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Read a moment gone by, as a date or a time in the zone; Refused if it is to come."""
    at = _time(option, words, zone, 'or a date such as "2026-11-01"')
    if at > now:
        raise Refused(f"{option}: {words} in {zone.key} is still to come")
    return at


def _duration(words: str) -> timedelta | None:
    from pydantic_core import PydanticCustomError

    with suppress(PydanticCustomError):
        return duration(words)
    return None


def _time(option: str, words: str, zone: ZoneInfo, otherwise: str) -> datetime:
    """Read a time on the wall of the zone, or one with an offset of its own."""
    try:
        local = datetime.fromisoformat(words.strip())
    except ValueError as error:
        example = f'write it like "2026-12-01 09:00", {otherwise}'
        raise click.UsageError(f"{option}: {words} is no time; {example}") from error
    try:
        return wall_time(local, zone) if local.tzinfo is None else local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f"{option}: {error}") from error


def coming_time(words: str, one: Delivery, tempos: Mapping[str, Tempo], now: datetime) -> datetime:
    """Read ``--at`` in the zone of a delivery's campaign; UsageError if none is to come then."""
    try:
        at = instant(read_time(words), zone_of(one.campaign, one.channel, tempos))
    except NoSuchTime as error:
        raise click.UsageError(f"--at: {error}") from error
    if past := why_past({one.campaign: at}, now):
        raise click.UsageError(f"--at: {past}; leave it out to send it now")
    return at
