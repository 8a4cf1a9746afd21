"""Settle what is unsure: which deliveries are to be looked for, who looks, and what was found.

A conclusion is written under a lock on the delivery's row, and only if the doubt reads as it was handed out.
PostgreSQL would judge a condition on other tables by what they held before it waited for the row, so the
doubt is read again by a statement of its own, after the lock.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, insert, select, update

from spotlight_notify.ledger.history import signed_by_program
from spotlight_notify.ledger.queries import BATCH
from spotlight_notify.ledger.rows import doubt_of, look_up_of, post_of
from spotlight_notify.ledger.schema import UNSURE, aid, alias, attempt, channel, delivery, look_up, receipt
from spotlight_notify.ledger.transitions import DOUBTFUL, more_asked_about, move, write_receipt
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import Post, Subject
from spotlight_notify.model.records.attempts import Conclusion, Doubt, LookUp
from spotlight_notify.model.states import OPEN
from spotlight_notify.model.words import State
from spotlight_notify.text.links import link_alias

_MINE = attempt.c.delivery_id == delivery.c.id
_FIRST_DOUBTFUL = select(func.min(attempt.c.started_at)).where(_MINE, DOUBTFUL).scalar_subquery()
_LAST_END = select(func.max(attempt.c.ended_at)).where(_MINE).scalar_subquery()
_LAST_OUTCOME = select(attempt.c.outcome).where(_MINE).order_by(attempt.c.number.desc()).limit(1)
_ATTEMPTS = select(func.count(attempt.c.id)).where(_MINE).scalar_subquery()
_LOOK_UPS = select(func.count(look_up.c.id)).where(look_up.c.delivery_id == delivery.c.id).scalar_subquery()

DOUBTS: Select[Any] = select(
    delivery.c.id,
    delivery.c.campaign,
    delivery.c.channel,
    delivery.c.post,
    delivery.c.absent_at,
    delivery.c.resent,
    delivery.c.failed_looks,
    delivery.c.asked_about,
    func.coalesce(_FIRST_DOUBTFUL, delivery.c.created_at).label("since"),
    func.coalesce(_LAST_END, delivery.c.changed_at).label("until"),
    _LAST_OUTCOME.scalar_subquery().label("last_outcome"),
    (_ATTEMPTS + _LOOK_UPS).label("version"),
).where(UNSURE)

_DUE = DOUBTS.where(delivery.c.look_at <= bindparam("now"))
_HERE = delivery.c.channel == bindparam("channel")
_DOUBTS_HERE = DOUBTS.where(_HERE)
_DOUBT = DOUBTS.where(delivery.c.id == bindparam("delivery_id"))
_LOCK = select(delivery.c.id).where(delivery.c.id == bindparam("delivery_id")).with_for_update()
_CLAIM = (
    update(delivery)
    .where(delivery.c.id == bindparam("delivery_id"), UNSURE, delivery.c.look_at <= bindparam("now"))
    .values(look_at=bindparam("next_look_at"))
)
_TAKEN = (
    select(receipt.c.post_id)
    .join_from(receipt, delivery, receipt.c.delivery_id == delivery.c.id)
    .where(_HERE, receipt.c.post_id.in_(bindparam("post_ids", expanding=True)))
)
_WAITING_POSTS = select(delivery.c.post).where(
    _HERE, delivery.c.state.in_(OPEN), delivery.c.id != bindparam("but")
)
_ANNOUNCED = (
    select(
        aid.c.id,
        func.coalesce(delivery.c.post_title, aid.c.title).label("title"),
        aid.c.link,
        aid.c.published_at,
        aid.c.first_seen_at,
    )
    .join_from(delivery, aid, delivery.c.aid_id == aid.c.id)
    .where(delivery.c.id == bindparam("delivery_id"))
)
_OWNED = select(alias.c.alias).where(
    alias.c.aid_id == bindparam("aid_id"), alias.c.alias == bindparam("link")
)


def read_doubts(connection: Connection, now: datetime, channel: str | None = None) -> tuple[Doubt, ...]:
    """List the unsure deliveries whose look-up is due, or all of one channel's, oldest first.

    Sorted here: asked for an order, the databases would rather read all that is unsure by an index on it.
    """
    rows = (
        connection.execute(_DUE, {"now": now})
        if channel is None
        else connection.execute(_DOUBTS_HERE, {"channel": channel})
    )
    return tuple(doubt_of(row) for row in sorted(rows, key=lambda row: row.id))


def claim_look(connection: Connection, delivery_id: int, now: datetime, look_at: datetime) -> bool:
    """Move a due look-up's time; True only for the one caller that found it due."""
    times = {"now": now, "next_look_at": look_at}
    return connection.execute(_CLAIM, {"delivery_id": delivery_id, **times}).rowcount == 1


def look_now(connection: Connection, channel: str | None, now: datetime) -> int:
    """Make the look-ups of all unsure deliveries (of a channel) due now."""
    due = update(delivery).where(UNSURE).values(look_at=now)
    return connection.execute(due if channel is None else due.where(delivery.c.channel == channel)).rowcount


