"""Read the moments that a person names: a time by the clock on the wall, or a duration from now."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from spotlight_notify.config.times import duration
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.operations.announce.times import instant, read_time, why_past, zone_of
from spotlight_notify.text.clock_times import NoSuchTime, read_clock_time


def parse_until(option: str, words: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Read a moment to come: a duration such as ``2h``, or a time in the zone; Refused if it has passed."""
    length = _duration(words)
    at = now + length if length else _moment(option, words, zone, now, 'or a duration such as "2h"')
    if at <= now:
        raise Refused(f"{option}: {words} in {zone.key} has passed")
    return at


def parse_since(option: str, words: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Read a moment gone by, as a date or a time in the zone; Refused if it is to come."""
    at = _moment(option, words, zone, now, 'or a date such as "2026-11-01"')
    if at > now:
        raise Refused(f"{option}: {words} in {zone.key} is still to come")
    return at


def names_its_zone(words: str) -> bool:
    """Return whether words are a duration or a time with its distance from UTC, or no time at all."""
    with suppress(NoSuchTime):
        return read_clock_time(words).offset is not None
    return True


def _duration(words: str) -> timedelta | None:
    from pydantic_core import PydanticCustomError

    with suppress(PydanticCustomError):
        return duration(words)
    return None


def _moment(option: str, words: str, zone: ZoneInfo, now: datetime, otherwise: str) -> datetime:
    """Read a time on the wall of the zone, or one with an offset of its own."""
    try:
        return instant(read_clock_time(words), zone, now)
    except NoSuchTime as error:
        raise click.UsageError(f"{option}: {error}, {otherwise}") from error


def coming_time(words: str, one: Delivery, tempos: Mapping[str, Tempo], now: datetime) -> datetime:
    """Read ``--at`` in the zone of a delivery's campaign; UsageError if none is to come then."""
    try:
        at = instant(read_time(words), zone_of(one.campaign, one.channel, tempos), now)
    except NoSuchTime as error:
        raise click.UsageError(f"--at: {error}") from error
    if past := why_past({one.campaign: at}, now):
        raise click.UsageError(f"--at: {past}; leave it out to send it now")
    return at
