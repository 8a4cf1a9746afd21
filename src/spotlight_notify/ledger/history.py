"""The history: what people, rules and the program change, always with who did it, and why."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select, update

from spotlight_notify.ledger.rows import change_of
from spotlight_notify.ledger.schema import change, channel
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.records.orders import Change, Signature

POLICY = "policy"
"""Who made the changes that a rule asks for, and no person."""
ASKED = "asked"
"""What was done to a channel whose token was asked about."""
PROGRAM = "spotlight-notify (by itself)"
"""Who made the moves that make up a delivery's way; no login is called so, and no person signs like that."""

_OPEN = channel.c.paused_at.is_(None)
_STOPPED = or_(channel.c.paused_at.is_not(None), channel.c.due_at.is_not(None))
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


def read_proven_at(connection: Connection) -> dict[str, datetime]:
    """Tell when each channel's token was last asked about, or its channel last read."""
    asked = select(change.c.channel, func.max(change.c.changed_at)).where(change.c.action == ASKED)
    read = select(channel.c.name, channel.c.known_until_at).where(channel.c.known_until_at.is_not(None))
    found: dict[str, datetime] = dict(map(tuple, connection.execute(read)))
    for name, at in connection.execute(asked.group_by(change.c.channel)):
        found[name] = max(at, found.get(name, at))
    return found


def note_asked(connection: Connection, channel: str, answer: str, now: datetime, who: str) -> None:
    """Write that a channel's token was asked about, and what came of it."""
    record(connection, Signature(who=who, reason=answer, at=now), ASKED, channel=channel)


def pause_channel(connection: Connection, channel: str, reason: str, now: datetime, who: str) -> bool:
    """Stop a channel until it is resumed; False if it is paused already."""
    by, values = Signature(who=who, reason=reason, at=now), {"paused_at": now, "paused_reason": reason}
    return _change_channel(connection, channel, _OPEN, values, by, "paused")


def resume_channel(connection: Connection, channel: str, reason: str, now: datetime, who: str) -> bool:
    """Let a channel go on at once, paused or throttled; False if nothing held it."""
    by, values = Signature(who=who, reason=reason, at=now), {"paused_at": None, "paused_reason": None}
    return _change_channel(connection, channel, _STOPPED, {**values, "due_at": None}, by, "resumed")


def _change_channel(
    connection: Connection, name: str, fits: Any, values: dict[str, Any], by: Signature, action: str
) -> bool:
    if connection.scalar(select(channel.c.name).where(channel.c.name == name)) is None:
        raise UnknownName(f"there is no channel {name}")
    changed = connection.execute(update(channel).where(channel.c.name == name, fits).values(values))
    if changed.rowcount == 1:
        record(connection, by, action, channel=name)
    return changed.rowcount == 1
