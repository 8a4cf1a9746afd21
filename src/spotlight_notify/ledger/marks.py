"""Take back a receipt that a person gave."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from spotlight_notify.ledger import digests, takedowns
from spotlight_notify.ledger.decisions import locked
from spotlight_notify.ledger.history import record, was
from spotlight_notify.ledger.schema import change, delivery, receipt
from spotlight_notify.ledger.transitions import entering, write_receipt
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """Hold the state before a mark, and what the history kept of its cause and reason."""

    state: State
    kept: Mapping[str, Any]


_MARKED = re.compile(rf"(?P<before>\w+) -> {State.SENT}")


def unmark(connection: Connection, delivery_id: int, by: dict[str, Any], found: Receipt | None) -> None:
    """Bring a delivery back to where it was before a person marked it sent, or to the post that was found."""
    one = locked(connection, delivery_id)
    mark = _mark(connection, one)
    connection.execute(delete(receipt).where(receipt.c.delivery_id == one.id))
    now: datetime = by["changed_at"]
    state = mark.state
    if found is not None:
        write_receipt(connection, one.id, None, found, now)
        state = State.SENT
    else:
        connection.execute(update(delivery).where(delivery.c.id == one.id).values(_as_before(mark, now)))
        digests.follow(connection, one.id, state, now)
    kept = was(post_id=one.receipt.post_id, url=one.receipt.url) if one.receipt else None
    record(connection, by, f"mark taken back: {State.SENT} -> {state}", kept, delivery_id=one.id)


def _mark(connection: Connection, one: Delivery) -> _Mark:
    """Find how a person marked it sent; Refused if nobody did."""
    by_hand = select(receipt.c.id).where(receipt.c.delivery_id == one.id, receipt.c.attempt_id.is_(None))
    rows = connection.execute(
        select(change.c.action, change.c.detail)
        .where(change.c.delivery_id == one.id)
        .order_by(change.c.id.desc())
    ).all()
    marks = [(found["before"], row) for row in rows if (found := _MARKED.fullmatch(row.action))]
    if one.state is not State.SENT or connection.scalar(by_hand) is None or not marks:
        raise Refused(f"delivery {one.id} was not marked sent by a person: there is nothing to take back")
    if takedowns.read(connection, one.id) is not None:
        raise Refused(f"delivery {one.id} was ordered off its network since it was marked sent")
    before, row = marks[0]
    return _Mark(state=State(before), kept=json.loads(row.detail) if row.detail else {})


def _as_before(mark: _Mark, now: datetime) -> dict[str, Any]:
    """Give the columns of a delivery that is what it was; what was unsure is looked up at once."""
    return {
        **entering(mark.state, now),
        "cause": mark.kept.get("cause"),
        "reason": mark.kept.get("reason"),
    }
