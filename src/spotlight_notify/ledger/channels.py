"""Read how the last attempts on a channel ended: what its network says of the channel itself.

It is kept nowhere else, so it outlasts restarts and holds for all processes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select

from spotlight_notify.ledger.schema import attempt, delivery
from spotlight_notify.model.words import Cause, Outcome, State

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
    """Show how a channel fares; ``Claim`` says what the two mean."""

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
    """Tell whether the newest answer that is a success or a suspicious refusal is the latter.

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
