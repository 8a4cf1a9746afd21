"""Claim, settle and strand deliveries: the fences that keep a post from going out twice.

A claim takes its channel's next epoch and writes it on the delivery; a settlement writes only while the
delivery is still *sending* under that epoch. On PostgreSQL the channel's row, which every claim updates
first, makes claims on one channel wait for each other; SQLite's write lock does the same.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from spotlight_notify.errors import ClaimLost
from spotlight_notify.ledger.moving import DOUBTFUL, entering, write_receipt
from spotlight_notify.ledger.rows import findings_of, findings_text, post_of, post_text
from spotlight_notify.ledger.schema import PENDING, SENDING, attempt, channel, delivery
from spotlight_notify.model import Finding, Outcome, Receipt, State
from spotlight_notify.records import Claim, Verdict

GIVEN_UP_FOR_LEASE = (State.UNSURE, State.PENDING)
"""States of a delivery whose stranded attempt may still bring a receipt: in doubt, or thought absent."""

STRANDED = "sending was interrupted and its outcome is not known: the post may be public"
"""What a delivery says that nobody settled before its lease was over."""

NO_CLAIM: dict[str, Any] = {"claimant": None, "epoch": None, "leased_until_at": None}
"""What a delivery holds that is not on its way."""


def due_channels(connection: Connection, now: datetime, campaigns: Collection[str]) -> tuple[str, ...]:
    """Name the channels that have a claimable delivery now."""
    mine = delivery.c.channel == channel.c.name
    wanted_by = delivery.c.campaign.in_(campaigns)
    due = select(delivery.c.id).where(mine, PENDING, delivery.c.due_at <= now, wanted_by).exists()
    in_flight = select(delivery.c.id).where(mine, SENDING).exists()
    wanted = select(channel.c.name).where(*_open(now), due, ~in_flight).order_by(channel.c.name)
    return tuple(connection.scalars(wanted))


def next_due_at(connection: Connection, name: str) -> datetime | None:
    """Tell when the channel's next pending delivery may go: when both it and the channel are due."""
    first = (
        select(delivery.c.due_at)
        .where(delivery.c.channel == name, PENDING)
        .order_by(delivery.c.due_at, delivery.c.id)
        .limit(1)
        .scalar_subquery()
    )
    row = connection.execute(
        select(channel.c.due_at.label("channel_due_at"), first.label("delivery_due_at")).where(
            channel.c.name == name, channel.c.paused_at.is_(None)
        )
    ).first()
    if row is None or row.delivery_due_at is None:
        return None
    due_at: datetime = row.delivery_due_at
    return due_at if row.channel_due_at is None else max(due_at, row.channel_due_at)


def claim_due(
    connection: Connection,
    name: str,
    now: datetime,
    lease: timedelta,
    claimant: str,
    campaigns: Collection[str],
    delivery_id: int | None,
) -> Claim | None:
    """Take the channel's next epoch, the next due delivery, and write an attempt.

    None means that the transaction must be undone: the epoch may have moved.
    """
    epoch = _take_epoch(connection, name, now)
    if epoch is None or _is_sending(connection, name):
        return None
    due = _next_due(connection, name, now, campaigns, delivery_id)
    if due is None or not _take(connection, due.id, claimant, epoch, now, now + lease):
        return None
    number, attempt_id = _begin_attempt(connection, due.id, claimant, epoch, now)
    post = post_of(due.post)
    assert post is not None, "ck_delivery_post: a pending delivery has a post"
    return Claim(
        delivery_id=due.id,
        campaign=due.campaign,
        channel=name,
        post=post,
        epoch=epoch,
        attempt_id=attempt_id,
        number=number,
        tries=due.tries,
        leased_until_at=now + lease,
        doubted=_is_doubted(connection, due.id),
    )


def settle(
    connection: Connection, claim: Claim, verdict: Verdict, got: Receipt | None, now: datetime
) -> None:
    """Write how the attempt ended and what follows; ClaimLost if the delivery is no longer this claim's."""
    changes = {
        **NO_CLAIM,
        **entering(verdict.state, now),
        "reason": verdict.reason,
        "tries": delivery.c.tries + int(verdict.burns),
    }
    if verdict.due_at is not None:
        changes["due_at"] = verdict.due_at
    if verdict.post is not None:
        changes["post"] = post_text(verdict.post)
    if verdict.findings:
        changes["findings"] = _more_findings(connection, claim.delivery_id, verdict.findings)
    ours = and_(SENDING, delivery.c.epoch == claim.epoch)
    if got is not None:
        ours = or_(ours, and_(delivery.c.state.in_(GIVEN_UP_FOR_LEASE), _stranded_last(claim)))
    written = update(delivery).where(delivery.c.id == claim.delivery_id, ours).values(changes)
    if connection.execute(written).rowcount == 0:
        raise ClaimLost(f"delivery {claim.delivery_id}: this claim was fenced off, nothing was written")
    _end_attempt(connection, claim.attempt_id, verdict, now)
    if got is not None:
        write_receipt(connection, claim.delivery_id, claim.attempt_id, got, now)
    _slow_channel(connection, claim.channel, verdict, now)


