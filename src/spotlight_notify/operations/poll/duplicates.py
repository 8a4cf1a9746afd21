"""Find aids that may have been announced before, under another name, or that only slid into view.

New ones are searched, and known ones that were changed and could go out now.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.campaigns import Plan, other_place
from spotlight_notify.model.records.standing import Delivery, KnownAid, SourceStatus
from spotlight_notify.model.states import UNDER_WAY
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.identity import compared, namesakes
from spotlight_notify.ports.book import Book
from spotlight_notify.text.links import lead_to_other_places
from spotlight_notify.text.titles import is_similar_title

BEFORE = timedelta(days=1)
"""An aid dated less than this before the first look may have come just after it."""
LONG_BEFORE = timedelta(days=30)
"""An aid dated so long before the first look was surely there, if all that was shown is younger."""
MOST_LIKENED = 50
"""So many of the newest aids under a link have their titles compared word by word."""
FEW = 5
"""One in so many of what a source shows may be older still: sites pin old entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """The aid of the same link whose announcement, made or waiting, may be a new one's too.

    Or which was there at the first look, so that it was not to be announced.
    """

    named: str
    title: str
    is_same: bool
    is_told: bool = True

    def weigh(self, plan: Plan) -> Plan:
        """Skip a plan if the aids are surely one, else have a person asked."""
        if self.is_same:
            reason = f"its title, link and date are those of {self.named}, which is announced"
            return replace(plan, state=State.SKIPPED, cause=Cause.DUPLICATE, reason=reason)
        stands = "is announced" if self.is_told else "was there at the first look"
        reason = f"{self.named}, “{self.title}”, has its link and {stands}: is this another one?"
        return replace(plan, state=State.PROPOSED, cause=Cause.FOUND, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What speaks against aids being new, by the keys that a look shows them by (see what finds it)."""

    namesakes: Mapping[str, KnownAid]
    slid_in: Mapping[str, bool]
    passed_over: Collection[str]
    twins: Mapping[str, "Twin"]
    renumbered: Mapping[str, str]

    def weigh(self, plan: Plan, aid: Aid, *, by_date: bool = True) -> Plan:
        """Return a plan that would go out by itself: as it is, as a question to a person, or skipped.

        ``by_date``: whether its date may speak against it, too.
        """
        if not would_go(plan):
            return plan
        if namesake := self.namesakes.get(aid.key):
            reason = f"aid {namesake.id} had its title, and is gone from the source: is this another one?"
            return replace(plan, state=State.PROPOSED, cause=Cause.FOUND, reason=reason)
        if aid.key in self.renumbered:
            reason = self.renumbered[aid.key]
            return replace(plan, state=State.PROPOSED, cause=Cause.FOUND, reason=reason)
        if twin := self.twins.get(aid.key):
            return twin.weigh(plan)
        return self._dated(plan, aid) if by_date else plan

    def _dated(self, plan: Plan, aid: Aid) -> Plan:
        if aid.key in self.slid_in:
            before = "is before the first look and all else shown"
        elif aid.key in self.passed_over:
            before = "is before the last look at its source's former address, which did not show it"
        else:
            return plan
        reason = f"its date, {aid.published_at:%Y-%m-%d}, {before}"
        if self.slid_in.get(aid.key):
            return replace(plan, state=State.SKIPPED, cause=Cause.BASELINE, reason=reason)
        return replace(plan, state=State.PROPOSED, cause=Cause.DATE, reason=f"{reason}: is it new?")


def would_go(plan: Plan) -> bool:
    """Return whether a post goes out by itself, or as soon as a person says yes."""
    return plan.state is State.PENDING or plan.cause in (Cause.APPROVAL, Cause.REPLACED)


def doubts_in(
    look: Look,
    known: Mapping[str, KnownAid],
    changed: Collection[str],
    alike: Mapping[str, KnownAid],
    status: SourceStatus,
    book: Book,
) -> Doubts:
    """Return what speaks against a look's new aids, and those that were ``changed``, by their keys.

    ``alike``: the known ones whose titles new ones bear. Nobody goes unasked about what was changed.
    """
    settled = {key: each for key, each in known.items() if key not in changed}
    was_empty = not known and book.known_count() == 0
    slid = slid_in(look, settled, status.baseline_at, was_empty=was_empty)
    return Doubts(
        namesakes={**alike, **(namesakes(look, known, book, changed) if changed else {})},
        twins=twins(look, known, book, changed) if status.baseline_at else {},
        slid_in={key: is_old and key not in known for key, is_old in slid.items()},
        passed_over=passed_over(look, known, status),
        renumbered=renumbered(look, known, changed) if status.baseline_at else {},
    )


def asked_again(plan: Plan, aid: Aid, earlier: Delivery) -> Plan | None:
    """Return a plan as a question to a person, if what another source shows under its link asks for one.

    That is what a person rejected or cancelled, and what leads to another place on the same page.
    """
    told = f"“{earlier.aid_title}”, which source {earlier.source} shows under the same link"
    if earlier.state is State.CANCELLED:
        reason = f"{told}, was taken out by a person (delivery {earlier.id}): is this one to be announced?"
        return replace(plan, state=State.PROPOSED, cause=Cause.REJECTED, reason=reason)
    if earlier.post is None or not lead_to_other_places(aid.link, earlier.post.link):
        return None
    reason = (
        f"{told} but for the place on the page, is announced (delivery {earlier.id}): is this another one?"
    )
    asked = frozenset({other_place(earlier.id)})
    return replace(plan, state=State.PROPOSED, cause=Cause.FOUND, reason=reason, asked_about=asked)


def twins(
    look: Look, known: Mapping[str, KnownAid], book: Book, changed: Collection[str] = ()
) -> dict[str, Twin]:
    """Find those that new aids may be again, by the new ones' keys: known ones, or others of the look.

    Under one link the same title counts, and one that is like it, of an aid that is not shown beside it.
    """
    sought = [aid for aid in look.aids if aid.key not in known or aid.key in changed]
    new = [aid for aid in sought if aid.title and aid.link]
    shown = {each.id for each in known.values()}
    there = book.linked([aid.link for aid in new if aid.link]) if new else ()
    gone = [each for each in there if each.id not in shown][-MOST_LIKENED:]
    found: dict[str, Twin] = {}
    for at, aid in enumerate(new):
        own_id = known[aid.key].id if aid.key in known else None
        alike = [each for each in there if _has_title(aid, each.aid) and each.id != own_id]
        alike += [each for each in gone if _is_corrected(aid, each.aid)]
        told = next((each for each in alike if _is_told(each, book)), None)
        if told:
            found[aid.key] = _twin(f"aid {told.id}", told.aid, aid)
            continue
        if first := next((each for each in alike if _was_there(aid, each)), None):
            twin = _twin(f"aid {first.id}", first.aid, aid)
            found[aid.key] = replace(twin, is_same=False, is_told=False)
            continue
        beside = (each for each in new[:at] if each.key not in known and _has_title(aid, each))
        if other := next(beside, None):
            found[aid.key] = _twin("another one beside it", other, aid)
    return {key: replace(each, is_same=each.is_same and key not in known) for key, each in found.items()}


def _twin(named: str, old: Aid, new: Aid) -> Twin:
    match = compared(new, old)
    return Twin(named=named, title=old.title, is_same=match.title and match.date is True)


def _has_title(new: Aid, old: Aid) -> bool:
    match = compared(new, old)
    return match.title and match.link


def _is_corrected(new: Aid, old: Aid) -> bool:
    """Return whether one may be the other with its title corrected: dates must be the same, or missing."""
    same_date = new.published_at == old.published_at
    return same_date and compared(new, old).link and is_similar_title(new.title, old.title)


def _was_there(new: Aid, known: KnownAid) -> bool:
    """Return whether an aid of the first look bears a new one's title, and no other date."""
    match = compared(new, known.aid)
    return known.baseline and match.title and match.date is not False


def _is_told(known: KnownAid, book: Book) -> bool:
    """Return whether any announcement of an aid was made, or is sure to come."""
    return any(
        one.state in UNDER_WAY or (one.state, one.cause) == (State.SKIPPED, Cause.DIGEST)
        for one in book.deliveries_of(known.id)
    )


def renumbered(look: Look, known: Mapping[str, KnownAid], changed: Collection[str]) -> dict[str, str]:
    """Find aids that bear the title of a known one whose key shows another in this look; tell why to ask.

    So it is where positions serve as keys. Link or date must be that one's too. If that one is among the
    ``changed``, it is asked about as well.
    """
    retitled = [aid for aid in look.aids if aid.key in known and aid.title != known[aid.key].aid.title]
    left = {known[aid.key].aid.title: aid.key for aid in retitled if known[aid.key].aid.title}
    found: dict[str, str] = {}
    for aid in (each for each in look.aids if each.key not in known or each in retitled):
        key = left.get(aid.title)
        if key is None or not _takes_place(aid, known[key].aid):
            continue
        found[aid.key] = f"aid {known[key].id} had its title, and shows another now: is this another one?"
        if key in changed:
            told = f"“{aid.title}”, which was its title, is shown under another key: is it to be announced?"
            found.setdefault(key, told)
    return found


def _takes_place(shown: Aid, known: Aid) -> bool:
    match = compared(shown, known)
    return match.title and (match.link or match.date is True)


def slid_in(
    look: Look, known: Mapping[str, KnownAid], baseline_at: datetime | None, *, was_empty: bool
) -> dict[str, bool]:
    """Find new aids that are older than what else is shown, and than the first look, by key.

    They came into a feed's window as another entry left it, or, long before, to a source that ``was_empty``
    so far, as one is whose site was being moved. True: so old that nobody needs to be asked.
    """
    beside = [aid.published_at for aid in look.aids if aid.key in known and aid.published_at]
    first = was_empty or any(each.baseline for each in known.values())
    if baseline_at is None or not (look.whole and first):
        return {}
    least = LONG_BEFORE if was_empty else BEFORE
    return {
        aid.key: aid.published_at < baseline_at - LONG_BEFORE and not was_empty
        for aid in look.aids
        if aid.key not in known and aid.published_at and aid.published_at < baseline_at - least
        if was_empty or sum(at <= aid.published_at for at in beside) * FEW <= len(beside) - 1
    }


def passed_over(look: Look, known: Mapping[str, KnownAid], status: SourceStatus) -> frozenset[str]:
    """Find new aids, by key, that a source which has moved would have shown before, by their dates.

    Its new address shows more than the former did: all of a site's feed, say, and not one theme's.
    """
    if not status.has_moved or status.succeeded_at is None:
        return frozenset()
    before = status.succeeded_at - BEFORE
    new = (aid for aid in look.aids if aid.key not in known)
    return frozenset(aid.key for aid in new if aid.published_at and aid.published_at < before)
