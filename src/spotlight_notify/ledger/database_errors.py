"""Translate what SQLAlchemy, sqlite3 and psycopg raise into LedgerError: one line that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from traceback import walk_tb

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from spotlight_notify.model.errors import LedgerBusy, LedgerError, LedgerLost

MAX_WORDS = 300
"""How much of a library's own message is quoted, in characters."""

BUSY = "another process holds it; try again in a moment"
UNREADABLE = "it cannot be opened; see that its folder exists and that this user may write there"
DAMAGED = "the file is damaged; restore it from a backup"

# Beginnings of sqlite3's own names for its errors (https://www.sqlite.org/rescode.html).
SQLITE_ADVICE = {
    "SQLITE_FULL": "the disk is full; free some space, what was recorded before is safe",
    "SQLITE_NOTADB": "the file is no SQLite database; move it away, or name another file in [ledger] url",
    "SQLITE_CANTOPEN": UNREADABLE,
    "SQLITE_READONLY": "it cannot be written; see that this user may write the file and its folder",
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_IOERR": "the disk reports an error; check it, and the space on it",
}

# Beginnings of PostgreSQL's error codes (https://www.postgresql.org/docs/current/errcodes-appendix.html).
POSTGRES_ADVICE = {
    "42501": "this user may not do that; grant it the rights on the ledger's tables",
    "53100": "the server's disk is full; free some space, what was recorded before is safe",
    "57P": "the server is stopping or starting; try again in a moment",
}

POSTGRES_BUSY = ("55P03", "40001", "40P01")
"""Codes for: lock not available, serialization failure, deadlock detected."""

LOST = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
"""Beginnings of sqlite3's names for what no other try makes better."""

UNDECODED = "Could not decode to UTF-8"
"""How sqlite3 begins to say that a text is none (CPython's cursor.c); it has no name for that."""

UNREADABLE_ROW = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)
"""What reading a row raises that holds what no version of this program writes."""

PASSING_ON = ("database_errors", "sql_ledger", "transactions")
"""Modules of the ledger through which errors pass that arose in what a recording's block does."""


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn every database exception inside the block into LedgerError or LedgerBusy.

    LedgerLost if the file is damaged, or a row holds what cannot be read.
    """
    try:
        yield
    except (SQLAlchemyError, UnicodeEncodeError, OverflowError) as error:
        raise ledger_error(error, url) from error
    except UNREADABLE_ROW as error:
        if not _arose_in_ledger(error):
            raise
        raise LedgerLost(f"{place(url)}: {DAMAGED} ({type(error).__name__} in a row)") from error


@contextmanager
def unwritable(url: URL) -> Iterator[None]:
    """Turn the failure to make a file into LedgerError."""
    try:
        yield
    except OSError as error:
        raise LedgerError(f"{place(url)}: {UNREADABLE} ({error.strerror})") from error


def ledger_error(error: Exception, url: URL) -> LedgerError:
    """Write the one line for an exception; the password is never in it."""
    original = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    if isinstance(error, PoolTimeout) or _is_busy(original):
        return LedgerBusy(f"{place(url)}: {BUSY}")
    message = _advice(original) or _own_words(original)
    kind = LedgerLost if _is_lost(original) else LedgerError
    return kind(f"{place(url)}: {_without_secrets(message, url)}")


def place(url: URL) -> str:
    """Return a ledger's name for a person: the file, or the server and database without user and password."""
    if url.get_backend_name() == "sqlite":
        return f"ledger {url.database}"
    host = url.host or url.query.get("host") or "localhost"
    return f"ledger postgresql://{host}/{url.database or ''}"


def _is_busy(original: BaseException) -> bool:
    name = getattr(original, "sqlite_errorname", "")
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or _sqlstate(original) in POSTGRES_BUSY


def _is_lost(original: BaseException) -> bool:
    return getattr(original, "sqlite_errorname", "").startswith(LOST) or str(original).startswith(UNDECODED)


def _arose_in_ledger(error: Exception) -> bool:
    """Return whether it arose where rows are read, not in the block of a use case."""
    modules = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    ours = [name.rpartition(".")[2] for name in modules if name.startswith("spotlight_notify.ledger.")]
    return any(name not in PASSING_ON for name in ours)


def _advice(original: BaseException) -> str | None:
    if str(original).startswith(UNDECODED):
        return DAMAGED
    name, code = getattr(original, "sqlite_errorname", ""), _sqlstate(original)
    for beginning, advice in SQLITE_ADVICE.items():
        if name.startswith(beginning):
            return advice
    for beginning, advice in POSTGRES_ADVICE.items():
        if code.startswith(beginning):
            return advice
    return None


def _sqlstate(original: BaseException) -> str:
    return getattr(original, "sqlstate", None) or ""


def _own_words(original: BaseException) -> str:
    """Quote the library; psycopg gives no code where no connection came about, but clear words."""
    return " ".join(str(original).split())[:MAX_WORDS] or type(original).__name__


def _without_secrets(message: str, url: URL) -> str:
    secrets = (url.password, url.query.get("password"))
    for secret in secrets:
        if isinstance(secret, str) and secret:
            message = message.replace(secret, "***")
    return message
