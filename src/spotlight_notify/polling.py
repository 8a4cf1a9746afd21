"""Look at one source, record its new aids and their planned deliveries: one transaction a look."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from spotlight_notify.braking import Brake, Burst, why_brake
from spotlight_notify.errors import LedgerError, SourceError
from spotlight_notify.model import Aid, Campaign, Cause, Image, Look, Plan, State
from spotlight_notify.planning import Writing, plan_deliveries
from spotlight_notify.ports import Book, Clock, Illustrate, Jitter, Ledger, Source
from spotlight_notify.records import KnownAid, SourceStatus

LONGEST_BACK_OFF = timedelta(hours=24)
"""A failing source is asked at least this often."""

LONGEST_ILLUSTRATING = timedelta(minutes=2)
"""A look's new aids wait no longer for their pictures; the rest get theirs, if any, when they are sent."""

MOST_LOOKS = 100_000
"""A source that always says there is more is stopped after this many looks in one poll."""


Place = tuple[str, str]
"""A campaign and a channel, by name."""

Plans = tuple[Plan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Tell what one poll found. ``error`` is None when the source could be read to its end.

    ``alarm``: why what is new is held for a person; None if it is not. ``places``: how many deliveries
    are planned where.
    """

    source: str
    began_at: datetime | None = None
    baseline: int = 0
    new: int = 0
    planned: int = 0
    unchanged: bool = False
    warnings: tuple[str, ...] = ()
    error: str | None = None
    alarm: str | None = None
    places: Mapping[Place, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """Hold what a poll needs beside the source itself.

    ``brakes``: by source; ``caps``: how many posts a day may be made at a place, where that is set.
    """

    ledger: Ledger
    campaigns: Sequence[Campaign]
    writing: Writing
    illustrate: Illustrate
    clock: Clock
    jitter: Jitter
    brakes: Mapping[str, Brake] = field(default_factory=dict)
    caps: Mapping[Place, int] = field(default_factory=dict)


def poll_source(source: Source, every: timedelta, parts: Polling) -> Poll:
    """Look until nothing more is to be read, and record each look in a transaction of its own.

    A failed look, or one that cannot be recorded, leaves the cursor where the last good one put it; the
    source is asked again later and later.
    """
    poll = Poll(source=source.name, began_at=parts.clock())
    for _ in range(MOST_LOOKS):
        try:
            look, poll = _look_once(source, every, parts, poll)
        except (SourceError, LedgerError) as error:
            return _failed(poll, error, every, parts)
        except Exception as error:  # a mistake of ours must show as a failing source, not as a healthy one
            trouble = SourceError(source.name, f"unexpected {type(error).__name__}: {error}")
            return _failed(poll, trouble, every, parts)
        if not look.more:
            break
    return poll


def due_after_success(every: timedelta, wait: timedelta | None, now: datetime, jitter: Jitter) -> datetime:
    """Return when to look next: a little under ``every``, so that a cron of the same beat never just misses.

    ``wait``, the source's own wish, is heeded when it is longer.
    """
    return now + max(every * (0.9 + 0.08 * jitter()), wait or timedelta())


def due_after_failure(
    every: timedelta, failures: int, wait: timedelta | None, now: datetime, jitter: Jitter
) -> datetime:
    """Return when to ask a failing source again: twice as long after each failure, with jitter.

    ``failures`` counts those before this one.
    """
    longest = max(LONGEST_BACK_OFF, every)
    back_off = min(every * 2.0 ** min(failures, 20), longest) * (0.75 + 0.25 * jitter())
    return now + max(back_off, wait or timedelta())


def _look_once(source: Source, every: timedelta, parts: Polling, poll: Poll) -> tuple[Look, Poll]:
    left = parts.ledger.source_status(source.name)
    look = source.look(left.cursor, lambda keys: parts.ledger.known(source.name, keys))
    if look.unchanged and look.cursor == left.cursor:
        due_at = _due_at(look, every, parts)
        parts.ledger.poll_idle(source.name, due_at, parts.clock())
        return look, replace(poll, unchanged=True, warnings=poll.warnings + look.warnings)
    plans: Mapping[str, Plans] = {}
    if left.baseline_at is not None:
        look = replace(look, aids=_illustrated(look.aids, source.name, parts))
        plans = _planned(look.aids, left, every, parts)
    now, due_at = parts.clock(), _due_at(look, every, parts)
    with parts.ledger.recording(source.name) as book:
        poll = _record(look, plans, book, parts, now, poll)
        book.finish(cursor=look.cursor, next_poll_at=due_at, baseline_done=not look.more, now=now)
    return look, poll


def _due_at(look: Look, every: timedelta, parts: Polling) -> datetime:
    now = parts.clock()
    return now if look.more else due_after_success(every, look.wait, now, parts.jitter)


def _illustrated(aids: tuple[Aid, ...], source: str, parts: Polling) -> tuple[Aid, ...]:
    """Find the pictures of what is new, before the transaction that records it."""
    until, new = parts.clock() + LONGEST_ILLUSTRATING, _new_keys(aids, source, parts)
    return tuple(
        parts.illustrate(aid, hurry=parts.clock() >= until) if aid.key in new else aid for aid in aids
    )


def _planned(aids: tuple[Aid, ...], left: SourceStatus, every: timedelta, parts: Polling) -> dict[str, Plans]:
    """Write the posts of what is new, by key: that may take long, so it is done before the transaction."""
    new, now = _new_keys(aids, left.name, parts), parts.clock()
    next_look_at = min(left.succeeded_at + every, now) if left.succeeded_at else now
    return {aid.key: _plans(aid, next_look_at, parts, now) for aid in aids if aid.key in new}


def _plans(aid: Aid, seen_at: datetime, parts: Polling, now: datetime) -> Plans:
    """Plan an aid's deliveries, due since it could be seen: ``seen_at`` is when a look was to be made."""
    since = min(max(aid.published_at or now, seen_at), now)
    planned = plan_deliveries(aid, parts.campaigns, parts.writing, now)
    return tuple(replace(plan, due_at=since) if plan.due_at == now else plan for plan in planned)


def _new_keys(aids: Sequence[Aid], source: str, parts: Polling) -> frozenset[str]:
    known = parts.ledger.known(source, [name for aid in aids for name in (aid.key, *aid.aliases)])
    return frozenset(aid.key for aid in aids if known.isdisjoint((aid.key, *aid.aliases)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """Hold what one look showed, and the book it is written into."""

    look: Look
    new: tuple[Aid, ...]
    plans: Mapping[str, Plans]
    book: Book
    status: SourceStatus
    now: datetime


def _record(
    look: Look, plans: Mapping[str, Plans], book: Book, parts: Polling, now: datetime, poll: Poll
) -> Poll:
    status, known = book.status(), book.match(look.aids)
    for aid in look.aids:
        if aid.key in known:
            _refresh(book, known[aid.key], aid)
    new = tuple(aid for aid in look.aids if aid.key not in known)
    page = _Page(look=look, new=new, plans=plans, book=book, status=status, now=now)
    poll = replace(poll, unchanged=look.unchanged, warnings=poll.warnings + look.warnings)
    return (
        _record_baseline(page, parts, poll) if status.baseline_at is None else _record_new(page, parts, poll)
    )


def _record_baseline(page: _Page, parts: Polling, poll: Poll) -> Poll:
    """Record without announcing; at its end, announce what a person wanted announced all the same."""
    for aid in page.new:
        page.book.add(aid, baseline=True, now=page.now)
    planned: Counter[Place] = Counter()
    if not page.look.more and (page.status.latest or page.status.since_at):
        for record in page.book.newest(page.status.latest, page.status.since_at):
            planned += _plan(page, record, parts)
    return replace(poll, baseline=poll.baseline + len(page.new), planned=poll.planned + planned.total())


def _record_new(page: _Page, parts: Polling, poll: Poll) -> Poll:
    """Record and plan; too much at once is held for a person, and so is what comes until that is answered."""
    book, new = page.book, page.new
    known, familiar = book.known_count(), book.familiar([aid.title for aid in new])
    places = Counter(poll.places)
    for aid in new:
        places += _plan(page, book.add(aid, baseline=False, now=page.now), parts)
    burst = Burst(new=poll.new + len(new), familiar=familiar, known=known - poll.new, planned=places)
    brake = parts.brakes.get(page.status.name, Brake())
    alarm = page.status.alarm or why_brake(burst, brake, parts.caps)
    if alarm and new:
        book.brake(alarm, poll.began_at or page.now, page.now)
    planned = 0 if alarm else places.total()
    return replace(poll, new=burst.new, planned=planned, places=places, alarm=alarm)


def _refresh(book: Book, known: KnownAid, aid: Aid) -> None:
    if unheard := set(aid.aliases) - set(known.aid.aliases):
        book.also_known_as(known.id, sorted(unheard))
    if _says_nothing_new(aid.images, known.aid.images):
        aid = replace(aid, images=known.aid.images)
    if replace(aid, key=known.aid.key, aliases=known.aid.aliases) != known.aid:
        book.refresh(known.id, aid)


def _says_nothing_new(said: tuple[Image, ...], known: tuple[Image, ...]) -> bool:
    """Tell whether a source shows no picture and no words but those that were found when its aid was new."""
    words = {image.url: image.alt for image in known}
    return all(image.url in words and image.alt in (None, words[image.url]) for image in said)


def _plan(page: _Page, record: KnownAid, parts: Polling) -> Counter[Place]:
    """Record an aid's deliveries; returns how many are pending, by campaign and channel."""
    pending: Counter[Place] = Counter()
    for plan in page.plans.get(record.aid.key) or _plans(record.aid, page.now, parts, page.now):
        plan = _unless_announced(page.book, record.aid, plan)
        planned = page.book.plan(record.id, plan, page.now) is not None or _replanned(page, record, plan)
        pending[plan.campaign, plan.channel] += planned and plan.state is State.PENDING
    return +pending


def _replanned(page: _Page, record: KnownAid, plan: Plan) -> bool:
    """Plan anew what an earlier baseline skipped, when a person wants it announced all the same."""
    delivery = page.book.delivery_of(record.id, plan.campaign, plan.channel)
    if delivery is None or (delivery.state, delivery.cause) != (State.SKIPPED, Cause.BASELINE):
        return False
    return page.book.replan(delivery.id, plan, page.now)


def _unless_announced(book: Book, aid: Aid, plan: Plan) -> Plan:
    earlier = book.announced_elsewhere(aid, plan.campaign, plan.channel)
    if earlier is None:
        return plan
    reason = f"its link is announced already by delivery {earlier.id} (source {earlier.source})"
    return replace(plan, state=State.SKIPPED, cause=Cause.DUPLICATE, reason=reason)


def _failed(poll: Poll, error: SourceError | LedgerError, every: timedelta, parts: Polling) -> Poll:
    now = parts.clock()
    failures = parts.ledger.source_status(poll.source).failures
    wait, gone = (error.wait, error.gone) if isinstance(error, SourceError) else (None, False)
    due_at = due_after_failure(every, failures, wait, now, parts.jitter)
    if gone:
        due_at = max(due_at, now + LONGEST_BACK_OFF)
    parts.ledger.poll_failed(poll.source, str(error), due_at, now)
    return replace(poll, error=str(error))
