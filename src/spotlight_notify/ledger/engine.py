"""Connect to SQLite or PostgreSQL, with transactions begun by ourselves and not by sqlite3's guesses."""

import sqlite3
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from spotlight_notify.ledger.database_errors import place
from spotlight_notify.ledger.ledger_file import address_of
from spotlight_notify.model.errors import LedgerError

POOL = {"pool_size": 10, "max_overflow": 20}
"""Enough for every channel and source a daemon works on at a time."""

FORMS = "sqlite:///file.sqlite3 or postgresql://user:password@host/database"
"""What a ledger's URL looks like, for a person."""

WRITE = "BEGIN IMMEDIATE"

RECORDING_LOCK = (0x53504F54, 1)
"""Names, among a PostgreSQL database's advisory locks, the one that a recording holds ("SPOT")."""

OPENING_LOCK = (0x53504F54, 2)
"""Names the advisory lock held while the tables are made or migrated."""

HOLD_LOCK = (0x53504F54, 3)
"""Names the advisory lock that all claims share, and that the placing of a hold has for itself alone."""

SERVING_LOCK = (0x53504F54, 4)
"""Names the advisory lock that daemons share as long as they run, and a migration has for itself alone."""


def ledger_url(url: str) -> URL:
    """Read a URL: a SQLite file, or PostgreSQL through psycopg 3; LedgerError for anything else."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise LedgerError(f"the ledger's url cannot be read: write {FORMS}") from error
    if parsed.drivername in ("postgres", "postgresql", "postgresql+psycopg"):
        if "@" in (parsed.host or ""):  # the rest of a password, which must not end up in a message
            raise LedgerError("the ledger's url cannot be read: write @ in a password as %40")
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise LedgerError(f"a ledger cannot live in {parsed.drivername}: write {FORMS}")
    if parsed.database in (None, "", ":memory:") or parsed.query.get("mode") == "memory":
        raise LedgerError("a ledger in memory would forget what was sent: name a file in [ledger] url")
    if str(parsed.database).startswith("file:"):
        raise LedgerError(f"the ledger's url names its file as it is, not as a file: address; write {FORMS}")
    return parsed


def connect(url: URL, lock_timeout: timedelta, address: str | None = None) -> Engine:
    """Make the engine; nothing is opened yet. ``lock_timeout``: how long to wait for other writers.

    ``address``: where SQLite reads the file, if not as it is.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, lock_timeout, address or address_of(Path(str(url.database))))
    return _postgres_engine(url, lock_timeout)


def _sqlite_engine(url: URL, lock_timeout: timedelta, address: str) -> Engine:
    opens = partial(_open_file, address, lock_timeout.total_seconds())
    engine = create_engine(url, creator=opens, poolclass=QueuePool, hide_parameters=True, **POOL)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_file(address: str, seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(address, uri=True, timeout=seconds, check_same_thread=False)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3 begins nothing by itself; _begin_sqlite does
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """Begin as the connection's options say: BEGIN to read, BEGIN IMMEDIATE to write, None not at all."""
    options = connection.get_execution_options()
    begin = options.get("sqlite_begin", "BEGIN")
    if begin == WRITE:
        _last_as(options["sqlite_synchronous"], connection)
    if begin:
        connection.exec_driver_sql(begin)


def _last_as(synchronous: str, connection: Connection) -> None:
    """Set how lasting a commit is, where the file's connection does not have it so already."""
    known = connection.connection.info
    if known.get("synchronous") != synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous = {synchronous}")
        known["synchronous"] = synchronous


def _postgres_engine(url: URL, lock_timeout: timedelta) -> Engine:
    milliseconds = max(1, int(lock_timeout.total_seconds() * 1000))
    given = url.query.get("options", "")
    ours = f"-c lock_timeout={milliseconds} -c timezone=UTC"
    options = f"{given if isinstance(given, str) else ' '.join(given)} {ours}"
    try:
        return create_engine(
            url, connect_args={"options": options.strip()}, hide_parameters=True, pool_pre_ping=True, **POOL
        )
    except ImportError as error:
        raise LedgerError(
            f"{place(url)}: PostgreSQL needs psycopg: install spotlight-notify[postgres]"
        ) from error


def serve(engine: Engine) -> None:
    """Let every connection from now on share SERVING_LOCK as long as it is open; nothing on SQLite."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _share_serving_lock)
        engine.dispose()


def _share_serving_lock(connection: Any, _record: Any) -> None:
    connection.execute("SELECT pg_advisory_lock_shared(%s, %s)", SERVING_LOCK)
    connection.commit()


def for_writing(engine: Engine, *, lasting: bool = True) -> Engine:
    """Return the same engine, whose transactions on SQLite take the write lock when they begin.

    ``lasting``: what is committed outlasts a power cut. Otherwise that holds only from the next lasting
    commit on, and costs no wait for the disk; it outlasts the death of the process all the same.
    """
    synchronous = "FULL" if lasting else "NORMAL"
    return engine.execution_options(sqlite_begin=WRITE, sqlite_synchronous=synchronous)


def lock(connection: Connection, key: tuple[int, int], *, shared: bool = False) -> None:
    """Wait until no other transaction holds this lock, or (``shared``) none holds it for itself alone.

    On SQLite there is nothing to wait for: the write lock has been taken already.
    """
    if connection.dialect.name == "postgresql":
        take = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        connection.exec_driver_sql(f"SELECT {take}(%s, %s)", key)


def use_wal(engine: Engine, lock_timeout: timedelta) -> None:
    """Let SQLite's readers and its writer work side by side; kept in the file once it is set.

    SQLite does not wait for others when it changes the mode, so the waiting is done by BEGIN EXCLUSIVE.
    """
    deadline = time.monotonic() + lock_timeout.total_seconds()
    with engine.execution_options(sqlite_begin=None).connect() as connection:
        while (mode := _wal_mode(connection, is_late=time.monotonic() > deadline)) is None:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            connection.exec_driver_sql("COMMIT")
    if mode != "wal":
        raise LedgerError(f"{place(engine.url)}: this file system cannot hold a write-ahead log")


def _wal_mode(connection: Connection, *, is_late: bool) -> str | None:
    """Ask for the mode and return the one that SQLite took; None if others are in the way."""
    try:
        return str(connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar_one())
    except OperationalError as error:
        if is_late or "BUSY" not in getattr(error.orig, "sqlite_errorname", ""):
            raise
        return None
