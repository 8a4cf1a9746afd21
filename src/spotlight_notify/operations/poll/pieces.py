"""Record a large look in pieces, so that nobody waits long for the ledger."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import BoundedSemaphore, Lock

from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.errors import SourceError
from spotlight_notify.model.records.standing import SourceStatus
from spotlight_notify.operations.poll.looks import names_of
from spotlight_notify.ports.parts import Known

MOST_AT_ONCE = 500
"""Aids in one transaction: about a second. 19,000 took 18 s of CPU, and others gave up waiting after 30."""


MOST_WAITING = 2
"""Large looks that wait to be recorded: each may hold 40 MB."""


class Line:
    """Let one large look be recorded at a time, and only a few wait for it."""

    def __init__(self) -> None:
        self._recording, self._places = Lock(), BoundedSemaphore(1 + MOST_WAITING)

    @contextmanager
    def turn(self, source: str) -> Iterator[None]:
        """Hold the turn while the block runs; SourceError at once if enough others wait for it."""
        if not self._places.acquire(blocking=False):
            raise SourceError(source, "other large looks wait to be recorded; it is looked at again later")
        try:
            with self._recording:
                yield
        finally:
            self._places.release()


def is_large(look: Look) -> bool:
    """Tell whether a look is recorded in pieces."""
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
    seen = known([name for aid in aids for name in names_of(aid)])
    old = [aid for aid in aids if not seen.isdisjoint(names_of(aid))]
    return old, [aid for aid in aids if seen.isdisjoint(names_of(aid))]
