"""Bring a ledger to the newest revision, once, however many processes open it at the same moment."""

import threading
from pathlib import Path

from sqlalchemy import Connection, Engine, String, column, inspect, select, table

from spotlight_notify.errors import LedgerError
from spotlight_notify.ledger.connecting import OPENING_LOCK, for_writing, lock
from spotlight_notify.ledger.schema import REVISION, VERSION_TABLE
from spotlight_notify.ledger.translating import place

PATIENCE = "60s"
"""How long to wait for another process that is migrating on PostgreSQL."""

_ALEMBIC = threading.Lock()
"""Alembic keeps the running migration in process-wide names, so threads take turns."""


def migrate(engine: Engine) -> None:
    """Make or update the tables in one transaction; nothing is written if they are up to date.

    LedgerError if the ledger was written by a newer program.
    """
    if is_current(engine):
        return
    with _ALEMBIC, for_writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        lock(connection, OPENING_LOCK)
        _upgrade(connection)  # which does nothing if another process was quicker


def is_current(engine: Engine) -> bool:
    """Tell whether the tables are there and of this program's revision."""
    with engine.connect() as connection:
        return _revision(connection) == REVISION


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(select(column("version_num", String)).select_from(table(VERSION_TABLE)))


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = _revision(connection)
    if found is not None and found not in known:
        raise LedgerError(
            f"{place(connection.engine.url)}: it was written by a newer version (revision {found});"
            " install that version of spotlight-notify, or restore a backup"
        )
    command.upgrade(config, "head")
