"""Whatever goes wrong in somebody else's database is one clear SourceError, and the next look goes on."""

import socket
import struct
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError

from fakes import FakeClock
from spotlight_notify.model.aids import Look
from spotlight_notify.model.errors import SourceError
from spotlight_notify.sources.database.engine import open_engine
from spotlight_notify.sources.database.source import Columns, DatabaseSource, Patience, Table

IMPATIENT = Patience(lock=timedelta(milliseconds=50), longest=timedelta(milliseconds=300))
AIDS = Table(name="aids", key="id", columns=Columns(title="title", link="url"))

Watch = Callable[..., DatabaseSource]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'aids.sqlite3'}"


@pytest.fixture(params=["sqlite_url", "postgres_url", "mariadb_url"])
def url(request: pytest.FixtureRequest) -> str:
    named: str = request.getfixturevalue(request.param)
    return named


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Watch a table; every source is closed in the end."""
    sources: list[DatabaseSource] = []

    def start(url: str, table: Table = AIDS, patience: Patience = IMPATIENT) -> DatabaseSource:
        sources.append(
            DatabaseSource(name="aids-table", url=url, table=table, clock=FakeClock(), patience=patience)
        )
        return sources[-1]

    yield start
    for source in sources:
        source.close()


def run(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def make_aids(url: str, *ids: int) -> None:
    run(url, "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT)")
    add_aids(url, *ids)


def add_aids(url: str, *ids: int) -> None:
    run(url, *(f"INSERT INTO aids VALUES ({n}, 'Aid {n}', 'https://aids.example/{n}')" for n in ids))


def none_known(keys: Sequence[str]) -> frozenset[str]:
    return frozenset()


def keys_of(look: Look) -> list[str]:
    return [aid.key for aid in look.aids]


def complaint(source: DatabaseSource, cursor: str | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        source.look(cursor, none_known)
    assert caught.value.source == "aids-table"
    words = str(caught.value)
    assert "\n" not in words
    return words.removeprefix("source aids-table: ")


def test_a_column_that_vanished_is_named_with_those_that_are_there(url: str, watch: Watch) -> None:
    make_aids(url, 1, 2)
    source = watch(url)
    cursor = source.look(None, none_known).cursor
    run(url, "ALTER TABLE aids RENAME COLUMN url TO address")
    assert complaint(source, cursor) == "table aids: there is no column url; there are id, title, address"
    run(url, "ALTER TABLE aids RENAME COLUMN address TO url")
    assert keys_of(source.look(cursor, none_known)) == ["row:1", "row:2"]


def test_a_table_that_was_renamed_is_named_with_those_that_are_there(url: str, watch: Watch) -> None:
    make_aids(url, 1)
    source = watch(url)
    cursor = source.look(None, none_known).cursor
    run(url, "ALTER TABLE aids RENAME TO digital_aids", "CREATE VIEW shown AS SELECT * FROM digital_aids")
    assert complaint(source, cursor) == "table aids: there is no such table; there are digital_aids, shown"


def test_database_14_a_schema_is_used_and_named(postgres_url: str, watch: Watch) -> None:
    run(postgres_url, "CREATE SCHEMA valor", "CREATE TABLE valor.aids (id INT, title TEXT, url TEXT)")
    run(postgres_url, "INSERT INTO valor.aids VALUES (7, 'Aid', NULL)")
    there = Table(name="aids", key="id", columns=AIDS.columns, schema="valor")
    assert keys_of(watch(postgres_url, there).look(None, none_known)) == ["row:7"]
    missing = Table(name="posters", key="id", columns=AIDS.columns, schema="valor")
    assert complaint(watch(postgres_url, missing)) == (
        "table valor.posters: there is no such table; there are aids"
    )


@pytest.mark.parametrize("mistake", ["id >", "nothing = 1", "id = 1) OR (", "id = 1; DELETE FROM aids"])
def test_a_filter_that_is_wrong_is_shown_with_the_reason(url: str, watch: Watch, mistake: str) -> None:
    make_aids(url, 1)
    table = Table(name="aids", key="id", columns=AIDS.columns, filter=mistake)
    assert complaint(watch(url, table)).startswith(f"table aids: the filter {mistake!r} is not understood: ")
    assert keys_of(watch(url).look(None, none_known)) == ["row:1"]


def test_nothing_can_be_written_through_its_engine(url: str) -> None:
    make_aids(url, 1)
    engine = open_engine("aids-table", url, IMPATIENT)
    for statement in ("DELETE FROM aids", "CREATE TABLE more (id INTEGER)"):
        with pytest.raises(DBAPIError, match=r"(?i)read.?only"), engine.begin() as connection:
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_a_filter_that_writes_is_stopped_by_the_database(postgres_url: str, watch: Watch) -> None:
    make_aids(postgres_url, 1)
    run(
        postgres_url,
        "CREATE FUNCTION spoil() RETURNS bool LANGUAGE sql AS 'DELETE FROM aids RETURNING true'",
    )
    table = Table(name="aids", key="id", columns=AIDS.columns, filter="spoil()")
    assert "read-only transaction" in complaint(watch(postgres_url, table))
    assert keys_of(watch(postgres_url).look(None, none_known)) == ["row:1"]


def test_rights_on_the_columns_alone_are_enough(postgres_url: str, watch: Watch) -> None:
    role = f"reader_{uuid.uuid4().hex}"
    make_aids(postgres_url, 1)
    run(postgres_url, "ALTER TABLE aids ADD secret TEXT", f"CREATE ROLE {role}")
    as_reader = f"{postgres_url}&options=-c%20role%3D{role}"
    try:
        assert complaint(watch(as_reader)) == "table aids: permission denied for table aids"
        run(postgres_url, f"GRANT SELECT (id, title, url) ON aids TO {role}")
        assert keys_of(watch(as_reader).look(None, none_known)) == ["row:1"]
    finally:
        run(postgres_url, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'spotlight-notify'"
)


def test_a_connection_cut_between_looks_is_made_again(postgres_url: str, watch: Watch) -> None:
    make_aids(postgres_url, 1)
    source = watch(postgres_url)
    source.look(None, none_known)
    run(postgres_url, TERMINATE)
    assert keys_of(source.look(None, none_known)) == ["row:1"]


def test_a_connection_cut_during_a_look_fails_that_look_alone(postgres_url: str, watch: Watch) -> None:
    make_aids(postgres_url, 1)
    source = watch(postgres_url)

    def cut(keys: Sequence[str]) -> frozenset[str]:
        run(postgres_url, TERMINATE)
        return frozenset()

    with pytest.raises(SourceError, match="table aids: the connection was lost while it was read"):
        source.look(None, cut)
    assert keys_of(source.look(None, none_known)) == ["row:1"]


def test_a_locked_table_is_waited_for_and_then_told(url: str, watch: Watch) -> None:
    make_aids(url, 1)
    source = watch(url, AIDS, Patience(lock=IMPATIENT.lock, longest=timedelta(seconds=20)))
    with locked(url):
        assert complaint(source) == "table aids: it stayed locked by another program"
    assert keys_of(source.look(None, none_known)) == ["row:1"]


LOCKING = {
    "sqlite": ["BEGIN EXCLUSIVE"],
    "postgresql": ["BEGIN", "LOCK TABLE aids IN ACCESS EXCLUSIVE MODE"],
    "mysql": ["LOCK TABLES aids WRITE"],
}


class locked:  # noqa: N801 - reads as a verb where it is used
    """Hold the table so that nobody else can read it."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def __enter__(self) -> None:
        self.connection = self.engine.connect()
        for words in LOCKING[self.engine.dialect.name]:
            self.connection.exec_driver_sql(words)

    def __exit__(self, *_: object) -> None:
        self.connection.exec_driver_sql(
            "UNLOCK TABLES" if self.engine.dialect.name == "mysql" else "ROLLBACK"
        )
        self.connection.close()
        self.engine.dispose()


