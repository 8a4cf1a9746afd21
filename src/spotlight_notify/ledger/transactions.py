"""Transactions: to read, to write, and to write what a power cut may take; threads take turns."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime

from sqlalchemy import URL, Connection, Engine

from spotlight_notify.ledger.database_errors import BUSY, place, translated
from spotlight_notify.ledger.engine import for_writing
from spotlight_notify.ledger.ledger_file import LedgerFile
from spotlight_notify.ledger.upgrade import refuse_other_revision
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
        """Take the turn; LedgerBusy if this thread holds it already, since it would wait for itself."""
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


class Connections:
    """Begin and end transactions; whatever a database raises within becomes a LedgerError.

    All raise LedgerLost when the ledger is gone or another one (``file``, on SQLite), and those that write
    also when another version has taken it along.
    """

    def __init__(self, engine: Engine, file: LedgerFile | None) -> None:
        self._readers, self._writers = engine, for_writing(engine)
        self._noters = for_writing(engine, lasting=False)
        self._turns = Turns(engine.url)
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._file = file

    def close(self) -> None:
        """Close them all; new ones are opened when they are asked for."""
        if self._file:
            self._file.forget_logs()
        self._readers.dispose()

    def tell_time(self) -> datetime | None:
        """Read PostgreSQL's own clock; None on SQLite, whose clock is this machine's."""
        if self._readers.dialect.name != "postgresql":
            return None
        with self.reading() as connection:
            told: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return told.astimezone(UTC)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read; whatever is written is undone."""
        self._check_file()
        with translated(self._readers.url), self._readers.connect() as connection:
            yield connection

    def writing(self) -> AbstractContextManager[Connection]:
        """Commit when the block ends well, else undo."""
        return self._begun(self._writers)

    @contextmanager
    def recording(self) -> Iterator[Connection]:
        """Do as ``writing``, by turns on PostgreSQL too, where waiting for the lock of recordings ends."""
        with nullcontext() if self._is_sqlite else self._turns.taken(), self.writing() as connection:
            yield connection

    def noting(self) -> AbstractContextManager[Connection]:
        """Write what a power cut may take: it would be found out again by the next look."""
        return self._begun(self._noters)

    @contextmanager
    def _begun(self, writers: Engine) -> Iterator[Connection]:
        with self._turn(), translated(self._readers.url):
            self._check_file()
            with writers.begin() as connection:
                if self._file:
                    self._file.see_logs()
                self._check_file()
                refuse_other_revision(connection)
                yield connection

    def _turn(self) -> AbstractContextManager[None]:
        """Wait for the other threads' writes on SQLite; PostgreSQL orders them itself."""
        return self._turns.taken() if self._is_sqlite else nullcontext()

    def _check_file(self) -> None:
        if self._file:
            self._file.check()
