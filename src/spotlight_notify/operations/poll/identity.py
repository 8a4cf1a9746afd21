"""Decide which of the aids that a look shows are known ones, by keys, links, titles and dates."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from spotlight_notify.model.aids import FORMER, Aid, Look
from spotlight_notify.model.records.standing import KnownAid
from spotlight_notify.ports.book import Book
from spotlight_notify.text.links import link_alias
from spotlight_notify.text.titles import is_similar_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What two aids have in common: the title; a link; the date, None where either has none."""

    title: bool
    link: bool
    date: bool | None


def compared(new: Aid, old: Aid) -> Match:
    """Compare two aids by what people would go by."""
    dates = new.published_at, old.published_at
    return Match(
        title=new.title == old.title,
        link=new.link is not None and new.link == old.link,
        date=None if None in dates else dates[0] == dates[1],
    )


def is_another(shown: Aid, known: Aid) -> bool:
    """Return whether an aid has another title than it had, and another key, link or date too."""
    if is_similar_title(shown.title, known.title):
        return False
    links = [each and link_alias(each) for each in (shown.link, known.link)]
    moments = ((shown.published_at, known.published_at), (shown.event_at, known.event_at))
    has_other_key = shown.key not in known.names
    return has_other_key or links[0] != links[1] or any(now and was and now != was for now, was in moments)


def one_each(aids: Collection[Aid], book: Book) -> dict[str, KnownAid]:
    """Find which aids of a look are known, by key; two of them are no one known aid.

    Several may claim one where a link that was its own is another's by now: a page for what is newest, or a
    slip that was put right. Then it is known by its key, or else by its title, and the others are new.
    """
    known = book.match(tuple(aids))
    claims: dict[int, list[Aid]] = {}
    for aid in aids:
        if aid.key in known:
            claims.setdefault(known[aid.key].id, []).append(aid)
    crowds = (group for group in claims.values() if len(group) > 1)
    others = [aid for group in crowds for aid in _others(group, known[group[0].key].aid)]
    if not others:
        return known
    by_key = book.match([replace(aid, aliases=()) for aid in others])
    dropped = {aid.key for aid in others}
    kept = {key: each for key, each in known.items() if key not in dropped}
    taken = {each.id for each in kept.values()}
    for key, owner in by_key.items():
        if owner.id not in taken or owner.id == known[key].id:
            kept[key] = owner
    return kept


def _others(group: Collection[Aid], known: Aid) -> list[Aid]:
    """Return those of the aids that claim a known one which they are not."""
    owner = next((aid for aid in group if aid.key == known.key), None)
    rest = [aid for aid in group if aid is not owner]
    if owner and not is_another(owner, known):
        return rest
    alike = [aid for aid in rest if aid.title == known.title] or ([] if owner else rest)
    return [aid for aid in rest if aid not in alike[:1]]


def by_their_titles(aids: Collection[Aid], known: Mapping[str, KnownAid], book: Book) -> dict[str, KnownAid]:
    """Return what is known, but by title and link for aids whose names are another's that had the same link.

    While several show one link it names none of them; it does again as soon as only one is left.
    """
    found = dict(known)
    odd = [aid for aid in aids if aid.title and aid.key in known and aid.title != known[aid.key].aid.title]
    taken = {each.id for each in known.values()}
    alike = book.namesakes([aid.title for aid in odd]) if odd else ()
    free = [each for each in alike if each.id not in taken]
    for aid in odd:
        own = (each for each in free if _has_title_and_link(aid, each.aid))
        found[aid.key] = next(own, known[aid.key])
    return found


def _has_title_and_link(shown: Aid, known: Aid) -> bool:
    match = compared(shown, known)
    same = match.title and match.link and match.date is not False
    return same and not known.key.startswith(f"{FORMER}:")


def left_behind(look: Look, known: Mapping[str, KnownAid], waiting: Collection[Aid]) -> frozenset[str]:
    """Return the waiting aids that are gone though their guid or link is there: it is another's alone."""
    shown = {each.aid.key for each in known.values()}
    names = {
        name
        for aid in look.aids
        if aid.key in known and (look.whole or any(each.startswith("row:") for each in aid.aliases))
        for name in aid.names
        if name.startswith(("link:", "guid:"))
    }
    return frozenset(aid.key for aid in waiting if aid.key not in shown and not names.isdisjoint(aid.names))


def namesakes(
    look: Look, known: Mapping[str, KnownAid], book: Book, changed: Collection[str] = ()
) -> dict[str, KnownAid]:
    """Find the known aids, gone from the source, whose titles and dates new ones bear; by the new ones' keys.

    Where one date is missing the links must be the same. Known ones that were ``changed`` count as new.
    """
    new = [aid for aid in look.aids if (aid.key not in known or aid.key in changed) and aid.title]
    if not (look.whole and new):
        return {}
    shown = {each.id for each in known.values()}
    gone = [each for each in book.namesakes([aid.title for aid in new]) if each.id not in shown]
    return {aid.key: each for aid in new for each in gone if _are_alike(aid, each.aid)}


def _are_alike(new: Aid, old: Aid) -> bool:
    match = compared(new, old)
    return match.title and (match.link if match.date is None else match.date)


def is_same(new: Aid, old: Aid) -> bool:
    """Return whether aids that are alike are surely one."""
    return new.published_at is not None and compared(new, old).link