def test_a_question_that_takes_too_long_is_stopped(url: str, watch: Watch) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000)"
    view = f"{endless} SELECT max(i) AS id, 'a' AS title, 'b' AS url FROM n"
    if url.startswith("mysql"):
        many = ", ".join(f"information_schema.collations AS {name}" for name in "abcdef")
        view = f"SELECT max(a.id) AS id, 'a' AS title, 'b' AS url FROM {many}"
    run(url, f"CREATE VIEW aids AS {view}")
    assert complaint(watch(url)) == (
        "table aids: the database took too long to answer, so the question was stopped"
    )


def test_a_look_that_took_half_its_time_rests_and_goes_on_later(url: str, watch: Watch) -> None:
    make_aids(url, *range(600))
    source = watch(url, AIDS, Patience(longest=timedelta(seconds=1)))

    def slow(keys: Sequence[str]) -> frozenset[str]:
        time.sleep(0.6)
        return frozenset(keys)

    first = source.look(None, slow)
    assert first.more
    assert keys_of(source.look(first.cursor, none_known))[0] == "row:250"


def test_a_missing_file_stays_missing(tmp_path: Path, sqlite_url: str, watch: Watch) -> None:
    source = watch(sqlite_url)
    assert complaint(source) == f"the file {tmp_path / 'aids.sqlite3'} does not exist"
    with pytest.raises(DBAPIError, match="unable to open"):
        open_engine("aids-table", sqlite_url, IMPATIENT).connect()
    assert list(tmp_path.iterdir()) == []
    make_aids(sqlite_url, 1)
    assert keys_of(source.look(None, none_known)) == ["row:1"]


