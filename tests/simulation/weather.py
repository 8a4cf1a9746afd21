"""Draw what a year brings: single aids and bursts, downtimes and holds."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulation.desk import Promise
from simulation.programme import LATE

DAY = timedelta(days=1)
FIVE = timedelta(minutes=5)
THEMES = (None, "Calm", "Night", "Wellness", "Traffic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Hold what happens when: promises by their minute; downtimes and holds as (begins, ends), ascending."""

    promises: dict[datetime, list[Promise]]
    downtimes: list[tuple[datetime, datetime]]
    holds: list[tuple[datetime, datetime]]


def draw_weather(began: datetime, days: int, dice: random.Random) -> Weather:
    """Draw a year in which every moment is a whole five minutes after its beginning."""
    promises: dict[datetime, list[Promise]] = {}
    for at in _moments(began, days, 0.8, dice):
        promises.setdefault(at, []).append(_promise(at, dice.choice([*LATE]), dice.choice(THEMES), dice))
    for at in _moments(began, days, 15, dice):
        campaign, theme = dice.choice([*LATE]), dice.choice(THEMES)
        burst = [_promise(at, campaign, theme, dice) for _ in range(dice.randint(5, 18))]
        promises.setdefault(at, []).extend(burst)
    downtimes = _stretches(began, days, 12, (FIVE, FIVE * 12, FIVE * 90, DAY, 3 * DAY), dice)
    holds = _stretches(began, days, 25, (FIVE * 12, FIVE * 90, 2 * DAY), dice)
    return Weather(promises=promises, downtimes=downtimes, holds=holds)


def _promise(at: datetime, campaign: str, theme: str | None, dice: random.Random) -> Promise:
    ahead = dice.choice((0, 0, 0, 0, dice.randint(1, 2000)))
    any_hour = dice.random() < 0.1
    return Promise(campaign=campaign, theme=theme, due_at=at + ahead * FIVE, any_hour=any_hour)


def _moments(began: datetime, days: int, apart: float, dice: random.Random) -> Iterator[datetime]:
    """Yield moments that are so many days apart on average."""
    at = began
    while (at := at + round(dice.expovariate(1 / apart) * DAY / FIVE) * FIVE) < began + days * DAY:
        yield at


def _stretches(
    began: datetime, days: int, apart: float, lengths: tuple[timedelta, ...], dice: random.Random
) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for at in _moments(began, days, apart, dice):
        if not found or at > found[-1][1]:
            found.append((at, at + round(dice.choice(lengths) * dice.uniform(0.5, 1.5) / FIVE) * FIVE))
    return found
