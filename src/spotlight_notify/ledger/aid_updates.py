"""What a source says of a known aid: other words, another date, another's names, or nothing any more.

A question about what is gone is put once for every time that an aid disappears: a delivery keeps it beside
the live posts that people were asked about. When the aid comes back what nobody has answered goes on.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    union,
    update,
)

from spotlight_notify.ledger.history import record_all, signed_by_policy
from spotlight_notify.ledger.queries import BATCH
from spotlight_notify.ledger.rows import asked_about_of, images_of, images_text, themes_in, themes_text
from spotlight_notify.ledger.schema import PENDING, aid, alias, delivery
from spotlight_notify.ledger.transitions import more_asked_about, move
from spotlight_notify.model.aids import CORRECTION, FORMER, ON_DEMAND, SUCCESSOR, Aid, themes_of, with_known
from spotlight_notify.model.records.standing import KnownAid
from spotlight_notify.model.states import OPEN, WAITING
from spotlight_notify.model.words import Cause, State
from spotlight_notify.rules.planning import why_waits
from spotlight_notify.text.names import unique_names
from spotlight_notify.text.times import utc_minute

_carrying, _order = delivery.alias("carrying"), aid.alias("ordered")
_MAY_TELL = (
    select(_order.c.id, _order.c.theme, _order.c.other_themes)
    .join_from(_carrying, _order, _order.c.id == _carrying.c.aid_id)
    .where(_carrying.c.state.in_(OPEN), delivery.c.aid_id == bindparam("aid_id"))
)
_ORDERS = union(
    _MAY_TELL.join(delivery, delivery.c.digest_id == _carrying.c.id).where(delivery.c.cause == Cause.DIGEST),
    _MAY_TELL.join(
        delivery, _order.c.key.like(literal(f"{CORRECTION}:") + cast(delivery.c.id, Text) + literal(":%"))
    ).where(_order.c.source == ON_DEMAND),
    _MAY_TELL.join(
        delivery,
        _order.c.key.like(literal(f"{SUCCESSOR}:") + cast(delivery.c.aid_id, Text) + literal(":%")),
    ).where(_order.c.source == ON_DEMAND),
)
"""The aids made for orders that may still go: an aid's digests, and its posts' corrections and successors."""

_DIGESTS = (
    select(_carrying.c.id, _carrying.c.aid_id)
    .join(delivery, delivery.c.digest_id == _carrying.c.id)
    .where(delivery.c.aid_id == bindparam("aid_id"), delivery.c.cause == Cause.DIGEST)
    .where(_carrying.c.state.in_(OPEN))
)
_ENDS = (
    select(func.min(aid.c.event_at).label("event_at"), func.min(aid.c.expires_at).label("expires_at"))
    .join_from(delivery, aid, aid.c.id == delivery.c.aid_id)
    .where(delivery.c.digest_id == bindparam("digest_id"), delivery.c.cause == Cause.DIGEST)
)


def refresh(connection: Connection, aid_id: int, aid_now: Aid) -> None:
    """Keep a known aid's present words and what is known of its pictures; planned posts stay.

    While one of them may still go the themes that it was planned with stay too, so that a hold on them holds.
    """
    columns = (aid.c.images, aid.c.theme, aid.c.other_themes, aid.c.event_at, aid.c.expires_at)
    held = connection.execute(select(*columns).where(aid.c.id == aid_id)).first()
    if held is None:
        return
    known = {image.url: image for image in images_of(held.images)}
    images = tuple(with_known(image, known.get(image.url)) for image in aid_now.images)
    former = themes_of(held.theme, themes_in(held.other_themes)) if _may_go(connection, aid_id) else ()
    others = tuple(each for each in unique_names((*aid_now.themes, *former)) if each != aid_now.theme)
    words = words_of(replace(aid_now, images=images, other_themes=others))
    connection.execute(update(aid).where(aid.c.id == aid_id).values(words))
    _widen_orders(connection, aid_id, aid_now.themes)
    if (held.event_at, held.expires_at) != (aid_now.event_at, aid_now.expires_at):
        _end_digests(connection, aid_id)


def share_themes(connection: Connection, aid_id: int, themes: Sequence[str]) -> None:
    """Add themes to a known aid's own, which come first, and to those of the orders that tell of it."""
    held = connection.execute(select(aid.c.theme, aid.c.other_themes).where(aid.c.id == aid_id)).one()
    every = unique_names((held.theme or "", *themes_in(held.other_themes), *themes))
    others = themes_text(every[1:] if held.theme else every)
    connection.execute(update(aid).where(aid.c.id == aid_id).values(other_themes=others))
    _widen_orders(connection, aid_id, themes)


