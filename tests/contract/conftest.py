"""What contract tests share: a ledger in both databases, the stand-in networks, a configuration's place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import FakeClock
from ledgers import furnish
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.sandbox.server import Sandbox


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    """A ledger with a source and two channels, in SQLite and in PostgreSQL."""
    opened = open_ledger(url)
    yield furnish(opened)
    opened.close()


@pytest.fixture
def sandbox(clock: FakeClock) -> Iterator[Sandbox]:
    """Stand-ins for the networks, on loopback."""
    with Sandbox(clock) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a configuration is to be written."""
    return tmp_path / "spotlight.toml"
