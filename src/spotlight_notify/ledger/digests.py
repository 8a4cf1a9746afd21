"""Free what a digest told of when it goes nowhere, and take it in again if it went out after all."""

from datetime import datetime

from sqlalchemy import Connection, and_, update

from spotlight_notify.ledger.changes import record_rule
from spotlight_notify.ledger.moving import stopping
from spotlight_notify.ledger.schema import delivery
from spotlight_notify.model import Cause, State

DEAD = (State.SKIPPED, State.CANCELLED, State.FAILED)
"""States in which a digest goes nowhere."""


def follow(connection: Connection, moved: int, state: State, now: datetime) -> None:
    """Do with a digest's aids what its move asks for; nothing where ``moved`` is no digest.

    Where it goes nowhere a person is asked about each of its aids, so that none is lost; where it is known
    to be public, nobody need be.
    """
    if state in DEAD:
        free(connection, moved, "is given up", now)
    elif state is State.SENT:
        _move(connection, moved, State.PROPOSED, State.SKIPPED, "was sent", now)


def free(connection: Connection, digest_id: int, told: str, now: datetime) -> None:
    """Ask a person about each aid of a digest that tells of it no more."""
    _move(connection, digest_id, State.SKIPPED, State.PROPOSED, f"{told}: is it to go by itself?", now)


def _move(connection: Connection, digest_id: int, old: State, new: State, told: str, now: datetime) -> None:
    members = and_(
        delivery.c.digest_id == digest_id, delivery.c.state == old, delivery.c.cause == Cause.DIGEST
    )
    reason = f"the digest that tells of it, delivery {digest_id}, {told}"
    moved = update(delivery).where(members).values(stopping(new, Cause.DIGEST, reason, now))
    for member in connection.scalars(moved.returning(delivery.c.id)).all():
        record_rule(connection, member, f"{old} -> {new}", reason, now)
