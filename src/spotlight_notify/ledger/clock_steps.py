"""Bring back to now what a clock that was ahead has put off or skipped: nobody meant it to."""

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Connection, and_, bindparam, or_, select, update

from spotlight_notify.ledger.columns import word
from spotlight_notify.ledger.history import signed_by_policy
from spotlight_notify.ledger.schema import (
    PENDING,
    SENDING,
    UNSURE,
    aid,
    attempt,
    change,
    channel,
    delivery,
    source,
)
from spotlight_notify.ledger.transitions import move
from spotlight_notify.model.aids import DIGEST
from spotlight_notify.model.words import Cause, State

TOLERANCE = timedelta(minutes=2)
"""How far ahead of now a time of the past may lie: machines that share a ledger differ by seconds."""
LONGEST_REST = timedelta(days=2)
"""No network's limit lasts longer (see networks/failures.py)."""
SOON = timedelta(hours=1)
"""The longest wait before a delivery is tried again, unless the configuration says otherwise."""
LONGEST_WAIT = timedelta(days=1)
"""No look-up is put off for longer."""
BY_A_WRONG_CLOCK = "it was skipped by a clock that was ahead"

_NOW = bindparam("now", type_=delivery.c.due_at.type)
_AHEAD: BindParameter[datetime] = bindparam("ahead")
_MOVED_AHEAD = and_(delivery.c.changed_at > _AHEAD, delivery.c.look_at > _NOW)
_TRIED_AHEAD = (
    select(attempt.c.id)
    .join_from(attempt, delivery, attempt.c.delivery_id == delivery.c.id)
    .where(delivery.c.channel == channel.c.name, attempt.c.ended_at > _AHEAD)
    .exists()
)
_PUT_OFF = (
    update(source)
    .where(source.c.next_poll_at > _AHEAD, source.c.polled_at > _AHEAD)
    .values(next_poll_at=_NOW, polled_at=_NOW),
    update(channel)
    .where(channel.c.due_at > _NOW, or_(channel.c.due_at > bindparam("rested"), _TRIED_AHEAD))
    .values(due_at=None),
    update(delivery)
    .where(UNSURE, or_(delivery.c.look_at > bindparam("waited"), _MOVED_AHEAD))
    .values(look_at=_NOW),
    update(delivery).where(SENDING, delivery.c.went_at > _AHEAD).values(leased_until_at=_NOW),
)
_HAS_JUST_FAILED = (
    select(attempt.c.id)
    .where(attempt.c.delivery_id == delivery.c.id, attempt.c.ended_at == delivery.c.changed_at)
    .exists()
)
_WAITING = select(
    delivery.c.id, delivery.c.due_at, delivery.c.changed_at, _HAS_JUST_FAILED.label("has_just_failed")
).where(PENDING, delivery.c.due_at > _NOW, delivery.c.changed_at > _AHEAD)
_WAS_TO_GO = (
    select(change.c.id)
    .where(
        change.c.delivery_id == delivery.c.id,
        change.c.changed_at == delivery.c.changed_at,
        change.c.action.in_([f"{was} -> {State.SKIPPED}" for was in (State.PENDING, State.SENDING)]),
    )
    .exists()
)
_PASSED_OVER = (
    select(delivery.c.id, _WAS_TO_GO.label("was_to_go"))
    .join(aid, aid.c.id == delivery.c.aid_id)
    .where(
        delivery.c.state == word(State.SKIPPED),
        delivery.c.cause.in_((Cause.OVER, Cause.LATE, Cause.TOO_OLD)),
        delivery.c.changed_at > _AHEAD,
        or_(aid.c.event_at.is_(None), aid.c.event_at > _NOW),
        or_(aid.c.expires_at.is_(None), aid.c.expires_at > _NOW),
        # of a digest's aids a person is asked one by one
        aid.c.key.not_like(f"{DIGEST}:%"),
    )
)
_MAKE_DUE = (
    update(delivery)
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
    .values(due_at=_NOW, changed_at=_NOW)
)


def bring_back(connection: Connection, now: datetime) -> int:
    """Make due what was written by a clock ahead of ``now``; returns how many rows that were.

    What was skipped by such a clock, and is not over, is taken up again. What waits for a time of its own,
    further off than a try again, goes on waiting for it. A claim from the future is given up: if whoever
    holds it is alive, it finds that out before it sends.
    """
    times = {
        "now": now,
        "ahead": now + TOLERANCE,
        "rested": now + LONGEST_REST,
        "waited": now + LONGEST_WAIT,
    }
    moved = sum(connection.execute(each, times).rowcount for each in _PUT_OFF)
    moved += _take_up(connection, now)
    due = _due_then(connection, now)
    return moved + (connection.execute(_MAKE_DUE, {"now": now, "ids": due}).rowcount if due else 0)


def _due_then(connection: Connection, now: datetime) -> list[int]:
    """Find what was due when it was written, or was to be tried again soon.

    An order, an embargo or a time of grace may end as soon: those are times of their own. The databases add
    times in ways of their own.
    """
    waiting = connection.execute(_WAITING, {"now": now, "ahead": now + TOLERANCE})
    return [
        row.id
        for row in waiting
        if row.due_at <= row.changed_at + (SOON if row.has_just_failed else timedelta())
    ]


def _take_up(connection: Connection, now: datetime) -> int:
    """Let go what was to go before it was skipped; about what was not, a person is asked."""
    rows = connection.execute(_PASSED_OVER, {"now": now, "ahead": now + TOLERANCE}).all()
    by = signed_by_policy(f"{BY_A_WRONG_CLOCK}, and is not over", now)
    to_go = [row.id for row in rows if row.was_to_go]
    let_go = move(
        connection, to_go, State.SKIPPED, State.PENDING, by, reason=None, columns={"missed_at": None}
    )
    rest, asked = [row.id for row in rows if not row.was_to_go], f"{BY_A_WRONG_CLOCK}: is it to go?"
    proposed = move(connection, rest, State.SKIPPED, State.PROPOSED, by, reason=asked, cause=Cause.DATE)
    return len(let_go) + len(proposed)
