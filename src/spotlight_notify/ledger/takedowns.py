"""Put on record which posts are to leave their network, and that they are gone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from spotlight_notify.errors import Refused, UnknownName
from spotlight_notify.ledger.changes import record, signed
from spotlight_notify.ledger.decisions import locked
from spotlight_notify.ledger.rows import takedown_of
from spotlight_notify.ledger.schema import takedown
from spotlight_notify.model import State
from spotlight_notify.records import Takedown


def order(connection: Connection, delivery_id: int, by: dict[str, Any]) -> Takedown:
    """Write the order; given again while the post is there, the first stands and both are on record."""
    post = locked(connection, delivery_id)
    if post.state is not State.SENT:
        raise Refused(f"delivery {delivery_id} is {post.state}, not sent: there is nothing to take down")
    standing = read(connection, delivery_id)
    if standing is not None and standing.done_at is not None:
        raise Refused(f"delivery {delivery_id} was taken down already, on {standing.done_at:%Y-%m-%d}")
    record(connection, by, "takedown ordered", delivery_id=delivery_id)
    if standing is not None:
        return standing
    ordered = {"who": by["who"], "reason": by["reason"], "ordered_at": by["changed_at"]}
    connection.execute(insert(takedown).values(delivery_id=delivery_id, **ordered))
    return Takedown(delivery_id=delivery_id, **ordered)


def settle(connection: Connection, delivery_id: int, now: datetime) -> None:
    """Write that a post is gone, in the name of whoever ordered it; told twice, it is on record once."""
    gone = update(takedown).where(takedown.c.delivery_id == delivery_id, takedown.c.done_at.is_(None))
    settled = connection.execute(gone.values(done_at=now)).rowcount == 1
    ordered = read(connection, delivery_id)
    if ordered is None:
        raise UnknownName(f"nobody ordered delivery {delivery_id} to be taken down")
    if settled:
        by = signed(ordered.who, ordered.reason, now)
        record(connection, by, "taken down", delivery_id=delivery_id)


def read(connection: Connection, delivery_id: int) -> Takedown | None:
    """Return the order to take a post down, if there is one."""
    row = connection.execute(select(takedown).where(takedown.c.delivery_id == delivery_id)).first()
    return None if row is None else takedown_of(row)
