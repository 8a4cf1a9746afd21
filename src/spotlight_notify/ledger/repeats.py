"""Keep the link of one aid from going out twice where two sources show it."""

from datetime import datetime

from sqlalchemy import Connection, select, update

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
    return True


def _announced(connection: Connection, delivery_id: int) -> int | None:
    """Find a delivery in the same place of another aid with the same link: small steps, each by an index."""
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
    public = (delivery.c.aid_id.in_(twins), delivery.c.state.in_(PUBLIC))
    return connection.scalar(select(delivery.c.id).where(*place, *public).order_by(delivery.c.id).limit(1))
