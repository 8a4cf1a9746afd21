"""Write what goes with every move of a delivery: when it is looked for, and its receipt."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, or_, select

from spotlight_notify.ledger.columns import word
from spotlight_notify.ledger.rows import asked_about_of, asked_about_text
from spotlight_notify.ledger.schema import aid, attempt, delivery, draft, receipt
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.states import UNDER_WAY
from spotlight_notify.model.words import Cause, Outcome, State

DOUBTFUL: ColumnElement[bool] = or_(
    attempt.c.outcome == word(Outcome.UNKNOWN), attempt.c.outcome == word(Outcome.STRANDED)
)
"""Attempts that ended without saying whether the post is public."""

_HERE = select(delivery.c.channel).where(delivery.c.id == bindparam("delivery_id")).scalar_subquery()
_DRAFT_OF = delete(draft).where(draft.c.channel == _HERE, draft.c.post_id == bindparam("post_id"))


def entering(state: State, now: datetime) -> dict[str, Any]:
    """Give the columns of a delivery that enters a state; what turns unsure is looked for at once.

    What is under way again has no cause; what is given up keeps the one it had.
    """
    look_at = now if state is State.UNSURE else None
    cause = {"cause": None} if state in UNDER_WAY else {}
    return {
        "state": state,
        "changed_at": now,
        "look_at": look_at,
        "absent_at": None,
        "failed_looks": 0,
        **cause,
    }


def stopping(state: State, cause: Cause | None, reason: str, now: datetime) -> dict[str, Any]:
    """Give the columns of a delivery that is proposed or skipped, and why."""
    return {**entering(state, now), "cause": cause, "reason": reason}


def title_of(aid_id: Any) -> Any:
    """Give an aid's present title, as a column's value."""
    return select(aid.c.title).where(aid.c.id == aid_id).scalar_subquery()


def more_asked_about(connection: Connection, delivery_id: int, post_ids: Collection[str]) -> str:
    """Add live posts to those that people were asked about for a delivery, as its column holds them."""
    held = connection.scalar(select(delivery.c.asked_about).where(delivery.c.id == delivery_id))
    return asked_about_text({*asked_about_of(held or "[]"), *post_ids})


def write_receipt(
    connection: Connection, delivery_id: int, attempt_id: int | None, got: Receipt, now: datetime
) -> None:
    """Keep the network's confirmation; a delivery has one at most. What is public is a draft no longer."""
    values = {
        "delivery_id": delivery_id,
        "attempt_id": attempt_id,
        "post_id": got.post_id,
        "url": got.url,
        "posted_at": got.posted_at,
        "recorded_at": now,
    }
    connection.execute(insert(receipt), values)
    connection.execute(_DRAFT_OF, {"post_id": got.post_id, "delivery_id": delivery_id})
