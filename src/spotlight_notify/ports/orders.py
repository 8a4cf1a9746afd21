"""Name what people may order of the memory; each order is recorded with name and reason, for ever."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from spotlight_notify.model.campaigns import ApprovalPolicy, Plan, Scope
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.orders import Approval, Change, Hold, Renamed, Takedown
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Named, State


class Orders(Protocol):
    """Carry out people's orders. Every method is one transaction, and puts a change on record."""

    def change_delivery(
        self,
        delivery_id: int,
        states: Collection[State],
        state: State,
        *,
        who: str,
        reason: str,
        now: datetime,
        receipt: Receipt | None = None,
        due_at: datetime | None = None,
    ) -> bool:
        """Move a delivery that is in one of ``states``; False (nothing written) if it is in another.

        To pending: due at that time, or now; tries begun anew, doubts kept. To sent: with a receipt. What is
        on its way or sent is never moved. UnknownName if there is none; Refused if it has no post and would
        need one, and to make pending what awaits approval or what its source's brake holds.
        """
        ...

    def unmark(
        self, delivery_id: int, *, who: str, reason: str, now: datetime, found: Receipt | None = None
    ) -> None:
        """Take back a receipt that a person gave: the delivery is what it was before, with its due time.

        With ``found`` it stays sent, with that receipt instead. Refused unless its receipt is a person's, or
        if it was ordered off its network since.
        """
        ...

    def look_now(self, channel: str | None, now: datetime) -> int:
        """Make the look-ups of unsure deliveries due now, also those left to a person; returns how many."""
        ...

    def changes(
        self,
        limit: int | None = None,
        *,
        delivery_id: int | None = None,
        source: str | None = None,
        after: int = 0,
        by_program: bool = False,
    ) -> tuple[Change, ...]:
        """List what people, and rules, changed, newest first: everywhere, or of one delivery or source.

        ``after``: only what was written after the change of that number. ``by_program``: with the moves that
        make up a delivery's way (claimed, settled, stranded, looked up, planned again by an order); attempts,
        look-ups and signed orders tell of these at greater length.
        """
        ...

    # --- tokens
    def note_asked(self, channel: str, answer: str, now: datetime, who: str) -> None:
        """Put on record that a channel's token was asked about, and what came of it."""
        ...

    def tokens_proven_at(self) -> dict[str, datetime]:
        """Return for each channel when its token was last asked about or used, where that is known."""
        ...

    # --- holds
    def place_hold(
        self, scope: Scope, *, who: str, reason: str, now: datetime, until_at: datetime | None
    ) -> Hold:
        """Commit a hold. When this returns no claim begins any more in its scope, in any process."""
        ...

    def lift_hold(self, hold_id: int, *, who: str, reason: str, now: datetime) -> bool:
        """End a hold; False, and nothing on record, if it has ended already. UnknownName if there is none."""
        ...

    def holds(self, now: datetime | None = None) -> tuple[Hold, ...]:
        """List the holds, newest first: all there ever were, or those in force at ``now``."""
        ...

    # --- approvals
    def approve(
        self,
        delivery_id: int,
        approval: Approval,
        *,
        reason: str | None = None,
        typed_by: str | None = None,
    ) -> bool:
        """Make a proposed delivery pending, due as planned or now if that has passed, with this approval.

        On record with the reason, or with what it was asked about for if there is none, and with the login
        that typed another's name.

        False, and nothing written, if it is not proposed for approval or its post has another hash.
        """
        ...

    def ask_unapproved(self, policies: Mapping[str, ApprovalPolicy], now: datetime) -> None:
        """Propose what is pending and unapproved though the policy of its campaign (by name) wants approval.

        ``claim_due`` does so too, for its channel: this is for whoever wants to know before a post is due.
        """
        ...

    def edit(self, seen: Delivery, plan: Plan, *, who: str, reason: str, now: datetime) -> bool:
        """Give a proposed or pending delivery another post, and the plan's state, cause, findings and time.

        Its approval, if any, ends; the change keeps the post as it was. False, and nothing written, if it is
        in another state, or no more as it was ``seen`` when that was decided (state, cause, post); Refused if
        it would wait without a post.
        """
        ...

    def rewrite(self, seen: Delivery, plan: Plan, *, reason: str, now: datetime) -> bool:
        """Do the same as a rule, signed "policy": nobody becomes the post's writer."""
        ...

    # --- sources
    def place_baseline(
        self, source: str, *, latest: int, since_at: datetime | None, who: str, reason: str, now: datetime
    ) -> int:
        """Make the source's next look a baseline, due now; skip what its brake held and return how many."""
        ...

    def accept(
        self, source: str, *, who: str, reason: str, now: datetime, only: Collection[int] | None = None
    ) -> int:
        """Let go what the source's brake held, or ``only`` these deliveries of it, due now or later.

        Returns how many go. The alarm ends once nothing is held; nothing is on record if there was neither.
        """
        ...

    def rename(self, kind: Named, old: str, new: str, *, who: str, reason: str, now: datetime) -> Renamed:
        """Move all that stands under the name of a source, channel or campaign to another name, and count it.

        UnknownName if nothing does. Refused, and nothing moved, if a delivery of it is on its way, or the new
        name has rows of its own that clash.
        """
        ...

    # --- takedowns
    def order_takedown(self, delivery_id: int, *, who: str, reason: str, now: datetime) -> Takedown:
        """Put on record that a sent post is to go; Refused if it was not sent, or is gone already.

        Refused, too, while a hold is in force on it, or its channel is paused: when ``place_hold`` has
        returned, no such order is taken any more. Ordered again, the first order stands, and both are on
        record.
        """
        ...

    def settle_takedown(
        self, delivery_id: int, now: datetime, *, with_replies: bool = False
    ) -> tuple[int, ...]:
        """Put on record that it is gone; UnknownName if nobody ordered it.

        What waits to stand under it is cancelled with it, and ``with_replies`` what is in doubt there: those
        went with the post, and cannot be looked for any more. Returns those deliveries' numbers.
        """
        ...

    def note_takedown(self, delivery_id: int, trouble: str, now: datetime, *, is_public: bool) -> None:
        """Put on record why a try did not take it off, and whether that proves it still public.

        UnknownName if nobody ordered it.
        """
        ...

    def takedown(self, delivery_id: int) -> Takedown | None:
        """Return whether a post was ordered off its network, and what came of the last try."""
        ...

    def takedowns_left(self) -> tuple[Takedown, ...]:
        """List the posts that were ordered off and are not known to be gone, oldest order first."""
        ...
