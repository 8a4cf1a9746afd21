"""Keep what a source says anew of a known aid: its words, its date, its names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, delete, insert, or_, select, update

from spotlight_notify.ledger import digests
from spotlight_notify.ledger.changes import record_rule
from spotlight_notify.ledger.moving import WAITING
from spotlight_notify.ledger.rows import images_of, images_text, themes_in, themes_text
from spotlight_notify.ledger.schema import aid, alias, delivery
from spotlight_notify.model.aids import FORMER, Aid, themes_of, with_known
from spotlight_notify.model.records.standing import KnownAid
from spotlight_notify.model.words import State
from spotlight_notify.rules.planning import why_waits
from spotlight_notify.text.names import unique_names
from spotlight_notify.text.times import utc_minute


def refresh(connection: Connection, aid_id: int, aid_now: Aid) -> None:
    """Keep a known aid's present words and what is known of its pictures; planned posts stay.

    While one of them waits the themes that it was planned with stay too, so that a hold on them holds.
    """
    columns = (aid.c.images, aid.c.theme, aid.c.other_themes)
    held = connection.execute(select(*columns).where(aid.c.id == aid_id)).first()
    if held is None:
        return
    known = {image.url: image for image in images_of(held.images)}
    images = tuple(with_known(image, known.get(image.url)) for image in aid_now.images)
    former = themes_of(held.theme, themes_in(held.other_themes)) if _waits(connection, aid_id) else ()
    others = tuple(each for each in unique_names((*aid_now.themes, *former)) if each != aid_now.theme)
    words = words_of(replace(aid_now, images=images, other_themes=others))
    connection.execute(update(aid).where(aid.c.id == aid_id).values(words))
    digests.widen_themes(connection, aid_id, aid_now.themes)


def share_themes(connection: Connection, aid_id: int, themes: Sequence[str]) -> None:
    """Add themes to a known aid's own, which come first, and to those of the digests that tell of it."""
    held = connection.execute(select(aid.c.theme, aid.c.other_themes).where(aid.c.id == aid_id)).one()
    every = unique_names((held.theme or "", *themes_in(held.other_themes), *themes))
    others = themes_text(every[1:] if held.theme else every)
    connection.execute(update(aid).where(aid.c.id == aid_id).values(other_themes=others))
    digests.widen_themes(connection, aid_id, themes)


def _waits(connection: Connection, aid_id: int) -> bool:
    waiting = (delivery.c.aid_id == aid_id, delivery.c.state.in_(WAITING))
    return connection.scalar(select(delivery.c.id).where(*waiting).limit(1)) is not None


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
    for each in connection.scalars(moved.returning(delivery.c.id)).all():
        record_rule(connection, each, "moved", f"its source dates it {utc_minute(new)}", now)


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
    """Give the columns that hold what a source says of an aid."""
    return {
        "title": said.title,
        "link": said.link,
        "summary": said.summary,
        "kind": said.kind,
        "theme": said.theme,
        "other_themes": themes_text(said.other_themes),
        "categories": themes_text(said.categories),
        "access": said.access,
        "images": images_text(said.images),
        "published_at": said.published_at,
        "updated_at": said.updated_at,
        "event_at": said.event_at,
        "expires_at": said.expires_at,
    }
