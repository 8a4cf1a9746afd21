"""Open somebody else's database for reading only."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from spotlight_notify.model.errors import SourceError
from spotlight_notify.sources.database.errors import detail_of, passing_trouble
from spotlight_notify.sources.database.mysql import (
    MYSQL,
    PYMYSQL,
    mysql_settings,
    only_read,
    pymysql_arguments,
)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Say how long to wait.

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
    # A file may be replaced by a new one under the same name, so SQLite's is opened anew for each look.
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
        event.listen(engine, "connect", only_read)
    return engine


def place_of(engine: Engine) -> str:
    """Name the database: SQLite's file, or the URL without its password and options."""
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
        mysql_settings(connection, patience.lock, patience.longest)


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
        return pymysql_arguments(patience.lock, patience.longest)
    if url.drivername != "postgresql+psycopg":
        return {}
    # Plans are not kept: the table's owners change it under us, and a pooler may hand out any connection.
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