def test_a_file_that_is_replaced_by_another_is_read(tmp_path: Path, sqlite_url: str, watch: Watch) -> None:
    make_aids(sqlite_url, 1)
    source = watch(sqlite_url)
    source.look(None, none_known)
    make_aids(f"sqlite:///{tmp_path / 'new.sqlite3'}", 1, 2)
    (tmp_path / "new.sqlite3").replace(tmp_path / "aids.sqlite3")
    assert keys_of(source.look(None, none_known)) == ["row:1", "row:2"]


def test_a_file_that_is_no_database_is_told(tmp_path: Path, sqlite_url: str, watch: Watch) -> None:
    (tmp_path / "aids.sqlite3").write_text("id,title\n1,Aid\n" * 100)
    assert complaint(watch(sqlite_url)) == "table aids: file is not a database"


def test_a_file_in_use_with_a_write_ahead_log_is_read(sqlite_url: str, watch: Watch) -> None:
    make_aids(sqlite_url, 1)
    engine = create_engine(sqlite_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as writer:
        writer.exec_driver_sql("PRAGMA journal_mode = WAL")
        writer.exec_driver_sql("BEGIN IMMEDIATE")
        writer.exec_driver_sql("INSERT INTO aids (id) VALUES (2)")
        assert keys_of(watch(sqlite_url).look(None, none_known)) == ["row:1"]
        writer.exec_driver_sql("COMMIT")
        assert keys_of(watch(sqlite_url).look(None, none_known)) == ["row:1", "row:2"]
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "its url cannot be read: it must look like dialect://user:password@host/database"),
        ("postgresql://u:hunter2@h:port/d", "its url cannot be read: it must look like"),
        ("postgresql://u:hun@ter2@host/d", "its url holds one @ too many: an @ in a password is written %40"),
        ("nosuch://u:hunter2@host/d", "no kind of database is called 'nosuch'"),
        ("oracle+oracledb://u:hunter2@host/d", "the driver for oracle+oracledb is missing"),
        ("oracle://u:hunter2@host/d", "the driver for oracle+oracledb is missing"),
        ("mssql://u:hunter2@host/d", "the driver for mssql is missing"),
        ("sqlite:///aids.db?timeout=long", "its url is not understood: "),
        ("sqlite://", "its url names no file: it must look like sqlite:///folder/file.sqlite3"),
        ("sqlite:///:memory:", "its url names no file"),
    ],
)
def test_a_url_that_leads_nowhere_is_told_without_its_password(url: str, words: str, watch: Watch) -> None:
    told = complaint(watch(url))
    assert told.startswith(words)
    assert "ter2" not in told


def test_a_missing_driver_for_postgresql_names_the_extra(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert complaint(watch("postgresql://u:hunter2@host/d")).endswith("install spotlight-notify[postgres]")


def test_a_wrong_password_is_told_without_it() -> None:
    with refusing_server() as port:
        source = DatabaseSource(
            name="aids-table",
            url=f"postgresql://reader:hunter2@127.0.0.1:{port}/valor?sslmode=disable",
            table=AIDS,
            clock=FakeClock(),
        )
        told = complaint(source)
    where = f"postgresql+psycopg://reader:***@127.0.0.1:{port}/valor"
    assert told.startswith(f"cannot connect to {where}: ")
    assert 'password *** is wrong for user "reader"' in told


class refusing_server:  # noqa: N801 - reads as a verb where it is used
    """Refuse one login in PostgreSQL's own protocol, in words that quote the password."""

    def __enter__(self) -> int:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._refuse)
        self.thread.start()
        port: int = self.listener.getsockname()[1]
        return port

    def _refuse(self) -> None:
        caller, _ = self.listener.accept()
        with caller:
            caller.recv(4096)
            words = 'password hunter2 is wrong for user "reader"'
            fields = b"".join(f.encode() + b"\0" for f in ("SFATAL", "VFATAL", "C28P01", f"M{words}")) + b"\0"
            caller.sendall(b"E" + struct.pack("!I", len(fields) + 4) + fields)

    def __exit__(self, *_: object) -> None:
        self.thread.join()
        self.listener.close()


