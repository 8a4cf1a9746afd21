"""The states of a delivery: which moves between them there are, and the sets that rules ask about."""

from collections.abc import Mapping
from types import MappingProxyType

from spotlight_notify.model.words import State

MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.PROPOSED: frozenset(
            {State.PROPOSED, State.PENDING, State.SENT, State.SKIPPED, State.CANCELLED},
        ),
        State.PENDING: frozenset(
            {State.PENDING, State.SENDING, State.PROPOSED, State.SENT, State.SKIPPED, State.CANCELLED},
        ),
        State.SENDING: frozenset(
            {State.SENT, State.PENDING, State.UNSURE, State.FAILED, State.PROPOSED, State.SKIPPED},
        ),
        State.UNSURE: frozenset({State.SENT, State.PENDING, State.FAILED, State.CANCELLED}),
        State.SENT: frozenset({State.UNSURE, State.PENDING, State.PROPOSED, State.FAILED}),
        State.FAILED: frozenset(
            {State.PENDING, State.PROPOSED, State.SKIPPED, State.UNSURE, State.SENT, State.CANCELLED}
        ),
        State.SKIPPED: frozenset({State.PENDING, State.PROPOSED, State.SKIPPED, State.CANCELLED}),
        State.CANCELLED: frozenset({State.PENDING, State.PROPOSED, State.SKIPPED, State.CANCELLED}),
    }
)
"""Every move there is; docs/design.md says when each is made.

What waits, or was left out, may get another plan in its own state, and what is cancelled another reason. Out
of SENT leads only the taking back of a person's mark, to where the delivery was before it.
"""

WAITING = (State.PROPOSED, State.PENDING)
"""It means to go out, by itself or as soon as a person says so; its post may still get other words."""

ON_ITS_WAY = (State.SENDING, State.UNSURE)
"""A request was made, or is at once, and nobody knows yet whether it must go again."""

OPEN = (*WAITING, *ON_ITS_WAY)
"""It has not come to its end: a post may still leave, or a receipt turn up."""

UNDER_WAY = (State.PENDING, State.SENDING, State.SENT, State.UNSURE)
"""Nothing stands in its way: it has a post, and no cause."""

MAYBE_PUBLIC = (State.SENDING, State.SENT, State.UNSURE)
"""It is an announcement, or may be one."""

ABANDONED = (State.SKIPPED, State.CANCELLED, State.FAILED)
"""It goes nowhere; if it is a digest, its aids are free again."""

NO_ANNOUNCEMENT = (State.PROPOSED, *ABANDONED)
"""It stands for no announcement, made or sure to come."""

NOT_PUBLIC = (State.PENDING, *NO_ANNOUNCEMENT)
"""It is surely not public, so it may be given another plan."""

FAILED_OR_UNSURE = (State.FAILED, State.UNSURE)
"""It had leave to go, and did not arrive for sure."""

UNDONE = (State.FAILED, State.UNSURE, State.PROPOSED, State.SENDING)
"""It was ordered, and neither waits for its time nor is sent."""

OUT_OF_REACH = (State.SENDING, State.SENT)
"""No person moves it: what is on its way belongs to its claim, and what is sent stays sent."""

REWRITABLE = (*WAITING, State.SKIPPED)
"""A rule may write its post again: what was left out may be let in."""

RETRIABLE = (State.FAILED, State.UNSURE, State.CANCELLED, State.SKIPPED, State.PROPOSED)
"""A person may let it go (again)."""

MARKABLE = (State.UNSURE, State.PENDING, State.PROPOSED, State.FAILED)
"""It may turn out to be public, and a person may say so."""

DECIDED = (*MAYBE_PUBLIC, State.FAILED, State.CANCELLED)
"""It can tell of no other aid any more: it is public, or given up."""

AWAITING_RECEIPT = (State.UNSURE, State.PENDING)
"""It was given up for its claim's lease, in doubt or thought absent: that claim's receipt still counts."""


def is_move(was: State, to: State) -> bool:
    """Return whether a delivery may go from one state to the other."""
    return to in MOVES[was]