def _widen_orders(connection: Connection, aid_id: int, themes: Iterable[str]) -> None:
    """Add an aid's themes to the digests that tell of it and to its corrections: what holds it holds them."""
    for row in connection.execute(_ORDERS, {"aid_id": aid_id}).all():
        others = unique_names([row.theme or "", *themes_in(row.other_themes), *themes])[1:]
        if others != themes_in(row.other_themes):
            words = {"other_themes": themes_text(others)}
            connection.execute(update(aid).where(aid.c.id == row.id).values(words))


def _end_digests(connection: Connection, aid_id: int) -> None:
    """Let the digests that may still go and tell of an aid be over as soon as one of their aids is."""
    for row in connection.execute(_DIGESTS, {"aid_id": aid_id}).all():
        ends = connection.execute(_ENDS, {"digest_id": row.id}).one()
        connection.execute(update(aid).where(aid.c.id == row.aid_id).values(ends._asdict()))


def _may_go(connection: Connection, aid_id: int) -> bool:
    is_open = (delivery.c.aid_id == aid_id, delivery.c.state.in_(OPEN))
    return connection.scalar(select(delivery.c.id).where(*is_open).limit(1)) is not None


def redate(
    connection: Connection,
    aid_id: int,
    old: datetime | None,
    new: datetime,
    now: datetime,
    settled_at: datetime,
) -> None:
    """Move what waits for its aid's own date, as its source changed that: never into the past."""
    if new == old or max(new, old or new) <= now:
        return
    moving = delivery.c.due_at == old
    if old is None or old <= now:
        ours = or_(delivery.c.due_at <= settled_at, delivery.c.tries > 0)
        moving = and_(ours, delivery.c.any_hour.is_(False), delivery.c.due_at < new)
    waiting = (delivery.c.aid_id == aid_id, delivery.c.state.in_(WAITING), moving)
    reason = why_waits(new) if new > now else None
    told = case((delivery.c.state == State.PENDING, reason), else_=delivery.c.reason)
    moved = update(delivery).where(*waiting).values(due_at=max(new, settled_at), reason=told)
    ids = connection.scalars(moved.returning(delivery.c.id)).all()
    if ids:
        by = signed_by_policy(f"its source dates it {utc_minute(new)}", now)
        record_all(connection, ids, by, "moved")


def give_up_names(connection: Connection, known: KnownAid, shown: Aid) -> tuple[str, ...]:
    """Leave a known aid a key that nothing at its source has; returns the names that are ``shown``'s now.

    A link that the other aid does not have stays its own: rows may have moved on by one number.
    """
    former = {"source": known.aid.source, "alias": f"{FORMER}:{known.id}:{known.aid.key}", "aid_id": known.id}
    mine = (alias.c.source == known.aid.source, alias.c.aid_id == known.id)
    its_own = or_(alias.c.alias.not_like("link:%"), alias.c.alias.in_(shown.aliases))
    taken = connection.scalars(delete(alias).where(*mine, its_own).returning(alias.c.alias)).all()
    connection.execute(update(aid).where(aid.c.id == known.id).values(key=former["alias"]))
    connection.execute(insert(alias).values(former))
    return tuple(sorted(taken))


def words_of(said: Aid) -> dict[str, Any]:
    """Return the columns that hold what a source says of an aid."""
    return {
        "title": said.title,
        "link": said.link,
        "summary": said.summary,
        "short": said.short,
        "language": said.language,
        "file_size": said.file_size,
        "kind": said.kind,
        "theme": said.theme,
        "other_themes": themes_text(said.other_themes),
        "categories": themes_text(said.categories),
        "access": said.access,
        "images": images_text(said.images),
        "published_at": said.published_at,
        "updated_at": said.updated_at,
        "event_at": said.event_at,
        "event_found": said.event_found,
        "expires_at": said.expires_at,
    }


_ASKED = and_(delivery.c.state == State.PROPOSED, delivery.c.cause == Cause.GONE)


def miss(connection: Connection, source: str, keys: Sequence[str], now: datetime) -> None:
    """Take down that these aids of a source are gone, and ask about what waits of those that were not yet."""
    missed: list[int] = []
    for start in range(0, len(keys), BATCH):
        mine = (aid.c.source == source, aid.c.key.in_(keys[start : start + BATCH]), aid.c.gone_at.is_(None))
        missed += connection.scalars(update(aid).where(*mine).values(gone_at=now).returning(aid.c.id))
    for aid_id in sorted(missed):
        ask_if_gone(connection, _telling(connection, aid_id, PENDING), now)


def meet(connection: Connection, aid_id: int, now: datetime) -> None:
    """Take down that an aid is there again, and let go on what nobody has answered meanwhile."""
    connection.execute(update(aid).where(aid.c.id == aid_id).values(gone_at=None))
    asked = _telling(connection, aid_id, _ASKED)
    lacking = {row.telling for row in _gone_of(connection, asked)}
    for delivery_id in asked:
        if delivery_id not in lacking:
            _let_go_on(connection, delivery_id, now)


