"""Draw what a year brings: single aids and bursts, downtimes and holds."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from simulation.desk import Promise
from simulation.programme import LATE
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.words import ScopeKind

DAY = timedelta(days=1)
FIVE = timedelta(minutes=5)
FURTHEST_AHEAD = 2000 * FIVE
THEMES = (None, "Calm", "Night", "Wellness", "Traffic")
EVERYTHING = Scope(kind=ScopeKind.ALL)
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOrder:
    """Hold a person's order that a scope waits; ``lifted``: a person ends it, else it ends by itself."""

    began: datetime
    ended: datetime
    scope: Scope = EVERYTHING
    lifted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Hold what happens when: promises by their minute; downtimes (begin, end) and holds, each ascending."""

    promises: dict[datetime, list[Promise]]
    downtimes: list[Stretch]
    holds: list[HoldOrder]

    @property
    def stops(self) -> list[Stretch]:
        """List when something kept posts from going."""
        return [*self.downtimes, *((hold.began, hold.ended) for hold in self.holds)]


def draw_weather(began: datetime, days: int, dice: random.Random, busy: float = 1) -> Weather:
    """Draw a year in which every moment is a whole five minutes after its beginning.

    ``busy``: how much more often than in a year everything happens, for a short run.
    """
    promises: dict[datetime, list[Promise]] = {}
    draw = partial(_promise, dice, min(FURTHEST_AHEAD, days * DAY / 2))
    for at in _moments(began, days, 0.8 / busy, dice):
        promises.setdefault(at, []).append(draw(at, dice.choice([*LATE]), dice.choice(THEMES)))
    for at in _moments(began, days, 15 / busy, dice):
        campaign, theme = dice.choice([*LATE]), dice.choice(THEMES)
        burst = [draw(at, campaign, theme) for _ in range(dice.randint(5, 18))]
        promises.setdefault(at, []).extend(burst)
    downtimes = _stretches(began, days, 12 / busy, (FIVE, FIVE * 12, FIVE * 90, DAY, 3 * DAY), dice)
    holds = _stretches(began, days, 20 / busy, (FIVE * 12, FIVE * 90, 2 * DAY), dice)
    return Weather(
        promises=promises,
        downtimes=downtimes,
        holds=[
            HoldOrder(began=begins, ended=ends, scope=_scope(dice), lifted=dice.random() < 0.5)
            for begins, ends in holds
        ],
    )


def _promise(
    dice: random.Random, furthest: timedelta, at: datetime, campaign: str, theme: str | None
) -> Promise:
    ahead = dice.choice((0, 0, 0, 0, dice.randint(1, furthest // FIVE)))
    return Promise(
        campaign=campaign,
        theme=theme,
        due_at=at + ahead * FIVE,
        any_hour=dice.random() < 0.1,
        gated=dice.random() < 0.15,
    )


def _scope(dice: random.Random) -> Scope:
    """Hold all in half of the cases, else a campaign or a theme."""
    campaign = Scope(kind=ScopeKind.CAMPAIGN, name=dice.choice([*LATE]))
    theme = Scope(kind=ScopeKind.THEME, name=dice.choice(THEMES[1:]))
    return dice.choice((EVERYTHING, EVERYTHING, campaign, theme))


def _moments(began: datetime, days: int, apart: float, dice: random.Random) -> Iterator[datetime]:
    """Yield moments that are so many days apart on average."""
    at = began
    while (at := at + round(dice.expovariate(1 / apart) * DAY / FIVE) * FIVE) < began + days * DAY:
        yield at


def _stretches(
    began: datetime, days: int, apart: float, lengths: tuple[timedelta, ...], dice: random.Random
) -> list[Stretch]:
    found: list[Stretch] = []
    for at in _moments(began, days, apart, dice):
        if not found or at > found[-1][1]:
            found.append((at, at + round(dice.choice(lengths) * dice.uniform(0.5, 1.5) / FIVE) * FIVE))
    return found
