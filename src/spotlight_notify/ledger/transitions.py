"""The one door for a delivery that changes its state: checked, compared, and put on record.

Nothing else updates ``delivery.state``. What a move means for others is done in here, too: a digest's for its
aids, and for the same link at another source, where an announcement of it is left out.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select, update

from spotlight_notify.ledger.columns import word
from spotlight_notify.ledger.history import record_all, signed_by_policy
from spotlight_notify.ledger.queries import BATCH, read_delivery
from spotlight_notify.ledger.rows import asked_about_of, asked_about_text
from spotlight_notify.ledger.schema import aid, alias, attempt, delivery, draft, receipt
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.orders import Signature
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.states import ABANDONED, UNDER_WAY, is_move
from spotlight_notify.model.words import Cause, Outcome, State

NOTHING: Mapping[str, Any] = MappingProxyType({})

NO_CLAIM: Mapping[str, Any] = MappingProxyType({"claimant": None, "epoch": None, "leased_until_at": None})
"""The columns of a delivery that is not on its way."""

DOUBTFUL: ColumnElement[bool] = or_(
    attempt.c.outcome == word(Outcome.UNKNOWN), attempt.c.outcome == word(Outcome.STRANDED)
)
"""Attempts that ended without saying whether the post is public."""

_LOCK = select(delivery.c.state).where(delivery.c.id == bindparam("delivery_id")).with_for_update()
_MEMBERS = (
    select(delivery.c.id, delivery.c.digest_id)
    .where(
        delivery.c.digest_id.in_(bindparam("digests", expanding=True)),
        delivery.c.state == bindparam("was"),
        delivery.c.cause == Cause.DIGEST,
    )
    .order_by(delivery.c.id)
    .with_for_update()
)
LATER = "later:"
"""How what ``asked_about`` keeps begins if it is a question still to be put, when its delivery goes again."""

LEFT_OUT = (Cause.FILTERED, Cause.OVER, Cause.TOO_OLD)
"""Why one source's aid is skipped, when another source may say otherwise of the same link."""

_lost, _told, _shown = delivery.alias("lost"), alias.alias("told"), alias.alias("shown")
_DUPLICATES = (
    select(delivery.c.id, _lost.c.id.label("lost"), _lost.c.reason)
    .distinct()
    .join_from(_lost, _told, and_(_told.c.aid_id == _lost.c.aid_id, _told.c.alias.like("link:%")))
    .join(_shown, and_(_shown.c.alias == _told.c.alias, _shown.c.source != _told.c.source))
    .join(delivery, delivery.c.aid_id == _shown.c.aid_id)
    .join(aid, aid.c.id == delivery.c.aid_id)
    .where(_lost.c.id.in_(bindparam("lost", expanding=True)))
    .where(delivery.c.campaign == _lost.c.campaign, delivery.c.channel == _lost.c.channel)
    .where(delivery.c.state == State.SKIPPED, delivery.c.cause == Cause.DUPLICATE, aid.c.gone_at.is_(None))
    .where(*(or_(end.is_(None), end > bindparam("now")) for end in (aid.c.event_at, aid.c.expires_at)))
    .order_by(delivery.c.id)
)
_HERE = select(delivery.c.channel).where(delivery.c.id == bindparam("delivery_id")).scalar_subquery()
_DRAFT_OF = delete(draft).where(draft.c.channel == _HERE, draft.c.post_id == bindparam("post_id"))


def move(
    connection: Connection,
    ids: int | Collection[int],
    was: State,
    to: State,
    by: Signature,
    *,
    reason: str | None,
    cause: Cause | None = None,
    columns: Mapping[str, Any] = NOTHING,
    expected: Mapping[str, Any] = NOTHING,
    action: str | None = None,
    detail: str | None = None,
) -> tuple[int, ...]:
    """Bring deliveries from one state to another and write that to the history; return which, ascending.

    One that is no longer in the state that it ``was`` in, or whose columns are not as ``expected``, stays as
    it is. LedgerError, and nothing written, for a move that is not in ``MOVES``. ``reason``: the delivery's
    own from now on. ``cause``: likewise, but what is under way has none, and without one it keeps its own.
    ``columns``: what else is written on them. ``action``: how the history names the move, if it is not
    called by both states.
    """
    if not is_move(was, to):
        raise LedgerError(f"there is no move of a delivery from {was} to {to}")
    wanted = [ids] if isinstance(ids, int) else sorted(ids)
    values = {
        **_entering(to, by.at),
        "reason": reason,
        **({"cause": cause} if cause else {}),
        **columns,
        "state": to,
    }
    moved: list[int] = []
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        moved += _write(connection, batch, was, values, expected)
    if moved:
        record_all(connection, moved, by, action or f"{was} -> {to}", detail)
        _follow(connection, moved, to, by.at)
        if to is State.SKIPPED and values.get("cause") in LEFT_OUT:
            _ask_about_duplicates(connection, moved, by.at)
    return tuple(sorted(moved))


