"""Hand out deliveries to send: one at a time on a channel, when its turn has come and nothing holds it.

A claim takes its channel's next epoch and writes it on the delivery, which fences off every earlier claim.
On PostgreSQL the channel's row, which every claim locks first, makes claims on one channel wait for each
other, and a lock that all claims share makes them wait for a hold; SQLite's write lock does both.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, insert, or_, select, update

from spotlight_notify.ledger import approvals
from spotlight_notify.ledger.connecting import HOLD_LOCK, lock
from spotlight_notify.ledger.contradictions import ask_if_contradicted
from spotlight_notify.ledger.holds import hold_on, read_holds
from spotlight_notify.ledger.moving import DOUBTFUL
from spotlight_notify.ledger.queues import LATELY, read_posts, sort_out
from spotlight_notify.ledger.repeats import skip_if_repeated
from spotlight_notify.ledger.rows import asked_about_of, post_of
from spotlight_notify.ledger.schema import PENDING, SENDING, aid, attempt, channel, delivery
from spotlight_notify.ledger.sifting import missed_slot, sift
from spotlight_notify.ledger.streaks import read_streak
from spotlight_notify.model.campaigns import ApprovalPolicy
from spotlight_notify.model.errors import ClaimLost
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.schedule import Tempo, Waiting
from spotlight_notify.model.words import State
from spotlight_notify.rules.schedule.queue import choose

_NOW: BindParameter[datetime] = bindparam("now")
_MINE = delivery.c.id == bindparam("delivery_id")
_OPEN = (channel.c.paused_at.is_(None), or_(channel.c.due_at.is_(None), channel.c.due_at <= _NOW))
_HERE = channel.c.name == bindparam("channel")
_LOCKED_CHANNEL = select(channel.c.name).where(_HERE, *_OPEN).with_for_update(key_share=True)
_SENDING_HERE = select(delivery.c.id).where(delivery.c.channel == bindparam("channel"), SENDING)
_LOCKED: Select[Any] = (
    select(delivery.c.id, delivery.c.campaign, delivery.c.post, delivery.c.tries, delivery.c.asked_about)
    .where(_MINE, PENDING)
    .with_for_update()
)
_TAKE_EPOCH = update(channel).where(_HERE).values(epoch=channel.c.epoch + 1).returning(channel.c.epoch)
_ENDS = (
    select(aid.c.event_at, aid.c.expires_at)
    .join_from(delivery, aid, delivery.c.aid_id == aid.c.id)
    .where(_MINE)
)
_ATTEMPTS = attempt.c.delivery_id == bindparam("delivery_id")
_DOUBTED = select(attempt.c.id).where(_ATTEMPTS, DOUBTFUL).limit(1)
_LAST_NUMBER = select(func.coalesce(func.max(attempt.c.number), 0)).where(_ATTEMPTS).scalar_subquery()
_BEGIN: Any = (
    insert(attempt)
    .values(
        delivery_id=bindparam("delivery_id"),
        number=_LAST_NUMBER + 1,
        claimant=bindparam("claimant"),
        epoch=bindparam("epoch"),
        started_at=_NOW,
    )
    .returning(attempt.c.number, attempt.c.id)
)
_TAKE = update(delivery).where(_MINE)
_MISSED = func.coalesce(delivery.c.missed_at, bindparam("missed", type_=delivery.c.missed_at.type))
_TAKE_LATE = _TAKE.values(missed_at=_MISSED)
_STANDS = select(delivery.c.id).where(
    _MINE, SENDING, delivery.c.epoch == bindparam("epoch"), delivery.c.leased_until_at > _NOW
)


def due_channels(connection: Connection, now: datetime, campaigns: Collection[str]) -> tuple[str, ...]:
    """Name the channels that are open and have something due; hours, gaps and holds are not looked at."""
    mine = delivery.c.channel == channel.c.name
    wanted_by = delivery.c.campaign.in_(campaigns)
    due = select(delivery.c.id).where(mine, PENDING, delivery.c.due_at <= now, wanted_by).exists()
    in_flight = select(delivery.c.id).where(mine, SENDING).exists()
    wanted = select(channel.c.name).where(*_OPEN, due, ~in_flight).order_by(channel.c.name)
    return tuple(connection.scalars(wanted, {"now": now}))


def next_due_at(connection: Connection, name: str) -> datetime | None:
    """Tell when the channel's next pending delivery is due: when both it and the channel are."""
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
    tempo: Tempo,
    delivery_id: int | None,
    policies: Mapping[str, ApprovalPolicy],
) -> Claim | None:
    """Take the channel's next epoch and the delivery whose turn it is, and write an attempt.

    What was found on the way (over, late, not approved) is written whether or not there is a claim.
    """
    lock(connection, HOLD_LOCK, shared=True)
    if not _lock_channel(connection, name, now) or _is_sending(connection, name):
        return None
    approvals.propose_unapproved(connection, name, policies, now)
    waiting, _ = sort_out(sift(connection, name, tempo, now), read_holds(connection, now), name)
    if delivery_id is not None:
        waiting = tuple(one for one in waiting if one.id == delivery_id)
    turn = _whose_turn(connection, name, now, tempo, waiting)
    if turn is None:
        return None
    one, due = turn
    post = post_of(due.post)
    assert post is not None, "ck_delivery_post: a pending delivery has a post"
    epoch = _take_epoch(connection, name)
    streak = read_streak(connection, name, due.id)
    taken = {"claimant": claimant, "epoch": epoch, "leased_until_at": now + lease}
    _take(connection, due.id, taken, now, missed_slot(connection, name, one, tempo, now))
    number, attempt_id = _begin_attempt(connection, due.id, claimant, epoch, now)
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
        refused=streak.refused,
        signed_out=streak.signed_out,
        approved=approvals.is_approved(connection, due.id),
        over_at=_over_at(connection, due.id),
        asked_about=asked_about_of(due.asked_about),
    )


