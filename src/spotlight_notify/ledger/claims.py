"""Hand out deliveries to send: one at a time on a channel, when its turn has come and nothing holds it.

A claim takes its channel's next epoch and writes it on the delivery, which fences off every earlier claim.
On PostgreSQL the channel's row, which every claim locks first, makes claims on one channel wait for each
other, and a lock that all claims share makes them wait for a hold; SQLite's write lock does both.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, case, func, insert, select, update

from spotlight_notify.ledger import approvals
from spotlight_notify.ledger.channels import IS_OPEN, Streak, read_streak
from spotlight_notify.ledger.columns import moment
from spotlight_notify.ledger.duplicates import is_stopped_elsewhere, skip_if_repeated
from spotlight_notify.ledger.engine import HOLD_LOCK, lock
from spotlight_notify.ledger.expiry import missed_slot, sift
from spotlight_notify.ledger.history import signed_by_program
from spotlight_notify.ledger.holds import hold_on, read_holds
from spotlight_notify.ledger.outbox import LATELY, read_posts, sort_out
from spotlight_notify.ledger.rows import asked_about_of, post_of
from spotlight_notify.ledger.schema import PENDING, SENDING, aid, attempt, channel, delivery
from spotlight_notify.ledger.transitions import DOUBTFUL, move
from spotlight_notify.model.campaigns import ApprovalPolicy
from spotlight_notify.model.errors import ClaimLost
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.schedule import Tempo, Waiting
from spotlight_notify.model.words import Outcome, State
from spotlight_notify.ports.ledger import NOTHING_ASKED
from spotlight_notify.rules.schedule.queue import choose

_NOW: BindParameter[datetime] = bindparam("now")
_MINE = delivery.c.id == bindparam("delivery_id")
_HERE = channel.c.name == bindparam("channel")
_LOCKED_CHANNEL = select(channel.c.name).where(_HERE, *IS_OPEN).with_for_update(key_share=True)
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
_TURNED_AWAY = attempt.c.outcome.in_((Outcome.THROTTLED, Outcome.UNAUTHORIZED))
_EARLIER = select(
    func.max(case((DOUBTFUL, attempt.c.id))).label("doubted"),
    func.max(case((_TURNED_AWAY, attempt.c.ended_at))).label("turned_away_at"),
).where(_ATTEMPTS)
_LAST_NUMBER = select(func.coalesce(func.max(attempt.c.number), 0)).where(_ATTEMPTS).scalar_subquery()
_BEGIN_ATTEMPT: Any = (
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
_STANDS = select(delivery.c.id).where(
    _MINE, SENDING, delivery.c.epoch == bindparam("epoch"), delivery.c.leased_until_at > _NOW
)


def claim_due(
    connection: Connection,
    channel: str,
    now: datetime,
    lease: timedelta,
    claimant: str,
    tempo: Tempo,
    *,
    delivery_id: int | None = None,
    policies: Mapping[str, ApprovalPolicy] = NOTHING_ASKED,
) -> Claim | None:
    """Take the channel's next epoch and the delivery whose turn it is, and write an attempt.

    What was found on the way (over, late, not approved) is written whether or not there is a claim.
    """
    lock(connection, HOLD_LOCK, shared=True)
    if not _lock_channel(connection, channel, now) or _is_sending(connection, channel):
        return None
    approvals.propose_unapproved(connection, channel, policies, now)
    waiting, _ = sort_out(sift(connection, channel, tempo, now), read_holds(connection, now), channel)
    if delivery_id is not None:
        waiting = tuple(one for one in waiting if one.id == delivery_id)
    turn = _whose_turn(connection, channel, now, tempo, waiting, policies)
    if turn is None:
        return None
    one, due = turn
    streak = read_streak(connection, channel, due.id)
    taken = {
        "claimant": claimant,
        "epoch": _take_epoch(connection, channel),
        "leased_until_at": now + lease,
    }
    _take(connection, due.id, taken, now, missed_slot(connection, channel, one, tempo, now))
    return _begin(connection, channel, due, taken, streak, now)


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
    connection: Connection,
    name: str,
    now: datetime,
    tempo: Tempo,
    waiting: tuple[Waiting, ...],
    policies: Mapping[str, ApprovalPolicy],
) -> tuple[Waiting, Row[Any]] | None:
    """Choose and lock the delivery whose turn it is; one whose post is not the one approved loses it."""
    if not waiting:
        return None
    posts = read_posts(connection, name, now - LATELY, {one.campaign for one in waiting})
    while one := choose(waiting, tempo.paces, tempo.channel, posts, now):
        row = _locked(connection, one.id)
        if row is not None and not _is_stopped(connection, one.id, policies, now):
            return one, row
        waiting = tuple(other for other in waiting if other.id != one.id)
    return None


def _is_stopped(
    connection: Connection, delivery_id: int, policies: Mapping[str, ApprovalPolicy], now: datetime
) -> bool:
    """Stop a delivery whose approval does not fit, or whose link others have announced, or speak against."""
    return (
        approvals.propose_if_unfit(connection, delivery_id, now)
        or skip_if_repeated(connection, delivery_id, now)
        or is_stopped_elsewhere(connection, delivery_id, policies, now)
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
    columns = {**taken, "went_at": now}
    if missed is not None:
        columns["missed_at"] = func.coalesce(delivery.c.missed_at, moment(missed))
    by = signed_by_program(f"claimed by {taken['claimant']}", now)
    move(connection, delivery_id, State.PENDING, State.SENDING, by, reason=None, columns=columns)


def _begin(
    connection: Connection,
    channel: str,
    due: Row[Any],
    taken: dict[str, Any],
    streak: Streak,
    now: datetime,
) -> Claim:
    """Write the attempt of a delivery that is taken, and return the claim with what its sender must know."""
    post = post_of(due.post)
    assert post is not None, "ck_delivery_post: a pending delivery has a post"
    epoch = taken["epoch"]
    earlier = connection.execute(_EARLIER, {"delivery_id": due.id}).one()
    number, attempt_id = _begin_attempt(connection, due.id, taken["claimant"], epoch, now)
    return Claim(
        delivery_id=due.id,
        campaign=due.campaign,
        channel=channel,
        post=post,
        epoch=epoch,
        attempt_id=attempt_id,
        number=number,
        tries=due.tries,
        leased_until_at=taken["leased_until_at"],
        doubted=earlier.doubted is not None,
        turned_away_at=earlier.turned_away_at,
        refused=streak.refused,
        signed_out=streak.signed_out,
        approved=approvals.is_approved(connection, due.id),
        over_at=_over_at(connection, due.id),
        asked_about=asked_about_of(due.asked_about),
    )


def _over_at(connection: Connection, delivery_id: int) -> datetime | None:
    row = connection.execute(_ENDS, {"delivery_id": delivery_id}).one()
    return min((at for at in row if at), default=None)


def _begin_attempt(
    connection: Connection, delivery_id: int, claimant: str, epoch: int, now: datetime
) -> tuple[int, int]:
    values = {"delivery_id": delivery_id, "claimant": claimant, "epoch": epoch, "now": now}
    row = connection.execute(_BEGIN_ATTEMPT, values).one()
    return row.number, row.id
