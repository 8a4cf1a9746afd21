"""Define the partial indexes, apart: they make SQLAlchemy load the dialect of PostgreSQL at once."""

from typing import Any

from sqlalchemy import ColumnElement, Index, and_

from spotlight_notify.ledger.schema import IN_FORCE, PENDING, SENDING, UNSURE, approval, delivery, metadata

__all__ = ["metadata"]

LOOKED_FOR = and_(UNSURE, delivery.c.look_at.is_not(None))
IN_DIGEST = delivery.c.digest_id.is_not(None)
WENT = delivery.c.went_at.is_not(None)
MISSED = delivery.c.missed_at.is_not(None)


def _only(rows: ColumnElement[bool]) -> dict[str, Any]:
    return {"sqlite_where": rows, "postgresql_where": rows}


Index("ix_delivery_pending", delivery.c.channel, delivery.c.due_at, delivery.c.id, **_only(PENDING))
Index("uq_delivery_sending", delivery.c.channel, unique=True, **_only(SENDING))
Index("ix_delivery_look", delivery.c.look_at, **_only(LOOKED_FOR))
Index("ix_delivery_digest", delivery.c.digest_id, **_only(IN_DIGEST))
Index("ix_delivery_went", delivery.c.channel, delivery.c.went_at, delivery.c.campaign, **_only(WENT))
Index("ix_delivery_missed", delivery.c.channel, delivery.c.missed_at, **_only(MISSED))
Index("uq_approval_in_force", approval.c.delivery_id, unique=True, **_only(IN_FORCE))
