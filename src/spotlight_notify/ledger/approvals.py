"""Keep approvals: who let which post go, by its digest. At most one of a delivery is in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from spotlight_notify.approving import digest_of, why_unfit
from spotlight_notify.ledger.moving import stopping
from spotlight_notify.ledger.rows import approval_of, post_of
from spotlight_notify.ledger.schema import IN_FORCE, PENDING, approval, delivery
from spotlight_notify.model import Cause, Post, State
from spotlight_notify.records import Approval

_JUDGED: Select[Any] = select(
    delivery.c.post,
    approval.c.digest,
    approval.c.who,
    approval.c.approved_at,
    approval.c.until_at.label("approved_until_at"),
).join_from(delivery, approval, approval.c.delivery_id == delivery.c.id)


def give(connection: Connection, delivery_id: int, given: Approval) -> None:
    """Write an approval; an earlier one ends."""
    end(connection, delivery_id, given.approved_at)
    connection.execute(
        insert(approval).values(
            delivery_id=delivery_id,
            digest=given.digest,
            who=given.who,
            approved_at=given.approved_at,
            until_at=given.until_at,
        )
    )


def end(connection: Connection, delivery_id: int, now: datetime, *, unless: Post | None = None) -> None:
    """End the approval in force, if there is one; it stays where it is for just the post ``unless``."""
    ended = update(approval).where(approval.c.delivery_id == delivery_id, IN_FORCE).values(ended_at=now)
    connection.execute(ended if unless is None else ended.where(approval.c.digest != digest_of(unless)))


def propose_if_unfit(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Take a pending delivery back for approval if it has one that does not fit its post; tell whether."""
    row = connection.execute(_JUDGED.where(delivery.c.id == delivery_id, PENDING, IN_FORCE)).first()
    given, post = (None, None) if row is None else (approval_of(row), post_of(row.post))
    unfit = given and post and why_unfit(given, post, now)
    if unfit:
        values = stopping(State.PROPOSED, Cause.APPROVAL, unfit, now)
        connection.execute(update(delivery).where(delivery.c.id == delivery_id, PENDING).values(values))
    return bool(unfit)