def _more_findings(connection: Connection, delivery_id: int, found: Sequence[Finding]) -> str:
    """Add findings to a delivery's own; those that stand there already are not repeated."""
    held = connection.scalar(select(delivery.c.findings).where(delivery.c.id == delivery_id))
    return findings_text(dict.fromkeys((*findings_of(held or "[]"), *found)))


def _stranded_last(claim: Claim) -> ColumnElement[bool]:
    """Be true where this claim's attempt is the delivery's last and was only given up for its lease."""
    last = select(func.max(attempt.c.id)).where(attempt.c.delivery_id == claim.delivery_id).scalar_subquery()
    mine = (attempt.c.id == claim.attempt_id, attempt.c.id == last, attempt.c.outcome == Outcome.STRANDED)
    return select(attempt.c.id).where(*mine).exists()


def strand(connection: Connection, now: datetime) -> tuple[int, ...]:
    """Turn sending deliveries past their lease into unsure, and end their attempts."""
    stranded = connection.scalars(
        update(delivery)
        .where(SENDING, delivery.c.leased_until_at <= now)
        .values(reason=STRANDED, **entering(State.UNSURE, now), **NO_CLAIM)
        .returning(delivery.c.id)
    ).all()
    if stranded:
        connection.execute(
            update(attempt)
            .where(attempt.c.delivery_id.in_(stranded), attempt.c.ended_at.is_(None))
            .values(ended_at=now, outcome=Outcome.STRANDED, detail=STRANDED)
        )
    return tuple(sorted(stranded))


def is_stranded(connection: Connection, now: datetime) -> bool:
    """Tell whether ``strand`` would find any, without writing."""
    past = select(delivery.c.id).where(SENDING, delivery.c.leased_until_at <= now).limit(1)
    return connection.scalar(past) is not None


def _open(now: datetime) -> tuple[Any, ...]:
    return channel.c.paused_at.is_(None), or_(channel.c.due_at.is_(None), channel.c.due_at <= now)


def _take_epoch(connection: Connection, name: str, now: datetime) -> int | None:
    return connection.execute(
        update(channel)
        .where(channel.c.name == name, *_open(now))
        .values(epoch=channel.c.epoch + 1)
        .returning(channel.c.epoch)
    ).scalar_one_or_none()


def _is_sending(connection: Connection, name: str) -> bool:
    return connection.scalar(select(delivery.c.id).where(delivery.c.channel == name, SENDING)) is not None


def _next_due(
    connection: Connection, name: str, now: datetime, campaigns: Collection[str], delivery_id: int | None
) -> Row[int, str, str | None, int] | None:
    wanted = (
        select(delivery.c.id, delivery.c.campaign, delivery.c.post, delivery.c.tries)
        .where(delivery.c.channel == name, PENDING, delivery.c.due_at <= now)
        .where(delivery.c.campaign.in_(campaigns))
        .order_by(delivery.c.due_at, delivery.c.id)
        .limit(1)
    )
    if delivery_id is not None:
        wanted = wanted.where(delivery.c.id == delivery_id)
    return connection.execute(wanted).first()


def _take(
    connection: Connection, delivery_id: int, claimant: str, epoch: int, now: datetime, until: datetime
) -> bool:
    taken = connection.execute(
        update(delivery)
        .where(delivery.c.id == delivery_id, PENDING)
        .values(
            state=State.SENDING,
            reason=None,
            claimant=claimant,
            epoch=epoch,
            leased_until_at=until,
            changed_at=now,
        )
    )
    return taken.rowcount == 1


def _is_doubted(connection: Connection, delivery_id: int) -> bool:
    doubtful = select(attempt.c.id).where(attempt.c.delivery_id == delivery_id, DOUBTFUL).limit(1)
    return connection.scalar(doubtful) is not None


def _begin_attempt(
    connection: Connection, delivery_id: int, claimant: str, epoch: int, now: datetime
) -> tuple[int, int]:
    last = select(func.coalesce(func.max(attempt.c.number), 0)).where(attempt.c.delivery_id == delivery_id)
    row = connection.execute(
        insert(attempt)
        .values(
            delivery_id=delivery_id,
            number=last.scalar_subquery() + 1,
            claimant=claimant,
            epoch=epoch,
            started_at=now,
        )
        .returning(attempt.c.number, attempt.c.id)
    ).one()
    return row.number, row.id


def _end_attempt(connection: Connection, attempt_id: int, verdict: Verdict, now: datetime) -> None:
    connection.execute(
        update(attempt)
        .where(attempt.c.id == attempt_id)
        .where(or_(attempt.c.ended_at.is_(None), attempt.c.outcome == Outcome.STRANDED))
        .values(ended_at=now, outcome=verdict.outcome, detail=verdict.reason or verdict.pause)
    )


def _slow_channel(connection: Connection, name: str, verdict: Verdict, now: datetime) -> None:
    """Pause or delay the channel; an earlier pause keeps its reason, a later due time stands."""
    if verdict.pause is not None:
        connection.execute(
            update(channel)
            .where(channel.c.name == name, channel.c.paused_at.is_(None))
            .values(paused_at=now, paused_reason=verdict.pause)
        )
    if verdict.channel_due_at is not None:
        earlier = or_(channel.c.due_at.is_(None), channel.c.due_at < verdict.channel_due_at)
        connection.execute(
            update(channel).where(channel.c.name == name, earlier).values(due_at=verdict.channel_due_at)
        )
