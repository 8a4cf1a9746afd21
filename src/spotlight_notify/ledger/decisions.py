"""What people decide about one delivery: whether and where it goes, what it says, which mark was wrong."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from spotlight_notify.ledger import approvals, takedowns
from spotlight_notify.ledger.history import PROGRAM, record, signed_by_policy, was
from spotlight_notify.ledger.rows import findings_text, post_text
from spotlight_notify.ledger.schema import change, delivery, receipt, writer
from spotlight_notify.ledger.transitions import (
    LATER,
    lock_delivery,
    more_asked_about,
    move,
    title_of,
    write_receipt,
)
from spotlight_notify.model.advice import Deed, Said, advise, do, on_alarm
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.errors import LedgerError, Refused
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.orders import Approval, Signature
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.states import ABANDONED, ON_ITS_WAY, OUT_OF_REACH, REWRITABLE, UNDER_WAY, WAITING
from spotlight_notify.model.words import Cause, State
from spotlight_notify.rules.approval import post_hash

_FORGET_WRITERS = delete(writer).where(writer.c.delivery_id == bindparam("delivery_id"))


def change_delivery(
    connection: Connection,
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
    """Move a delivery that is in one of these states; False, and nothing written, if it is in another."""
    if state is State.SENT and receipt is None:
        raise LedgerError(f"delivery {delivery_id} cannot be recorded as sent without a receipt")
    before = lock_delivery(connection, delivery_id)
    if before.state not in states or before.state in OUT_OF_REACH:
        return False
    _refuse_without_post(before, state, has_post=before.post is not None)
    by = Signature(who=who, reason=reason, at=now)
    columns: dict[str, Any] = {}
    if state is State.PENDING:
        _refuse_if_asked_elsewhere(before)
        columns = {"due_at": due_at or by.at, "tries": 0}
    why = _why(before)
    move(connection, before.id, before.state, state, by, reason=by.reason, columns=columns, detail=why)
    if receipt is not None:
        write_receipt(connection, delivery_id, None, receipt, by.at)
    if state is State.CANCELLED:
        approvals.end(connection, delivery_id, by.at)
    return True


def approve(
    connection: Connection,
    delivery_id: int,
    approval: Approval,
    *,
    reason: str | None = None,
    typed_by: str | None = None,
) -> bool:
    """Let a delivery go whose post is the one approved; the change keeps why approval was asked for."""
    before = lock_delivery(connection, delivery_id)
    asked = before.state is State.PROPOSED and before.cause is Cause.APPROVAL and before.post is not None
    if not asked or before.post is None or post_hash(before.post) != approval.digest:
        return False
    now = approval.approved_at
    approvals.give(connection, delivery_id, approval)
    kept = {"reason": before.reason if reason else None, "typed_by": typed_by}
    told = {name: value for name, value in kept.items() if value}
    move(
        connection,
        delivery_id,
        before.state,
        State.PENDING,
        Signature(who=approval.who, reason=reason or before.reason or "", at=now),
        reason=None,
        columns={"due_at": max(before.due_at, now)},
        action="approved",
        detail=was(**told) if told else None,
    )
    return True


def edit(connection: Connection, seen: Delivery, plan: Plan, *, who: str, reason: str, now: datetime) -> bool:
    """Give a delivery that waits, and is still as it was seen, another post; the writer is who changed it."""
    by = Signature(who=who, reason=reason, at=now)
    changed = plan.post != seen.post
    action = "edited" if changed else "asked again"
    if seen.state not in WAITING or not _give(connection, seen, plan, by, action):
        return False
    if changed:
        write_down_writers(connection, seen.id, (*seen.writers, who))
    return True


def rewrite(connection: Connection, seen: Delivery, plan: Plan, *, reason: str, now: datetime) -> bool:
    """Do the same as a rule, which writes no post that a person would have to answer for."""
    moved = f"{seen.state} -> {plan.state}"
    action = "written anew" if plan.post != seen.post and seen.state in WAITING else moved
    return _give(connection, seen, plan, signed_by_policy(reason, now), action)


def ask(connection: Connection, delivery_id: int, cause: Cause | None, reason: str, now: datetime) -> None:
    """Have a person asked about a delivery that waits; one that is asked about keeps its cause.

    But for approval, which is asked for again once this is answered, and for an earlier change. What is on
    its way keeps the question until it is to go again (``expiry``).
    """
    before = lock_delivery(connection, delivery_id)
    if before.state in ON_ITS_WAY:
        kept = more_asked_about(connection, before.id, [f"{LATER}{reason}"])
        connection.execute(update(delivery).where(delivery.c.id == before.id).values(asked_about=kept))
    if before.state not in WAITING:
        return
    by, told, why = signed_by_policy(reason, now), reason, _why(before)
    if before.state is State.PROPOSED and before.cause not in (Cause.APPROVAL, cause):
        told = f"{before.reason}; {reason}" if before.reason else reason
        cause = before.cause
    move(connection, before.id, before.state, State.PROPOSED, by, reason=told, cause=cause, detail=why)


def _why(before: Delivery) -> str | None:
    """Return what a delivery's cause and reason were, as the history keeps them."""
    return was(cause=before.cause, reason=before.reason) if before.reason else None


