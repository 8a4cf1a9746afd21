"""Put on record what people change, always with who did it, and why; and stop and start channels."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from spotlight_notify.ledger.rows import change_of
from spotlight_notify.ledger.schema import change, channel
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.records.orders import Change

POLICY = "policy"
"""Who made the changes that a rule asks for, and no person."""
ASKED = "asked"
"""What was done to a channel whose token was asked about."""


def signed(who: str, reason: str, now: datetime) -> dict[str, Any]:
    """Give the columns that every change has: who made it, why and when."""
    return {"who": who, "reason": reason, "changed_at": now}


def record(
    connection: Connection, by: dict[str, Any], action: str, detail: str | None = None, **subject: Any
) -> None:
    """Write a change; ``subject`` names the one column that says what it is about."""
    connection.execute(insert(change), {**by, "action": action, "detail": detail, **subject})


def record_rule(connection: Connection, delivery_id: int, action: str, reason: str, now: datetime) -> None:
    """Write what a rule, and no person, did to a delivery."""
    record(connection, signed(POLICY, reason, now), action, delivery_id=delivery_id)


def was(**values: Any) -> str:
    """Write what something was before a change, as a JSON object; times in ISO 8601."""
    return json.dumps(values, ensure_ascii=False, default=datetime.isoformat)


def read_changes(
    connection: Connection, limit: int | None, delivery_id: int | None, source: str | None
) -> tuple[Change, ...]:
    """List what people, and rules, changed, newest first; of one delivery or source if that is named."""
    wanted = select(change).order_by(change.c.id.desc()).limit(limit)
    if delivery_id is not None:
        wanted = wanted.where(change.c.delivery_id == delivery_id)
    if source is not None:
        wanted = wanted.where(change.c.source == source)
    return tuple(change_of(row) for row in connection.execute(wanted))


def read_proven_at(connection: Connection) -> dict[str, datetime]:
    """Tell when each channel's token was last asked about, or its channel last read."""
    asked = select(change.c.channel, func.max(change.c.changed_at)).where(change.c.action == ASKED)
    read = select(channel.c.name, channel.c.known_until_at).where(channel.c.known_until_at.is_not(None))
    found: dict[str, datetime] = dict(map(tuple, connection.execute(read)))
    for name, at in connection.execute(asked.group_by(change.c.channel)):
        found[name] = max(at, found.get(name, at))
    return found


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


def _change_channel(
    connection: Connection, name: str, fits: Any, values: dict[str, Any], by: dict[str, Any], action: str
) -> bool:
    if connection.scalar(select(channel.c.name).where(channel.c.name == name)) is None:
        raise UnknownName(f"there is no channel {name}")
    changed = connection.execute(update(channel).where(channel.c.name == name, fits).values(values))
    if changed.rowcount == 1:
        record(connection, by, action, channel=name)
    return changed.rowcount == 1
