"""Find new aids that may have been announced before, under another name, or that only slid into view."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.campaigns import Plan, other_place
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.states import UNDER_WAY
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.identity import compared
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
    """The aid of the same link whose announcement, made or waiting, may be a new one's too."""

    named: str
    title: str
    is_same: bool

    def weigh(self, plan: Plan) -> Plan:
        """Skip a plan if the aids are surely one, else have a person asked."""
        if self.is_same:
            reason = f"its title, link and date are those of {self.named}, which is announced"
            return replace(plan, state=State.SKIPPED, cause=Cause.DUPLICATE, reason=reason)
        reason = f"{self.named}, “{self.title}”, has its link and is announced: is this another one?"
        return replace(plan, state=State.PROPOSED, cause=Cause.FOUND, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """What speaks against new aids being new, by their keys (see the functions that find it)."""

    namesakes: Mapping[str, KnownAid]
    slid_in: Mapping[str, bool]
    twins: Mapping[str, "Twin"]

    def weigh(self, plan: Plan, aid: Aid) -> Plan:
        """Return a plan that would go out by itself: as it is, as a question to a person, or skipped."""
        if namesake := self.namesakes.get(aid.key):
            reason = f"aid {namesake.id} had its title, and is gone from the source: is this another one?"
            return replace(plan, state=State.PROPOSED, cause=Cause.FOUND, reason=reason)
        if twin := self.twins.get(aid.key):
            return twin.weigh(plan)
        if aid.key not in self.slid_in:
            return plan
        reason = f"its date, {aid.published_at:%Y-%m-%d}, is before the first look and all else shown"
        if self.slid_in[aid.key]:
            return replace(plan, state=State.SKIPPED, cause=Cause.BASELINE, reason=reason)
        return replace(plan, state=State.PROPOSED, cause=Cause.DATE, reason=f"{reason}: is it new?")


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


def twins(look: Look, known: Mapping[str, KnownAid], book: Book) -> dict[str, Twin]:
    """Find those that new aids may be again, by the new ones' keys: known ones, or others of the look.

    Under one link the same title counts, and one that is like it, of an aid that is not shown beside it.
    """
    new = [aid for aid in look.aids if aid.key not in known and aid.title and aid.link]
    shown = {each.id for each in known.values()}
    there = book.linked([aid.link for aid in new if aid.link]) if new else ()
    gone = [each for each in there if each.id not in shown][-MOST_LIKENED:]
    found: dict[str, Twin] = {}
    for at, aid in enumerate(new):
        alike = [each for each in there if _has_title(aid, each.aid)]
        alike += [each for each in gone if _is_corrected(aid, each.aid)]
        told = next((each for each in alike if _is_told(each, book)), None)
        if told:
            found[aid.key] = _twin(f"aid {told.id}", told.aid, aid)
        elif other := next((each for each in new[:at] if _has_title(aid, each)), None):
            found[aid.key] = _twin("another one beside it", other, aid)
    return found


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


def _is_told(known: KnownAid, book: Book) -> bool:
    """Return whether any announcement of an aid was made, or is sure to come."""
    return any(
        one.state in UNDER_WAY or (one.state, one.cause) == (State.SKIPPED, Cause.DIGEST)
        for one in book.deliveries_of(known.id)
    )


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
