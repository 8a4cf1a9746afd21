"""Open a ledger: connect, migrate, hand it over."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL

from spotlight_notify.errors import LedgerError
from spotlight_notify.ledger.connecting import connect, ledger_url, use_wal
from spotlight_notify.ledger.migrating import is_current, migrate
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.ledger.translating import place, translated

LOCK_TIMEOUT = timedelta(seconds=30)
"""How long a write waits for other processes before it is LedgerBusy.

Beside a process whose 16 threads write without a pause the longest wait was 4.7 seconds in 40.
"""

CONNECT_SECONDS = 5
"""How long a PostgreSQL server may take to answer somebody who only wants to look."""


def open_ledger(url: str, *, lock_timeout: timedelta = LOCK_TIMEOUT) -> SqlLedger:
    """Open the ledger at a URL, made or migrated to the newest revision first.

    Safe when several processes open the same new ledger at once. LedgerError if it cannot be read or
    written, is no ledger, or was written by a newer program; LedgerBusy if it stayed locked.
    """
    where = ledger_url(url)
    engine = connect(where, lock_timeout)
    try:
        with translated(where):
            if engine.dialect.name == "sqlite":
                _check_folder(where)
                use_wal(engine, lock_timeout)
            migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return SqlLedger(engine)


def open_existing(url: str, *, lock_timeout: timedelta = LOCK_TIMEOUT) -> SqlLedger | None:
    """Open a ledger that is there and up to date, to read it; None if it is not. Nothing is made or migrated.

    LedgerError if it cannot be read.
    """
    where = ledger_url(url)
    if where.get_backend_name() == "sqlite" and not Path(where.database or "").is_file():
        return None
    if where.get_backend_name() == "postgresql":
        where = where.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    engine = connect(where, lock_timeout)
    try:
        with translated(where):
            if is_current(engine):
                return SqlLedger(engine)
    except BaseException:
        engine.dispose()
        raise
    engine.dispose()
    return None


def _check_folder(url: URL) -> None:
    folder = Path(url.database or "").parent
    if not url.query and not folder.is_dir():
        raise LedgerError(f"{place(url)}: its folder {folder} does not exist; make it first")
