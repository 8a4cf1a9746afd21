"""Follow what a source changes or replaces before its turn: rewrite what waits, or ask a person."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.model.aids import Aid, Image, with_known
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.states import DECIDED, ON_ITS_WAY, OPEN, WAITING
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.duplicates import Doubts
from spotlight_notify.operations.poll.polls import Place, Polling
from spotlight_notify.ports.book import Book
from spotlight_notify.rules.approval import is_a_persons
from spotlight_notify.rules.planning import leave_out, plan_delivery, present_plan, why_too_old
from spotlight_notify.rules.selection import why_left_out
from spotlight_notify.text.cutting import shortened
from spotlight_notify.text.times import utc_minute

REJUDGED = (None, Cause.RULE, Cause.DATE, Cause.APPROVAL, Cause.CHANGED, Cause.CALLED_OFF)
"""Causes that lie in what an aid says; the others are about its source, its channel or its time."""

GRAVER_THAN_BRAKE = (Cause.RULE, Cause.DATE, Cause.CALLED_OFF)
"""What is asked about an aid by itself, though all that its source showed is let go."""


LONGEST_ILLUSTRATING = timedelta(minutes=2)
"""A look's aids wait no longer for their pictures; the rest get theirs, if any, when they are sent."""

LONGEST_SHOWN = 120
"""How much of a title or link a reason shows, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What became of a known aid, and what would be planned of it before and now, by place."""

    aid: Aid
    known: Aid
    before: Mapping[Place, Plan]
    now: Mapping[Place, Plan]
    difference: str

    @property
    def is_retitled(self) -> bool:
        return self.aid.title != self.known.title

    def shows_in(self, one: Delivery) -> bool:
        """Return whether its change makes another post of it in a delivery's place, or none."""
        place = one.campaign, one.channel
        return _outcome(self.before[place]) != _outcome(self.now[place])

    def shows_in_digest(self, part: Delivery) -> bool:
        """Return whether its change shows in a digest, which tells of it less than its own post does."""
        place = part.campaign, part.channel
        was, now = self.before[place], self.now[place]
        return was.state is not now.state or _in_digests(self.known) != _in_digests(self.aid)


def _in_digests(aid: Aid) -> tuple[object, ...]:
    return aid.title, aid.kind, aid.access, aid.link, aid.themes


def changes_in(
    aids: Iterable[Aid], waiting: Iterable[Aid], parts: Polling, now: datetime
) -> dict[str, Changed]:
    """Write the posts of waiting aids that a look shows otherwise than they were seen last, by key.

    Their new pictures are found, which may take long: not for use in a transaction.
    """
    until = now + LONGEST_ILLUSTRATING
    owners = {name: known for known in waiting for name in known.names}
    found: dict[str, Changed] = {}
    for shown in aids:
        known = next((owners[name] for name in shown.names if name in owners), None)
        if known is None or is_unchanged(shown, known):
            continue
        aid = with_findings(shown, known)
        if aid.link != known.link or not all(image.digest for image in aid.images):
            aid = _same_pictures(parts.illustrate(aid, hurry=parts.clock() >= until), known)
        found[shown.key] = _changed(known, aid, parts, now)
    return found


def with_findings(shown: Aid, known: Aid) -> Aid:
    """Keep what was found of an aid's pictures and event when it was new, unless its source says more now."""
    if known.event_found and shown.event_at is None and shown.link == known.link:
        shown = replace(shown, event_at=known.event_at, event_found=True)
    if shown.link == known.link and _says_nothing_new(shown.images, known.images):
        return replace(shown, images=known.images)
    held = {image.url: image for image in known.images}
    return replace(shown, images=tuple(with_known(image, held.get(image.url)) for image in shown.images))


def _same_pictures(aid: Aid, known: Aid) -> Aid:
    """Keep pictures that only have another address: some sites sign theirs afresh every hour."""
    held = {(image.digest, image.alt): image for image in known.images}
    images = (held.get((each.digest, each.alt), each) if each.digest else each for each in aid.images)
    return replace(aid, images=tuple(images))


def is_unchanged(shown: Aid, known: Aid) -> bool:
    """Return whether an aid says what it said; its names make no difference, nor the themes it had before."""
    has_more = shown.theme == known.theme and set(shown.other_themes) <= set(known.other_themes)
    others = known.other_themes if has_more else shown.other_themes
    same = replace(with_findings(shown, known), other_themes=others)
    return replace(same, key=known.key, aliases=known.aliases) == known


