"""Hold what waits on a channel and how each campaign may go out there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from spotlight_notify.model import themes_of
from spotlight_notify.rules.schedule.windows import Hours


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
    """Say how long after its slot a delivery is late, and what happens to it then."""

    policy: LatePolicy
    after: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Say how a campaign goes out on a channel: its own hours beside the channel's, order, late policy."""

    campaign: Hours
    order: Order
    late: Late


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Show a delivery that may go from ``due_at`` on; ``any_hour``: in closed hours too.

    Its main ``theme`` orders it; a hold on any of its ``themes`` holds it.
    """

    id: int
    campaign: str
    theme: str | None
    due_at: datetime
    any_hour: bool
    other_themes: tuple[str, ...] = ()

    @property
    def themes(self) -> tuple[str, ...]:
        """List all themes of its aid, the main one first."""
        return themes_of(self.theme, self.other_themes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Show a post that went out on the channel; its theme matters where a campaign goes theme by theme."""

    campaign: str
    at: datetime
    theme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Join the paces of a channel's campaigns, by name, with the channel's own hours."""

    paces: Mapping[str, Pace]
    channel: Hours
