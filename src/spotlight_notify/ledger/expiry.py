"""Sift what is due on a channel: skip what is over, settle what is late, ask about what is gone.

An approval that has ended is asked for again.

All of it stands by itself, whether or not a claim comes of it. What is not due yet is left alone.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, not_, or_, select

from spotlight_notify.ledger import approvals
from spotlight_notify.ledger.gone_aids import ask_if_gone
from spotlight_notify.ledger.history import signed_by_policy
from spotlight_notify.ledger.outbox import LATELY, PENDINGS, read_slots, waiting_of
from spotlight_notify.ledger.queries import IS_WRITTEN, known_aids
from spotlight_notify.ledger.rows import asked_about_of, asked_about_text, post_of
from spotlight_notify.ledger.schema import IN_FORCE, aid, approval, attempt, delivery
from spotlight_notify.ledger.transitions import LATER, more_asked_about, move
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.schedule import AS_IT_IS, LateOne, LatePolicy, Posted, Tempo, Waiting, WhatIf
from spotlight_notify.model.words import Cause, State
from spotlight_notify.rules.planning import why_over
from spotlight_notify.rules.schedule.queue import forecast, late_deliveries
from spotlight_notify.text.times import utc_minute
from spotlight_notify.text.titles import is_cancelled_title

LATE_STATES = {LatePolicy.SKIP: State.SKIPPED, LatePolicy.ASK: State.PROPOSED}
"""What a late delivery becomes; by the third policy it stays as it is."""

_NOW: BindParameter[datetime] = bindparam("now")
_IS_TRIED = select(attempt.c.id).where(attempt.c.delivery_id == delivery.c.id).exists()
_IS_OURS = and_(not_(IS_WRITTEN), approval.c.id.is_(None))
_TOLD = (
    or_(aid.c.event_at <= _NOW, aid.c.expires_at <= _NOW).label("over"),
    (approval.c.until_at <= _NOW).label("lapsed"),
    # a digest may tell of what is gone
    or_(aid.c.gone_at.is_not(None), aid.c.source == ON_DEMAND).label("may_lack"),
    # its aid got another title as it went out
    and_(delivery.c.post_title != aid.c.title, _IS_TRIED).label("is_behind"),
    # no person wrote or approved the post
    _IS_OURS.label("is_ours"),
)
_RETITLED = (
    select(delivery.c.post_title, aid.c.title)
    .join_from(delivery, aid, aid.c.id == delivery.c.aid_id)
    .where(delivery.c.digest_id == bindparam("digest_id"), delivery.c.post_title != aid.c.title)
    .order_by(delivery.c.id)
)
_DUE: Select[Any] = (
    PENDINGS.add_columns(
        *_TOLD,
        and_(_IS_TRIED, aid.c.source == ON_DEMAND).label("may_be_behind"),
        delivery.c.post_title,
        aid.c.title,
        delivery.c.asked_about,
    )
    .outerjoin(approval, and_(approval.c.delivery_id == delivery.c.id, IN_FORCE))
    .where(
        delivery.c.channel == bindparam("channel"),
        delivery.c.due_at <= _NOW,
        delivery.c.campaign.in_(bindparam("campaigns", expanding=True)),
    )
)


def sift(connection: Connection, name: str, tempo: Tempo, now: datetime) -> tuple[Waiting, ...]:
    """Return what is left of the deliveries that are due, of the tempo's campaigns."""
    rows = _due(connection, name, tempo, now)
    gone = _skip_over(connection, [row.id for row in rows if row.over], now)
    waiting = [waiting_of(row) for row in rows if row.id not in gone]
    gone |= _settle_late(connection, name, waiting, tempo, now)
    gone |= ask_if_gone(connection, [row.id for row in rows if row.may_lack and row.id not in gone], now)
    gone |= _ask_about_changes(connection, [row for row in rows if row.id not in gone], now)
    tried = [row for row in rows if row.may_be_behind and row.id not in gone]
    gone |= {row.id for row in tried if _ask_about_parts(connection, row, now)}
    gone |= _ask_again(connection, [row.id for row in rows if row.lapsed and row.id not in gone], now)
    return tuple(one for one in waiting if one.id not in gone)


def read_late(
    connection: Connection, channel: str, tempo: Tempo, now: datetime, what_if: WhatIf = AS_IT_IS
) -> tuple[LateOne, ...]:
    """Return what the next claim would skip or propose as late; writes nothing."""
    rows = _due(connection, channel, tempo, now)
    waiting = what_if.applied_to(waiting_of(row) for row in rows if not row.over)
    return _late(connection, channel, [one for one in waiting if one.due_at <= now], tempo, now)


def _due(connection: Connection, name: str, tempo: Tempo, now: datetime) -> Sequence[Any]:
    """Read what waits, and let the database tell what is over, and whose approval has come to its end."""
    return connection.execute(_DUE, {"channel": name, "now": now, "campaigns": list(tempo.paces)}).all()


def _ask_about_changes(connection: Connection, rows: Iterable[Any], now: datetime) -> set[int]:
    """Propose, once for each change, what a poll could not rewrite or ask about since it was on its way."""
    asked: set[int] = set()
    for row in rows:
        put = asked_about_of(row.asked_about)
        kept = {token for token in put if token.startswith(LATER)}
        told = [token.removeprefix(LATER) for token in sorted(kept)]
        is_behind = _is_behind(row) and (title := f"title:{row.title}") not in put
        if is_behind:
            told.append(f"its aid was changed at its source: title “{row.post_title}” is now “{row.title}”")
        if told:
            tokens = asked_about_text((put - kept) | ({title} if is_behind else set()))
            _propose(connection, row.id, tokens, "; ".join(told), now)
            asked.add(row.id)
    return asked


