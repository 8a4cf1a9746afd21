"""Bring a ledger to the newest revision, once, when no daemon works on it; refuse one of another revision."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, String, column, inspect, select, table

from spotlight_notify.ledger.database_errors import place
from spotlight_notify.ledger.engine import OPENING_LOCK, SERVING_LOCK, for_writing, lock
from spotlight_notify.ledger.lock_file import lock_file
from spotlight_notify.ledger.schema import REVISION, VERSION_TABLE
from spotlight_notify.model.errors import LedgerBusy, LedgerError, LedgerLost

PATIENCE = "60s"
"""How long to wait for another process that is migrating on PostgreSQL."""

NEW = "0000"
"""Stands for the revision of a database without tables; sorts before all others."""

_VERSION = select(column("version_num", String)).select_from(table(VERSION_TABLE))
_VERSION_KEPT = _VERSION.with_for_update(read=True, key_share=True)
_ALEMBIC = threading.Lock()
"""Alembic keeps the running migration in process-wide names, so threads take turns."""


def revision_of(engine: Engine) -> str:
    """Return which revision a ledger has; NEW if it has no tables yet."""
    with engine.connect() as connection:
        return _revision(connection)


def migrate(engine: Engine, *, serving: bool = False) -> None:
    """Make or update the tables in one transaction; nothing is written if they are up to date.

    LedgerError if the ledger was written by a newer program; LedgerBusy while a daemon serves an older one.
    ``serving``: that daemon is this process.
    """
    with _ALEMBIC, for_writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        lock(connection, OPENING_LOCK)
        found = _revision(connection)
        if found == NEW:
            _upgrade(connection)
        elif found != REVISION:  # which it is if another process was quicker
            if found > REVISION:
                raise LedgerError(other_revision(engine.url, found))
            with _nobody_else(connection, serving):
                _upgrade(connection)


def other_revision(url: URL, found: str) -> str:
    """Return what to do with a ledger of another revision, in words for a person."""
    if found > REVISION:
        return (
            f"{place(url)}: it was written by a newer version (revision {found});"
            " install that version of spotlight-notify, or restore a backup"
        )
    return (
        f"{place(url)}: it is of an earlier version (revision {found}, not {REVISION}): stop its daemons,"
        " back it up, then start run or once, which takes it along"
    )


def refuse_other_revision(connection: Connection) -> None:
    """Raise LedgerLost if another version has taken the ledger along; no migration begins before the end.

    On SQLite by its write lock; on PostgreSQL by a lock on the row, which a migration has for itself alone.
    """
    found = connection.scalar(_VERSION_KEPT)
    if found != REVISION:
        raise LedgerLost(
            f"{place(connection.engine.url)}: another version of spotlight-notify has taken it along"
            f" (revision {found}, not {REVISION}): this one sends nothing more; stop it, and use that one"
        )


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table(VERSION_TABLE):
        return NEW
    return connection.scalar(_VERSION) or NEW


@contextmanager
def _nobody_else(connection: Connection, serving: bool) -> Iterator[None]:
    """Keep daemons and writers away; LedgerBusy if a daemon is there."""
    url = connection.engine.url
    if connection.dialect.name == "postgresql":
        connection.execute(_VERSION.with_for_update())
        if not connection.exec_driver_sql("SELECT pg_try_advisory_xact_lock(%s, %s)", SERVING_LOCK).scalar():
            raise LedgerBusy(f"{place(url)}: daemons serve it, and an earlier version of it; stop them first")
        yield
    elif serving:
        yield
    else:
        with lock_file(Path(str(url.database))):
            yield


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