def confirm(connection: Connection, claim: Claim, now: datetime) -> Hold | None:
    """Find a hold in force on a claimed delivery; ClaimLost if the claim is not in force any more."""
    mine = {"delivery_id": claim.delivery_id, "epoch": claim.epoch, "now": now}
    if connection.scalar(_STANDS, mine) is None:
        raise ClaimLost(f"delivery {claim.delivery_id}: its claim was given up before its post could leave")
    return hold_on(connection, claim.delivery_id, now)


def _lock_channel(connection: Connection, name: str, now: datetime) -> bool:
    """Wait for other claims on the channel, then tell whether it is open.

    The lock lets recordings pass, which only want the channel to stay where it is.
    """
    return connection.scalar(_LOCKED_CHANNEL, {"channel": name, "now": now}) is not None


def _is_sending(connection: Connection, name: str) -> bool:
    return connection.scalar(_SENDING_HERE, {"channel": name}) is not None


def _whose_turn(
    connection: Connection, name: str, now: datetime, tempo: Tempo, waiting: tuple[Waiting, ...]
) -> tuple[Waiting, Row[Any]] | None:
    """Choose and lock the delivery whose turn it is; one whose post is not the one approved loses it."""
    if not waiting:
        return None
    posts = read_posts(connection, name, now - LATELY, {one.campaign for one in waiting})
    while one := choose(waiting, tempo.paces, tempo.channel, posts, now):
        row = _locked(connection, one.id)
        if row is not None and not _is_stopped(connection, one.id, now):
            return one, row
        waiting = tuple(other for other in waiting if other.id != one.id)
    return None


def _is_stopped(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Stop a delivery whose approval does not fit, or whose link others have announced, or called off."""
    unfit = approvals.propose_if_unfit(connection, delivery_id, now)
    return (
        unfit
        or skip_if_repeated(connection, delivery_id, now)
        or ask_if_contradicted(connection, delivery_id, now)
    )


def _locked(connection: Connection, delivery_id: int) -> Row[Any] | None:
    """Lock a delivery, if a person has not moved it meanwhile."""
    return connection.execute(_LOCKED, {"delivery_id": delivery_id}).first()


def _take_epoch(connection: Connection, name: str) -> int:
    epoch: int = connection.execute(_TAKE_EPOCH, {"channel": name}).scalar_one()
    return epoch


def _take(
    connection: Connection, delivery_id: int, taken: dict[str, Any], now: datetime, missed: datetime | None
) -> None:
    """Write that a delivery goes now; the slot it missed stays the first it ever missed."""
    values = {
        **taken,
        "state": State.SENDING,
        "reason": None,
        "cause": None,
        "changed_at": now,
        "went_at": now,
    }
    if missed is not None:
        values["missed"] = missed
    connection.execute(_TAKE if missed is None else _TAKE_LATE, {"delivery_id": delivery_id, **values})


def _is_doubted(connection: Connection, delivery_id: int) -> bool:
    return connection.scalar(_DOUBTED, {"delivery_id": delivery_id}) is not None


def _over_at(connection: Connection, delivery_id: int) -> datetime | None:
    row = connection.execute(_ENDS, {"delivery_id": delivery_id}).one()
    return min((at for at in row if at), default=None)


def _begin_attempt(
    connection: Connection, delivery_id: int, claimant: str, epoch: int, now: datetime
) -> tuple[int, int]:
    values = {"delivery_id": delivery_id, "claimant": claimant, "epoch": epoch, "now": now}
    row = connection.execute(_BEGIN, values).one()
    return row.number, row.id
