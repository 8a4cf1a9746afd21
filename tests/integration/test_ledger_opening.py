"""Opening a ledger: migrations that equal the metadata, settings that hold, and clear words when it fails."""

import os
import socket
import sqlite3
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, Inspector, NullPool, create_engine, event, inspect, make_url

import spotlight_notify.ledger
from ledgers import CAMPAIGNS, MINUTE, NOW, SITE, X, claim, furnish, make_aid, put, run_sql
from spotlight_notify.ledger.engine import RECORDING_LOCK
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.partial_indexes import metadata
from spotlight_notify.ledger.schema import REVISION, VERSION_TABLE
from spotlight_notify.model.errors import LedgerBusy, LedgerError
from spotlight_notify.model.words import State

SHORT = timedelta(milliseconds=50)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    made: str = request.getfixturevalue("postgres_url")
    return made


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'ledger.sqlite3'}"


def failure(url: str) -> str:
    with pytest.raises(LedgerError) as raised:
        open_ledger(url, lock_timeout=SHORT)
    line = str(raised.value)
    assert "\n" not in line
    return line


@contextmanager
def connected(url: str) -> Iterator[Any]:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        yield connection


def shape(inspector: Inspector) -> dict[str, object]:
    """Everything the database tells about the tables, constraints in full."""
    return {
        table: (
            told(inspector.get_columns(table)),
            inspector.get_pk_constraint(table),
            told(inspector.get_check_constraints(table)),
            told(inspector.get_unique_constraints(table)),
            told(inspector.get_foreign_keys(table)),
            told(inspector.get_indexes(table)),
        )
        for table in metadata.tables
    }