def ask_if_gone(connection: Connection, ids: Sequence[int], now: datetime) -> set[int]:
    """Propose those of these pending deliveries that tell of an aid which is gone, unless that was asked.

    What was ordered since it was gone is not asked about. Returns those that are.
    """
    lacks = groupby(sorted(_gone_of(connection, ids), key=_whole_of), key=_whole_of)
    return {each for each, rows in lacks if _ask(connection, each, list(rows), now)}


def _ask(connection: Connection, delivery_id: int, lacking: Sequence[Row[Any]], now: datetime) -> bool:
    """Ask about a delivery that tells of these gone aids, unless all of that was asked before."""
    asked = asked_about_of(lacking[0].asked_about)
    new = [row for row in lacking if row.created_at <= row.gone_at and _token(row) not in asked]
    if not new:
        return False
    since = utc_minute(new[0].gone_at)
    reason = f"{_named(new[0])} no longer there: its source has not shown it since {since}"
    tokens = more_asked_about(connection, delivery_id, [_token(row) for row in new])
    moved = move(
        connection,
        delivery_id,
        State.PENDING,
        State.PROPOSED,
        signed_by_policy(reason, now),
        reason=reason,
        cause=Cause.GONE,
        columns={"asked_about": tokens},
    )
    return bool(moved)


def _token(row: Row[Any]) -> str:
    return f"gone:{row.id}:{row.gone_at:%Y-%m-%dT%H:%M:%S}"


def _whole_of(row: Row[Any]) -> int:
    return int(row.telling)


def _telling(connection: Connection, aid_id: int, fits: ColumnElement[bool]) -> list[int]:
    """List the deliveries that tell of an aid, itself, as its successor or as a digest, and that fit."""
    digests = select(delivery.c.digest_id).where(
        delivery.c.aid_id == aid_id, delivery.c.digest_id.is_not(None)
    )
    named = (aid.c.source == ON_DEMAND, aid.c.key.like(f"{SUCCESSOR}:{aid_id}:%"))
    renewed = select(aid.c.id).where(*named)
    wanted = (
        delivery.c.aid_id == aid_id,
        delivery.c.aid_id.in_(renewed),
        delivery.c.id.in_(digests),
    )
    return sorted(
        {each for tells in wanted for each in connection.scalars(select(delivery.c.id).where(tells, fits))}
    )


def _gone_of(connection: Connection, ids: Sequence[int]) -> list[Row[Any]]:
    """Read which gone aids these deliveries (``telling``) tell of, themselves, as successor or as digest."""
    found: list[Row[Any]] = []
    for start in range(0, len(ids), BATCH):
        found += _gone_of_batch(connection, ids[start : start + BATCH])
    return found


def _gone_of_batch(connection: Connection, ids: Collection[int]) -> list[Row[Any]]:
    whole = delivery.alias("whole")
    columns = (aid.c.id, aid.c.title, aid.c.gone_at, whole.c.id.label("telling"))
    more = (whole.c.aid_id, whole.c.created_at, whole.c.asked_about)
    gone = (whole.c.id.in_(ids), aid.c.gone_at.is_not(None))
    own = select(*columns, *more).join_from(whole, aid, aid.c.id == whole.c.aid_id).where(*gone)
    parts = (
        select(*columns, *more)
        .join_from(whole, delivery, delivery.c.digest_id == whole.c.id)
        .join(aid, aid.c.id == delivery.c.aid_id)
        .where(*gone)
    )
    renewed = (
        select(*columns, *more)
        .join_from(whole, _order, _order.c.id == whole.c.aid_id)
        .join(aid, _order.c.key.like(literal(f"{SUCCESSOR}:") + cast(aid.c.id, Text) + literal(":%")))
        .where(_order.c.source == ON_DEMAND, *gone)
    )
    every: tuple[Select[Any], ...] = (own, renewed, parts)
    return [row for wanted in every for row in connection.execute(wanted.order_by(whole.c.id))]


def _named(row: Row[Any]) -> str:
    return "it is" if row.aid_id == row.id else f"“{row.title}”, of which it tells, is"


def _let_go_on(connection: Connection, delivery_id: int, now: datetime) -> None:
    columns = (delivery.c.due_at, aid.c.published_at)
    waits = select(*columns).join_from(delivery, aid, aid.c.id == delivery.c.aid_id)
    row = connection.execute(waits.where(delivery.c.id == delivery_id)).one()
    reason = why_waits(row.due_at) if row.due_at == row.published_at and row.due_at > now else None
    by = signed_by_policy("its source shows it again", now)
    asked = {"cause": Cause.GONE}
    move(connection, delivery_id, State.PROPOSED, State.PENDING, by, reason=reason, expected=asked)
