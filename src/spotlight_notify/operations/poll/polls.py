"""What a poll needs, what it tells, when the next one is due, and which source may not be polled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from spotlight_notify.model.aids import Look
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.standing import SourceStatus
from spotlight_notify.operations.poll.looks import RecordingQueue
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Clock, Illustrate, Jitter
from spotlight_notify.rules.mass_change import Brake
from spotlight_notify.rules.planning import Writing

MOST_NOTES = 20
"""Sentences that are kept with a source; a feed may have one for each of its entries."""
LONGEST_NOTE = 500

Place = tuple[str, str]
"""A campaign and a channel, by name."""
LONGEST_BACK_OFF = timedelta(hours=24)
"""A failing source is asked at least this often."""
LONGEST_PAUSE = timedelta(minutes=1)
"""Where there is more to read, a poll that was cut off is taken up again after this long.

Until then it is left to the program that reads: another daemon would only read the same.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll found. ``error`` is None when the source could be read to its end.

    ``warnings``: what was not said of the source at its last good look already.
    ``alarm``: why what is new is held for a person; None if it is not. ``digests``: those (deliveries) that
    tell of an aid which was changed, and which are asked about until they are rewritten.
    """

    source: str
    baseline: int = 0
    new: int = 0
    planned: int = 0
    unchanged: bool = False
    warnings: tuple[str, ...] = ()
    error: str | None = None
    alarm: str | None = None
    digests: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """What a poll needs beside the source itself.

    ``brakes``: by source; ``caps``: how many posts a day may be made at a place, where that is set.
    ``settles``: how long a source's aids stand at the least before they go, by source, where that is set.
    ``addresses``: what tells where each source is (a digest of its address), as this program knows it.
    ``queue``: where looks wait that take long to record.
    """

    ledger: Ledger
    campaigns: Sequence[Campaign]
    writing: Writing
    illustrate: Illustrate
    clock: Clock
    jitter: Jitter
    brakes: Mapping[str, Brake] = field(default_factory=dict)
    caps: Mapping[Place, int] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    settles: Mapping[str, timedelta] = field(default_factory=dict)
    queue: RecordingQueue = field(default_factory=RecordingQueue)


def noted(warnings: Iterable[str]) -> tuple[str, ...]:
    """Choose what is kept with a source of a poll's warnings: each once, in their order."""
    return tuple(dict.fromkeys(each[:LONGEST_NOTE] for each in warnings))[:MOST_NOTES]


def untold(poll: Poll, notes: Sequence[str]) -> Poll:
    """Leave out of a poll's warnings what was kept with its source before."""
    return replace(poll, warnings=tuple(each for each in poll.warnings if each[:LONGEST_NOTE] not in notes))


def refuse_moved(status: SourceStatus, addresses: Mapping[str, str]) -> None:
    """Raise Refused if the ledger follows a source at another address than this program knows."""
    known = addresses.get(status.name)
    if known and status.address and status.address != known:
        raise Refused(
            f"source {status.name} has moved to another address since this program started: restart it"
        )


def due_after_look(look: Look, every: timedelta, now: datetime, jitter: Jitter) -> datetime:
    """Return when to look next after a look that succeeded."""
    if look.more:
        return now + min(every, LONGEST_PAUSE)
    return due_after_success(every, look.wait, now, jitter)


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
