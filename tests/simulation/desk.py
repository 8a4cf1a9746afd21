"""Say what a year needs of whatever hands out a channel's posts: the ledger, or a model of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.schedule import LatePolicy

APPROVAL_LASTS = timedelta(days=3)
"""How long a person's approval holds; after that the person is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Hold a delivery to be planned; ``gated``: its aid is behind a sign-in, so a person is asked first."""

    campaign: str
    theme: str | None
    due_at: datetime
    any_hour: bool
    gated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLate:
    """Tell that a delivery is late, when it could have gone, and what its campaign's policy made of it."""

    id: int
    slot: datetime
    policy: LatePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """Tell what was settled before a choice: what was late, and what needs a new approval."""

    late: tuple[FoundLate, ...] = ()
    lapsed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Tell what went, if anything did; ``sifted`` is None when nothing was claimed, so nothing settled."""

    number: int | None = None
    sifted: Sifted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Show what is on record in the end: who is public since when, as the network has it, and the states."""

    public: Sequence[tuple[int, datetime]]
    states: Mapping[str, int]


class Desk(Protocol):
    """Hand out the posts of one channel, and be told the time."""

    def plan(self, promises: Sequence[Promise], now: datetime) -> list[int]:
        """Record deliveries, pending or (gated) proposed; returns their ids."""
        ...

    def take_turn(self, now: datetime, *, look: bool) -> Turn:
        """Send one that may go now. ``look``: claim only if something seems to be ready, as a daemon does."""
        ...

    def hold(self, scope: Scope, until_at: datetime | None, now: datetime) -> None:
        """Stop what lies in a scope until that time, or until it is released."""
        ...

    def release(self, now: datetime) -> None:
        """End the hold."""
        ...

    def answer(self, number: int, now: datetime) -> None:
        """Let a proposed delivery go: approve it, or say that it goes though it is late."""
        ...

    def forecast(self, now: datetime) -> Mapping[int, datetime | None]:
        """Tell when each pending delivery will go that is not held."""
        ...

    def wake(self) -> None:
        """Begin anew with what is on record, as a process does after a downtime."""
        ...

    def close(self) -> Closing:
        """Show what is on record, and end."""
        ...
