"""Hold the ledger that one world after the other uses: in a file in memory, or on PostgreSQL."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from sqlalchemy import create_engine, text

from ledgers import EMPTYING
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Polling
from worlds.feed import Feed
from worlds.networks import BEGAN
from worlds.program.values import CHANNELS, PLAIN, SOURCE, Site, middle
from worlds.scripts import Script

MEMORY = Path("/dev/shm")
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

DUE_ON_POSTGRES = """
SELECT 'poll', name, next_poll_at FROM source
    WHERE name = 'site' AND cursor IS DISTINCT FROM :cursor
UNION ALL SELECT 'drain', d.channel, greatest(min(d.due_at), min(c.due_at))
    FROM delivery d JOIN channel c ON c.name = d.channel
    WHERE d.state = 'pending' AND c.paused_at IS NULL GROUP BY d.channel
UNION ALL SELECT 'strand', '', min(leased_until_at) FROM delivery WHERE state = 'sending'
UNION ALL SELECT 'look', channel, min(look_at) FROM delivery
    WHERE state = 'unsure' AND look_at IS NOT NULL GROUP BY channel
"""
PAUSED = "SELECT 1 FROM channel WHERE paused_at IS NOT NULL"
HANDLES = 3
"""Two daemons, and people."""

Due = tuple[str, str, datetime]
"""Kind of work, its subject, and when it is due by the clock of who asks."""


class Ledgers(Protocol):
    """Hold one ledger for world after world. ``handles``: one for each process."""

    handles: list[SqlLedger]

    def renew(self) -> None:
        """Forget the last world."""
        ...

    def copy(self) -> sqlite3.Connection | None:
        """Copy the ledger as it is; None where that is not tried."""
        ...

    def restore(self, copy: sqlite3.Connection) -> None:
        """Put a copy back."""
        ...

    def due(self, cursor: str) -> list[Due]:
        """Tell what there is to do, and since when; ``cursor``: where a look at the source would lead."""
        ...

    def has_paused(self) -> bool:
        """Tell whether a channel waits for a person."""
        ...


class LedgerFile:
    """Keep it in SQLite, in a file in memory."""

    def __init__(self, path: Path) -> None:
        path.write_bytes(furnished_ledger())
        self._template = sqlite3.connect(":memory:")
        self._template.deserialize(furnished_ledger())
        self._live = sqlite3.connect(path, isolation_level=None)
        self.handles = [open_ledger(f"sqlite:///{path}") for _ in range(HANDLES)]

    def renew(self) -> None:
        self.restore(self._template)

    def copy(self) -> sqlite3.Connection | None:
        copy = sqlite3.connect(":memory:")
        self._live.backup(copy)
        return copy

    def restore(self, copy: sqlite3.Connection) -> None:
        copy.backup(self._live)

    def due(self, cursor: str) -> list[Due]:
        found = self._live.execute(DUE, {"cursor": cursor}).fetchall()
        return [(kind, name, datetime.fromisoformat(at)) for kind, name, at in found if at]

    def has_paused(self) -> bool:
        return bool(self._live.execute(PAUSED).fetchone())

    def close(self) -> None:
        for handle in self.handles:
            handle.close()
        self._live.close()
        self._template.close()


class LedgerDatabase:
    """Keep it on PostgreSQL; what would need a copy of it does not happen there."""

    def __init__(self, url: str) -> None:
        self._live = create_engine(url, isolation_level="AUTOCOMMIT").connect()
        self.handles = [open_ledger(url) for _ in range(HANDLES)]

    def renew(self) -> None:
        self._live.execute(text(EMPTYING))
        furnish(self.handles[0])

    def copy(self) -> sqlite3.Connection | None:
        return None

    def restore(self, copy: sqlite3.Connection) -> None:
        raise AssertionError("no copy was made")

    def due(self, cursor: str) -> list[Due]:
        found = self._live.execute(text(DUE_ON_POSTGRES), {"cursor": cursor}).all()
        return [(kind, name, at.astimezone(UTC)) for kind, name, at in found if at]

    def has_paused(self) -> bool:
        return self._live.exec_driver_sql(PAUSED).first() is not None

    def close(self) -> None:
        for handle in self.handles:
            handle.close()
        self._live.close()
        self._live.engine.dispose()


@contextmanager
def open_ledgers(*, postgres: bool = False) -> Iterator[Ledgers]:
    """Open the ledger that world after world uses."""
    with ExitStack() as stack:
        if postgres:
            from chaos.postgres import own_database

            held: LedgerFile | LedgerDatabase = LedgerDatabase(stack.enter_context(own_database()))
        else:
            memory = MEMORY if MEMORY.is_dir() else None
            folder = tempfile.TemporaryDirectory(prefix="spotlight-worlds-", dir=memory)
            held = LedgerFile(Path(stack.enter_context(folder)) / "ledger.sqlite3")
        with closing(held):
            yield held


@cache
def furnished_ledger() -> bytes:
    """Make a ledger that knows two channels, and a source whose first look lies a day back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite3"
        ledger = open_ledger(f"sqlite:///{path}")
        furnish(ledger)
        ledger.close()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
            return connection.serialize()


def furnish(ledger: SqlLedger) -> None:
    """Register the channels and the source, and make the first look."""
    then = BEGAN - timedelta(days=1)
    ledger.register({SOURCE: "", ON_DEMAND: ""}, CHANNELS.values(), then)
    polling = Polling(
        ledger=ledger,
        campaigns=(),
        writing=PLAIN,
        illustrate=lambda aid, hurry=False: aid,
        clock=lambda: then,
        jitter=middle,
    )
    feed = Feed(Script(seed=0, nets=()))
    assert poll_source(Site(feed, _Alone()), timedelta(minutes=15), polling).baseline == 2


class _Alone:
    """Be a process that nobody watches."""

    def step(self, name: str, told: str = "") -> None: ...

    def wait(self, seconds: float) -> None: ...

    def stir(self) -> None: ...

    def now(self) -> datetime:
        return BEGAN

    def monotonic(self) -> float:
        return 0.0