def _give(
    connection: Connection,
    seen: Delivery,
    plan: Plan,
    by: Signature,
    action: str,
) -> bool:
    before = lock_delivery(connection, seen.id)
    if before.state not in REWRITABLE or _decided_on(before) != _decided_on(seen):
        return False
    _refuse_without_post(before, plan.state, has_post=plan.post is not None)
    retitled = {"post_title": title_of(before.aid_id)} if plan.post != before.post else {}
    columns = {
        "cause": plan.cause,
        "due_at": plan.due_at,
        "post": post_text(plan.post),
        "findings": findings_text(plan.findings),
        "tries": 0,
        **retitled,
    }
    move(
        connection,
        before.id,
        before.state,
        plan.state,
        by,
        reason=plan.reason,
        columns=columns,
        action=action,
        detail=post_text(before.post),
    )
    approvals.end(connection, before.id, by.at)
    return True


def write_down_writers(connection: Connection, delivery_id: int, writers: Sequence[str]) -> None:
    """Record all who wrote on a delivery's post: none of them may be its second pair of eyes."""
    connection.execute(_FORGET_WRITERS, {"delivery_id": delivery_id})
    numbered = enumerate(dict.fromkeys(writers), start=1)
    if rows := [{"delivery_id": delivery_id, "number": number, "who": who} for number, who in numbered]:
        connection.execute(insert(writer), rows)


def _decided_on(one: Delivery) -> tuple[Any, ...]:
    """Return what a person, or a rule in their name, looks at when deciding about a delivery."""
    return one.state, one.cause, one.post, one.writers


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
    is_proposed = before.state is State.PROPOSED
    way: Said | None = None
    if before.cause is Cause.APPROVAL:
        way = (
            advise("it awaits approval: approve it with: ", do(Deed.APPROVE, before.id))
            if is_proposed
            else advise("nobody approved it; to announce its aid again: ", do(Deed.ANNOUNCE, before.aid_id))
        )
    elif before.cause is Cause.BRAKE and is_proposed:
        way = advise("the brake held what its source showed. ", on_alarm(before.source))
    elif before.cause in TOLD_ALREADY and before.state is State.SKIPPED:
        way = f"it is announced already ({before.reason})"
    elif before.is_digest and before.state in ABANDONED:
        again = do(Deed.ANNOUNCE_THEME, before.theme or "")
        way = advise("its aids were set free; to order another digest: ", again)
    if way:
        raise Refused(advise(f"delivery {before.id} cannot be pending: ", way))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """The state before a mark, and what the history kept of its cause and reason."""

    state: State
    kept: Mapping[str, Any]


_MARKED = re.compile(rf"(?P<before>\w+) -> {State.SENT}")


def unmark(
    connection: Connection,
    delivery_id: int,
    *,
    who: str,
    reason: str,
    now: datetime,
    found: Receipt | None = None,
) -> None:
    """Bring a delivery back to where it was before a person marked it sent, or to the post that was found."""
    by = Signature(who=who, reason=reason, at=now)
    one = lock_delivery(connection, delivery_id)
    mark = _mark(connection, one)
    connection.execute(delete(receipt).where(receipt.c.delivery_id == one.id))
    state = mark.state if found is None else State.SENT
    action = f"mark taken back: {State.SENT} -> {state}"
    kept = was(post_id=one.receipt.post_id, url=one.receipt.url) if one.receipt else None
    if found is not None:
        write_receipt(connection, one.id, None, found, by.at)
        record(connection, by, action, kept, delivery_id=one.id)
        return
    kept_reason, cause = mark.kept.get("reason"), {"cause": mark.kept.get("cause")}
    move(
        connection,
        one.id,
        one.state,
        state,
        by,
        reason=kept_reason,
        columns=cause,
        action=action,
        detail=kept,
    )


def _mark(connection: Connection, one: Delivery) -> _Mark:
    """Find how a person marked it sent; Refused if nobody did."""
    by_hand = select(receipt.c.id).where(receipt.c.delivery_id == one.id, receipt.c.attempt_id.is_(None))
    rows = connection.execute(
        select(change.c.action, change.c.detail)
        .where(change.c.delivery_id == one.id, change.c.who != PROGRAM)
        .order_by(change.c.id.desc())
    ).all()
    marks = [(found["before"], row) for row in rows if (found := _MARKED.fullmatch(row.action))]
    if one.state is not State.SENT or connection.scalar(by_hand) is None or not marks:
        raise Refused(f"delivery {one.id} was not marked sent by a person: there is nothing to take back")
    if takedowns.read(connection, one.id) is not None:
        raise Refused(f"delivery {one.id} was ordered off its network since it was marked sent")
    before, row = marks[0]
    return _Mark(state=State(before), kept=json.loads(row.detail) if row.detail else {})
