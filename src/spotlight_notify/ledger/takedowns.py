"""Put on record which posts are to leave their network, and that they are gone."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from spotlight_notify.ledger.engine import HOLD_LOCK, lock
from spotlight_notify.ledger.history import record
from spotlight_notify.ledger.holds import hold_on
from spotlight_notify.ledger.queries import read_delivery
from spotlight_notify.ledger.rows import post_of, takedown_of
from spotlight_notify.ledger.schema import change, channel, delivery, takedown
from spotlight_notify.ledger.transitions import free_members, lock_delivery, move
from spotlight_notify.model.advice import Deed, advise, do
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.records.orders import Signature, Takedown
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.states import WAITING
from spotlight_notify.model.words import State

REFUSED, UNCLEAR = "takedown refused", "takedown unclear"
"""How the history tells of a try that left the post public for sure, or perhaps."""


def order(connection: Connection, delivery_id: int, *, who: str, reason: str, now: datetime) -> Takedown:
    """Write the order; given again while the post is there, the first stands and both are on record.

    Deleting is speaking, too: it is refused while a person has stopped everything there.
    """
    by = Signature(who=who, reason=reason, at=now)
    lock(connection, HOLD_LOCK, shared=True)
    post = lock_delivery(connection, delivery_id)
    _refuse_stopped(connection, post, by.at)
    if post.state is not State.SENT:
        raise Refused(f"delivery {delivery_id} is {post.state}, not sent: there is nothing to take down")
    standing = read(connection, delivery_id)
    if standing is not None and standing.done_at is not None:
        raise Refused(f"delivery {delivery_id} was taken down already, on {standing.done_at:%Y-%m-%d}")
    record(connection, by, "takedown ordered", delivery_id=delivery_id)
    if standing is not None:
        return standing
    ordered = Takedown(delivery_id=delivery_id, who=by.who, reason=by.reason, ordered_at=by.at)
    columns = {"delivery_id": delivery_id, "who": by.who, "reason": by.reason, "ordered_at": by.at}
    connection.execute(insert(takedown).values(columns))
    return ordered


def _refuse_stopped(connection: Connection, post: Delivery, now: datetime) -> None:
    if hold := hold_on(connection, post.id, now):
        lift = do(Deed.LIFT_HOLD, hold.id)
        raise Refused(advise(f"delivery {post.id} is {hold}. Lift the hold first: ", lift))
    wanted = select(channel.c.paused_reason).where(channel.c.name == post.channel)
    if reason := connection.scalar(wanted.where(channel.c.paused_at.is_not(None))):
        raise Refused(
            advise(
                f"the channel {post.channel} is paused: {reason}. Resume it first: ",
                do(Deed.RESUME_CHANNEL, post.channel),
            )
        )


def note(connection: Connection, delivery_id: int, trouble: str, now: datetime, *, is_public: bool) -> None:
    """Write why a try did not take a post off, in the name of whoever ordered that."""
    who = _ordered(connection, delivery_id).who
    action = REFUSED if is_public else UNCLEAR
    record(connection, Signature(who=who, reason=trouble, at=now), action, delivery_id=delivery_id)


def settle(
    connection: Connection, delivery_id: int, now: datetime, *, with_replies: bool = False
) -> tuple[int, ...]:
    """Write that a post is gone, in the name of whoever ordered it; told twice, it is on record once.

    Returns what is cancelled with it: what waits to stand under it, and ``with_replies`` what is in doubt.
    """
    gone = update(takedown).where(takedown.c.delivery_id == delivery_id, takedown.c.done_at.is_(None))
    settled = connection.execute(gone.values(done_at=now)).rowcount == 1
    ordered = _ordered(connection, delivery_id)
    if settled:
        by = Signature(who=ordered.who, reason=ordered.reason, at=now)
        record(connection, by, "taken down", delivery_id=delivery_id)
        free_members(connection, [delivery_id], "was taken down", now)
    states = (*WAITING, State.UNSURE) if with_replies else WAITING
    return _cancel_replies(connection, delivery_id, ordered.who, now, states)


def _ordered(connection: Connection, delivery_id: int) -> Takedown:
    if (ordered := read(connection, delivery_id)) is None:
        raise UnknownName(f"nobody ordered delivery {delivery_id} to be taken down")
    return ordered


def _cancel_replies(
    connection: Connection, delivery_id: int, who: str, now: datetime, states: Collection[State]
) -> tuple[int, ...]:
    reason = f"delivery {delivery_id}, under which it would stand, was taken down"
    waiting = _under(connection, read_delivery(connection, delivery_id), states)
    by = Signature(who=who, reason=reason, at=now)
    for one in waiting:
        move(connection, one.id, State(one.state), State.CANCELLED, by, reason=reason)
    return tuple(one.id for one in waiting)


def _under(connection: Connection, post: Delivery, states: Collection[State]) -> list[Any]:
    """Lock and list what is to stand under a post and is in one of these states, oldest first."""
    if post.receipt is None:
        return []
    rows = connection.execute(
        select(delivery.c.id, delivery.c.state, delivery.c.post)
        .where(delivery.c.channel == post.channel, delivery.c.state.in_(states))
        .where(delivery.c.post.contains('"reply_to"', autoescape=True))
        .order_by(delivery.c.id)
        .with_for_update()
    )
    replies = ((row, post_of(row.post)) for row in rows)
    return [row for row, reply in replies if reply and reply.reply_to == post.receipt.post_id]


def read(connection: Connection, delivery_id: int) -> Takedown | None:
    """Return the order to take a post down, if there is one."""
    found = _read(connection, takedown.c.delivery_id == delivery_id)
    return found[0] if found else None


def left(connection: Connection) -> tuple[Takedown, ...]:
    """List the orders whose posts are not known to be gone, oldest first."""
    return _read(connection, takedown.c.done_at.is_(None))


def _read(connection: Connection, wanted: ColumnElement[bool]) -> tuple[Takedown, ...]:
    """Read orders, each with its last try as the history tells it."""
    mine = (change.c.delivery_id == takedown.c.delivery_id, change.c.action.in_((REFUSED, UNCLEAR)))
    last = select(func.max(change.c.id)).where(*mine).correlate(takedown).scalar_subquery()
    rows = connection.execute(
        select(takedown, change.c.reason.label("trouble"), change.c.action)
        .outerjoin(change, change.c.id == last)
        .where(wanted)
        .order_by(takedown.c.ordered_at, takedown.c.delivery_id)
    )
    return tuple(takedown_of(row, is_public=row.action == REFUSED) for row in rows)
