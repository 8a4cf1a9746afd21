"""Read the clocks, roll the dice, let time pass: nowhere else."""

import math
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from spotlight_notify.model.errors import LedgerError

if TYPE_CHECKING:
    from spotlight_notify.ports.parts import Clock, Steady

ASK_AGAIN_SECONDS = 30.0
"""How long the ledger's clock is reckoned on by the steady one before it is asked again."""


def clock() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def jitter() -> float:
    """Roll the dice."""
    return random.random()


def pause(seconds: float) -> None:
    """Let time pass; for a command that waits for another process."""
    time.sleep(seconds)


def steady() -> float:
    """Return seconds since this machine was started, its sleep included; never stepped by anybody."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class LedgerClock:
    """The time that all users of a ledger share: its own where it has a clock, else this machine's.

    Between two readings of the ledger's clock the steady one is added, so that a step of this machine's clock
    changes nothing. Safe from many threads.
    """

    def __init__(self, tell_time: Callable[[], datetime | None], local: "Clock", steady: "Steady") -> None:
        self._tell_time, self._local, self._steady = tell_time, local, steady
        self._read: tuple[datetime, float] | None = None
        self._ask_at = -math.inf
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Return the time; a ledger that does not answer is asked again later; LedgerErrors at first only."""
        with self._lock:
            at = self._steady()
            if at >= self._ask_at:
                self._read = self._reading(at)
                self._ask_at = at + ASK_AGAIN_SECONDS if self._read else at
            if self._read is None:
                return self._local()
            return self._read[0] + timedelta(seconds=at - self._read[1])

    def _reading(self, at: float) -> tuple[datetime, float] | None:
        try:
            told = self._tell_time()
        except LedgerError:
            if self._read is None:
                raise
            return self._read
        return None if told is None else (told, at)

    def ahead(self) -> timedelta:
        """Return how far this machine's clock is ahead of the ledger's (behind, if negative)."""
        return self._local() - self()
