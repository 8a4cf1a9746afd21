"""Open a ledger: connect, migrate, hand it over."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL

from spotlight_notify.errors import LedgerError
from spotlight_notify.ledger.connecting import connect, ledger_url, use_wal
from spotlight_notify.ledger.migrating import migrate
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.ledger.translating import place, translated

LOCK_TIMEOUT = timedelta(seconds=5)
"""How long a write waits for the others before it is LedgerBusy."""


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


def _check_folder(url: URL) -> None:
    folder = Path(url.database or "").parent
    if not url.query and not folder.is_dir():
        raise LedgerError(f"{place(url)}: its folder {folder} does not exist; make it first")
