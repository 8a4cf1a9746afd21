"""Carry out what people decide about one delivery: move it, approve its post, give it another."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from spotlight_notify.ledger import approvals, digests
from spotlight_notify.ledger.changes import POLICY, record, signed, was
from spotlight_notify.ledger.moving import UNDER_WAY, WAITING, entering, stopping, title_of, write_receipt
from spotlight_notify.ledger.reading import read_delivery
from spotlight_notify.ledger.rows import findings_text, post_text
from spotlight_notify.ledger.schema import delivery
from spotlight_notify.model import advice
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.errors import LedgerError, Refused
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.orders import Approval
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.rules.approval import post_hash

NOT_FOR_A_PERSON = (State.SENDING, State.SENT)
"""What is on its way belongs to its claim, and what is sent stays sent."""

EDITED = (State.PROPOSED, State.PENDING)
"""States in which a delivery's post may be given other words."""

REWRITTEN = (*EDITED, State.SKIPPED)
"""States in which a rule may write a post anew: what was left out may be let in."""


def change_delivery(
    connection: Connection,
    delivery_id: int,
    states: Collection[State],
    state: State,
    by: dict[str, Any],
    receipt: Receipt | None,
    due_at: datetime | None,
) -> bool:
    """Move a delivery that is in one of these states; ``by`` holds ``who``, ``reason``, ``changed_at``."""
    if state is State.SENT and receipt is None:
        raise LedgerError(f"delivery {delivery_id} cannot be recorded as sent without a receipt")
    before = locked(connection, delivery_id)
    if before.state not in states or before.state in NOT_FOR_A_PERSON:
        return False
    _refuse_without_post(before, state, has_post=before.post is not None)
    now: datetime = by["changed_at"]
    values = {**entering(state, now), "reason": by["reason"]}
    if state is State.PENDING:
        _refuse_if_asked_elsewhere(before)
        values |= {"due_at": due_at or now, "tries": 0}
    connection.execute(update(delivery).where(delivery.c.id == delivery_id).values(values))
    if receipt is not None:
        write_receipt(connection, delivery_id, None, receipt, now)
    digests.follow(connection, delivery_id, state, now)
    if state is State.CANCELLED:
        approvals.end(connection, delivery_id, now)
    why = was(cause=before.cause, reason=before.reason) if before.reason else None
    record(connection, by, f"{before.state} -> {state}", why, delivery_id=delivery_id)
    return True


def approve(
    connection: Connection,
    delivery_id: int,
    approval: Approval,
    reason: str | None,
    typed_by: str | None,
) -> bool:
    """Let a delivery go whose post is the one approved; the change keeps why approval was asked for."""
    before = locked(connection, delivery_id)
    asked = before.state is State.PROPOSED and before.cause is Cause.APPROVAL and before.post is not None
    if not asked or before.post is None or post_hash(before.post) != approval.digest:
        return False
    now = approval.approved_at
    approvals.give(connection, delivery_id, approval)
    values = {**entering(State.PENDING, now), "reason": None, "due_at": max(before.due_at, now)}
    connection.execute(update(delivery).where(delivery.c.id == delivery_id).values(values))
    by = signed(approval.who, reason or before.reason or "", now)
    kept = {"reason": before.reason if reason else None, "typed_by": typed_by}
    told = {name: value for name, value in kept.items() if value}
    record(connection, by, "approved", was(**told) if told else None, delivery_id=delivery_id)
    return True


def edit(connection: Connection, seen: Delivery, plan: Plan, by: dict[str, Any]) -> bool:
    """Give a delivery that waits, and is still as it was seen, another post; the writer is who changed it."""
    changed = plan.post != seen.post
    writers = {"edited_by": _writers(seen, by["who"])} if changed else {}
    if seen.state not in EDITED:
        return False
    return _give(connection, seen, plan, writers, by, "edited" if changed else "asked again")


def rewrite(connection: Connection, seen: Delivery, plan: Plan, by: dict[str, Any]) -> bool:
    """Do the same as a rule, which writes no post that a person would have to answer for."""
    moved = f"{seen.state} -> {plan.state}"
    action = "written anew" if plan.post != seen.post and seen.state in EDITED else moved
    return _give(connection, seen, plan, {}, by, action)