def follow(book: Book, aid_id: int, changed: Changed, now: datetime, doubts: Doubts) -> frozenset[int]:
    """Do with each delivery of a changed aid that waits what its change asks for.

    Returns the digests that tell of it, about which a person is asked until they are rewritten.
    """
    digests: set[int] = set()
    renewed = [one for one in book.successors_of(aid_id) if one.state in WAITING]
    for one in (*book.deliveries_of(aid_id), *renewed):
        if (one.campaign, one.channel) not in changed.now:
            continue
        if one.state in WAITING:
            _follow(book, one, changed, now, doubts)
        elif (one.state, one.cause) == (State.SKIPPED, Cause.DUPLICATE):
            _keep_present(book, one, changed, now)
        elif one.state in ON_ITS_WAY:
            _ask_if_left_out(book, one, one, changed, now)
        elif (
            one.cause is Cause.DIGEST
            and one.digest_id
            and _ask_digest(book, one, one.digest_id, changed, now)
        ):
            digests.add(one.digest_id)
    return frozenset(digests)


def _follow(book: Book, one: Delivery, changed: Changed, now: datetime, doubts: Doubts) -> None:
    plan = changed.now[one.campaign, one.channel]
    if not changed.shows_in(one):
        return
    if plan.state is State.SKIPPED:
        skipped = replace(present_plan(one), state=plan.state, cause=plan.cause, reason=plan.reason)
        book.rewrite(one, skipped, reason=plan.reason or "", now=now)
    elif is_a_persons(one):
        book.ask(one, Cause.CHANGED, changed.difference, now)
    elif (plan := _rewritten(one, _weighed(one, plan, changed, doubts), changed, now)) != present_plan(one):
        book.rewrite(one, plan, reason=changed.difference, now=now)


def _keep_present(book: Book, one: Delivery, changed: Changed, now: datetime) -> None:
    """Write a duplicate's post anew: a person is asked about it once the other source leaves its aid out."""
    plan = changed.now[one.campaign, one.channel]
    if changed.shows_in(one) and plan.post and not is_a_persons(one):
        present = replace(present_plan(one), post=plan.post, findings=plan.findings)
        book.rewrite(one, present, reason=changed.difference, now=now)


def _ask_digest(book: Book, part: Delivery, digest_id: int, changed: Changed, now: datetime) -> bool:
    digest = book.delivery(digest_id)
    if digest.state in ON_ITS_WAY:
        _ask_if_left_out(book, digest, part, changed, now)
    if digest.state not in WAITING or not changed.shows_in_digest(part):
        return False
    book.ask(digest, Cause.CHANGED, f"it tells of an aid of which this is new: {changed.difference}", now)
    return True


def _ask_if_left_out(book: Book, telling: Delivery, one: Delivery, changed: Changed, now: datetime) -> None:
    """Have a person asked, before what is on its way goes again, about an aid that is to be left out now."""
    plan = changed.now[one.campaign, one.channel]
    if plan.state is State.SKIPPED and changed.shows_in(one):
        book.ask(telling, Cause.CHANGED, f"{changed.difference}; {plan.reason}", now)


def _outcome(plan: Plan) -> tuple[object, ...]:
    return plan.post, plan.state, plan.cause


def _weighed(one: Delivery, plan: Plan, changed: Changed, doubts: Doubts) -> Plan:
    """Return a plan, weighed by what speaks against its aid; of what may go already only a new title is."""
    if one.state is State.PROPOSED:
        return doubts.weigh(plan, changed.aid)
    return doubts.weigh(plan, changed.aid, by_date=False) if changed.is_retitled else plan


def _rewritten(one: Delivery, plan: Plan, changed: Changed, now: datetime) -> Plan:
    """Return a delivery's new plan; what a person is asked for another cause stays asked."""
    kept = replace(present_plan(one), post=plan.post or one.post, findings=plan.findings)
    is_judged = (
        (one.cause in REJUDGED and not _is_asked_otherwise(one, changed))
        or (one.cause is Cause.LINK and _has_other_link(one, plan))
        or (one.cause is Cause.BRAKE and plan.cause in GRAVER_THAN_BRAKE)
    )
    if not is_judged or (one.state, plan.state) == (State.PENDING, State.PENDING):
        return kept
    due_at = max(one.due_at, plan.due_at, now) if plan.state is State.PENDING else one.due_at
    return replace(kept, state=plan.state, cause=plan.cause, reason=plan.reason, due_at=due_at)


def _is_asked_otherwise(one: Delivery, changed: Changed) -> bool:
    """Return whether what is asked does not lie in what its source said, so that no change answers it.

    Another source, or another rule, called it off or wants it approved; or its date is doubted beside others,
    and is the same still.
    """
    if changed.before[one.campaign, one.channel].cause is one.cause:
        return False
    same_date = changed.aid.published_at == changed.known.published_at
    return one.cause in (Cause.CALLED_OFF, Cause.APPROVAL) or (one.cause is Cause.DATE and same_date)


