"""Fulfil the port ``Orders``: what people order of the ledger, always put on record."""

from collections.abc import Collection, Mapping
from datetime import datetime

from spotlight_notify.ledger import (
    approvals,
    brakes,
    decisions,
    history,
    holds,
    lookups,
    marks,
    renames,
    takedowns,
)
from spotlight_notify.ledger.history import signed_by_policy
from spotlight_notify.ledger.transactions import Connections
from spotlight_notify.model.campaigns import ApprovalPolicy, Plan, Scope
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.orders import Approval, Change, Hold, Renamed, Signature, Takedown
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Named, State


class SqlOrders:
    """Carry out people's orders; ``SqlLedger`` builds on it as the port ``Ledger`` builds on ``Orders``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

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
        """Move a delivery that is in one of ``states``, and put it on record."""
        by = Signature(who=who, reason=reason, at=now)
        with self._connections.writing() as connection:
            return decisions.change_delivery(connection, delivery_id, states, state, by, receipt, due_at)

    def unmark(
        self, delivery_id: int, *, who: str, reason: str, now: datetime, found: Receipt | None = None
    ) -> None:
        """Take back a receipt that a person gave."""
        with self._connections.writing() as connection:
            marks.unmark(connection, delivery_id, Signature(who=who, reason=reason, at=now), found)

    def look_now(self, channel: str | None, now: datetime) -> int:
        """Make the look-ups of unsure deliveries due now; returns how many."""
        with self._connections.writing() as connection:
            return lookups.look_now(connection, channel, now)

    def changes(
        self,
        limit: int | None = None,
        *,
        delivery_id: int | None = None,
        source: str | None = None,
        after: int = 0,
        by_program: bool = False,
    ) -> tuple[Change, ...]:
        """List what people, and rules, changed, newest first: everywhere, or of one delivery or source."""
        with self._connections.reading() as connection:
            return history.read_changes(
                connection, limit, delivery_id=delivery_id, source=source, after=after, by_program=by_program
            )

    # --- tokens
    def note_asked(self, channel: str, answer: str, now: datetime, who: str) -> None:
        """Put on record that a channel's token was asked about, and what came of it."""
        with self._connections.writing() as connection:
            history.record(
                connection, Signature(who=who, reason=answer, at=now), history.ASKED, channel=channel
            )

    def tokens_proven_at(self) -> dict[str, datetime]:
        """Tell for each channel when its token was last asked about or used; left out where nobody knows."""
        with self._connections.reading() as connection:
            return history.read_proven_at(connection)

    # --- holds
    def place_hold(
        self, scope: Scope, *, who: str, reason: str, now: datetime, until_at: datetime | None
    ) -> Hold:
        """Commit a hold, once every claim under way is committed."""
        with self._connections.writing() as connection:
            return holds.place(connection, scope, Signature(who=who, reason=reason, at=now), until_at)

    def lift_hold(self, hold_id: int, *, who: str, reason: str, now: datetime) -> bool:
        """End a hold; False if it has ended already, by a person or by itself."""
        with self._connections.writing() as connection:
            return holds.lift(connection, hold_id, Signature(who=who, reason=reason, at=now))

    def holds(self, now: datetime | None = None) -> tuple[Hold, ...]:
        """List the holds, newest first: all there ever were, or those in force at ``now``."""
        with self._connections.reading() as connection:
            return holds.read_holds(connection, now)

    # --- approvals
    def approve(
        self,
        delivery_id: int,
        approval: Approval,
        *,
        reason: str | None = None,
        typed_by: str | None = None,
    ) -> bool:
        """Make a proposed delivery pending, with this approval of the post it has."""
        with self._connections.writing() as connection:
            return decisions.approve(connection, delivery_id, approval, reason, typed_by)

    def ask_unapproved(self, policies: Mapping[str, ApprovalPolicy], now: datetime) -> None:
        """Propose what waits unapproved though its campaign's policy wants it approved."""
        with self._connections.reading() as connection:
            asked = bool(approvals.unapproved(connection, None, policies))
        if asked:
            with self._connections.writing() as connection:
                approvals.propose_unapproved(connection, None, policies, now)

    def edit(self, seen: Delivery, plan: Plan, *, who: str, reason: str, now: datetime) -> bool:
        """Give a delivery that is still as it was seen another post; its approval ends."""
        with self._connections.writing() as connection:
            return decisions.edit(connection, seen, plan, Signature(who=who, reason=reason, at=now))

    def rewrite(self, seen: Delivery, plan: Plan, *, reason: str, now: datetime) -> bool:
        """Give a delivery that is still as it was seen another post, as a rule wants; its approval ends."""
        with self._connections.writing() as connection:
            return decisions.rewrite(connection, seen, plan, signed_by_policy(reason, now))

    # --- sources
    def place_baseline(
        self, source: str, *, latest: int, since_at: datetime | None, who: str, reason: str, now: datetime
    ) -> int:
        """Make the source's next look a baseline; UnknownName if it has no row."""
        with self._connections.writing() as connection:
            return brakes.place_baseline(
                connection, source, latest, since_at, Signature(who=who, reason=reason, at=now)
            )

    def accept(self, source: str, *, who: str, reason: str, now: datetime) -> int:
        """Let go what the source's brake held; UnknownName if it has no row."""
        with self._connections.writing() as connection:
            return brakes.accept(connection, source, Signature(who=who, reason=reason, at=now))

    def rename(self, kind: Named, old: str, new: str, *, who: str, reason: str, now: datetime) -> Renamed:
        """Move all that stands under a name to another, and put it on record."""
        with self._connections.writing() as connection:
            return renames.rename(connection, kind, old, new, Signature(who=who, reason=reason, at=now))

    # --- takedowns
    def order_takedown(self, delivery_id: int, *, who: str, reason: str, now: datetime) -> Takedown:
        """Put on record that a sent post is to go."""
        with self._connections.writing() as connection:
            return takedowns.order(connection, delivery_id, Signature(who=who, reason=reason, at=now))

    def settle_takedown(self, delivery_id: int, now: datetime) -> tuple[int, ...]:
        """Put on record that it is gone, and cancel what waits under it; UnknownName if nobody ordered it."""
        with self._connections.writing() as connection:
            return takedowns.settle(connection, delivery_id, now)

    def note_takedown(self, delivery_id: int, trouble: str, now: datetime, *, is_public: bool) -> None:
        """Put on record why a try did not take it off; UnknownName if nobody ordered it."""
        with self._connections.writing() as connection:
            takedowns.note(connection, delivery_id, trouble, now, is_public=is_public)

    def takedowns_left(self) -> tuple[Takedown, ...]:
        """List the posts that were ordered off and are not known to be gone, oldest order first."""
        with self._connections.reading() as connection:
            return takedowns.left(connection)

    def takedown(self, delivery_id: int) -> Takedown | None:
        """Tell whether a post was ordered off its network, and what came of the last try."""
        with self._connections.reading() as connection:
            return takedowns.read(connection, delivery_id)

    # --- channels
    def pause_channel(self, channel: str, reason: str, now: datetime, who: str) -> bool:
        """Stop a channel until it is resumed; False, and nothing on record, if it is paused already."""
        with self._connections.writing() as connection:
            return history.pause_channel(connection, channel, Signature(who=who, reason=reason, at=now))

    def resume_channel(self, channel: str, reason: str, now: datetime, who: str) -> bool:
        """Let a channel go on at once; False, and nothing on record, if nothing held it."""
        with self._connections.writing() as connection:
            return history.resume_channel(connection, channel, Signature(who=who, reason=reason, at=now))