def settle_look(connection: Connection, doubt: Doubt, conclusion: Conclusion, now: datetime) -> bool:
    """Write what a look-up found; False, and nothing written, if the doubt is not what it was."""
    if conclusion.state is State.SENT and conclusion.receipt is None:
        raise LedgerError(f"delivery {doubt.delivery_id} cannot be recorded as sent without a receipt")
    if not _still_stands(connection, doubt) or _is_taken(connection, doubt, conclusion):
        return False
    _write_look_up(connection, doubt.delivery_id, conclusion, now)
    if conclusion.receipt is not None:
        last = _last_attempt(connection, doubt.delivery_id)
        write_receipt(connection, doubt.delivery_id, last, conclusion.receipt, now)
    _conclude(connection, doubt.delivery_id, conclusion, now)
    return True


def _conclude(connection: Connection, delivery_id: int, conclusion: Conclusion, now: datetime) -> None:
    """Move the delivery, or write down when the next look is due."""
    columns: dict[str, Any] = {}
    if conclusion.asked_about:
        columns["asked_about"] = more_asked_about(connection, delivery_id, conclusion.asked_about)
    if conclusion.state is State.UNSURE:
        columns |= {"reason": conclusion.reason, **_next_look(conclusion)}
        connection.execute(update(delivery).where(delivery.c.id == delivery_id).values(columns))
        return
    if conclusion.state is State.PENDING:
        columns |= {"due_at": now, "resent": delivery.c.resent + 1}
    by, reason = signed_by_program(conclusion.reason, now), conclusion.reason
    move(connection, delivery_id, State.UNSURE, conclusion.state, by, reason=reason, columns=columns)


def taken_posts(connection: Connection, channel: str, post_ids: Collection[str]) -> frozenset[str]:
    """Return which of these posts of a channel are receipts already."""
    asked, taken = sorted(post_ids), set[str]()
    for start in range(0, len(asked), BATCH):
        batch = asked[start : start + BATCH]
        taken.update(connection.scalars(_TAKEN, {"channel": channel, "post_ids": batch}))
    return frozenset(taken)


def waiting_posts(connection: Connection, channel: str, but: int) -> tuple[Post, ...]:
    """Read the posts of a channel's deliveries that have no receipt yet and may get one, but for one."""
    texts = connection.scalars(_WAITING_POSTS, {"channel": channel, "but": but})
    return tuple(post for text in texts if (post := post_of(text)) is not None)


def subject_of(connection: Connection, delivery_id: int) -> Subject:
    """Read what a delivery's post announces; its link only where that is an alias of the aid: its own."""
    row = connection.execute(_ANNOUNCED, {"delivery_id": delivery_id}).one()
    mine = {"aid_id": row.id, "link": link_alias(row.link) if row.link else None}
    owned = mine["link"] and connection.scalar(_OWNED, mine)
    return Subject(
        title=row.title,
        link=row.link if owned else None,
        dated_at=min(row.published_at or row.first_seen_at, row.first_seen_at),
    )


def read_look_ups(connection: Connection, delivery_id: int) -> tuple[LookUp, ...]:
    """List a delivery's look-ups, oldest first."""
    wanted = select(look_up).where(look_up.c.delivery_id == delivery_id).order_by(look_up.c.id)
    return tuple(look_up_of(row) for row in connection.execute(wanted))


def count_reads(connection: Connection) -> dict[str, int]:
    """Add up the posts that look-ups have read, by channel; reads every look-up there is."""
    wanted = (
        select(delivery.c.channel, func.sum(look_up.c.read))
        .join_from(look_up, delivery, look_up.c.delivery_id == delivery.c.id)
        .where(look_up.c.read > 0)
        .group_by(delivery.c.channel)
    )
    return {channel: int(total) for channel, total in connection.execute(wanted)}


def _still_stands(connection: Connection, doubt: Doubt) -> bool:
    """Lock the delivery, then see whether it reads as it did."""
    mine = {"delivery_id": doubt.delivery_id}
    connection.execute(_LOCK, mine)
    row = connection.execute(_DOUBT, mine).first()
    return row is not None and doubt_of(row) == doubt


def _is_taken(connection: Connection, doubt: Doubt, conclusion: Conclusion) -> bool:
    """Return whether the post found is another's; conclusions of one channel that name a post take turns."""
    if conclusion.receipt is None:
        return False
    mine = select(channel.c.name).where(channel.c.name == doubt.channel)
    connection.execute(mine.with_for_update(key_share=True))
    return bool(taken_posts(connection, doubt.channel, [conclusion.receipt.post_id]))


def _write_look_up(connection: Connection, delivery_id: int, conclusion: Conclusion, now: datetime) -> None:
    values = {
        "delivery_id": delivery_id,
        "looked_at": now,
        "found": conclusion.found,
        "read": conclusion.read,
        "reason": conclusion.reason,
    }
    connection.execute(insert(look_up), values)


def _last_attempt(connection: Connection, delivery_id: int) -> int | None:
    last: int | None = connection.scalar(
        select(func.max(attempt.c.id)).where(attempt.c.delivery_id == delivery_id)
    )
    return last


def _next_look(conclusion: Conclusion) -> dict[str, Any]:
    failed = delivery.c.failed_looks + 1 if conclusion.found is None else 0
    return {"look_at": conclusion.look_at, "absent_at": conclusion.absent_at, "failed_looks": failed}
