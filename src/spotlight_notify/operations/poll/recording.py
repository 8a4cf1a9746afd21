"""Record what a look showed, in one transaction: known aids, new ones, and their planned deliveries."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.records.standing import KnownAid, SourceStatus
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.changes import (
    Changed,
    as_question,
    changes_in,
    follow,
    may_go_yet,
    replaced,
    with_findings,
)
from spotlight_notify.operations.poll.duplicates import Doubts, asked_again, doubts_in, would_go
from spotlight_notify.operations.poll.identity import (
    by_their_titles,
    is_another,
    is_same,
    left_behind,
    namesakes,
    one_each,
)
from spotlight_notify.operations.poll.plans import (
    Plans,
    illustrated,
    left_out,
    new_keys,
    plans_as_new,
    plans_of_new,
    readmit,
    readmitted,
)
from spotlight_notify.operations.poll.polls import Poll, Polling, due_after_look, noted
from spotlight_notify.ports.book import Book
from spotlight_notify.rules.mass_change import Brake, Burst, theme_of, why_brake
from spotlight_notify.rules.planning import LATEST_WAIT

Changes = Mapping[str, Changed]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What one look showed, and the book it is written into."""

    look: Look
    new: tuple[Aid, ...]
    replaced: tuple[tuple[KnownAid, Aid], ...]
    changed: tuple[tuple[KnownAid, Changed], ...]
    plans: Mapping[str, Plans]
    book: Book
    status: SourceStatus
    now: datetime
    doubts: Doubts


def record_look(
    look: Look, waiting: Sequence[Aid], left: SourceStatus, every: timedelta, parts: Polling, poll: Poll
) -> Poll | None:
    """Record a look from where the source was left, and tell it; None, and nothing recorded, if overtaken.

    Pictures are found and posts are written before the transaction: both may take long.
    """
    plans: Mapping[str, Plans] = {}
    changes = changes_in(look.aids, waiting, parts, parts.clock())
    shown = (changes[aid.key].aid if aid.key in changes else aid for aid in look.aids)
    look = replace(look, aids=tuple(shown))
    if left.baseline_at is not None:
        new = new_keys(look.aids, left.name, parts)
        look = replace(look, aids=illustrated(look.aids, new, parts))
        plans = plans_of_new(look.aids, new, left, every, parts)
    now = parts.clock()
    due_at = due_after_look(look, every, now, parts.jitter)
    with parts.ledger.recording(left.name) as book:
        if not book.status().follows(left):
            return None
        poll = _record(look, plans, changes, waiting, book, parts, now, poll)
        book.finish(
            cursor=look.cursor,
            next_poll_at=due_at,
            baseline_done=not look.more,
            now=now,
            notes=noted(poll.warnings),
        )
    return poll


def _record(
    look: Look,
    plans: Mapping[str, Plans],
    changes: Changes,
    waiting: Sequence[Aid],
    book: Book,
    parts: Polling,
    now: datetime,
    poll: Poll,
) -> Poll:
    status, known = book.status(), by_their_titles(look.aids, one_each(look.aids, book), book)
    alike = namesakes(look, known, book)
    known |= {
        aid.key: alike[aid.key] for aid in look.aids if aid.key in alike and is_same(aid, alike[aid.key].aid)
    }
    others = () if status.baseline_at is None else tuple(_replaced(look, known, book))
    changed = tuple(_changed(look, known, {aid.key for _, aid in others}, changes))
    page = _Page(
        look=look,
        new=tuple(aid for aid in look.aids if aid.key not in known),
        replaced=others,
        changed=changed,
        plans=plans,
        book=book,
        status=status,
        now=now,
        doubts=doubts_in(look, known, [each.aid.key for _, each in changed], alike, status, book),
    )
    digests = _refreshed(page, known, parts)
    gone = look.gone | left_behind(look, known, waiting)
    book.miss(sorted(gone - {each.aid.key for each in known.values()}), now)
    warnings = poll.warnings + look.warnings
    poll = replace(poll, unchanged=look.unchanged, warnings=warnings, digests=poll.digests | digests)
    return (
        _record_baseline(page, parts, poll) if status.baseline_at is None else _record_new(page, parts, poll)
    )


