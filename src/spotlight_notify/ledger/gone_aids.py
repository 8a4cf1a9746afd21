"""Ask about what waits of an aid that its source shows no more, and let it go on when it is there again.

That is asked once for every time that an aid disappears: a delivery keeps it beside the live posts that
people were asked about. When the aid comes back what nobody has answered goes on.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    cast,
    literal,
    select,
    update,
)

from spotlight_notify.ledger.history import signed_by_policy
from spotlight_notify.ledger.queries import BATCH
from spotlight_notify.ledger.rows import asked_about_of
from spotlight_notify.ledger.schema import PENDING, aid, delivery
from spotlight_notify.ledger.transitions import more_asked_about, move
from spotlight_notify.model.aids import ON_DEMAND, SUCCESSOR
from spotlight_notify.model.words import Cause, State
from spotlight_notify.rules.planning import why_waits
from spotlight_notify.text.times import utc_minute

_order = aid.alias("ordered")

_ASKED = and_(delivery.c.state == State.PROPOSED, delivery.c.cause == Cause.GONE)


def miss(connection: Connection, source: str, keys: Sequence[str], now: datetime) -> None:
    """Take down that these aids of a source are gone, and ask about what waits of those that were not yet."""
    missed: list[int] = []
    for start in range(0, len(keys), BATCH):
        mine = (aid.c.source == source, aid.c.key.in_(keys[start : start + BATCH]), aid.c.gone_at.is_(None))
        missed += connection.scalars(update(aid).where(*mine).values(gone_at=now).returning(aid.c.id))
    for aid_id in sorted(missed):
        ask_if_gone(connection, _telling(connection, aid_id, PENDING), now)


def meet(connection: Connection, aid_id: int, now: datetime) -> None:
    """Take down that an aid is there again, and let go on what nobody has answered meanwhile."""
    connection.execute(update(aid).where(aid.c.id == aid_id).values(gone_at=None))
    asked = _telling(connection, aid_id, _ASKED)
    lacking = {row.telling for row in _gone_of(connection, asked)}
    for delivery_id in asked:
        if delivery_id not in lacking:
            _let_go_on(connection, delivery_id, now)


def ask_if_gone(connection: Connection, ids: Sequence[int], now: datetime) -> set[int]:
    """Propose those of these pending deliveries that tell of an aid which is gone, unless that was asked.

    What was ordered since it was gone is not asked about. Returns those that are.
    """
    lacks = groupby(sorted(_gone_of(connection, ids), key=_whole_of), key=_whole_of)
    return {each for each, rows in lacks if _ask(connection, each, list(rows), now)}


def _ask(connection: Connection, delivery_id: int, lacking: Sequence[Row[Any]], now: datetime) -> bool:
    """Ask about a delivery that tells of these gone aids, unless all of that was asked before."""
    asked = asked_about_of(lacking[0].asked_about)
    new = [row for row in lacking if row.created_at <= row.gone_at and _token(row) not in asked]
    if not new:
        return False
    since = utc_minute(new[0].gone_at)
    reason = f"{_named(new[0])} no longer there: its source has not shown it since {since}"
    tokens = more_asked_about(connection, delivery_id, [_token(row) for row in new])
    moved = move(
        connection,
        delivery_id,
        State.PENDING,
        State.PROPOSED,
        signed_by_policy(reason, now),
        reason=reason,
        cause=Cause.GONE,
        columns={"asked_about": tokens},
    )
    return bool(moved)


def _token(row: Row[Any]) -> str:
    return f"gone:{row.id}:{row.gone_at:%Y-%m-%dT%H:%M:%S}"


def _whole_of(row: Row[Any]) -> int:
    return int(row.telling)


def _telling(connection: Connection, aid_id: int, fits: ColumnElement[bool]) -> list[int]:
    """List the deliveries that tell of an aid, itself, as its successor or as a digest, and that fit."""
    digests = select(delivery.c.digest_id).where(
        delivery.c.aid_id == aid_id, delivery.c.digest_id.is_not(None)
    )
    named = (aid.c.source == ON_DEMAND, aid.c.key.like(f"{SUCCESSOR}:{aid_id}:%"))
    renewed = select(aid.c.id).where(*named)
    wanted = (
        delivery.c.aid_id == aid_id,
        delivery.c.aid_id.in_(renewed),
        delivery.c.id.in_(digests),
    )
    return sorted(
        {each for tells in wanted for each in connection.scalars(select(delivery.c.id).where(tells, fits))}
    )


def _gone_of(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    """Read which gone aids these deliveries (``telling``) tell of, themselves, as successor or as digest."""
    found: list[Row[Any]] = []
    for start in range(0, len(ids), BATCH):
        found += _gone_of_batch(connection, ids[start : start + BATCH])
    return found


def _gone_of_batch(connection: Connection, ids: Collection[int]) -> list[Row[Any]]:
    whole = delivery.alias("whole")
    columns = (aid.c.id, aid.c.title, aid.c.gone_at, whole.c.id.label("telling"))
    more = (whole.c.aid_id, whole.c.created_at, whole.c.asked_about)
    gone = (whole.c.id.in_(ids), aid.c.gone_at.is_not(None))
    own = select(*columns, *more).join_from(whole, aid, aid.c.id == whole.c.aid_id).where(*gone)
    parts = (
        select(*columns, *more)
        .join_from(whole, delivery, delivery.c.digest_id == whole.c.id)
        .join(aid, aid.c.id == delivery.c.aid_id)
        .where(*gone)
    )
    renewed = (
        select(*columns, *more)
        .join_from(whole, _order, _order.c.id == whole.c.aid_id)
        .join(aid, _order.c.key.like(literal(f"{SUCCESSOR}:") + cast(aid.c.id, Text) + literal(":%")))
        .where(_order.c.source == ON_DEMAND, *gone)
    )
    every: tuple[Select[Any], ...] = (own, renewed, parts)
    return [row for wanted in every for row in connection.execute(wanted.order_by(whole.c.id))]


def _named(row: Row[Any]) -> str:
    return "it is" if row.aid_id == row.id else f"“{row.title}”, of which it tells, is"


def _let_go_on(connection: Connection, delivery_id: int, now: datetime) -> None:
    columns = (delivery.c.due_at, aid.c.published_at)
    waits = select(*columns).join_from(delivery, aid, aid.c.id == delivery.c.aid_id)
    row = connection.execute(waits.where(delivery.c.id == delivery_id)).one()
    reason = why_waits(row.due_at) if row.due_at == row.published_at and row.due_at > now else None
    by = signed_by_policy("its source shows it again", now)
    asked = {"cause": Cause.GONE}
    move(connection, delivery_id, State.PROPOSED, State.PENDING, by, reason=reason, expected=asked)
