"""Hold the ledger that the worlds use one after the other, and let the worlds come in between its calls."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from spotlight_notify.ledger import SqlLedger, open_ledger
from spotlight_notify.model import ON_DEMAND
from spotlight_notify.polling import Polling, poll_source
from worlds.feed import Feed
from worlds.networks import BEGAN
from worlds.program.values import CHANNELS, PLAIN, SOURCE, Process, Site, middle
from worlds.scripts import Script

MEMORY = Path("/dev/shm")
READS = frozenset(
    {
        *("due_sources", "source_status", "known", "due_channels", "held", "late", "queue", "next_due_at"),
        *("doubts", "receipts", "newest_receipt_at", "look_ups", "reads", "recall_draft", "kept_picture"),
        *("deliveries", "delivery", "attempts", "aids", "find_aids", "sources", "channels", "counts"),
        *("changes", "holds", "takedown"),
    }
)
"""What changes nothing in the ledger."""
DUE = """
SELECT 'poll', name, next_poll_at FROM source
    WHERE name = 'site' AND cursor IS NOT :cursor
UNION ALL SELECT 'drain', d.channel, max(min(d.due_at), coalesce(c.due_at, ''))
    FROM delivery d JOIN channel c ON c.name = d.channel
    WHERE d.state = 'pending' AND c.paused_at IS NULL GROUP BY d.channel
UNION ALL SELECT 'strand', '', min(leased_until_at) FROM delivery WHERE state = 'sending'
UNION ALL SELECT 'look', channel, min(look_at) FROM delivery
    WHERE state = 'unsure' AND look_at IS NOT NULL GROUP BY channel
"""
"""Tells what a daemon would find to do, and when, so that it need not be asked every second."""

Due = tuple[str, str, datetime]
"""Kind of work, its subject, and when it is due by the clock of who asks."""


class SteppedLedger:
    """Let others come in between before and after each transaction, never within one."""

    def __init__(self, ledger: SqlLedger, process: Process) -> None:
        self._ledger, self._process = ledger, process
        self._within = False

    def __getattr__(self, name: str) -> Any:
        method, process, reads = getattr(self._ledger, name), self._process, name in READS
        wants_result = name.startswith(("claim", "strand"))

        def call(*args: Any, **options: Any) -> Any:
            if self._within:
                return method(*args, **options)
            process.step(f"before {name}")
            result = method(*args, **options)
            if not reads and (result or not wants_result):
                process.stir()
            process.step(f"after {name}", "" if reads else f"-> {result}")
            return result

        setattr(self, name, call)
        return call

    @contextmanager
    def recording(self, source: str) -> Iterator[Any]:
        """Record without a break."""
        self._process.step("before recording")
        with self._ledger.recording(source) as book:
            self._within = True
            try:
                yield book
            finally:
                self._within = False
        self._process.stir()
        self._process.step("after recording")


class LedgerFile:
    """Hold one ledger in a file in memory, used for world after world; one handle for each process."""

    def __init__(self, handles: int) -> None:
        folder = MEMORY if MEMORY.is_dir() else None
        self._folder = tempfile.TemporaryDirectory(prefix="spotlight-worlds-", dir=folder)
        path = Path(self._folder.name) / "ledger.sqlite3"
        path.write_bytes(furnished_ledger())
        self._template = sqlite3.connect(":memory:")
        self._template.deserialize(furnished_ledger())
        self._live = sqlite3.connect(path, isolation_level=None)
        self.handles = [open_ledger(f"sqlite:///{path}") for _ in range(handles)]

    def renew(self) -> None:
        """Forget the last world."""
        self.restore(self._template)

    def copy(self) -> sqlite3.Connection:
        """Copy the ledger as it is."""
        backup = sqlite3.connect(":memory:")
        self._live.backup(backup)
        return backup

    def restore(self, backup: sqlite3.Connection) -> None:
        """Put a copy back."""
        backup.backup(self._live)

    def due(self, cursor: str) -> list[Due]:
        """Tell what there is to do, and since when; ``cursor``: where a look at the source would lead."""
        found = self._live.execute(DUE, {"cursor": cursor}).fetchall()
        return [(kind, name, datetime.fromisoformat(at)) for kind, name, at in found if at]

    def has_paused(self) -> bool:
        """Tell whether a channel waits for a person."""
        return bool(self._live.execute("SELECT 1 FROM channel WHERE paused_at IS NOT NULL").fetchone())

    def close(self) -> None:
        for handle in self.handles:
            handle.close()
        self._live.close()
        self._template.close()
        self._folder.cleanup()


@cache
def furnished_ledger() -> bytes:
    """Make a ledger that knows two channels, and a source whose first look lies a day back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite3"
        ledger = open_ledger(f"sqlite:///{path}")
        then = BEGAN - timedelta(days=1)
        ledger.register({SOURCE: "", ON_DEMAND: ""}, CHANNELS.values(), then)
        feed = Feed(Script(seed=0, nets=()))
        polling = Polling(
            ledger=ledger,
            campaigns=(),
            writing=PLAIN,
            illustrate=lambda aid, hurry=False: aid,
            clock=lambda: then,
            jitter=middle,
        )
        assert poll_source(Site(feed, _Alone()), timedelta(minutes=15), polling).baseline == 2
        ledger.close()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            return connection.serialize()


class _Alone:
    """Be a process that nobody watches."""

    def step(self, name: str, told: str = "") -> None: ...

    def wait(self, seconds: float) -> None: ...

    def stir(self) -> None: ...

    def now(self) -> datetime:
        return BEGAN
