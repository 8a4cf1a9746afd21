"""Tell when a source shows another aid under a known one's name, and ask which of the two it is."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from spotlight_notify.model.aids import FORMER, Aid, Look
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.changing import WAITING
from spotlight_notify.ports.book import Book
from spotlight_notify.text.links import link_alias
from spotlight_notify.text.titles import is_similar_title

DECIDED = (State.SENDING, State.SENT, State.UNSURE, State.FAILED, State.CANCELLED)
"""States of deliveries that cannot tell of another aid any more: they are public, or given up."""


def is_another(shown: Aid, known: Aid) -> bool:
    """Tell whether an aid has another title than it had, and another key, link or date too."""
    if is_similar_title(shown.title, known.title):
        return False
    links = [each and link_alias(each) for each in (shown.link, known.link)]
    moments = ((shown.published_at, known.published_at), (shown.event_at, known.event_at))
    has_other_key = shown.key not in (known.key, *known.aliases)
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
    """Name those of the aids that claim a known one which it is not."""
    owner = next((aid for aid in group if aid.key == known.key), None)
    rest = [aid for aid in group if aid is not owner]
    if owner and not is_another(owner, known):
        return rest
    alike = [aid for aid in rest if aid.title == known.title] or ([] if owner else rest)
    return [aid for aid in rest if aid not in alike[:1]]


def by_their_titles(aids: Collection[Aid], known: Mapping[str, KnownAid], book: Book) -> dict[str, KnownAid]:
    """Know those aids by title and link whose names are another's, which had the same link beside them.

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
    dates = {shown.published_at, known.published_at} - {None}
    same = shown.link is not None and (shown.title, shown.link) == (known.title, known.link)
    return same and len(dates) <= 1 and not known.key.startswith(f"{FORMER}:")


def left_behind(look: Look, known: Mapping[str, KnownAid], waiting: Collection[Aid]) -> frozenset[str]:
    """Name the waiting aids that are gone though their guid or link is there: it is another's alone."""
    shown = {each.aid.key for each in known.values()}
    names = {
        name
        for aid in look.aids
        if aid.key in known and (look.whole or any(each.startswith("row:") for each in aid.aliases))
        for name in aid.names
        if name.startswith(("link:", "guid:"))
    }
    return frozenset(aid.key for aid in waiting if aid.key not in shown and not names.isdisjoint(aid.names))


def may_go_yet(deliveries: Collection[Delivery], book: Book) -> bool:
    """Tell whether an aid waits, and is decided on nowhere, so that all of it can still go out changed."""
    waits = any(_state(one, book) in WAITING for one in deliveries)
    return waits and not decided_in(deliveries, book)


def decided_in(deliveries: Collection[Delivery], book: Book) -> bool:
    """Tell whether any of these deliveries is public, may be, or was given up."""
    return any(_state(one, book) in DECIDED for one in deliveries)


def replaced(book: Book, known: KnownAid, shown: Aid, now: datetime) -> KnownAid:
    """Record the aid that took a known one's place; a person is asked about what of that one waits still."""
    in_place = f"no longer there: its source shows “{shown.title}” in its place"
    for one in book.deliveries_of(known.id):
        told = one.digest_id if one.cause is Cause.DIGEST else None
        if one.state in WAITING:
            book.ask(one, Cause.GONE, f"it is {in_place}", now)
        elif told and (digest := book.delivery(told)).state in WAITING:
            book.ask(digest, Cause.GONE, f"“{known.aid.title}”, of which it tells, is {in_place}", now)
    return book.replace(known, shown, now)


def as_question(plan: Plan, former: KnownAid) -> Plan:
    """Have a person say whether an aid is new, where it would go out by itself."""
    reason = (
        f"its source shows it in the place of “{former.aid.title}”, aid {former.id}: "
        "is it another aid, or that one corrected?"
    )
    return replace(plan, state=State.PROPOSED, cause=Cause.REPLACED, reason=reason)


def _state(one: Delivery, book: Book) -> State:
    """Give the state of what tells of an aid: its delivery's, or its digest's."""
    if one.state is State.SKIPPED and one.cause is Cause.DIGEST and one.digest_id is not None:
        return book.delivery(one.digest_id).state
    return one.state
