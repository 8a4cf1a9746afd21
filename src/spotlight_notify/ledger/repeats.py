"""Keep the link of one aid from going out twice where two sources show it."""

from datetime import datetime

from sqlalchemy import Connection, and_, or_, select, update

from spotlight_notify.ledger.changes import record_rule
from spotlight_notify.ledger.moving import stopping
from spotlight_notify.ledger.schema import PENDING, alias, delivery
from spotlight_notify.model import Cause, State

PUBLIC = (State.SENDING, State.SENT, State.UNSURE)
"""States of deliveries that are an announcement, or may be one."""


def skip_if_repeated(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Skip a pending delivery whose aid's link is announced here by another source's aid; tell whether.

    Planning asks this too, but one that waited for a person may have been overtaken since.
    """
    earlier = _announced(connection, delivery_id)
    if earlier is None:
        return False
    reason = f"its link is announced already by delivery {earlier}"
    values = stopping(State.SKIPPED, Cause.DUPLICATE, reason, now)
    connection.execute(update(delivery).where(delivery.c.id == delivery_id, PENDING).values(values))
    record_rule(connection, delivery_id, f"{State.PENDING} -> {State.SKIPPED}", reason, now)
    return True


def _announced(connection: Connection, delivery_id: int) -> int | None:
    """Find what tells of another aid with the same link in the same place, itself or in a digest.

    Small steps, each by an index.
    """
    columns = (delivery.c.campaign, delivery.c.channel, delivery.c.aid_id)
    mine = connection.execute(select(*columns).where(delivery.c.id == delivery_id)).one()
    names = connection.scalars(select(alias.c.alias).where(alias.c.aid_id == mine.aid_id))
    links = [name for name in names if name.startswith("link:")]
    twins = [
        aid_id
        for aid_id in connection.scalars(select(alias.c.aid_id).where(alias.c.alias.in_(links)))
        if aid_id != mine.aid_id
    ]
    if not twins:
        return None
    place = (delivery.c.campaign == mine.campaign, delivery.c.channel == mine.channel)
    in_digest = and_(delivery.c.state == State.SKIPPED, delivery.c.cause == Cause.DIGEST)
    told = (delivery.c.aid_id.in_(twins), or_(delivery.c.state.in_(PUBLIC), in_digest))
    return connection.scalar(select(delivery.c.id).where(*place, *told).order_by(delivery.c.id).limit(1))
