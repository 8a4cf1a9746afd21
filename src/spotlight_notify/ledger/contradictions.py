"""Ask a person about what one source shows and another, under the same link, calls off or shows no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, select, update

from spotlight_notify.ledger.changes import record_rule
from spotlight_notify.ledger.moving import more_asked_about, stopping
from spotlight_notify.ledger.rows import asked_about_of
from spotlight_notify.ledger.schema import PENDING, aid, alias, delivery
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.words import Cause, State
from spotlight_notify.text.times import utc_minute
from spotlight_notify.text.titles import is_cancelled_title

_HERE = select(delivery.c.aid_id, delivery.c.asked_about).where(delivery.c.id == bindparam("delivery_id"))
_PARTS = select(delivery.c.aid_id).where(delivery.c.digest_id == bindparam("delivery_id"))

_told, _elsewhere, _other = alias.alias("told"), alias.alias("elsewhere"), aid.alias("other")
_TWINS = (
    select(_other.c.id, _other.c.source, _other.c.title, _other.c.gone_at)
    .add_columns(aid.c.source.label("here"), aid.c.title.label("title_here"))
    .join_from(_told, aid, aid.c.id == _told.c.aid_id)
    .join(_elsewhere, and_(_elsewhere.c.alias == _told.c.alias, _elsewhere.c.source != _told.c.source))
    .join(_other, _other.c.id == _elsewhere.c.aid_id)
    .where(_told.c.aid_id.in_(bindparam("aid_ids", expanding=True)), _told.c.alias.like("link:%"))
    .where(aid.c.source != ON_DEMAND)  # what a person has ordered is no source's word
    .order_by(_other.c.id)
)


def ask_if_contradicted(connection: Connection, delivery_id: int, now: datetime) -> bool:
    """Propose a pending delivery, a digest too, whose aid another source calls off or has taken back.

    Asked once for each title and each time that it was taken back. Tells whether a person is asked.
    """
    here = connection.execute(_HERE, {"delivery_id": delivery_id}).one()
    parts = connection.scalars(_PARTS, {"delivery_id": delivery_id})
    asked = asked_about_of(here.asked_about)
    twins = connection.execute(_TWINS, {"aid_ids": [here.aid_id, *parts]}).all()
    new = [row for row in twins if (token := _token(row)) and token not in asked]
    return bool(new) and _ask(connection, delivery_id, new, now)


def _ask(connection: Connection, delivery_id: int, twins: Sequence[Row[Any]], now: datetime) -> bool:
    cause = Cause.CALLED_OFF if is_cancelled_title(twins[0].title) else Cause.GONE
    shown = f"source {twins[0].here} shows “{twins[0].title_here}”"
    reason = f"{_said(twins[0])}; {shown}: is it to be announced?"
    tokens = more_asked_about(connection, delivery_id, [_token(row) for row in twins])
    values = {**stopping(State.PROPOSED, cause, reason, now), "asked_about": tokens}
    waiting = update(delivery).where(delivery.c.id == delivery_id, PENDING).values(values)
    if connection.execute(waiting).rowcount:
        record_rule(connection, delivery_id, f"{State.PENDING} -> {State.PROPOSED}", reason, now)
    return True


def _token(row: Row[Any]) -> str:
    """Name what another source says against an announcement; nothing if it says nothing."""
    if is_cancelled_title(row.title):
        return f"off:{row.id}:{row.title}"
    return f"gone:{row.id}:{row.gone_at:%Y-%m-%dT%H:%M:%S}" if row.gone_at else ""


def _said(row: Row[Any]) -> str:
    if is_cancelled_title(row.title):
        return f"source {row.source} says “{row.title}”"
    return f"source {row.source} has not shown “{row.title}” since {utc_minute(row.gone_at)}"
