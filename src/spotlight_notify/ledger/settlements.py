"""Settle and strand what was claimed: the fences that keep a late claimant from writing.

A settlement writes only while the delivery is still *sending* under its claim's epoch.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, or_, select, update

from spotlight_notify.ledger.channels import slow_channel
from spotlight_notify.ledger.history import signed_by_program
from spotlight_notify.ledger.lookups import taken_posts
from spotlight_notify.ledger.rows import findings_of, findings_text, post_text
from spotlight_notify.ledger.schema import SENDING, attempt, delivery
from spotlight_notify.ledger.transitions import DOUBTFUL, lock_state, more_asked_about, move, write_receipt
from spotlight_notify.model.errors import ClaimLost
from spotlight_notify.model.posts import Finding, Receipt
from spotlight_notify.model.records.attempts import Claim, Verdict
from spotlight_notify.model.states import AWAITING_RECEIPT, UNDER_WAY
from spotlight_notify.model.words import Outcome, State

MAY_BE_PUBLIC = (Outcome.SENT, Outcome.UNKNOWN, Outcome.STRANDED)
"""Outcomes of attempts that took a turn on their channel."""

STRANDED = "sending was interrupted and its outcome is not known: the post may be public"
"""What a delivery says that nobody settled before its lease was over."""

_END = (
    update(attempt)
    .where(attempt.c.id == bindparam("attempt_id"))
    .where(or_(attempt.c.ended_at.is_(None), attempt.c.outcome == Outcome.STRANDED))
)
_PAST_LEASE = (
    select(delivery.c.id)
    .where(SENDING, delivery.c.leased_until_at <= bindparam("now"))
    .order_by(delivery.c.id)
)


def settle(
    connection: Connection, claim: Claim, verdict: Verdict, receipt: Receipt | None, now: datetime
) -> None:
    """Write how the attempt ended and what follows; ClaimLost if the delivery is no longer this claim's.

    So it is if its receipt is another delivery's: then nobody knows yet what became of this one.
    """
    if receipt is not None and taken_posts(connection, claim.channel, [receipt.post_id]):
        raise ClaimLost(
            f"delivery {claim.delivery_id}: post {receipt.post_id} is another's, nothing was written"
        )
    _move(connection, claim, verdict, receipt, now)
    _end_attempt(connection, claim.attempt_id, verdict, now)
    if receipt is not None:
        write_receipt(connection, claim.delivery_id, claim.attempt_id, receipt, now)
    slow_channel(connection, claim.channel, verdict, now)


def _move(connection: Connection, claim: Claim, verdict: Verdict, got: Receipt | None, now: datetime) -> None:
    """Move the claim's delivery; one that was only given up for its lease still takes a receipt."""
    told = verdict.reason or verdict.pause or f"attempt {claim.number}: {verdict.outcome}"
    give = partial(
        move,
        connection,
        claim.delivery_id,
        to=verdict.state,
        by=signed_by_program(told, now),
        reason=verdict.reason,
        columns=_columns(connection, claim, verdict),
    )
    moved = give(was=State.SENDING, expected={"epoch": claim.epoch})
    if not moved and got is not None and (given_up := _given_up(connection, claim)):
        moved = give(was=given_up)
    if not moved:
        raise ClaimLost(f"delivery {claim.delivery_id}: this claim was fenced off, nothing was written")


def _given_up(connection: Connection, claim: Claim) -> State | None:
    """Return the state of a delivery whose last attempt is this claim's, and was given up for its lease."""
    state = lock_state(connection, claim.delivery_id)
    if state not in AWAITING_RECEIPT:
        return None
    last = select(attempt.c.id, attempt.c.outcome).where(attempt.c.delivery_id == claim.delivery_id)
    row = connection.execute(last.order_by(attempt.c.id.desc()).limit(1)).one()
    return state if (row.id, row.outcome) == (claim.attempt_id, Outcome.STRANDED) else None


def _columns(connection: Connection, claim: Claim, verdict: Verdict) -> dict[str, Any]:
    """Return what a verdict writes on its delivery, beside the move."""
    changes: dict[str, Any] = {}
    if verdict.burns:
        changes["tries"] = delivery.c.tries + 1
    if verdict.state not in UNDER_WAY:
        changes["cause"] = verdict.cause
    if verdict.outcome not in MAY_BE_PUBLIC:
        changes["went_at"] = _turn_before(claim)
    if verdict.due_at is not None:
        changes["due_at"] = verdict.due_at
    if verdict.post is not None:
        changes["post"] = post_text(verdict.post)
    if verdict.asked_about:
        changes["asked_about"] = more_asked_about(connection, claim.delivery_id, verdict.asked_about)
    if verdict.findings:
        changes["findings"] = _more_findings(connection, claim.delivery_id, verdict.findings)
    return changes


def _more_findings(connection: Connection, delivery_id: int, found: Sequence[Finding]) -> str:
    """Add findings to a delivery's own; those that stand there already are not repeated."""
    held = connection.scalar(select(delivery.c.findings).where(delivery.c.id == delivery_id))
    return findings_text(dict.fromkeys((*findings_of(held or "[]"), *found)))


def _turn_before(claim: Claim) -> ColumnElement[datetime]:
    """Return when the last attempt before this one began that may have made the delivery public, if any."""
    earlier = (attempt.c.delivery_id == claim.delivery_id, attempt.c.id != claim.attempt_id, DOUBTFUL)
    return select(func.max(attempt.c.started_at)).where(*earlier).scalar_subquery()


def strand(connection: Connection, now: datetime) -> tuple[int, ...]:
    """Turn sending deliveries past their lease into unsure, and end their attempts."""
    past = connection.scalars(_PAST_LEASE.with_for_update(), {"now": now}).all()
    by = signed_by_program(STRANDED, now)
    stranded = move(connection, past, State.SENDING, State.UNSURE, by, reason=STRANDED)
    if stranded:
        connection.execute(
            update(attempt)
            .where(attempt.c.delivery_id.in_(stranded), attempt.c.ended_at.is_(None))
            .values(ended_at=now, outcome=Outcome.STRANDED, detail=STRANDED)
        )
    return stranded


def is_stranded(connection: Connection, now: datetime) -> bool:
    """Return whether ``strand`` would find any, without writing."""
    return connection.scalar(_PAST_LEASE.limit(1), {"now": now}) is not None


def _end_attempt(connection: Connection, attempt_id: int, verdict: Verdict, now: datetime) -> None:
    values = {"ended_at": now, "outcome": verdict.outcome, "detail": verdict.reason or verdict.pause}
    connection.execute(_END, {"attempt_id": attempt_id, **values})
