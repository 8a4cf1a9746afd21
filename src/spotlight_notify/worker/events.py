"""What a daemon tells of, as soon as it is recorded."""

from collections.abc import Callable
from dataclasses import dataclass

from spotlight_notify.model.advice import Said
from spotlight_notify.model.records.orders import Change
from spotlight_notify.operations.announce.rewriting import Rewritten
from spotlight_notify.operations.deliver import Settled
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.operations.resolve import Resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """A delivery that turned unsure because its claim was never settled."""

    delivery_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """A channel that is paused because its network refuses the token."""

    channel: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Work that could not be recorded; the next beat tries again."""

    work: str
    error: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Tell, once, that all work ends since the ledger must not be used any more; a person must act."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What a person did beside the daemon."""

    change: Change


Event = Ordered | Poll | Settled | Resolved | Rewritten | Stranded | SignedOut | Trouble | Lost
Tell = Callable[[Event], None]
"""Hear of what happened, in any thread, as soon as it is recorded."""
