"""Look at one source, record its new aids and their planned deliveries: one transaction a look."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.errors import LedgerError, SourceError
from spotlight_notify.model import Aid, Campaign, Image, Look, Plan, State
from spotlight_notify.planning import Writing, plan_deliveries
from spotlight_notify.ports import Book, Clock, Illustrate, Jitter, Ledger, Source
from spotlight_notify.records import KnownAid

LONGEST_BACK_OFF = timedelta(hours=24)
"""A failing source is asked at least this often."""

LONGEST_ILLUSTRATING = timedelta(minutes=2)
"""A look's new aids wait no longer for their pictures; the rest get theirs, if any, when they are sent."""

MOST_LOOKS = 100_000
"""A source that always says there is more is stopped after this many looks in one poll."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """Tell what one poll found. ``error`` is None when the source could be read to its end."""

    source: str
    baseline: int = 0
    new: int = 0
    planned: int = 0
    unchanged: bool = False
    warnings: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """Hold what a poll needs beside the source itself."""

    ledger: Ledger
    campaigns: Sequence[Campaign]
    writing: Writing
    illustrate: Illustrate
    clock: Clock
    jitter: Jitter


def poll_source(source: Source, every: timedelta, parts: Polling) -> Poll:
    """Look until nothing more is to be read, and record each look in a transaction of its own.

    A failed look, or one that cannot be recorded, leaves the cursor where the last good one put it; the
    source is asked again later and later.
    """
    poll = Poll(source=source.name)
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
    cursor = parts.ledger.source_status(source.name).cursor
    look = source.look(cursor, lambda keys: parts.ledger.known(source.name, keys))
    now = parts.clock()
    due_at = now if look.more else due_after_success(every, look.wait, now, parts.jitter)
    if look.unchanged and look.cursor == cursor:
        parts.ledger.poll_idle(source.name, due_at, now)
        return look, replace(poll, unchanged=True, warnings=poll.warnings + look.warnings)
    if parts.ledger.source_status(source.name).baseline_at is not None:
        look = replace(look, aids=_illustrated(look.aids, source.name, parts))
        now = parts.clock()
    with parts.ledger.recording(source.name) as book:
        baseline = book.status().baseline_at is None
        poll = _record(look, baseline, book, parts, now, poll)
        book.finish(cursor=look.cursor, next_poll_at=due_at, baseline_done=not look.more, now=now)
    return look, poll


def _illustrated(aids: tuple[Aid, ...], source: str, parts: Polling) -> tuple[Aid, ...]:
    """Find the pictures of what is new, before the transaction that records it."""
    until = parts.clock() + LONGEST_ILLUSTRATING
    known = parts.ledger.known(source, [name for aid in aids for name in (aid.key, *aid.aliases)])

    def pictured(aid: Aid) -> Aid:
        is_new = known.isdisjoint((aid.key, *aid.aliases))
        return parts.illustrate(aid, hurry=parts.clock() >= until) if is_new else aid

    return tuple(map(pictured, aids))


def _record(look: Look, baseline: bool, book: Book, parts: Polling, now: datetime, poll: Poll) -> Poll:
    known = book.match(look.aids)
    new = planned = 0
    for aid in look.aids:
        if aid.key in known:
            _refresh(book, known[aid.key], aid)
            continue
        new += 1
        record = book.add(aid, baseline=baseline, now=now)
        planned += 0 if baseline else _plan(book, record, parts, now)
    return replace(
        poll,
        baseline=poll.baseline + (new if baseline else 0),
        new=poll.new + (0 if baseline else new),
        planned=poll.planned + planned,
        unchanged=look.unchanged,
        warnings=poll.warnings + look.warnings,
    )


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


def _plan(book: Book, record: KnownAid, parts: Polling, now: datetime) -> int:
    pending = 0
    for plan in plan_deliveries(record.aid, parts.campaigns, parts.writing, now):
        plan = _unless_announced(book, record.aid, plan)
        book.plan(record.id, plan, now)
        pending += plan.state is State.PENDING
    return pending


def _unless_announced(book: Book, aid: Aid, plan: Plan) -> Plan:
    earlier = book.announced_elsewhere(aid, plan.campaign, plan.channel)
    if earlier is None:
        return plan
    reason = f"its link is announced already by delivery {earlier.id} (source {earlier.source})"
    return replace(plan, state=State.SKIPPED, reason=reason)


def _failed(poll: Poll, error: SourceError | LedgerError, every: timedelta, parts: Polling) -> Poll:
    now = parts.clock()
    failures = parts.ledger.source_status(poll.source).failures
    wait, gone = (error.wait, error.gone) if isinstance(error, SourceError) else (None, False)
    due_at = due_after_failure(every, failures, wait, now, parts.jitter)
    if gone:
        due_at = max(due_at, now + LONGEST_BACK_OFF)
    parts.ledger.poll_failed(poll.source, str(error), due_at, now)
    return replace(poll, error=str(error))
