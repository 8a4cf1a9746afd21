"""Open somebody else's database for reading only."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from spotlight_notify.model.errors import SourceError
from spotlight_notify.sources.database.errors import detail_of, passing_trouble

MYSQL = ("mysql", "mariadb")
PYMYSQL = ("mysql+pymysql", "mariadb+pymysql")
SQLITE_STEPS = 100_000
"""Steps of SQLite's machine, about a millisecond, between two looks at the watch."""
DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
    "oracle": "oracle+oracledb",
}
"""The driver for a URL that names none, where it is another than SQLAlchemy's own choice."""
EXTRAS = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "mssql": "sqlserver",
    "oracle": "oracle",
}
"""What to install for a kind of database: spotlight-notify[...]."""
POSTGRES_SETTINGS = text(
    "SELECT set_config('statement_timeout', :longest, true), set_config('lock_timeout', :patience, true),"
    " set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true)"
)
_RUNNING = text(
    "SELECT CAST(pg_snapshot_xmin(s) AS text), CAST(pg_snapshot_xmax(s) AS text)"
    " FROM pg_current_snapshot() AS s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait.

    ``lock``: for a connection, or for somebody's lock. ``longest``: for the answer to one question
    (PostgreSQL, MySQL, MariaDB), or for all of one look (SQLite). Other databases keep their own limits.
    """

    lock: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(seconds=60)


def open_engine(source: str, url: str, patience: Patience) -> Engine:
    """Make an engine that only reads; connects to nothing yet. Raises SourceError, without any secret.

    SQLite, PostgreSQL, MySQL and MariaDB are told to refuse writing; of others nothing but rows is asked, and
    all is undone.
    """
    parsed = _parse(source, url)
    sqlite = parsed.get_backend_name() == "sqlite"
    # A file may be replaced by a new one under the same name, so SQLite's is opened again for each look.
    pool: dict[str, Any] = {"poolclass": NullPool} if sqlite else {"pool_size": 1, "max_overflow": 0}
    try:
        engine = create_engine(
            _read_only_file(source, parsed) if sqlite else parsed,
            connect_args=_connect_args(parsed, patience),
            execution_options={"postgresql_readonly": True},
            hide_parameters=True,
            pool_pre_ping=True,
            **pool,
        )
    except NoSuchModuleError as error:
        raise SourceError(source, f"no kind of database is called {parsed.drivername!r}") from error
    except ImportError as error:
        raise SourceError(source, _missing_driver(parsed, error)) from error
    except (ArgumentError, ValueError, TypeError) as error:
        raise SourceError(source, f"its url is not understood: {detail_of(error, parsed)}") from error
    if sqlite:
        event.listen(engine, "connect", _only_query)
    if engine.dialect.name in MYSQL:
        event.listen(engine, "connect", _only_read)
    return engine


def place_of(engine: Engine) -> str:
    """Return what is read: SQLite's file, or the URL without its password and options."""
    if engine.dialect.name == "sqlite":
        return unquote((engine.url.database or "").removeprefix("file:"))
    return engine.url.set(query={}).render_as_string(hide_password=True)


def connect(source: str, engine: Engine) -> Connection:
    """Connect, or raise SourceError. A SQLite file that is missing stays missing."""
    place = place_of(engine)
    if engine.dialect.name == "sqlite" and not Path(place).is_file():
        raise SourceError(source, f"the file {place} does not exist")
    try:
        return engine.connect()
    except SQLAlchemyError as error:
        trouble = passing_trouble(error) or detail_of(error, engine.url)
        raise SourceError(source, f"cannot connect to {place}: {trouble}") from error


def prepare(connection: Connection, patience: Patience) -> None:
    """Set the limits for one look, and have PostgreSQL write all times alike."""
    longest = patience.longest.total_seconds()
    if connection.dialect.name == "sqlite":
        deadline = monotonic() + longest
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: monotonic() > deadline, SQLITE_STEPS)
    if connection.dialect.name == "postgresql":
        milliseconds = {
            "longest": f"{longest * 1000:.0f}",
            "patience": f"{patience.lock / timedelta(milliseconds=1):.0f}",
        }
        connection.execute(POSTGRES_SETTINGS, milliseconds)
    if connection.dialect.name in MYSQL:
        _mysql_settings(connection, patience.lock, patience.longest)


