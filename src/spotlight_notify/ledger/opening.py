"""Open a ledger for what it is wanted for: read it, write to it, work on it, serve it."""

from contextlib import ExitStack
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import URL, Engine

from spotlight_notify.ledger.database_errors import DAMAGED, place, translated, unwritable
from spotlight_notify.ledger.engine import connect, ledger_url, serve, use_wal
from spotlight_notify.ledger.ledger_file import LedgerFile, readable_address
from spotlight_notify.ledger.lock_file import alone, refuse_without_locks
from spotlight_notify.ledger.schema import REVISION
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.ledger.upgrade import NEW, migrate, other_revision, revision_of
from spotlight_notify.model.advice import Deed, advise, do
from spotlight_notify.model.errors import LedgerError, LedgerLost, NothingRecorded

LOCK_TIMEOUT = timedelta(seconds=30)
"""How long a write waits for other processes before it is LedgerBusy.

Beside a process whose 16 threads write without a pause the longest wait was 4.7 seconds in 40.
"""

CONNECT_SECONDS = 5
"""How long a PostgreSQL server may take to answer somebody who only wants to look."""


class Purpose(StrEnum):
    """What a ledger is opened for; each does what those before it do.

    READ makes and changes nothing. WRITE makes the ledger if there never was one. WORK looks first whether
    the file is whole, and takes an older ledger along. SERVE keeps other daemons away until it is closed.
    """

    READ = "read"
    WRITE = "write"
    WORK = "work"
    SERVE = "serve"


WORKS = (Purpose.WORK, Purpose.SERVE)


def open_ledger(
    url: str, *, purpose: Purpose = Purpose.WORK, lock_timeout: timedelta = LOCK_TIMEOUT
) -> SqlLedger:
    """Open the ledger at a URL.

    Safe when several processes open the same new ledger at once. LedgerError if it cannot be read or
    written, is no ledger, or is of another revision; LedgerLost if it is gone or damaged; LedgerBusy if it
    stayed locked or a daemon serves it; NothingRecorded if READ finds none.
    """
    where = ledger_url(url)
    if purpose is Purpose.READ and where.get_backend_name() == "postgresql":
        where = where.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    file = LedgerFile(Path(str(where.database))) if where.get_backend_name() == "sqlite" else None
    with ExitStack() as locks, translated(where):
        address = _find(file, where, purpose, locks) if file else None
        engine = connect(where, lock_timeout, address)
        try:
            _get_ready(engine, file, purpose, lock_timeout)
        except BaseException:
            engine.dispose()
            raise
        return SqlLedger(engine, file, locks.pop_all())


def _find(file: LedgerFile, where: URL, purpose: Purpose, locks: ExitStack) -> str | None:
    """Make the file if it is to be made, and lock it if it is to be served; returns where it is read."""
    path = Path(str(where.database))
    if not path.parent.is_dir():
        raise LedgerError(f"{place(where)}: its folder {path.parent} does not exist; make it first")
    there = file.is_there()
    if not there and purpose is Purpose.READ:
        raise _nothing_recorded(where)
    if not there:
        with unwritable(where):
            file.make()
    refuse_without_locks(path, file.mark)
    if purpose is Purpose.SERVE:
        locks.enter_context(alone(path))
    file.know()
    return readable_address(path, locks) if purpose is Purpose.READ else None


def _get_ready(engine: Engine, file: LedgerFile | None, purpose: Purpose, lock_timeout: timedelta) -> None:
    if file and purpose is not Purpose.READ:
        use_wal(engine, lock_timeout)
    if file and purpose in WORKS:
        _check_whole(engine)
    _bring_up_to_date(engine, file, purpose)
    if file and purpose is not Purpose.READ:
        with unwritable(engine.url):
            file.leave_mark()
    if purpose is Purpose.SERVE:
        serve(engine)


def _bring_up_to_date(engine: Engine, file: LedgerFile | None, purpose: Purpose) -> None:
    """Make the tables, or take them along, as far as the purpose allows."""
    gone = file.gone() if file and file.mark.exists() else None  # asked first: the tables are made before it
    found = revision_of(engine)
    if found == NEW and gone:
        raise gone
    if found == NEW and purpose is Purpose.READ:
        raise _nothing_recorded(engine.url)
    if found not in (NEW, REVISION) and purpose not in WORKS:
        raise LedgerError(other_revision(engine.url, found))
    if found != REVISION:
        migrate(engine, serving=purpose is Purpose.SERVE)


def _check_whole(engine: Engine) -> None:
    """Look through the whole file once; LedgerLost if it is damaged. 0.2 seconds for 100 MB."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
    if found != "ok":
        raise LedgerLost(f"{place(engine.url)}: {DAMAGED}")


def _nothing_recorded(url: URL) -> NothingRecorded:
    return NothingRecorded(
        advise(f"{place(url)}: nothing has been recorded yet; begin with: ", do(Deed.WORK_ONCE))
    )
