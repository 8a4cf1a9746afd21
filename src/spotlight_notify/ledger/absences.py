"""Keep which aids their source shows no more, and ask a person about what waits of them.

A question is put once for every time that an aid disappears: a delivery keeps it beside the live posts that
people were asked about. When the aid comes back what nobody has answered goes on as before.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from spotlight_notify.ledger.changes import record_rule
from spotlight_notify.ledger.moving import entering, more_asked_about, stopping
from spotlight_notify.ledger.reading import BATCH
from spotlight_notify.ledger.rows import asked_about_of
from spotlight_notify.ledger.schema import PENDING, aid, delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.rules.planning import why_waits
from spotlight_notify.text.times import utc_minute

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
    values = {**stopping(State.PROPOSED, Cause.GONE, reason, now), "asked_about": tokens}
    waiting = update(delivery).where(delivery.c.id == delivery_id, PENDING).values(values)
    if connection.execute(waiting).rowcount == 0:
        return False
    record_rule(connection, delivery_id, f"{State.PENDING} -> {State.PROPOSED}", reason, now)
    return True


def _token(row: Row[Any]) -> str:
    return f"gone:{row.id}:{row.gone_at:%Y-%m-%dT%H:%M:%S}"


def _whole_of(row: Row[Any]) -> int:
    return int(row.telling)


def _telling(connection: Connection, aid_id: int, fits: ColumnElement[bool]) -> list[int]:
    """List the deliveries that tell of an aid, itself or as a digest, and that fit."""
    digests = select(delivery.c.digest_id).where(
        delivery.c.aid_id == aid_id, delivery.c.digest_id.is_not(None)
    )
    wanted = (delivery.c.aid_id == aid_id, delivery.c.id.in_(digests))
    return sorted(
        {each for tells in wanted for each in connection.scalars(select(delivery.c.id).where(tells, fits))}
    )


def _gone_of(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    """Read which gone aids these deliveries (``telling``) tell of, themselves or as digests."""
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
    return [*connection.execute(own.order_by(whole.c.id)), *connection.execute(parts.order_by(whole.c.id))]


def _named(row: Row[Any]) -> str:
    return "it is" if row.aid_id == row.id else f"“{row.title}”, of which it tells, is"


def _let_go_on(connection: Connection, delivery_id: int, now: datetime) -> None:
    columns = (delivery.c.due_at, aid.c.published_at)
    waits = select(*columns).join_from(delivery, aid, aid.c.id == delivery.c.aid_id)
    row = connection.execute(waits.where(delivery.c.id == delivery_id)).one()
    reason = why_waits(row.due_at) if row.due_at == row.published_at and row.due_at > now else None
    values = {**entering(State.PENDING, now), "reason": reason}
    if connection.execute(
        update(delivery).where(delivery.c.id == delivery_id, _ASKED).values(values)
    ).rowcount:
        told = "its source shows it again"
        record_rule(connection, delivery_id, f"{State.PROPOSED} -> {State.PENDING}", told, now)
