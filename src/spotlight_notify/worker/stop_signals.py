"""Hear a wish to stop: finish what is under way first."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Protocol

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopping(Protocol):
    """Know whether somebody wishes to stop; ``threading.Event`` does too."""

    def set(self) -> None:
        """Wish to stop."""

    def is_set(self) -> bool:
        """Return whether somebody does."""

    def wait(self, timeout: float, /) -> bool:
        """Wait until somebody does, for so many seconds at most; tell whether somebody does."""


class StopWish:
    """Be set by a signal handler, and waited for by one thread, as an Event is.

    ``hung_up``: it was SIGHUP, which asks a service to begin anew rather than to end.

    A handler may interrupt the thread that waits at any line: an Event's lock is not made for that, a
    SimpleQueue is.
    """

    def __init__(self) -> None:
        self._is_set = False
        self.hung_up = False
        self._heard: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Wish to stop."""
        self._is_set = True
        self._heard.put(None)

    def is_set(self) -> bool:
        """Return whether somebody wishes to stop."""
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Wait until somebody wishes to stop, for so long at most; tell whether somebody does."""
        with suppress(Empty):
            if not self.is_set():
                self._heard.get(timeout=seconds)
        return self.is_set()


class Listener:
    """Hear SIGTERM, SIGINT and SIGHUP from the moment it is made.

    A second one leaves at once, with 128 + its number. Main thread only.
    """

    def __init__(self) -> None:
        self.wish = StopWish()
        self._number = 0
        self._earlier = {number: signal.signal(number, self._hear) for number in STOPS}

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self.wish.is_set():
            os._exit(128 + number)
        self._number = number
        self.wish.hung_up = number == signal.SIGHUP
        self.wish.set()

    def give_back(self) -> None:
        """Put the earlier handlers back."""
        for number, handler in self._earlier.items():
            signal.signal(number, handler)

    def resign(self) -> None:
        """Put the earlier handlers back, and let them hear what was heard meanwhile."""
        self.give_back()
        if self._number:
            signal.raise_signal(self._number)

    def close_ears(self) -> None:
        """Hear nothing more until the process ends: what there was to stop has ended well."""
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)


@contextmanager
def stop_wished() -> Iterator[StopWish]:
    """Give a wish that signals set as ``Listener`` says; the earlier handlers are put back at the end."""
    listener = Listener()
    try:
        yield listener.wish
    finally:
        listener.give_back()


def end_as_ctrl_c_does() -> None:
    """Let SIGTERM end this process in good order too, for commands that have nothing under way."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