def _replaced(look: Look, known: Mapping[str, KnownAid], book: Book) -> Iterator[tuple[KnownAid, Aid]]:
    """Find aids that took the place of known ones which cannot go out any more in their new words."""
    places: set[int] = set()
    for aid in look.aids:
        former = known.get(aid.key)
        if former is None or former.id in places:
            continue
        if is_another(aid, former.aid) and not may_go_yet(book.deliveries_of(former.id), book):
            places.add(former.id)
            yield former, aid


def _refreshed(page: _Page, known: Mapping[str, KnownAid], parts: Polling) -> frozenset[int]:
    """Bring known aids up to date, and what waits of them; return the digests that must be rewritten."""
    others = {aid.key for _, aid in page.replaced}
    for aid in page.look.aids:
        if aid.key in known and aid.key not in others:
            _refresh(page.book, known[aid.key], aid, parts, page.now)
    followed = (follow(page.book, record.id, one, page.now, page.doubts) for record, one in page.changed)
    return frozenset().union(*followed)


def _changed(
    look: Look, known: Mapping[str, KnownAid], others: Collection[str], changes: Changes
) -> Iterator[tuple[KnownAid, Changed]]:
    """Yield what was changed of known aids that are still the same ones."""
    for aid in look.aids:
        change, record = changes.get(aid.key), known.get(aid.key)
        if change and record and aid.key not in others and change.known.key == record.aid.key:
            yield record, change


def _record_baseline(page: _Page, parts: Polling, poll: Poll) -> Poll:
    """Record without announcing; at its end, announce what a person wanted announced all the same."""
    for aid in page.new:
        page.book.add(aid, baseline=True, now=page.now)
    planned = 0
    if not page.look.more and (page.status.latest or page.status.since_at):
        for record in page.book.newest(page.status.latest, page.status.since_at):
            wanted = plans_as_new(record.aid, page.now, parts, page.now, by_hand=True)
            planned += sum(_announce(page, record, plan) for plan in _unannounced(page, record, wanted))
    return replace(poll, baseline=poll.baseline + len(page.new), planned=poll.planned + planned)


def _record_new(page: _Page, parts: Polling, poll: Poll) -> Poll:
    """Record and plan; too much at once is held for a person, and so is what comes until that is answered."""
    book, known = page.book, page.book.known_count() - poll.new
    familiar = book.familiar([aid.title for aid in page.new])
    records = [book.add(aid, baseline=False, now=page.now) for aid in page.new]
    plans = [(record, plan) for record in records for plan in _plans_of(page, record, parts)]
    again = list(_put_right(page, parts))
    plans += [*_questions(page, parts), *again]
    places = Counter((plan.campaign, plan.channel) for _, plan in plans if would_go(plan))
    shown = len(page.new) + len(page.replaced) + len({record.id for record, _ in again})
    theme = None if page.replaced or again or poll.new else theme_of(page.new)
    burst = Burst(new=poll.new + shown, familiar=familiar, known=known, planned=places, theme=theme)
    brake = parts.brakes.get(page.status.name, Brake())
    alarm = page.status.alarm or why_brake(burst, brake, parts.caps)
    if alarm and shown:
        book.raise_alarm(alarm, page.now)
    plans = [(record, _held(plan, record.aid, alarm, page.doubts)) for record, plan in plans]
    for record, plan in plans:
        if book.plan(record.id, plan, page.now) is None:
            readmit(book, record.id, plan, page.now)
    planned = poll.planned + sum(plan.state is State.PENDING for _, plan in plans)
    return replace(poll, new=burst.new, planned=planned, alarm=alarm)


def _questions(page: _Page, parts: Polling) -> Iterator[tuple[KnownAid, Plan]]:
    """Plan what took the place of known aids: a person says whether it is new."""
    for former, aid in page.replaced:
        record = replaced(page.book, former, aid, page.now)
        for plan in _plans_of(page, record, parts):
            yield record, as_question(plan, former) if would_go(plan) else plan


