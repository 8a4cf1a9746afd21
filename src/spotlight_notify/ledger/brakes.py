"""Raise a source's alarm, and carry out what people answer: accept what is held, or a new baseline.

The order is on record with its source; what it moves, with each delivery, as a rule's work that names the
person. An answer waits for the recording under way, and the next recording for it: neither undoes the other.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, select, update

from spotlight_notify.ledger.columns import moment, word
from spotlight_notify.ledger.engine import RECORDING_LOCK, lock
from spotlight_notify.ledger.history import record, signed_by_policy, was
from spotlight_notify.ledger.queries import read_source
from spotlight_notify.ledger.schema import aid, delivery, source
from spotlight_notify.ledger.transitions import move
from spotlight_notify.model.records.orders import Signature
from spotlight_notify.model.records.standing import SourceStatus
from spotlight_notify.model.words import Cause, State
from spotlight_notify.text.times import utc_minute

_BRAKED = and_(delivery.c.state == word(State.PROPOSED), delivery.c.cause == Cause.BRAKE)

_ANSWERED: dict[str, Any] = {"alarm": None, "alarm_at": None}


def raise_alarm(connection: Connection, name: str, reason: str, now: datetime) -> None:
    """Write why what a source shows is held; an alarm that stands already keeps the time it began."""
    _change(connection, name, {"alarm": reason, "alarm_at": func.coalesce(source.c.alarm_at, moment(now))})


def accept(
    connection: Connection,
    source: str,
    *,
    who: str,
    reason: str,
    now: datetime,
    only: Collection[int] | None = None,
) -> int:
    """Let go what the brake held, or ``only`` these deliveries of it, due now at the earliest.

    The alarm ends once nothing is held. Nothing is on record if nothing was asked.
    """
    status = _locked(connection, source)
    due_at = case((delivery.c.due_at < now, moment(now)), else_=delivery.c.due_at)
    held, later = _braked(connection, source), {"due_at": due_at}
    braked = held if only is None else [each for each in held if each in only]
    by = signed_by_policy(f"{who} accepted what its source showed: {reason}", now)
    freed = move(connection, braked, State.PROPOSED, State.PENDING, by, reason=None, columns=later)
    if freed or (status.alarm is not None and only is None):
        if len(braked) == len(held):
            _change(connection, source, _ANSWERED)
        detail = was(alarm=status.alarm, alarm_at=status.alarm_at)
        by = Signature(who=who, reason=reason, at=now)
        record(connection, by, "accepted", detail, source=source)
    return len(freed)


def place_baseline(
    connection: Connection,
    source: str,
    *,
    latest: int,
    since_at: datetime | None,
    who: str,
    reason: str,
    now: datetime,
) -> int:
    """Have everything at the source recorded again, and skip what the brake held."""
    status = _locked(connection, source)
    why, cause = f"its source was given a new baseline: {reason}", Cause.BASELINE
    braked, by = _braked(connection, source), signed_by_policy(f"{why} ({who})", now)
    skipped = move(connection, braked, State.PROPOSED, State.SKIPPED, by, reason=why, cause=cause)
    _change(
        connection, source, {**_ANSWERED, **due_for_baseline(now), "latest": latest, "since_at": since_at}
    )
    detail = was(baseline_at=status.baseline_at, alarm=status.alarm, alarm_at=status.alarm_at)
    by = Signature(who=who, reason=reason, at=now)
    record(connection, by, _told(latest, since_at), detail, source=source)
    return len(skipped)


def due_for_baseline(now: datetime) -> dict[str, Any]:
    """Return the columns of a source whose next look is a baseline, due now."""
    return {"baseline_at": None, "cursor": None, "next_poll_at": now, "notes": "[]"}


def _locked(connection: Connection, name: str) -> SourceStatus:
    lock(connection, RECORDING_LOCK)
    return read_source(connection, name)


def _braked(connection: Connection, name: str) -> Sequence[int]:
    """Lock and list the deliveries that a source's brake holds."""
    mine = select(aid.c.id).where(aid.c.id == delivery.c.aid_id, aid.c.source == name).exists()
    held = select(delivery.c.id).where(_BRAKED, mine).order_by(delivery.c.id).with_for_update()
    return connection.scalars(held).all()


def _change(connection: Connection, name: str, values: dict[str, Any]) -> None:
    connection.execute(update(source).where(source.c.name == name).values(values))


def _told(latest: int, since_at: datetime | None) -> str:
    wishes = [f"the latest {latest}"] if latest else []
    wishes += [f"those since {utc_minute(since_at)}"] if since_at else []
    return f"baseline, but for {' and '.join(wishes)}" if wishes else "baseline"
