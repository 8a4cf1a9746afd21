"""What is known of a channel: whether it is open, since when its token works, how its last attempts ended.

The last is kept nowhere else than in the attempts, so it outlasts restarts and holds for all processes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, or_, select, update

from spotlight_notify.ledger.history import record
from spotlight_notify.ledger.schema import PENDING, SENDING, attempt, change, channel, delivery
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.records.orders import Signature
from spotlight_notify.model.words import Cause, Outcome, State

ASKED = "asked"
"""What the history says was done to a channel whose token was asked about."""

_NOW: BindParameter[datetime] = bindparam("now")
_UNPAUSED = channel.c.paused_at.is_(None)
_STOPPED = or_(channel.c.paused_at.is_not(None), channel.c.due_at.is_not(None))
IS_OPEN = (_UNPAUSED, or_(channel.c.due_at.is_(None), channel.c.due_at <= _NOW))
"""Nothing may leave a channel that is paused, or rests; the parameter ``now``."""

_NAMED = channel.c.name == bindparam("channel")
_CHANNEL = update(channel).where(_NAMED)
_FIRST_DUE = (
    select(delivery.c.due_at)
    .where(delivery.c.channel == bindparam("channel"), PENDING)
    .order_by(delivery.c.due_at, delivery.c.id)
    .limit(1)
    .scalar_subquery()
)
_NEXT_DUE = select(channel.c.due_at.label("channel_due_at"), _FIRST_DUE.label("delivery_due_at")).where(
    _NAMED, channel.c.paused_at.is_(None)
)
WINDOW = 1_000
"""How many of the ledger's last attempts, on all channels, are looked through: what a claim may cost."""
LATEST = 10
"""How many of a channel's are read: more than ever count."""
TELLING = (Outcome.SENT, Outcome.REJECTED, Outcome.UNAUTHORIZED)
"""Outcomes that may say something of the channel; others are of the way to it."""

_LATEST: Select[Any] = (
    select(attempt.c.delivery_id, attempt.c.outcome, delivery.c.state, delivery.c.cause)
    .join_from(attempt, delivery, attempt.c.delivery_id == delivery.c.id)
    .where(
        attempt.c.id > select(func.max(attempt.c.id) - WINDOW).scalar_subquery(),
        delivery.c.channel == bindparam("channel"),
        or_(attempt.c.outcome.in_(TELLING), delivery.c.state == State.SENT),
    )
    .order_by(attempt.c.id.desc())
    .limit(LATEST)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """How a channel fares; ``Claim`` says what the two mean."""

    refused: bool
    signed_out: int


def read_streak(connection: Connection, name: str, delivery_id: int) -> Streak:
    """Read a channel's streak as it counts for the delivery that is about to go."""
    rows = _latest(connection, name)
    others = [row for row in rows if row.delivery_id != delivery_id]
    return Streak(refused=_is_refused(others), signed_out=_signed_out(rows))


def _latest(connection: Connection, name: str) -> Sequence[Row[Any]]:
    """List what is told of a channel's last attempts, newest first."""
    return connection.execute(_LATEST, {"channel": name}).all()


def _is_refused(rows: Sequence[Row[Any]]) -> bool:
    """Return whether the newest answer that is a success or a suspicious refusal is the latter.

    A delivery that a person let go again has no cause any more, and is suspicious no longer.
    """
    for row in rows:
        if row.state == State.SENT or (row.outcome == Outcome.REJECTED and row.cause == Cause.REFUSED):
            return bool(row.state != State.SENT)
    return False


def _signed_out(rows: Sequence[Row[Any]]) -> int:
    """Count the refusals of the token since the last success; those that were about a reply failed it."""
    count = 0
    for row in rows:
        if row.outcome == Outcome.SENT:
            break
        count += row.outcome == Outcome.UNAUTHORIZED and row.state != State.FAILED
    return count


def note_asked(connection: Connection, channel: str, answer: str, now: datetime, who: str) -> None:
    """Write that a channel's token was asked about, and what came of it."""
    record(connection, Signature(who=who, reason=answer, at=now), ASKED, channel=channel)


def read_proven_at(connection: Connection) -> dict[str, datetime]:
    """Return when each channel's token was last asked about, or its channel last read."""
    asked = select(change.c.channel, func.max(change.c.changed_at)).where(change.c.action == ASKED)
    read = select(channel.c.name, channel.c.known_until_at).where(channel.c.known_until_at.is_not(None))
    found: dict[str, datetime] = dict(map(tuple, connection.execute(read)))
    for name, at in connection.execute(asked.group_by(change.c.channel)):
        found[name] = max(at, found.get(name, at))
    return found


def pause_channel(connection: Connection, channel: str, reason: str, now: datetime, who: str) -> bool:
    """Stop a channel until it is resumed; False if it is paused already."""
    by, values = Signature(who=who, reason=reason, at=now), {"paused_at": now, "paused_reason": reason}
    return _change_channel(connection, channel, _UNPAUSED, values, by, "paused")


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


def slow_channel(connection: Connection, name: str, verdict: Verdict, now: datetime) -> None:
    """Pause or delay the channel; an earlier pause keeps its reason, a later due time stands.

    How far the channel is known goes with what it has just shown.
    """
    known: dict[str, Any] = {}
    if verdict.known_until_at is not None:
        known = {"known_until_at": verdict.known_until_at, "behind_at": verdict.behind_at}
    elif verdict.behind_at is not None:
        known = {"behind_at": verdict.behind_at}
    if known:
        connection.execute(_CHANNEL, {"channel": name, **known})
    if verdict.pause is not None:
        connection.execute(
            update(channel)
            .where(channel.c.name == name, channel.c.paused_at.is_(None))
            .values(paused_at=now, paused_reason=verdict.pause)
        )
    if verdict.channel_due_at is not None:
        earlier = or_(channel.c.due_at.is_(None), channel.c.due_at < verdict.channel_due_at)
        connection.execute(
            update(channel).where(channel.c.name == name, earlier).values(due_at=verdict.channel_due_at)
        )


def due_channels(connection: Connection, now: datetime, campaigns: Collection[str]) -> tuple[str, ...]:
    """List the channels that are open and have something due; hours, gaps and holds are not looked at."""
    mine = delivery.c.channel == channel.c.name
    wanted_by = delivery.c.campaign.in_(campaigns)
    due = select(delivery.c.id).where(mine, PENDING, delivery.c.due_at <= now, wanted_by).exists()
    in_flight = select(delivery.c.id).where(mine, SENDING).exists()
    wanted = select(channel.c.name).where(*IS_OPEN, due, ~in_flight).order_by(channel.c.name)
    return tuple(connection.scalars(wanted, {"now": now}))


def next_due_at(connection: Connection, channel: str) -> datetime | None:
    """Return when the channel's next pending delivery is due: when both it and the channel are."""
    row = connection.execute(_NEXT_DUE, {"channel": channel}).first()
    if row is None or row.delivery_due_at is None:
        return None
    due_at: datetime = row.delivery_due_at
    return due_at if row.channel_due_at is None else max(due_at, row.channel_due_at)