def _put_right(page: _Page, parts: Polling) -> Iterator[tuple[KnownAid, Plan]]:
    """Plan again what was skipped for what its source said of it, and does not say any more."""
    for record, change in page.changed:
        skipped = left_out(page.book, record)
        plans = plans_as_new(change.aid, page.now, parts, page.now) if skipped else ()
        for plan in readmitted(skipped, change, plans, parts.campaigns):
            yield record, page.doubts.weigh(_unless_announced(page, change.aid, plan), change.aid)


def _held(plan: Plan, aid: Aid, alarm: str | None, doubts: Doubts) -> Plan:
    """Return a plan, as a question to a person while there is an alarm or where there is a doubt."""
    if alarm is None or not would_go(plan):
        return doubts.weigh(plan, aid)
    return replace(plan, state=State.PROPOSED, cause=Cause.BRAKE, reason=alarm)


def _refresh(book: Book, known: KnownAid, shown: Aid, parts: Polling, now: datetime) -> None:
    """Update a known aid's words and names; what waits of it waits for its present date."""
    if known.gone_at:
        book.meet(known.id, now)
    if unheard := set(shown.aliases) - set(known.aid.aliases):
        book.also_known_as(known.id, sorted(unheard))
    aid = with_findings(shown, known.aid)
    if replace(aid, key=known.aid.key, aliases=known.aid.aliases) != known.aid:
        book.refresh(known.id, aid)
    if aid.published_at and aid.published_at - now <= LATEST_WAIT:
        settle = parts.settles.get(aid.source, timedelta())
        settled_at = max(now, known.first_seen_at + settle)
        book.redate(known.id, known.aid.published_at, aid.published_at, now, settled_at)


def _plans_of(page: _Page, record: KnownAid, parts: Polling) -> Iterator[Plan]:
    """Return a new aid's plans, but for what another source has announced."""
    made = page.plans.get(record.aid.key) or plans_as_new(record.aid, page.now, parts, page.now)
    return _unannounced(page, record, made)


def _unannounced(page: _Page, record: KnownAid, plans: Plans) -> Iterator[Plan]:
    """Yield the plans, but for what another source has announced: that is skipped."""
    for plan in plans:
        yield _unless_announced(page, record.aid, plan)


def _announce(page: _Page, record: KnownAid, plan: Plan) -> bool:
    """Record a delivery that a person wants of a baseline; tells whether it will go out by itself."""
    planned = page.book.plan(record.id, plan, page.now) is not None or _replanned(page, record, plan)
    return planned and plan.state is State.PENDING


def _replanned(page: _Page, record: KnownAid, plan: Plan) -> bool:
    """Plan again what an earlier baseline skipped, when a person wants it announced all the same."""
    delivery = page.book.delivery_of(record.id, plan.campaign, plan.channel)
    if delivery is None or (delivery.state, delivery.cause) != (State.SKIPPED, Cause.BASELINE):
        return False
    return page.book.replan(delivery.id, plan, page.now)


def _unless_announced(page: _Page, aid: Aid, plan: Plan) -> Plan:
    """Skip what another source has announced, and ask about what a person rejected as another showed it.

    While an announcement waits, what this source says of it counts as well.
    """
    earlier = page.book.decided_elsewhere(aid, plan.campaign, plan.channel)
    if earlier is None:
        return plan
    if question := asked_again(plan, aid, earlier):
        return question if would_go(plan) else plan
    if earlier.state is State.PENDING:
        page.book.share_themes(earlier.aid_id, aid.themes)
        if plan.cause is Cause.APPROVAL and earlier.approval is None:
            reason = f"{plan.reason} (as source {aid.source} shows it)"
            page.book.ask(earlier, Cause.APPROVAL, reason, page.now)
    reason = f"its link is announced already by delivery {earlier.id} (source {earlier.source})"
    return replace(plan, state=State.SKIPPED, cause=Cause.DUPLICATE, reason=reason)