def _write(
    connection: Connection,
    ids: Collection[int],
    was: State,
    values: Mapping[str, Any],
    expected: Mapping[str, Any],
) -> Collection[int]:
    """Compare and set, by statements that are built once for each set of columns expected."""
    statement = _compare_and_set(tuple(expected))
    computed = {name: value for name, value in values.items() if isinstance(value, ColumnElement)}
    if computed:
        statement = statement.values(computed)
    given = {name: value for name, value in values.items() if name not in computed}
    compared = {"ids": ids, "was": was} | {f"expected_{name}": value for name, value in expected.items()}
    return connection.scalars(statement, {**given, **compared}).all()


@cache
def _compare_and_set(expected: tuple[str, ...]) -> Any:
    """Return the statement that updates deliveries in one state; its parameters name what is set."""
    as_expected = (delivery.c[name] == bindparam(f"expected_{name}") for name in expected)
    mine = delivery.c.id.in_(bindparam("ids", expanding=True))
    chosen = (mine, delivery.c.state == bindparam("was"), *as_expected)
    return update(delivery).where(*chosen).returning(delivery.c.id)


def _entering(state: State, now: datetime) -> dict[str, Any]:
    """Return the columns of a delivery that enters a state; what turns unsure is looked for at once.

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
        **NO_CLAIM,
        **cause,
    }


def _follow(connection: Connection, moved: Collection[int], to: State, now: datetime) -> None:
    """Do with the aids of those moved that are digests what their move asks for.

    Where one goes nowhere a person is asked about each of its aids, so that none is lost; where it is known
    to be public, nobody need be.
    """
    if to in ABANDONED:
        free_members(connection, moved, "is given up", now)
    elif to is State.SENT:
        _move_members(connection, moved, State.PROPOSED, State.SKIPPED, "was sent", now)


def free_members(connection: Connection, digests: Collection[int], told: str, now: datetime) -> None:
    """Ask a person about each aid of these digests, which tell of it no more."""
    told = f"{told}: is it to go by itself?"
    _move_members(connection, digests, State.SKIPPED, State.PROPOSED, told, now)


def _move_members(
    connection: Connection, digests: Collection[int], was: State, to: State, told: str, now: datetime
) -> None:
    rows = connection.execute(_MEMBERS, {"digests": sorted(digests), "was": was}).all()
    for digest in sorted({row.digest_id for row in rows}):
        reason = f"the digest that tells of it, delivery {digest}, {told}"
        members = [row.id for row in rows if row.digest_id == digest]
        by = signed_by_policy(reason, now)
        move(connection, members, was, to, by, reason=reason, cause=Cause.DIGEST)


def _ask_about_duplicates(connection: Connection, lost: Collection[int], now: datetime) -> None:
    """Ask about what was skipped since these told of its link: its own source may not leave it out."""
    for row in connection.execute(_DUPLICATES, {"lost": sorted(lost), "now": now}).all():
        reason = f"delivery {row.lost}, which was to announce its link, is left out ({row.reason})"
        reason = f"{reason}: is this one to be announced?"
        by, skipped = signed_by_policy(reason, now), {"cause": Cause.DUPLICATE}
        move(connection, row.id, State.SKIPPED, State.PROPOSED, by, reason=reason, expected=skipped)


def lock_state(connection: Connection, delivery_id: int) -> State | None:
    """Lock a delivery's row and return its state; None if there is no such delivery."""
    state = connection.scalar(_LOCK, {"delivery_id": delivery_id})
    return None if state is None else State(state)


def lock_delivery(connection: Connection, delivery_id: int) -> Delivery:
    """Lock a delivery's row, then read it; UnknownName if there is none."""
    known = read_delivery(connection, delivery_id).id
    connection.execute(_LOCK, {"delivery_id": known})
    return read_delivery(connection, known)


def title_of(aid_id: Any) -> Any:
    """Return an aid's present title, as a column's value."""
    return select(aid.c.title).where(aid.c.id == aid_id).scalar_subquery()


def more_asked_about(connection: Connection, delivery_id: int, post_ids: Collection[str]) -> str:
    """Return the live posts that people were asked about for a delivery, and these, as a column's text."""
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