def test_a_server_that_does_not_answer_is_told(watch: Watch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    told = complaint(watch(f"postgresql://reader:hunter2@127.0.0.1:{port}/valor"))
    assert told.startswith(f"cannot connect to postgresql+psycopg://reader:***@127.0.0.1:{port}/valor: ")
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("order_by", "overlap", "words"),
    [
        ("id", timedelta(hours=1), "column id: it holds numbers, so its overlap must be a number"),
        ("at", 5, "column at: it holds no numbers, so its overlap must be a duration"),
        ("title", timedelta(1), "column title: it holds neither numbers nor ISO dates, so it cannot have"),
    ],
)
def test_an_overlap_that_does_not_fit_its_column_is_told_at_the_first_look(
    url: str, watch: Watch, order_by: str, overlap: float | timedelta, words: str
) -> None:
    make_aids(url, 1)
    run(url, "ALTER TABLE aids ADD at TIMESTAMP", "UPDATE aids SET at = '2026-11-20 12:00:00'")
    table = Table(name="aids", key="id", columns=AIDS.columns, order_by=order_by, overlap=overlap)
    assert complaint(watch(url, table)).startswith(f"table aids, {words}")


def test_a_cursor_that_cannot_be_read_means_to_begin_again(url: str, watch: Watch) -> None:
    make_aids(url, 1)
    source = watch(url)
    for cursor in ("", "nonsense", "[]", "{}", '{"of": "x", "after": {"bytes": 1}}', '{"of": 1, "more": 2}'):
        assert keys_of(source.look(cursor, none_known)) == ["row:1"]


@pytest.mark.parametrize(
    ("driver", "url", "extra"),
    [
        ("psycopg", "postgresql://h/d", "postgres"),
        ("pymysql", "mysql://h/d", "mysql"),
        ("pymysql", "mariadb://h/d", "mysql"),
        ("pyodbc", "mssql+pyodbc://h/d", "sqlserver"),
        ("oracledb", "oracle://h/d", "oracle"),
    ],
)
def test_database_11_a_missing_driver_is_named_with_the_extra_that_has_it(
    driver: str, url: str, extra: str, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, driver, None)
    assert complaint(watch(url)).endswith(f"install spotlight-notify[{extra}]")


def test_database_11_a_schema_of_mariadb_is_another_database(mariadb_url: str, watch: Watch) -> None:
    schema = f"other_{uuid.uuid4().hex}"
    run(
        mariadb_url, f"CREATE DATABASE {schema}", f"CREATE TABLE {schema}.aids (id INT, title TEXT, url TEXT)"
    )
    try:
        run(mariadb_url, f"INSERT INTO {schema}.aids VALUES (7, 'Aid', NULL)")
        there = Table(name="aids", key="id", columns=AIDS.columns, schema=schema)
        assert keys_of(watch(mariadb_url, there).look(None, none_known)) == ["row:7"]
    finally:
        run(mariadb_url, f"DROP DATABASE {schema}")


def test_database_11_a_connection_of_mariadb_cut_between_looks_is_made_again(
    mariadb_url: str, watch: Watch
) -> None:
    make_aids(mariadb_url, 1)
    source = watch(mariadb_url)
    source.look(None, none_known)
    kill_others(mariadb_url)
    assert keys_of(source.look(None, none_known)) == ["row:1"]


def test_database_11_a_connection_of_mariadb_cut_during_a_look_fails_that_look_alone(
    mariadb_url: str, watch: Watch
) -> None:
    make_aids(mariadb_url, 1)
    source = watch(mariadb_url)

    def cut(keys: Sequence[str]) -> frozenset[str]:
        kill_others(mariadb_url)
        return frozenset()

    with pytest.raises(SourceError, match="table aids: the connection was lost while it was read"):
        source.look(None, cut)
    assert keys_of(source.look(None, none_known)) == ["row:1"]


def kill_others(url: str) -> None:
    """End all connections to a database but this one."""
    engine = create_engine(url)
    with engine.connect() as connection:
        ids = connection.exec_driver_sql(
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"
        ).all()
        for (number,) in ids:
            connection.exec_driver_sql(f"KILL {number}")
    engine.dispose()
