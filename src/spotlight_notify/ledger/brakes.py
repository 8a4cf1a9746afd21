"""Raise a source's alarm, and carry out what people answer: accept what is held, or a new baseline.

An answer waits for the recording under way, and the next recording for it: neither undoes the other.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, update

from spotlight_notify.ledger.changes import record, was
from spotlight_notify.ledger.columns import moment, word
from spotlight_notify.ledger.connecting import RECORDING_LOCK, lock
from spotlight_notify.ledger.moving import entering, stopping
from spotlight_notify.ledger.reading import read_source
from spotlight_notify.ledger.schema import aid, delivery, source
from spotlight_notify.model.records.standing import SourceStatus
from spotlight_notify.model.words import Cause, State
from spotlight_notify.text.times import utc_minute

_BRAKED = and_(delivery.c.state == word(State.PROPOSED), delivery.c.cause == Cause.BRAKE)

_ANSWERED: dict[str, Any] = {"alarm": None, "alarm_at": None}


def raise_alarm(connection: Connection, name: str, reason: str, now: datetime) -> None:
    """Say why what a source shows is held; an alarm that stands already keeps the time it began."""
    _change(connection, name, {"alarm": reason, "alarm_at": func.coalesce(source.c.alarm_at, moment(now))})


def accept(connection: Connection, name: str, by: dict[str, Any]) -> int:
    """Let go what the brake held, due now at the earliest; nothing is on record if nothing was asked."""
    status = _locked(connection, name)
    now: datetime = by["changed_at"]
    due_at = case((delivery.c.due_at < now, moment(now)), else_=delivery.c.due_at)
    values = {**entering(State.PENDING, now), "reason": None, "due_at": due_at}
    freed = connection.execute(update(delivery).where(_BRAKED, _is_of(name)).values(values)).rowcount
    if freed or status.alarm is not None:
        _change(connection, name, _ANSWERED)
        detail = was(alarm=status.alarm, alarm_at=status.alarm_at)
        record(connection, by, "accepted", detail, source=name)
    return freed


def place_baseline(
    connection: Connection, name: str, latest: int, since_at: datetime | None, by: dict[str, Any]
) -> int:
    """Have everything at the source recorded anew, and skip what the brake held."""
    status = _locked(connection, name)
    now: datetime = by["changed_at"]
    reason = f"its source was given a new baseline: {by['reason']}"
    values = stopping(State.SKIPPED, Cause.BASELINE, reason, now)
    skipped = connection.execute(update(delivery).where(_BRAKED, _is_of(name)).values(values)).rowcount
    _change(connection, name, {**_ANSWERED, **anew(now), "latest": latest, "since_at": since_at})
    detail = was(baseline_at=status.baseline_at, alarm=status.alarm, alarm_at=status.alarm_at)
    record(connection, by, _told(latest, since_at), detail, source=name)
    return skipped


def anew(now: datetime) -> dict[str, Any]:
    """Give the columns of a source whose next look is a baseline, due now."""
    return {"baseline_at": None, "cursor": None, "next_poll_at": now, "notes": "[]"}


def _locked(connection: Connection, name: str) -> SourceStatus:
    lock(connection, RECORDING_LOCK)
    return read_source(connection, name)


def _is_of(name: str) -> ColumnElement[bool]:
    """Be true for the deliveries of a source's aids."""
    return select(aid.c.id).where(aid.c.id == delivery.c.aid_id, aid.c.source == name).exists()


def _change(connection: Connection, name: str, values: dict[str, Any]) -> None:
    connection.execute(update(source).where(source.c.name == name).values(values))


def _told(latest: int, since_at: datetime | None) -> str:
    wishes = [f"the latest {latest}"] if latest else []
    wishes += [f"those since {utc_minute(since_at)}"] if since_at else []
    return f"baseline, but for {' and '.join(wishes)}" if wishes else "baseline"
