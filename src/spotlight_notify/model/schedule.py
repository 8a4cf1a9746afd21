"""Hours, paces and what waits: how each campaign may go out on a channel."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from spotlight_notify.model.aids import themes_of

MIDNIGHT = 24 * 60


def never(day: date) -> bool:
    """Take no day for a holiday."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hours of the week: weekdays (0 is Monday), and minutes of the local day from 0 to 1440.

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
        """Return how long it is open, on a day on which no clock is changed."""
        return self.closes - self.opens + MIDNIGHT * (self.closes <= self.opens)


ALL_DAY = Window(weekdays=frozenset(range(7)), opens=0, closes=MIDNIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When and how fast posts go out: on a channel, or of a campaign on a channel.

    No windows: open at all hours. A holiday closes what opens on it. ``gap``: between two posts, on a channel
    of whatever campaign. ``per_hour``: posts in any 60 minutes; ``per_day``: posts on one local calendar day.
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


class Order(StrEnum):
    """Name in which order a campaign's deliveries go: by age alone, or theme by theme."""

    OLDEST = "oldest"
    THEME = "theme"


class LatePolicy(StrEnum):
    """Name what happens to a late delivery: it goes all the same, it is skipped, or a person is asked."""

    SEND = "send"
    SKIP = "skip"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """How long after its slot a delivery is late, and what happens to it then."""

    policy: LatePolicy
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a campaign goes out on a channel: its own hours beside the channel's, order, late policy.

    ``over_soon``: what will be over within this time goes first, soonest over first.
    """

    campaign: Hours
    order: Order
    late: Late
    over_soon: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A delivery that may go from ``due_at`` on; ``any_hour``: in closed hours too.

    Its main ``theme`` orders it; a hold on any of its ``themes`` holds it. ``over_at``: when its aid is over
    (its event begins, or it expires), from which on it does not go.
    """

    id: int
    campaign: str
    theme: str | None
    due_at: datetime
    any_hour: bool
    other_themes: tuple[str, ...] = ()
    over_at: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Return whether its aid is over by then."""
        return self.over_at is not None and self.over_at <= at

    @property
    def themes(self) -> tuple[str, ...]:
        """List all themes of its aid, the main one first."""
        return themes_of(self.theme, self.other_themes)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What an order would change on a channel: deliveries that leave its line, move in it, or join it."""

    leaving: frozenset[int] = frozenset()
    moved: Mapping[int, datetime] = field(default_factory=dict)
    joining: tuple[Waiting, ...] = ()

    def applied_to(self, pending: Iterable[Waiting]) -> tuple[Waiting, ...]:
        """Return what would wait, of what waits."""
        stays = (one for one in pending if one.id not in self.leaving)
        moved = (replace(one, due_at=self.moved[one.id]) if one.id in self.moved else one for one in stays)
        return (*moved, *self.joining)


AS_IT_IS = WhatIf()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A post that went out on the channel; its theme matters where a campaign goes theme by theme."""

    campaign: str
    at: datetime
    theme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Join the paces of a channel's campaigns, by name, with the channel's own hours."""

    paces: Mapping[str, Pace]
    channel: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOne:
    """Name a late delivery and the moment at which it could have gone."""

    id: int
    slot: datetime
