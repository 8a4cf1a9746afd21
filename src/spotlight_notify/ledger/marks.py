"""Take back a receipt that a person gave."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from spotlight_notify.ledger import takedowns
from spotlight_notify.ledger.decisions import locked
from spotlight_notify.ledger.history import PROGRAM, record, was
from spotlight_notify.ledger.schema import change, receipt
from spotlight_notify.ledger.transitions import move, write_receipt
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.orders import Signature
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """Hold the state before a mark, and what the history kept of its cause and reason."""

    state: State
    kept: Mapping[str, Any]


_MARKED = re.compile(rf"(?P<before>\w+) -> {State.SENT}")


def unmark(
    connection: Connection,
    delivery_id: int,
    *,
    who: str,
    reason: str,
    now: datetime,
    found: Receipt | None = None,
) -> None:
    """Bring a delivery back to where it was before a person marked it sent, or to the post that was found."""
    by = Signature(who=who, reason=reason, at=now)
    one = locked(connection, delivery_id)
    mark = _mark(connection, one)
    connection.execute(delete(receipt).where(receipt.c.delivery_id == one.id))
    state = mark.state if found is None else State.SENT
    action = f"mark taken back: {State.SENT} -> {state}"
    kept = was(post_id=one.receipt.post_id, url=one.receipt.url) if one.receipt else None
    if found is not None:
        write_receipt(connection, one.id, None, found, by.at)
        record(connection, by, action, kept, delivery_id=one.id)
        return
    kept_reason, cause = mark.kept.get("reason"), {"cause": mark.kept.get("cause")}
    move(
        connection,
        one.id,
        one.state,
        state,
        by,
        reason=kept_reason,
        columns=cause,
        action=action,
        detail=kept,
    )


def _mark(connection: Connection, one: Delivery) -> _Mark:
    """Find how a person marked it sent; Refused if nobody did."""
    by_hand = select(receipt.c.id).where(receipt.c.delivery_id == one.id, receipt.c.attempt_id.is_(None))
    rows = connection.execute(
        select(change.c.action, change.c.detail)
        .where(change.c.delivery_id == one.id, change.c.who != PROGRAM)
        .order_by(change.c.id.desc())
    ).all()
    marks = [(found["before"], row) for row in rows if (found := _MARKED.fullmatch(row.action))]
    if one.state is not State.SENT or connection.scalar(by_hand) is None or not marks:
        raise Refused(f"delivery {one.id} was not marked sent by a person: there is nothing to take back")
    if takedowns.read(connection, one.id) is not None:
        raise Refused(f"delivery {one.id} was ordered off its network since it was marked sent")
    before, row = marks[0]
    return _Mark(state=State(before), kept=json.loads(row.detail) if row.detail else {})
