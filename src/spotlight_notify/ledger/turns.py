"""Let the threads of one process write one after the other, first come, first served."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL

from spotlight_notify.ledger.database_errors import BUSY, place
from spotlight_notify.model.errors import LedgerBusy


class Turns:
    """Hand a turn from thread to thread.

    SQLite wakes none of those that wait for its write lock; each looks again after a pause, and whoever looks
    at the right moment wins. Among many threads some never do, so only one at a time asks.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._changing = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn; LedgerBusy if this thread holds it already, since it would wait for itself."""
        if self._holder == threading.get_ident():
            raise LedgerBusy(f"{place(self._url)}: {BUSY}")
        self._take()
        try:
            yield
        finally:
            self._pass_on()

    def waiting(self) -> int:
        """Count the threads that wait for their turn."""
        with self._changing:
            return len(self._waiting)

    def _take(self) -> None:
        come = threading.Lock()
        come.acquire()
        with self._changing:
            if self._holder is None:
                self._holder = threading.get_ident()
                return
            self._waiting.append(come)
        try:
            come.acquire()
        except BaseException:  # Ctrl-C
            self._leave(come)
            raise
        self._holder = threading.get_ident()

    def _leave(self, come: threading.Lock) -> None:
        """Wait no more; a turn that has come meanwhile goes to the next."""
        with self._changing:
            if come in self._waiting:
                self._waiting.remove(come)
                return
        self._pass_on()

    def _pass_on(self) -> None:
        with self._changing:
            if not self._waiting:
                self._holder = None
                return
            self._holder = 0  # nobody's yet, and not free either
            self._waiting.popleft().release()
