"""Keep the link of one aid from going out twice where two sources show it."""

from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, or_, select

from spotlight_notify.ledger.history import signed_by_policy
from spotlight_notify.ledger.schema import alias, delivery
from spotlight_notify.ledger.transitions import move
from spotlight_notify.model.states import MAYBE_PUBLIC
from spotlight_notify.model.words import Cause, State

_MINE = select(delivery.c.campaign, delivery.c.channel, delivery.c.aid_id).where(
    delivery.c.id == bindparam("delivery_id")
)
_LINKS = select(alias.c.alias).where(alias.c.aid_id == bindparam("aid_id"), alias.c.alias.like("link:%"))
_SHOWING = select(alias.c.aid_id).where(alias.c.alias.in_(bindparam("links", expanding=True)))
_IN_DIGEST = and_(delivery.c.state == State.SKIPPED, delivery.c.cause == Cause.DIGEST)
_TOLD = (
    select(delivery.c.id)
    .where(
        delivery.c.campaign == bindparam("campaign"),
        delivery.c.channel == bindparam("channel"),
        delivery.c.aid_id.in_(bindparam("twins", expanding=True)),
        or_(delivery.c.state.in_(MAYBE_PUBLIC), _IN_DIGEST),
    )
    .order_by(delivery.c.id)
    .limit(1)
)


def skip_if_repeated(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Skip a pending delivery whose aid's link is announced here by another source's aid; tell whether.

    Planning asks this too, but one that waited for a person may have been overtaken since.
    """
    earlier = _announced(connection, delivery_id)
    if earlier is None:
        return False
    reason = f"its link is announced already by delivery {earlier}"
    by = signed_by_policy(reason, now)
    move(connection, delivery_id, State.PENDING, State.SKIPPED, by, reason=reason, cause=Cause.DUPLICATE)
    return True


def _announced(connection: Connection, delivery_id: int) -> int | None:
    """Find what tells of another aid with the same link in the same place, itself or in a digest.

    Small steps, each by an index.
    """
    mine = connection.execute(_MINE, {"delivery_id": delivery_id}).one()
    links = connection.scalars(_LINKS, {"aid_id": mine.aid_id}).all()
    if not links:
        return None
    twins = set(connection.scalars(_SHOWING, {"links": links})) - {mine.aid_id}
    if not twins:
        return None
    here = {"campaign": mine.campaign, "channel": mine.channel, "twins": sorted(twins)}
    return connection.scalar(_TOLD, here)
