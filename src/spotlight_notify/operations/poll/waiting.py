"""Reckon when a source is looked at next."""

from datetime import datetime, timedelta

from spotlight_notify.model.aids import Look
from spotlight_notify.ports.parts import Jitter

LONGEST_BACK_OFF = timedelta(hours=24)
"""A failing source is asked at least this often."""

LONGEST_PAUSE = timedelta(minutes=1)
"""Where there is more to read, a poll that was cut off is taken up again after this long.

Until then it is left to the program that reads: another daemon would only read the same.
"""


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