def _parse(source: str, url: str) -> URL:
    """Read the URL. The parser's own message is dropped: it may quote a piece of the password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SourceError(
            source, "its url cannot be read: it must look like dialect://user:password@host/database"
        ) from None
    if "@" in (parsed.host or ""):
        raise SourceError(source, "its url holds one @ too many: an @ in a password is written %40")
    return parsed.set(drivername=DRIVERS.get(parsed.drivername, parsed.drivername))


def _read_only_file(source: str, url: URL) -> URL:
    name = (url.database or "").removeprefix("file:")
    if not name or name == ":memory:":
        raise SourceError(source, "its url names no file: it must look like sqlite:///folder/file.sqlite3")
    return url.set(database=f"file:{quote(name)}").update_query_dict({"mode": "ro", "uri": "true"})


def _connect_args(url: URL, patience: Patience) -> dict[str, Any]:
    seconds = patience.lock.total_seconds()
    if url.get_backend_name() == "sqlite":
        return {"timeout": seconds}
    if url.drivername in PYMYSQL:
        return _pymysql_arguments(patience.lock, patience.longest)
    if url.drivername != "postgresql+psycopg":
        return {}
    # Plans are not kept: the table's owners change it meanwhile, and a pooler may hand out any connection.
    return {
        "application_name": "spotlight-notify",
        "connect_timeout": max(2, round(seconds)),
        "prepare_threshold": None,
    }


def _only_query(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only = ON")
    connection.text_factory = lambda stored: stored.decode("utf-8", "replace")


def _missing_driver(url: URL, error: ImportError) -> str:
    extra = EXTRAS.get(url.get_backend_name())
    wanted = f"spotlight-notify[{extra}]" if extra else "it beside spotlight-notify"
    return f"the driver for {url.drivername} is missing ({error}): install {wanted}"


def next_to_begin(connection: Connection) -> int | None:
    """Return the number the next transaction to write will get; None where the database numbers none.

    Rows show when their transaction ends, not when it gets its number.
    """
    return _running(connection)[1] if _tells(connection) else None


def has_ended(connection: Connection, number: int) -> bool:
    """Return whether all transactions before this number have ended, or are of a server that was replaced."""
    if not _tells(connection):
        return True
    oldest, following = _running(connection)
    return oldest >= number or following < number


def _tells(connection: Connection) -> bool:
    # Older versions are out of support, and call these functions by other names.
    version = connection.dialect.server_version_info or (0,)
    return connection.dialect.name == "postgresql" and version >= (13,)


def _running(connection: Connection) -> tuple[int, int]:
    oldest, following = connection.execute(_RUNNING).one()
    return int(oldest), int(following)


def _pymysql_arguments(lock: timedelta, longest: timedelta) -> dict[str, Any]:
    """Return what the driver is told: how long to wait, and what a TIMESTAMP is.

    Those have a zone, that of the session (UTC by ``_mysql_settings``), which the driver does not tell.
    """
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions, convert_datetime

    def aware(stored: str) -> object:
        found = convert_datetime(stored)
        return found.replace(tzinfo=UTC) if isinstance(found, datetime) else found

    return {
        "connect_timeout": max(2, round(lock.total_seconds())),
        # The server is to stop a long question; this is for one that has fallen silent.
        "read_timeout": round(longest.total_seconds()) + 30,
        "charset": "utf8mb4",
        "conv": conversions | {FIELD_TYPE.TIMESTAMP: aware},
    }


def _only_read(connection: Any, _record: object) -> None:
    """Make a new connection refuse to write."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")


def _mysql_settings(connection: Connection, lock: timedelta, longest: timedelta) -> None:
    """Set the limits of a session, and its time zone."""
    seconds = longest.total_seconds()
    maria = getattr(connection.dialect, "is_mariadb", False)
    limit = f"max_statement_time = {seconds}" if maria else f"max_execution_time = {seconds * 1000:.0f}"
    waits = max(1, round(lock.total_seconds()))
    setting = f"SET SESSION {limit}, lock_wait_timeout = {waits}, innodb_lock_wait_timeout = {waits}"
    connection.execute(text(f"{setting}, time_zone = '+00:00'"))
