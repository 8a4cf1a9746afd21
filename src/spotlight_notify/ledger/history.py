"""The history: what people, rules and the program change, always with who did it, and why."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, insert, select

from spotlight_notify.ledger.rows import change_of
from spotlight_notify.ledger.schema import change
from spotlight_notify.model.records.orders import Change, Signature

POLICY = "policy"
"""Who made the changes that a rule asks for, and no person."""
PROGRAM = "spotlight-notify (by itself)"
"""Who made the moves that make up a delivery's way; no login is called so, and no person signs like that."""

_RECORD = insert(change)
_BY_PROGRAM = and_(change.c.who == PROGRAM, change.c.delivery_id.is_not(None))


def signed_by_policy(reason: str, now: datetime) -> Signature:
    """Return the signature of a rule that changes something, and no person."""
    return Signature(who=POLICY, reason=reason, at=now)


def signed_by_program(reason: str, now: datetime) -> Signature:
    """Return the signature of whatever claims, settles, looks up, or carries out an order that is signed."""
    return Signature(who=PROGRAM, reason=reason, at=now)


def record(
    connection: Connection, by: Signature, action: str, detail: str | None = None, **subject: Any
) -> None:
    """Write a change; ``subject`` names the one column that says what it is about."""
    connection.execute(_RECORD, {**_columns(by), "action": action, "detail": detail, **subject})


def record_all(
    connection: Connection, ids: Iterable[int], by: Signature, action: str, detail: str | None = None
) -> None:
    """Write the same change of several deliveries, ascending."""
    values = {**_columns(by), "action": action, "detail": detail}
    connection.execute(_RECORD, [{**values, "delivery_id": each} for each in sorted(ids)])


def _columns(by: Signature) -> dict[str, Any]:
    return {"who": by.who, "reason": by.reason, "changed_at": by.at}


def was(**values: Any) -> str:
    """Write what something was before a change, as a JSON object; times in ISO 8601."""
    return json.dumps(values, ensure_ascii=False, default=datetime.isoformat)


def read_changes(
    connection: Connection,
    limit: int | None = None,
    *,
    delivery_id: int | None = None,
    source: str | None = None,
    after: int = 0,
    by_program: bool = False,
) -> tuple[Change, ...]:
    """List what people, and rules, changed, newest first; of one delivery or source if that is named."""
    wanted = select(change).where(change.c.id > after).order_by(change.c.id.desc()).limit(limit)
    if not by_program:
        wanted = wanted.where(~_BY_PROGRAM)
    if delivery_id is not None:
        wanted = wanted.where(change.c.delivery_id == delivery_id)
    if source is not None:
        wanted = wanted.where(change.c.source == source)
    return tuple(change_of(row) for row in connection.execute(wanted))
