"""What integration tests share: a ledger in a file, parts that work on it, servers with canned answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from builders import ledger_in, polling_with
from canned import CannedServer
from fakes import FakeClock
from feed_reader import FeedReader
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.networks.facebook.drafts import DraftsInMemory
from spotlight_notify.operations.poll.polls import Polling
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.sources.feed.parser_pool import FeedParser
from spotlight_notify.wire.wire import Wire
from website import Website


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    """A ledger in SQLite with the source and the channels that builders name."""
    opened = ledger_in(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def parts(ledger: Ledger, clock: FakeClock) -> Polling:
    """What polls the ledger's sources."""
    return polling_with(ledger, clock)


@pytest.fixture
def server() -> Iterator[CannedServer]:
    """A server that gives canned answers."""
    with CannedServer() as opened:
        yield opened


@pytest.fixture
def sandbox(clock: FakeClock) -> Iterator[Sandbox]:
    """Stand-ins for the networks, on loopback."""
    with Sandbox(clock) as opened:
        yield opened


@pytest.fixture
def drafts() -> DraftsInMemory:
    """A memory of drafts that lasts as long as the test."""
    return DraftsInMemory()


@pytest.fixture(scope="module")
def parser() -> Iterator[FeedParser]:
    """A parser of feeds, with its child processes."""
    opened = FeedParser(workers=2)
    yield opened
    opened.close()


@pytest.fixture
def reader(site: Website, wire: Wire, parser: FeedParser) -> FeedReader:
    """What looks at the site's feed again and again."""
    return FeedReader(site.url("/feed.xml"), wire, parser)