def _has_other_link(one: Delivery, plan: Plan) -> bool:
    return one.post is None or plan.post is None or one.post.link != plan.post.link


def _changed(known: Aid, aid: Aid, parts: Polling, now: datetime) -> Changed:
    return Changed(
        aid=aid,
        known=known,
        before=dict(_plans(known, known, parts, now)),
        now=dict(_plans(aid, known, parts, now)),
        difference=difference(known, aid),
    )


def _plans(aid: Aid, known: Aid, parts: Polling, now: datetime) -> Iterator[tuple[Place, Plan]]:
    """Plan an aid as if it were new, but what was too old or not wanted all the time was ordered by hand."""
    for campaign in parts.campaigns:
        by_hand = why_too_old(known, campaign, now) is not None
        left_out = None if why_left_out(known, campaign) else why_left_out(aid, campaign)
        for channel in campaign.channels:
            plan = plan_delivery(aid, campaign, channel, parts.writing, now, by_hand=by_hand)
            yield (campaign.name, channel.name), leave_out(plan, left_out) if left_out else plan


def difference(known: Aid, aid: Aid) -> str:
    """Return in one sentence what an aid says now that it did not say before."""
    told = [*_shown("title", known.title, aid.title), *_shown("link", known.link, aid.link)]
    for name, was, is_now in (
        ("date", known.published_at, aid.published_at),
        ("beginning", known.event_at, aid.event_at),
        ("end", known.expires_at, aid.expires_at),
    ):
        told += _shown(name, _moment(was), _moment(is_now))
    others = {
        "summary": (known.summary, known.short) != (aid.summary, aid.short),
        "kind": known.kind != aid.kind,
        "themes": known.themes != aid.themes,
        "access": known.access != aid.access,
        "pictures": known.images != aid.images,
    }
    told += [f"other {name}" for name, differs in others.items() if differs]
    return f"its aid was changed at its source: {', '.join(told) or 'nothing that shows'}"


def _shown(name: str, was: str | None, is_now: str | None) -> list[str]:
    if was == is_now:
        return []
    said = [f"“{shortened(each, LONGEST_SHOWN)}”" if each else "none" for each in (was, is_now)]
    return [f"{name} {said[0]} is now {said[1]}"]


def _moment(at: datetime | None) -> str | None:
    return None if at is None else utc_minute(at)


def _says_nothing_new(said: Sequence[Image], known: Sequence[Image]) -> bool:
    """Return whether a source shows no picture and no words but those found when its aid was new."""
    words = {image.url: image.alt for image in known}
    return all(image.url in words and image.alt in (None, words[image.url]) for image in said)


def may_go_yet(deliveries: Collection[Delivery], book: Book) -> bool:
    """Return whether an aid waits, and is decided on nowhere, so that all of it can still go out changed."""
    waits = any(_state(one, book) in WAITING for one in deliveries)
    return waits and not decided_in(deliveries, book)


def decided_in(deliveries: Collection[Delivery], book: Book) -> bool:
    """Return whether any of these deliveries is public, may be, or was given up."""
    return any(_state(one, book) in DECIDED for one in deliveries)


def replaced(book: Book, known: KnownAid, shown: Aid, now: datetime) -> KnownAid:
    """Record the aid that took a known one's place; a person is asked about what of that one waits still."""
    in_place = f"no longer there: its source shows “{shown.title}” in its place"
    for one in book.deliveries_of(known.id):
        told = one.digest_id if one.cause is Cause.DIGEST else None
        if one.state in OPEN:
            book.ask(one, Cause.GONE, f"it is {in_place}", now)
        elif told and (digest := book.delivery(told)).state in OPEN:
            book.ask(digest, Cause.GONE, f"“{known.aid.title}”, of which it tells, is {in_place}", now)
    return book.replace(known, shown, now)


def as_question(plan: Plan, former: KnownAid) -> Plan:
    """Return a plan that asks a person whether an aid is new, where it would go out by itself."""
    reason = (
        f"its source shows it in the place of “{former.aid.title}”, aid {former.id}: "
        "is it another aid, or that one corrected?"
    )
    return replace(plan, state=State.PROPOSED, cause=Cause.REPLACED, reason=reason)


def _state(one: Delivery, book: Book) -> State:
    """Return the state of what tells of an aid: its delivery's, or its digest's."""
    if one.state is State.SKIPPED and one.cause is Cause.DIGEST and one.digest_id is not None:
        return book.delivery(one.digest_id).state
    return one.state
