"""Write what a person changes, always with a row that tells who did it, and why."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from spotlight_notify.errors import LedgerError, Refused, UnknownName
from spotlight_notify.ledger.moving import entering, write_receipt
from spotlight_notify.ledger.reading import read_delivery
from spotlight_notify.ledger.rows import change_of
from spotlight_notify.ledger.schema import change, channel, delivery
from spotlight_notify.model import Receipt, State
from spotlight_notify.records import Change, Delivery

NOT_FOR_A_PERSON = (State.SENDING, State.SENT)
"""What is on its way belongs to its claim, and what is sent stays sent."""

WITH_A_POST = (State.PENDING, State.SENDING, State.SENT, State.UNSURE)
"""States that a delivery without a post cannot have (ck_delivery_post)."""


def change_delivery(
    connection: Connection,
    delivery_id: int,
    states: Collection[State],
    state: State,
    by: dict[str, Any],
    receipt: Receipt | None,
) -> bool:
    """Move a delivery that is in one of these states; ``by`` holds ``who``, ``reason``, ``changed_at``."""
    if state is State.SENT and receipt is None:
        raise LedgerError(f"delivery {delivery_id} cannot be recorded as sent without a receipt")
    before = _locked(connection, delivery_id)
    if before.state not in states or before.state in NOT_FOR_A_PERSON:
        return False
    if before.post is None and state in WITH_A_POST:
        raise Refused(_without_post(before, state))
    now: datetime = by["changed_at"]
    values = {**entering(state, now), "reason": by["reason"]}
    if state is State.PENDING:
        values |= {"due_at": now, "tries": 0}
    connection.execute(update(delivery).where(delivery.c.id == delivery_id).values(values))
    if receipt is not None:
        write_receipt(connection, delivery_id, None, receipt, now)
    _record(connection, by, action=f"{before.state} -> {state}", delivery_id=delivery_id)
    return True


def pause_channel(connection: Connection, name: str, by: dict[str, Any]) -> bool:
    """Stop a channel until it is resumed; False if it is paused already."""
    open_now = channel.c.paused_at.is_(None)
    values = {"paused_at": by["changed_at"], "paused_reason": by["reason"]}
    return _change_channel(connection, name, open_now, values, by, "paused")


def resume_channel(connection: Connection, name: str, by: dict[str, Any]) -> bool:
    """Let a channel go on at once, paused or throttled; False if nothing held it."""
    held = or_(channel.c.paused_at.is_not(None), channel.c.due_at.is_not(None))
    values = {"paused_at": None, "paused_reason": None, "due_at": None}
    return _change_channel(connection, name, held, values, by, "resumed")


def read_changes(connection: Connection, limit: int | None) -> tuple[Change, ...]:
    """List what people changed, newest first."""
    wanted = select(change).order_by(change.c.id.desc()).limit(limit)
    return tuple(change_of(row) for row in connection.execute(wanted))


def _without_post(before: Delivery, state: State) -> str:
    why = f" ({before.reason})" if before.reason else ""
    mend = "mend that and announce its aid again"
    return f"delivery {before.id} has no post, so it cannot be {state}{why}; {mend}"


def _locked(connection: Connection, delivery_id: int) -> Delivery:
    """Lock a delivery's row, then read it; UnknownName if there is none."""
    known = read_delivery(connection, delivery_id).id
    connection.execute(select(delivery.c.id).where(delivery.c.id == known).with_for_update())
    return read_delivery(connection, known)


def _change_channel(
    connection: Connection, name: str, fits: Any, values: dict[str, Any], by: dict[str, Any], action: str
) -> bool:
    if connection.scalar(select(channel.c.name).where(channel.c.name == name)) is None:
        raise UnknownName(f"there is no channel {name}")
    changed = connection.execute(update(channel).where(channel.c.name == name, fits).values(values))
    if changed.rowcount == 1:
        _record(connection, by, action=action, channel=name)
    return changed.rowcount == 1


def _record(connection: Connection, by: dict[str, Any], **what: Any) -> None:
    connection.execute(insert(change).values({**by, **what}))
