"""Free what a digest told of when it goes nowhere, and take it in again if it went out after all."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from spotlight_notify.ledger.changes import record_rule
from spotlight_notify.ledger.moving import stopping
from spotlight_notify.ledger.rows import themes_in, themes_text
from spotlight_notify.ledger.schema import aid, delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.text.names import unique_names

DEAD = (State.SKIPPED, State.CANCELLED, State.FAILED)
"""States in which a digest goes nowhere."""

WAITING = (State.PENDING, State.PROPOSED, State.SENDING)
"""States in which a hold still reaches a digest."""

_MEMBERS = (
    update(delivery)
    .where(
        delivery.c.digest_id == bindparam("digest"),
        delivery.c.state == bindparam("old"),
        delivery.c.cause == Cause.DIGEST,
    )
    .returning(delivery.c.id)
)


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


def widen_themes(connection: Connection, aid_id: int, themes: Iterable[str]) -> None:
    """Give the digests that tell of an aid its themes too, so that what holds it holds them."""
    telling = delivery.alias("telling")
    told = (delivery.c.aid_id == aid_id, delivery.c.cause == Cause.DIGEST, telling.c.state.in_(WAITING))
    wanted = (
        select(aid.c.id, aid.c.theme, aid.c.other_themes)
        .join_from(delivery, telling, telling.c.id == delivery.c.digest_id)
        .join(aid, aid.c.id == telling.c.aid_id)
        .where(*told)
        .distinct()
    )
    for row in connection.execute(wanted).all():
        others = unique_names([row.theme or "", *themes_in(row.other_themes), *themes])[1:]
        if others != themes_in(row.other_themes):
            words = {"other_themes": themes_text(others)}
            connection.execute(update(aid).where(aid.c.id == row.id).values(words))


def _move(connection: Connection, digest_id: int, old: State, new: State, told: str, now: datetime) -> None:
    reason = f"the digest that tells of it, delivery {digest_id}, {told}"
    values = {"digest": digest_id, "old": old, **stopping(new, Cause.DIGEST, reason, now)}
    for member in connection.scalars(_MEMBERS, values).all():
        record_rule(connection, member, f"{old} -> {new}", reason, now)
