"""Translate what SQLAlchemy, sqlite3 and psycopg raise into LedgerError: one line that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from spotlight_notify.errors import LedgerBusy, LedgerError

MAX_WORDS = 300
"""How much of a library's own message is quoted, in characters."""

BUSY = "another process holds it; try again in a moment"
UNREADABLE = "it cannot be opened; see that its folder exists and that this user may write there"

# Beginnings of sqlite3's own names for its errors (https://www.sqlite.org/rescode.html).
SQLITE_ADVICE = {
    "SQLITE_FULL": "the disk is full; free some space, what was recorded before is safe",
    "SQLITE_NOTADB": "the file is no SQLite database; move it away, or name another file in [ledger] url",
    "SQLITE_CANTOPEN": UNREADABLE,
    "SQLITE_READONLY": "it cannot be written; see that this user may write the file and its folder",
    "SQLITE_CORRUPT": "the file is damaged; restore it from a backup",
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


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn every database exception inside the block into LedgerError or LedgerBusy."""
    try:
        yield
    except (SQLAlchemyError, UnicodeEncodeError, OverflowError) as error:
        raise ledger_error(error, url) from error


def ledger_error(error: Exception, url: URL) -> LedgerError:
    """Write the one line for an exception; the password is never in it."""
    original = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    if isinstance(error, PoolTimeout) or _is_busy(original):
        return LedgerBusy(f"{place(url)}: {BUSY}")
    message = _advice(original) or _own_words(original)
    return LedgerError(f"{place(url)}: {_without_secrets(message, url)}")


def place(url: URL) -> str:
    """Name a ledger for a person: the file, or the server and database without user and password."""
    if url.get_backend_name() == "sqlite":
        return f"ledger {url.database}"
    host = url.host or url.query.get("host") or "localhost"
    return f"ledger postgresql://{host}/{url.database or ''}"


def _is_busy(original: BaseException) -> bool:
    name = getattr(original, "sqlite_errorname", "")
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or _sqlstate(original) in POSTGRES_BUSY


def _advice(original: BaseException) -> str | None:
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
