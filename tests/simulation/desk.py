"""Say what a year needs of whatever hands out a channel's posts: the ledger, or a model of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from spotlight_notify.timing import LatePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Hold a delivery to be planned."""

    campaign: str
    theme: str | None
    due_at: datetime
    any_hour: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLate:
    """Tell that a delivery is late, when it could have gone, and what its campaign's policy made of it."""

    id: int
    slot: datetime
    policy: LatePolicy


class Desk(Protocol):
    """Hand out the posts of one channel. Every method is one transaction, and is told the time."""

    def plan(self, promise: Promise, now: datetime) -> int:
        """Record a pending delivery; ids ascend."""
        ...

    def send_next(self, now: datetime) -> int | None:
        """Claim what may go now and settle it as sent now; None when nothing may."""
        ...

    def hold(self, now: datetime) -> None:
        """Stop everything: nothing is handed out until it is released."""
        ...

    def release(self, now: datetime) -> None:
        """End the hold."""
        ...

    def settle_late(self, now: datetime) -> Sequence[FoundLate]:
        """Apply the late policy: skip, propose, or remember that it was late; tells each delivery once."""
        ...

    def approve(self, delivery_id: int, now: datetime) -> None:
        """Make a proposed delivery pending again, due now."""
        ...

    def forecast(self, now: datetime) -> Mapping[int, datetime | None]:
        """Tell when each pending delivery will go."""
        ...
