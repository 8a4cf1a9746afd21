"""Move what the ledger holds under the name of a source, channel or campaign to another name, whole.

Every column that points at a source or channel follows, whichever table it is in. A rename waits for the
recording under way and for claims, and they for it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, delete, func, insert, select, update

from spotlight_notify.ledger.engine import HOLD_LOCK, RECORDING_LOCK, lock
from spotlight_notify.ledger.history import record, was
from spotlight_notify.ledger.schema import SENDING, aid, channel, delivery, draft, hold, metadata, source
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.records.orders import Renamed, Signature
from spotlight_notify.model.words import Named

LATER = ("epoch", "due_at")
"""Of a channel's two rows the later counts: no claim of either may write, no rest is cut short."""


def rename(
    connection: Connection, kind: Named, old: str, new: str, *, who: str, reason: str, now: datetime
) -> Renamed:
    """Move all of it; UnknownName if there is nothing, Refused if the new name has rows that clash."""
    by = Signature(who=who, reason=reason, at=now)
    lock(connection, RECORDING_LOCK)
    lock(connection, HOLD_LOCK)
    match kind:
        case Named.SOURCE:
            return _rename_source(connection, old, new, by)
        case Named.CHANNEL:
            return _rename_channel(connection, old, new, by)
        case Named.CAMPAIGN:
            return _rename_campaign(connection, old, new, by)


def _rename_source(connection: Connection, old: str, new: str, by: Signature) -> Renamed:
    """Let the aids keep their identity, and the source its cursor, baseline and address."""
    before, there = _row(connection, source, old), _row(connection, source, new)
    if before is None:
        raise UnknownName(f"the ledger knows no source {old}")
    if there is not None and _count(connection, aid.c.source == new):
        raise Refused(f"source {new} has aids of its own already: what {old} has shown cannot be moved to it")
    aids = _count(connection, aid.c.source == old)
    _put(connection, source, there, {**before._mapping, "name": new})
    _follow(connection, source, old, new)
    record(connection, by, "renamed", was(name=old), source=new)
    return Renamed(aids=aids)


def _rename_channel(connection: Connection, old: str, new: str, by: Signature) -> Renamed:
    """Join two channels if there are two: what stopped either stops both."""
    before, there = _row(connection, channel, old), _row(connection, channel, new)
    if before is None:
        raise UnknownName(f"the ledger knows no channel {old}")
    if there is not None and there.network != before.network:
        raise Refused(f"channel {old} is on {before.network}, and {new} on {there.network}: it is another")
    _refuse_sending(connection, delivery.c.channel.in_([old, new]))
    _refuse_clash(connection, Named.CHANNEL, old, new)
    told = select(draft.c.digest).where(draft.c.channel == new)
    connection.execute(delete(draft).where(draft.c.channel == old, draft.c.digest.in_(told)))
    moved = _count(connection, delivery.c.channel == old)
    _put(connection, channel, there, _joined(before, there) | {"name": new})
    _follow(connection, channel, old, new)
    holds = _rename_holds(connection, Named.CHANNEL, old, new)
    record(connection, by, "renamed", was(name=old), channel=new)
    return Renamed(deliveries=moved, holds=len(holds))


def _rename_campaign(connection: Connection, old: str, new: str, by: Signature) -> Renamed:
    """Move deliveries and holds, each with a change of its own: a campaign has no row that could have one."""
    _refuse_sending(connection, delivery.c.campaign.in_([old, new]))
    _refuse_clash(connection, Named.CAMPAIGN, old, new)
    mine = update(delivery).where(delivery.c.campaign == old).values(campaign=new).returning(delivery.c.id)
    deliveries, holds = connection.scalars(mine).all(), _rename_holds(connection, Named.CAMPAIGN, old, new)
    if not deliveries and not holds:
        raise UnknownName(f"the ledger knows no campaign {old}")
    for each in deliveries:
        record(connection, by, "renamed", was(campaign=old), delivery_id=each)
    for each in holds:
        record(connection, by, "renamed", was(campaign=old), hold_id=each)
    return Renamed(deliveries=len(deliveries), holds=len(holds))


def _rename_holds(connection: Connection, kind: Named, old: str, new: str) -> list[int]:
    mine = update(hold).where(hold.c.scope_kind == kind, hold.c.scope_name == old).values(scope_name=new)
    return list(connection.scalars(mine.returning(hold.c.id)))


def _joined(before: Row[Any], there: Row[Any] | None) -> dict[str, Any]:
    values = dict(before._mapping)
    if there is not None:
        values |= {name: _later(before._mapping[name], there._mapping[name]) for name in LATER}
        if before.paused_at is None:
            values |= {"paused_at": there.paused_at, "paused_reason": there.paused_reason}
    return values


def _later(one: Any, other: Any) -> Any:
    return one if other is None or (one is not None and one >= other) else other


def _row(connection: Connection, table: Table, name: str) -> Row[Any] | None:
    return connection.execute(select(table).where(table.c.name == name).with_for_update()).first()


def _put(connection: Connection, table: Table, there: Row[Any] | None, values: dict[str, Any]) -> None:
    if there is None:
        connection.execute(insert(table).values(values))
    else:
        connection.execute(update(table).where(table.c.name == values["name"]).values(values))


def _follow(connection: Connection, table: Table, old: str, new: str) -> None:
    """Move every column that points at a row to the other, and drop the row that nothing points at."""
    for column in pointing_at(table.c.name):
        connection.execute(update(column.table).where(column == old).values({column.name: new}))
    connection.execute(delete(table).where(table.c.name == old))


def pointing_at(name: Column[Any]) -> list[Column[Any]]:
    """List the columns, of all tables, that are foreign keys to this one."""
    return [each for table in metadata.sorted_tables for each in table.columns if each.references(name)]


def _count(connection: Connection, those: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).where(those)).scalar_one()


def _refuse_sending(connection: Connection, those: ColumnElement[bool]) -> None:
    found = connection.scalar(select(delivery.c.id).where(SENDING, those).limit(1))
    if found is not None:
        raise Refused(f"delivery {found} is on its way just now: stop the daemon, then rename")


def _refuse_clash(connection: Connection, kind: Named, old: str, new: str) -> None:
    """Refuse where an aid has a delivery under both names, in the same place but for them."""
    one, other = delivery.alias("one"), delivery.alias("other")
    rest = Named.CAMPAIGN if kind is Named.CHANNEL else Named.CHANNEL
    same = (one.c.aid_id == other.c.aid_id, one.c[rest] == other.c[rest])
    pair = select(one.c.id, other.c.id).where(one.c[kind] == old, other.c[kind] == new, *same)
    found = connection.execute(pair.order_by(one.c.id).limit(1)).first()
    if found is not None:
        theirs = f"such as {found[1]}, which is {found[0]} of {old}"
        raise Refused(f"{kind} {new} has deliveries of its own for the same aids, {theirs}: it is another")