def _is_behind(row: Any) -> bool:
    """Return whether another title than the aid's now was announced, which a person must see first.

    A person's own words outlast a new title, unless that calls the aid off.
    """
    return row.is_behind and (row.is_ours or is_cancelled_title(row.title))


def _ask_about_parts(connection: Connection, row: Any, now: datetime) -> bool:
    """Propose, once for each new title, a digest of whose aids one was changed while it was on its way."""
    asked = asked_about_of(row.asked_about)
    post = post_of(connection.scalar(select(delivery.c.post).where(delivery.c.id == row.id)))
    for part in connection.execute(_RETITLED, {"digest_id": row.id}):
        token = f"title:{part.title}"
        if token not in asked and post and part.title not in post.text:
            reason = (
                f"it tells of an aid that was changed at its source: title “{part.post_title}” is now"
                f" “{part.title}”"
            )
            _propose(connection, row.id, more_asked_about(connection, row.id, [token]), reason, now)
            return True
    return False


def _propose(connection: Connection, delivery_id: int, tokens: str, reason: str, now: datetime) -> None:
    """Ask a person about a change; ``tokens``: what was asked from now on."""
    move(
        connection,
        delivery_id,
        State.PENDING,
        State.PROPOSED,
        signed_by_policy(reason, now),
        reason=reason,
        cause=Cause.CHANGED,
        columns={"asked_about": tokens},
    )


def _skip_over(connection: Connection, over: Collection[int], now: datetime) -> set[int]:
    for delivery_id in over:
        mine = select(delivery.c.aid_id).where(delivery.c.id == delivery_id).scalar_subquery()
        (known,) = known_aids(connection, select(aid).where(aid.c.id == mine))
        reason = why_over(known.aid, now) or ""
        by = signed_by_policy(reason, now)
        move(connection, delivery_id, State.PENDING, State.SKIPPED, by, reason=reason, cause=Cause.OVER)
    return set(over)


def _settle_late(
    connection: Connection, name: str, waiting: Sequence[Waiting], tempo: Tempo, now: datetime
) -> set[int]:
    """Skip or propose what is late, as its campaign wants, and keep the slot it missed."""
    found = _late(connection, name, waiting, tempo, now)
    campaigns = {one.id: one.campaign for one in waiting}
    for one in found:
        state = LATE_STATES[tempo.paces[campaigns[one.id]].late.policy]
        reason, columns = _told(one), {"missed_at": one.slot}
        by = signed_by_policy(reason, now)
        move(connection, one.id, State.PENDING, state, by, reason=reason, cause=Cause.LATE, columns=columns)
    return {one.id for one in found}


def _late(
    connection: Connection, name: str, waiting: Sequence[Waiting], tempo: Tempo, now: datetime
) -> tuple[LateOne, ...]:
    """Find what is late where its campaign's policy stops it."""
    if not _may_be_late(waiting, tempo, now):
        return ()
    stopped = {one.id for one in waiting if tempo.paces[one.campaign].late.policy in LATE_STATES}
    slots = _slots_around(connection, name, waiting, tempo)
    found = late_deliveries(waiting, tempo.paces, tempo.channel, slots, now)
    return tuple(one for one in found if one.id in stopped)


def _may_be_late(waiting: Iterable[Waiting], tempo: Tempo, now: datetime) -> bool:
    """Return whether anything has been due for as long as makes it late, where that matters."""
    bounds = {
        campaign: now - pace.late.after
        for campaign, pace in tempo.paces.items()
        if pace.late.policy in LATE_STATES
    }
    return any(one.campaign in bounds and one.due_at < bounds[one.campaign] for one in waiting)


def missed_slot(
    connection: Connection, name: str, one: Waiting, tempo: Tempo, now: datetime
) -> datetime | None:
    """Return when a delivery that goes now could have gone; None if not before now, or if it does not matter.

    It matters whatever its own campaign's policy: another campaign's delivery behind it had no room there.
    """
    matters = any(pace.late.policy in LATE_STATES for pace in tempo.paces.values())
    if not matters or one.due_at >= now:
        return None
    slots = _slots_around(connection, name, [one], tempo)
    slot = forecast([one], tempo.paces, tempo.channel, slots, one.due_at).goes_at[one.id]
    return slot if slot is not None and slot < now else None


def _slots_around(
    connection: Connection, name: str, waiting: Sequence[Waiting], tempo: Tempo
) -> tuple[Posted, ...]:
    """Read the slots that were taken since the oldest of these was due, and those that bear on its own."""
    reach = max(LATELY, tempo.channel.gap, *(pace.campaign.gap for pace in tempo.paces.values()))
    since = min(one.due_at for one in waiting) - reach
    return read_slots(connection, name, since, {one.campaign for one in waiting})


def _ask_again(connection: Connection, lapsed: Iterable[int], now: datetime) -> set[int]:
    """Propose again what was approved until now; whether a post was changed is seen when its turn comes."""
    return {each for each in lapsed if approvals.propose_if_unfit(connection, each, now)}


def _told(late: LateOne) -> str:
    return f"it is late: it could have gone at {utc_minute(late.slot)}, and did not"
