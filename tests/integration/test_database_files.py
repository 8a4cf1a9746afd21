"""A SQLite file with a write-ahead log is read where nothing may be written beside it."""

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from databases import PLAIN
from fakes import FakeClock
from spotlight_notify.model.errors import SourceError
from spotlight_notify.sources.database.source import DatabaseSource, Table

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """Make a folder that everybody may read; pytest's own are shut to whom the tests become."""
    made = Path(tempfile.mkdtemp(prefix="spotlight-wal-"))
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


@contextmanager
def forbidden(folder: Path) -> Iterator[None]:
    """Let nobody write in the folder: by its mode, and as somebody else where that binds no superuser."""
    for each in (*folder.iterdir(), folder):
        each.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH | (0o111 if each.is_dir() else 0))
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def theirs(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "aids.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("CREATE TABLE IF NOT EXISTS aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT)")
    return connection


def keys(folder: Path) -> list[str]:
    table = Table(name="aids", key="id", columns=PLAIN)
    url = f"sqlite:///{folder / 'aids.sqlite3'}"
    with closing(DatabaseSource(name="aids", url=url, table=table, clock=FakeClock())) as source:
        return [aid.key for aid in source.look(None, lambda names: frozenset()).aids]


def test_database_9_a_file_that_nobody_has_open_is_read(folder: Path) -> None:
    with closing(theirs(folder)) as connection:
        connection.execute("INSERT INTO aids VALUES (1, 'A', NULL)")
    assert not (folder / "aids.sqlite3-wal").exists()
    with forbidden(folder):
        assert keys(folder) == ["row:1"]
    assert [each.name for each in folder.iterdir()] == ["aids.sqlite3"]


def test_database_9_what_is_in_the_log_alone_is_read(folder: Path) -> None:
    with closing(theirs(folder)) as connection:
        connection.execute("INSERT INTO aids VALUES (1, 'A', NULL)")
        with forbidden(folder):
            assert keys(folder) == ["row:1"]
        # Left by a program that crashed: a log, and no index of it.
        index = folder / "aids.sqlite3-shm"
        kept = index.read_bytes()
        folder.chmod(0o755)
        index.unlink()
        with forbidden(folder):
            assert keys(folder) == ["row:1"]
        folder.chmod(0o755)
        index.write_bytes(kept)


def test_database_9_a_file_too_large_to_copy_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spotlight_notify.sources.database.sqlite_copy.LARGEST_COPY", 1000)
    theirs(folder).close()
    with forbidden(folder), pytest.raises(SourceError, match="is too large to be copied: let its folder be"):
        keys(folder)


def test_database_9_copies_are_removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs(folder).close()
    with tempfile.TemporaryDirectory() as copies:
        Path(copies).chmod(0o777)
        monkeypatch.setattr(tempfile, "tempdir", copies)
        with forbidden(folder):
            assert keys(folder) == []
        assert os.listdir(copies) == []
