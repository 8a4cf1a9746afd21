"""Poll one source: look until nothing more is to be read, and record what is shown."""

import re
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from functools import partial

from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.errors import LedgerError, SourceError
from spotlight_notify.model.records.standing import SourceStatus
from spotlight_notify.operations.poll.looks import in_pieces, is_large, look_to_the_end
from spotlight_notify.operations.poll.polls import (
    LONGEST_BACK_OFF,
    Poll,
    Polling,
    due_after_failure,
    due_after_look,
    noted,
    refuse_moved,
    untold,
)
from spotlight_notify.operations.poll.recording import record_look
from spotlight_notify.ports.parts import Known, Source

MOST_LOOKS = 100_000
"""A source that always says there is more is stopped after this many looks in one poll."""

OVERTAKEN = (
    "what was read is dropped: meanwhile the source moved, was given a new baseline, or was read by another"
    " program; it is looked at again when it is due"
)


ANOTHER = (
    "its address was changed, and nothing that it shows there was known: all of it counts as a baseline, so"
    " nothing of it is announced"
)
_NUMBER = re.compile(r"\w+:[\d,]+")
"""A name that aids of any two sources may have."""


class _Recognising:
    """Ask what is known, and see whether any of it is surely this source's."""

    def __init__(self, known: Known) -> None:
        self._known, self.is_met = known, False

    def __call__(self, names: Sequence[str]) -> frozenset[str]:
        found = self._known(names)
        self.is_met = self.is_met or not all(map(_NUMBER.fullmatch, found))
        return found


def poll_source(source: Source, every: timedelta, parts: Polling) -> Poll:
    """Look until nothing more is to be read, and record what is shown.

    A failed look, or one that cannot be recorded, leaves the cursor where the last good one put it; the
    source is asked again later and later. A look that was overtaken (the ledger follows another place, or
    from another cursor or baseline, than when it began) leaves no trace but a warning.

    Refused, without a look, where the ledger follows the source at another address.
    """
    notes = parts.ledger.source_status(source.name).notes
    return untold(_polled(source, every, parts), notes)


def _polled(source: Source, every: timedelta, parts: Polling) -> Poll:
    """Look until nothing more is to be read; the warnings are all that were met."""
    poll, more = Poll(source=source.name), True
    for _ in range(MOST_LOOKS):
        left = parts.ledger.source_status(source.name)
        refuse_moved(left, parts.addresses)
        try:
            poll, more = _go_on(source, left, every, parts, poll)
        except (SourceError, LedgerError) as error:
            return _failed(poll, left, error, every, parts)
        except Exception as error:  # our own mistakes must show as a failing source, not as a healthy one
            trouble = SourceError(source.name, f"unexpected {type(error).__name__}: {error}")
            return _failed(poll, left, trouble, every, parts)
        if not more:
            break
    return poll


def _go_on(
    source: Source, left: SourceStatus, every: timedelta, parts: Polling, poll: Poll
) -> tuple[Poll, bool]:
    """Look from where the source was left, and record it; tells too whether to go on from there."""
    known = _Recognising(partial(parts.ledger.known, source.name))
    waiting = parts.ledger.waiting_aids(source.name)
    if left.baseline_at is None:
        look = source.look(left.cursor, known, waiting)
    else:
        look = look_to_the_end(source, left.cursor, known, waiting)
    if left.has_moved:
        look, left = _placed(look, left, known, parts)
    idle = look.unchanged and look.cursor == left.cursor and not look.gone
    if idle and noted(look.warnings) == left.notes:
        told = _idle(look, left, every, parts, poll)
    else:
        told = _recorded(look, waiting, left, every, parts, poll)
    return (_overtaken(poll), False) if told is None else (told, look.more)


def _placed(look: Look, left: SourceStatus, known: _Recognising, parts: Polling) -> tuple[Look, SourceStatus]:
    """Return a moved source's first look, and where it is recorded from: as a baseline if all is unknown."""
    known([name for aid in look.aids for name in aid.names])
    if known.is_met or not parts.ledger.begin_anew(left, parts.clock()):
        return look, left
    return replace(look, warnings=(*look.warnings, ANOTHER)), parts.ledger.source_status(left.name)


def _recorded(
    look: Look, waiting: Sequence[Aid], left: SourceStatus, every: timedelta, parts: Polling, poll: Poll
) -> Poll | None:
    """Record a look; of large ones one at a time, in pieces, between which others write."""
    told: Poll | None = poll
    with parts.queue.turn(left.name) if is_large(look) else nullcontext():
        for piece in in_pieces(look, left, partial(parts.ledger.known, left.name)):
            if told is not None:
                told = record_look(piece, waiting, left, every, parts, told)
    return told


def _idle(look: Look, left: SourceStatus, every: timedelta, parts: Polling, poll: Poll) -> Poll | None:
    now = parts.clock()
    if not parts.ledger.poll_idle(left, due_after_look(look, every, now, parts.jitter), now):
        return None
    return replace(poll, unchanged=True, warnings=poll.warnings + look.warnings)


def _failed(
    poll: Poll, left: SourceStatus, error: SourceError | LedgerError, every: timedelta, parts: Polling
) -> Poll:
    now = parts.clock()
    wait, gone = (error.wait, error.gone) if isinstance(error, SourceError) else (None, False)
    due_at = due_after_failure(every, left.failures, wait, now, parts.jitter)
    if gone:
        due_at = max(due_at, now + LONGEST_BACK_OFF)
    if not parts.ledger.poll_failed(left, str(error), due_at, now):
        return _overtaken(poll)
    return replace(poll, error=str(error))


def _overtaken(poll: Poll) -> Poll:
    return replace(poll, warnings=(*poll.warnings, OVERTAKEN))
