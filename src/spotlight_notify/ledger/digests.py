"""Free what a digest told of when it goes nowhere, and take it in again if it went out after all."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, and_, update

from spotlight_notify.ledger.moving import stopping
from spotlight_notify.ledger.schema import delivery
from spotlight_notify.model import Cause, State

DEAD = (State.SKIPPED, State.CANCELLED, State.FAILED)
"""States in which a digest goes nowhere."""


def follow(connection: Connection, moved: Collection[int], state: State, now: datetime) -> None:
    """Do with a digest's aids what its move asks for; ``moved`` may hold others than digests, too.

    Where it goes nowhere a person is asked about each of its aids, so that none is lost; where it is known
    to be public, nobody need be.
    """
    if state in DEAD:
        _move(connection, moved, State.SKIPPED, State.PROPOSED, "is given up: is it to go by itself?", now)
    elif state is State.SENT:
        _move(connection, moved, State.PROPOSED, State.SKIPPED, "was sent", now)


def _move(
    connection: Connection, digests: Collection[int], old: State, new: State, told: str, now: datetime
) -> None:
    for digest_id in digests:
        members = and_(
            delivery.c.digest_id == digest_id, delivery.c.state == old, delivery.c.cause == Cause.DIGEST
        )
        reason = f"the digest that tells of it, delivery {digest_id}, {told}"
        values = stopping(new, Cause.DIGEST, reason, now)
        connection.execute(update(delivery).where(members).values(values))
