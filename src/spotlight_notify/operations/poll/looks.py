"""Join looks so that they are judged together, and record a large one in pieces so that nobody waits long."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore, Lock

from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.errors import LedgerError, SourceError
from spotlight_notify.model.records.standing import SourceStatus
from spotlight_notify.ports.parts import Known, Source

MOST_JOINED = 500
"""Looks are joined until they hold so many aids: far more than any brake lets pass, and recorded in the two
seconds that others, who wait five for the ledger, can spare.
"""
MOST_AT_ONCE = 500
"""Aids in one transaction: about a second. 19,000 took 18 s of CPU, and others gave up waiting after 30."""
MOST_WAITING = 2
"""Large looks that wait to be recorded: each may hold 40 MB."""


def look_to_the_end(source: Source, cursor: str | None, known: Known, waiting: Sequence[Aid]) -> Look:
    """Look, and join what further looks show, until nothing more is to be read.

    Only the first is told what waits. If a later look fails, what was read before it is returned, with more
    to come. So is a look that shows no aid: there is nothing to judge, and a long scan is kept in steps.
    """
    look = source.look(cursor, known, waiting)
    while look.more and 0 < len(look.aids) < MOST_JOINED:
        try:
            further = source.look(look.cursor, _knowing(look, known))
        except LedgerError:
            raise
        except Exception:  # whatever it is, it is met again, and told, by the next look from there
            return look
        look = join(look, further)
    return look


def join(look: Look, further: Look) -> Look:
    """Make one look of two that follow each other.

    An aid that shows up again, by its key or else any other of its names, counts once: under its first key,
    in its last words.
    """
    aids = {aid.key: aid for aid in look.aids}
    owners = {name: aid.key for aid in look.aids for name in aid.aliases} | {key: key for key in aids}
    for aid in further.aids:
        key = next((owners[name] for name in (aid.key, *aid.aliases) if name in owners), aid.key)
        aids[key] = _renewed(aids[key], aid) if key in aids else aid
    warnings = tuple(dict.fromkeys(look.warnings + further.warnings))
    gone = (look.gone | further.gone) - set(aids)
    return replace(further, aids=tuple(aids.values()), gone=gone, warnings=warnings, unchanged=False)


def _renewed(first: Aid, last: Aid) -> Aid:
    aliases = dict.fromkeys((*first.aliases, last.key, *last.aliases))
    return replace(last, key=first.key, aliases=tuple(aliases))


def _knowing(look: Look, known: Known) -> Known:
    """Return ``known`` as if what is about to be recorded were recorded."""
    shown = {name for aid in look.aids for name in aid.names}
    return lambda keys: known(keys) | shown.intersection(keys)


class RecordingQueue:
    """A queue in which one large look is recorded at a time, and only a few wait."""

    def __init__(self) -> None:
        self._recording, self._places = Lock(), BoundedSemaphore(1 + MOST_WAITING)

    @contextmanager
    def turn(self, source: str) -> Iterator[None]:
        """Keep the turn while the block runs; SourceError at once if enough others wait for it."""
        if not self._places.acquire(blocking=False):
            raise SourceError(source, "other large looks wait to be recorded; it is looked at again later")
        try:
            with self._recording:
                yield
        finally:
            self._places.release()


def is_large(look: Look) -> bool:
    """Return whether a look is recorded in pieces."""
    return len(look.aids) > MOST_AT_ONCE


def in_pieces(look: Look, left: SourceStatus, known: Known) -> Iterator[Look]:
    """Yield a look in pieces; all but the last leave the cursor where it was, so that nothing is lost.

    All that is new is in the last one, since it is judged whole; a baseline has no such thing.
    """
    if not is_large(look):
        yield look
        return
    first, last = _parted(look.aids, left, known)
    for start in range(0, len(first), MOST_AT_ONCE):
        aids = first[start : start + MOST_AT_ONCE]
        yield replace(look, aids=tuple(aids), gone=frozenset(), cursor=left.cursor, more=True, warnings=())
    yield replace(look, aids=tuple(last))


def _parted(aids: Sequence[Aid], left: SourceStatus, known: Known) -> tuple[Sequence[Aid], Sequence[Aid]]:
    if left.baseline_at is None:
        return aids[:-MOST_AT_ONCE], aids[-MOST_AT_ONCE:]
    seen = known([name for aid in aids for name in aid.names])
    old = [aid for aid in aids if not seen.isdisjoint(aid.names)]
    return old, [aid for aid in aids if seen.isdisjoint(aid.names)]