def told(things: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted(str({key: plain(value) for key, value in each.items()}) for each in things)


def plain(value: object) -> object:
    return {key: str(each) for key, each in value.items()} if isinstance(value, dict) else str(value)


def test_migrated_from_empty_equals_the_metadata(url: str) -> None:
    open_ledger(url).close()
    with connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []


def test_checks_and_partial_indexes_are_migrated_too(url: str) -> None:
    open_ledger(url).close()
    with connected(url) as connection:
        migrated = shape(inspect(connection))
        metadata.drop_all(connection)
        metadata.create_all(connection)
        assert migrated == shape(inspect(connection))
    assert "ck_picture_content" in str(migrated["picture"])
    kept = str(migrated["delivery"])
    for name in (
        "ck_delivery_state",
        "ck_delivery_claim",
        "ck_delivery_post",
        "ix_delivery_pending",
        "ix_delivery_look",
        "ix_delivery_went",
        "ix_delivery_missed",
        "_where",
    ):
        assert name in kept
    for table, name in (
        ("hold", "ck_hold_scope"),
        ("hold", "ck_hold_lifted"),
        ("approval", "uq_approval_in_force"),
        ("change", "ck_change_subject"),
    ):
        assert name in str(migrated[table])


def test_the_newest_migration_is_the_one_the_program_knows() -> None:
    folder = Path(spotlight_notify.ledger.__file__).parent / "migrations"
    assert ScriptDirectory(str(folder)).get_heads() == [REVISION]


def test_opening_again_keeps_everything(url: str) -> None:
    with closing(open_ledger(url)) as ledger:
        put(furnish(ledger))
    with closing(open_ledger(url)) as ledger:
        assert ledger.counts() == {State.PENDING: 1}
        furnish(ledger, NOW + MINUTE)
        assert ledger.source_status(SITE).next_poll_at == NOW


def test_a_ledger_up_to_date_is_opened_while_another_writes(url: str) -> None:
    with closing(open_ledger(url)) as ledger, furnish(ledger).recording(SITE) as book:
        book.add(make_aid(1), baseline=True, now=NOW)
        with closing(open_ledger(url, lock_timeout=SHORT)) as second:
            assert second.aids() == ()


def test_many_threads_open_a_new_ledger_at_once(url: str) -> None:
    errors: list[Exception] = []
    barrier = threading.Barrier(8)

    def open_it() -> None:
        barrier.wait()
        try:
            open_ledger(url).close()
        except LedgerError as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert run_sql(url, f"SELECT version_num FROM {VERSION_TABLE}") == [(REVISION,)]


def test_a_closed_ledger_leaves_its_file_and_mark_and_can_be_used_again(tmp_path: Path) -> None:
    ledger = furnish(open_ledger(sqlite_url(tmp_path)))
    for _ in range(2):
        assert len(ledger.sources()) == 1
        ledger.close()
        assert {file.name for file in tmp_path.iterdir()} == {"ledger.sqlite3", "ledger.sqlite3.made"}


def test_sqlite_keeps_its_promises_on_disk(tmp_path: Path) -> None:
    settings: list[Any] = []

    def read_settings(connection: Any, _record: Any, _proxy: Any) -> None:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        settings[:] = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    event.listen(Engine, "checkout", read_settings)
    try:
        with closing(open_ledger(sqlite_url(tmp_path))) as ledger:
            ledger.counts()
    finally:
        event.remove(Engine, "checkout", read_settings)
    full, on, milliseconds = 2, 1, 30_000
    assert settings == ["wal", full, on, milliseconds]


@pytest.mark.parametrize("name", ["100%41 sure.sqlite3", "a b;c.db", "tëst.sqlite3"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    url = URL.create("sqlite", database=str(tmp_path / name))
    open_ledger(url.render_as_string()).close()
    assert (tmp_path / name).stat().st_size > 0


def test_a_plain_postgresql_url_is_enough(postgres_url: str) -> None:
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://", 1)
    open_ledger(plain).close()
    open_ledger(plain.replace("postgresql://", "postgres://", 1)).close()
    assert run_sql(postgres_url, f"SELECT version_num FROM {VERSION_TABLE}") == [(REVISION,)]


def test_options_in_the_url_are_kept(postgres_url: str) -> None:
    run_sql(postgres_url, "CREATE SCHEMA apart")
    open_ledger(postgres_url + "&options=-csearch_path%3Dapart").close()
    tables = run_sql(postgres_url, "SELECT schemaname FROM pg_tables WHERE tablename = 'delivery'")
    assert tables == [("apart",)]


def test_a_ledger_of_a_newer_program_is_left_alone(url: str) -> None:
    with closing(open_ledger(url)) as ledger:
        put(furnish(ledger))
    run_sql(url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    line = failure(url)
    assert "newer version" in line
    assert "9999" in line
    assert run_sql(url, "SELECT count(*) FROM delivery") == [(1,)]


def test_somebody_elses_tables_are_not_touched(url: str) -> None:
    run_sql(url, "CREATE TABLE delivery (parcel INTEGER)")
    assert "already" in failure(url)
    with connected(url) as connection:
        assert inspect(connection).get_table_names() == ["delivery"]


def test_a_file_that_is_no_database_is_named_and_kept(tmp_path: Path) -> None:
    garbage = tmp_path / "ledger.sqlite3"
    garbage.write_bytes(b"Dear diary, " * 1_000)
    line = failure(f"sqlite:///{garbage}")
    assert "no SQLite database" in line
    assert str(garbage) in line
    assert garbage.read_bytes() == b"Dear diary, " * 1_000


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    line = failure(f"sqlite:///{tmp_path / 'nowhere' / 'ledger.sqlite3'}")
    assert str(tmp_path / "nowhere") in line
    assert "does not exist" in line
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    assert "cannot be opened" in failure(f"sqlite:///{tmp_path}")


@pytest.fixture
def somebody() -> Iterator[Path]:
    """Act as a user without rights, in a folder that is not theirs; gives the folder."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        open_ledger(sqlite_url(folder)).close()
        folder.chmod(0o555)
        as_root = os.geteuid() == 0
        if as_root:
            os.seteuid(65_534)
        yield folder
        if as_root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_a_folder_without_rights_is_named(somebody: Path) -> None:
    line = failure(f"sqlite:///{somebody / 'new.sqlite3'}")
    assert "may write there" in line
    assert str(somebody) in line


def test_a_file_without_rights_is_named(somebody: Path) -> None:
    assert "may write" in failure(sqlite_url(somebody))


def test_a_full_disk_says_so_and_loses_nothing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with closing(open_ledger(url)) as ledger:
        put(furnish(ledger))

    def fill(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # SQLite takes what is in use already, and no more

    event.listen(Engine, "connect", fill)
    try:
        with closing(open_ledger(url)) as ledger:
            with pytest.raises(LedgerError, match="disk is full") as raised, ledger.recording(SITE) as book:
                book.add(make_aid(2, summary="words " * 10_000), baseline=False, now=NOW)
            assert not isinstance(raised.value, LedgerBusy)
            assert [known.aid.key for known in ledger.aids()] == ["guid:1"]
            assert claim(ledger).number == 1
    finally:
        event.remove(Engine, "connect", fill)


def test_a_full_disk_is_named_when_a_ledger_is_made(tmp_path: Path) -> None:
    def fill(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count = 3")

    event.listen(Engine, "connect", fill)
    try:
        assert "disk is full" in failure(sqlite_url(tmp_path))
    finally:
        event.remove(Engine, "connect", fill)
    open_ledger(sqlite_url(tmp_path)).close()


def test_a_locked_sqlite_ledger_is_busy_to_writers_only(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    with closing(open_ledger(url, lock_timeout=SHORT)) as ledger:
        put(furnish(ledger))
        with closing(sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for write in (lambda: claim(ledger), lambda: furnish(ledger), lambda: put(ledger, 2)):
                with pytest.raises(LedgerBusy, match="another process"):
                    write()
            assert ledger.due_channels(NOW, CAMPAIGNS) == (X,)
            other.execute("ROLLBACK")
        assert claim(ledger).number == 1


def test_a_new_sqlite_ledger_that_stays_locked_is_busy(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE t (x)")
        with pytest.raises(LedgerBusy):
            open_ledger(sqlite_url(tmp_path), lock_timeout=SHORT)


def test_a_new_sqlite_ledger_waits_for_whoever_is_making_it(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("CREATE TABLE elsewhere (x)")
        other.execute("BEGIN IMMEDIATE")
        soon = threading.Timer(0.1, other.execute, ["ROLLBACK"])
        soon.start()
        open_ledger(sqlite_url(tmp_path)).close()
        soon.join()


def test_a_recording_that_stays_locked_on_postgresql_is_busy(postgres_url: str) -> None:
    with closing(open_ledger(postgres_url, lock_timeout=SHORT)) as ledger:
        put(furnish(ledger))
        with connected(postgres_url) as other:
            other.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, %s)", RECORDING_LOCK)
            with pytest.raises(LedgerBusy, match="another process"):
                put(ledger, 2)
            other.exec_driver_sql(f"SELECT * FROM channel WHERE name = '{X}' FOR UPDATE")
            with pytest.raises(LedgerBusy, match="another process"):
                claim(ledger)
        assert claim(ledger).number == 1


def test_a_lost_connection_is_an_error_and_the_next_call_connects_again(postgres_url: str) -> None:
    ended = (
        "SELECT pg_terminate_backend(pid, 10_000) FROM pg_stat_activity WHERE datname = current_database()"
    )
    with closing(open_ledger(postgres_url)) as ledger:
        furnish(ledger)

        def lose_the_connection() -> None:
            with ledger.recording(SITE) as book:
                book.add(make_aid(1), baseline=True, now=NOW)
                run_sql(postgres_url, f"{ended} AND pid <> pg_backend_pid()")
                book.add(make_aid(2), baseline=True, now=NOW)

        with pytest.raises(LedgerError, match="ledger postgresql://"):
            lose_the_connection()
        assert ledger.aids() == ()


def test_without_psycopg_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    line = failure("postgresql://somebody:s3cr3t@db.example/ledger")
    assert "spotlight-notify[postgres]" in line
    assert "s3cr3t" not in line


@contextmanager
def refusing_server(words: str) -> Iterator[int]:
    """Speak just enough of PostgreSQL's protocol to ask for a password and refuse it."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as visitor:
            while visitor.recv(1_024)[4:8] == (80_877_103).to_bytes(4, "big"):
                visitor.sendall(b"N")  # no TLS here
            visitor.sendall(message(b"R", (3).to_bytes(4, "big")))
            visitor.recv(1_024)
            error = b"SFATAL\0VFATAL\0C28P01\0M" + words.encode() + b"\0\0"
            visitor.sendall(message(b"E", error))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_wrong_password_is_told_and_not_printed() -> None:
    with refusing_server('password authentication failed for user "somebody" (tried s3cr3t)') as port:
        line = failure(f"postgresql://somebody:s3cr3t@127.0.0.1:{port}/ledger")
    assert "password authentication failed" in line
    assert "ledger postgresql://127.0.0.1/ledger" in line
    assert "s3cr3t" not in line


def test_a_server_that_does_not_answer_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert "refused" in failure(f"postgresql://somebody:s3cr3t@127.0.0.1:{port}/ledger")


def test_a_database_that_does_not_exist_is_named(postgres_server: str) -> None:
    assert "does not exist" in failure(postgres_server.replace("/postgres?", "/nowhere?", 1))


def test_a_user_without_rights_is_told(postgres_url: str) -> None:
    open_ledger(postgres_url).close()
    reader = f"reader_{uuid.uuid4().hex}"
    run_sql(postgres_url, f"CREATE ROLE {reader} LOGIN PASSWORD 'reads'")
    run_sql(postgres_url, f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {reader}")
    as_reader = make_url(postgres_url).set(username=reader, password="reads")
    try:
        with closing(open_ledger(as_reader.render_as_string(hide_password=False))) as ledger:
            with pytest.raises(LedgerError, match="grant it the rights"):
                furnish(ledger)
            assert ledger.sources() == ()
    finally:
        run_sql(postgres_url, f"DROP OWNED BY {reader}")
        run_sql(postgres_url, f"DROP ROLE {reader}")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("nonsense", "cannot be read"),
        ("", "cannot be read"),
        ("postgresql://somebody:s3cr3t@host:port/db", "cannot be read"),
        ("postgresql://somebody:p@s3cr3t@host/db", "%40"),
        ("mysql://somebody:s3cr3t@host/db", "cannot live in mysql"),
        ("postgresql+psycopg2://somebody:s3cr3t@host/db", "cannot live in postgresql+psycopg2"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "in memory"),
    ],
)
def test_a_url_that_cannot_be_used_is_explained(wrong: str, words: str) -> None:
    line = failure(wrong)
    assert words in line
    assert "s3cr3t" not in line


def test_the_databases_own_error_is_kept_as_the_cause(postgres_url: str) -> None:
    with closing(open_ledger(postgres_url)) as ledger:
        furnish(ledger)
        with pytest.raises(LedgerError) as raised:
            put(ledger, 1, channel="nobody")
    assert isinstance(getattr(raised.value.__cause__, "orig", None), psycopg.errors.ForeignKeyViolation)
