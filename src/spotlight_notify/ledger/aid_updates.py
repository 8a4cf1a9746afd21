"""What a source says of a known aid: other words, another date, another's names."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
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
from spotlight_notify.ledger.rows import images_of, images_text, themes_in, themes_text
from spotlight_notify.ledger.schema import aid, alias, delivery
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