def ask(connection: Connection, delivery_id: int, cause: Cause, reason: str, now: datetime) -> None:
    """Have a person asked about a delivery that waits; one that is asked about keeps its cause.

    But for approval, which is asked for anew once this is answered, and for an earlier change.
    """
    before = locked(connection, delivery_id)
    if before.state not in WAITING:
        return
    values = stopping(State.PROPOSED, cause, reason, now)
    if before.state is State.PROPOSED and before.cause not in (Cause.APPROVAL, cause):
        values = {"reason": f"{before.reason}; {reason}" if before.reason else reason, "changed_at": now}
    connection.execute(update(delivery).where(delivery.c.id == before.id).values(values))
    why = was(cause=before.cause, reason=before.reason) if before.reason else None
    by = signed(POLICY, reason, now)
    record(connection, by, f"{before.state} -> {State.PROPOSED}", why, delivery_id=before.id)


def _give(
    connection: Connection,
    seen: Delivery,
    plan: Plan,
    writers: dict[str, Any],
    by: dict[str, Any],
    action: str,
) -> bool:
    before = locked(connection, seen.id)
    if before.state not in REWRITTEN or _decided_on(before) != _decided_on(seen):
        return False
    _refuse_without_post(before, plan.state, has_post=plan.post is not None)
    now: datetime = by["changed_at"]
    if plan.post != before.post:
        writers = {**writers, "post_title": title_of(before.aid_id)}
    values = {
        "cause": plan.cause,
        **entering(plan.state, now),
        "reason": plan.reason,
        "due_at": plan.due_at,
        "post": post_text(plan.post),
        "findings": findings_text(plan.findings),
        "tries": 0,
    }
    connection.execute(update(delivery).where(delivery.c.id == before.id).values({**values, **writers}))
    approvals.end(connection, before.id, now)
    record(connection, by, action, post_text(before.post), delivery_id=before.id)
    return True


def _writers(before: Delivery, who: str) -> str:
    """Name all who wrote on a post, each once, a line each: four eyes are none of theirs."""
    return "\n".join(dict.fromkeys([*(before.edited_by or "").splitlines(), who]))


def _decided_on(one: Delivery) -> tuple[Any, ...]:
    """Name what a person, or a rule in their name, looks at when deciding about a delivery."""
    return one.state, one.cause, one.post, one.edited_by


def locked(connection: Connection, delivery_id: int) -> Delivery:
    """Lock a delivery's row, then read it; UnknownName if there is none."""
    known = read_delivery(connection, delivery_id).id
    connection.execute(select(delivery.c.id).where(delivery.c.id == known).with_for_update())
    return read_delivery(connection, known)


def _refuse_without_post(before: Delivery, state: State, *, has_post: bool) -> None:
    """Refuse what the database would refuse (ck_delivery_post), in words for a person."""
    if has_post or state not in UNDER_WAY:
        return
    why = f" ({before.reason})" if before.reason else ""
    mend = "mend that and announce its aid again"
    raise Refused(f"delivery {before.id} has no post, so it cannot be {state}{why}; {mend}")


TOLD_ALREADY = (Cause.DUPLICATE, Cause.DIGEST)
"""Causes of deliveries whose aid another post tells of."""


def _refuse_if_asked_elsewhere(before: Delivery) -> None:
    """Refuse to let go by itself what only an approval, or an answer about its source, lets go."""
    is_proposed, way = before.state is State.PROPOSED, None
    if before.cause is Cause.APPROVAL:
        way = (
            f"it awaits approval: approve it with: {advice.approve(before.id)}"
            if is_proposed
            else f"nobody approved it; to announce its aid again: {advice.announce(before.aid_id)}"
        )
    elif before.cause is Cause.BRAKE and is_proposed:
        way = f"the brake held what its source showed. {advice.on_alarm(before.source)}"
    elif before.cause in TOLD_ALREADY and before.state is State.SKIPPED:
        way = f"it is announced already ({before.reason})"
    elif before.is_digest and before.state in digests.DEAD:
        way = f"its aids were set free; to order another digest: {advice.announce_theme(before.theme)}"
    if way:
        raise Refused(f"delivery {before.id} cannot be pending: {way}")
