"""Taking a ledger of the first version along: what it holds is kept, what is unsure is looked for."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, inspect

import spotlight_notify.ledger
from ledgers import BOTH, NOW, RECEIPT, X, claim, doubt_of, make_conclusion, run_sql
from spotlight_notify.errors import LedgerError
from spotlight_notify.ledger import SqlLedger, open_ledger
from spotlight_notify.ledger.schema import VERSION_TABLE
from spotlight_notify.model import Outcome, State

KEPT = ("source", "channel", "aid", "alias", "delivery", "attempt", "receipt")
THEN = f"'{NOW.isoformat(timespec='microseconds')[:26]}Z'"
"""A time as a ledger of either kind holds it."""

POST = """'{"text": "Words https://site.example/1", "link": "https://site.example/1", "images": []}'"""

FIRST_LEDGER = (
    f"INSERT INTO source (name, next_poll_at, failures) VALUES ('site', {THEN}, 3)",
    f"INSERT INTO channel (name, network, epoch) VALUES ('{X}', 'x', 7)",
    "INSERT INTO aid (id, source, key, title, summary, kind, access, images, first_seen_at, baseline)"
    f" VALUES (1, 'site', 'guid:1', 'One', '', 'article', 'public', '[]', {THEN}, false),"
    f" (2, 'site', 'guid:2', 'Two', '', 'article', 'public', '[]', {THEN}, false),"
    f" (3, 'site', 'guid:3', 'Three', '', 'article', 'public', '[]', {THEN}, true)",
    "INSERT INTO alias (source, alias, aid_id) VALUES ('site', 'guid:1', 1)",
    "INSERT INTO delivery"
    " (id, campaign, channel, aid_id, state, reason, due_at, post, tries, created_at, changed_at)"
    f" VALUES (1, 'spotlight', '{X}', 1, 'unsure', 'no answer', {THEN}, {POST}, 2, {THEN}, {THEN}),"
    f" (2, 'spotlight', '{X}', 2, 'sent', NULL, {THEN}, {POST}, 0, {THEN}, {THEN}),"
    f" (3, 'spotlight', '{X}', 3, 'pending', NULL, {THEN}, {POST}, 1, {THEN}, {THEN})",
    "INSERT INTO attempt (id, delivery_id, number, claimant, epoch, started_at, ended_at, outcome)"
    f" VALUES (101, 1, 1, 'old', 6, {THEN}, {THEN}, 'unknown'),"
    f" (102, 2, 1, 'old', 7, {THEN}, {THEN}, 'sent')",
    "INSERT INTO receipt (id, delivery_id, attempt_id, post_id, recorded_at)"
    f" VALUES (101, 2, 102, '99', {THEN})",
)


def make_first_ledger(url: str) -> None:
    """Make a ledger as the first version left it, with rows in every table."""
    config = Config()
    folder = Path(spotlight_notify.ledger.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with create_engine(url, poolclass=NullPool).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    for statement in FIRST_LEDGER:
        run_sql(url, statement)
    with create_engine(url, poolclass=NullPool).connect() as connection:
        assert not inspect(connection).has_table("look_up")


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    else:
        made = request.getfixturevalue("postgres_url")
    make_first_ledger(made)
    return made


def rows(url: str) -> dict[str, list[dict[str, Any]]]:
    return {
        table: [dict(row._mapping) for row in run_sql(url, f"SELECT * FROM {table} ORDER BY 1")]
        for table in KEPT
    }


def test_every_row_is_kept_to_the_letter(url: str) -> None:
    before = rows(url)
    assert all(before.values())
    open_ledger(url).close()
    after = rows(url)
    for table in KEPT:
        for was, now in zip(before[table], after[table], strict=True):
            assert {name: now[name] for name in was} == was
    new = [(row["absent_at"], row["resent"], row["failed_looks"]) for row in after["delivery"]]
    assert new == [(None, 0, 0)] * 3
    assert run_sql(url, f"SELECT version_num FROM {VERSION_TABLE}") == [("0002",)]


def test_what_was_unsure_already_is_looked_for_at_once(url: str) -> None:
    with closing(open_ledger(url)) as ledger:
        (doubt,) = ledger.doubts(NOW)
        assert (doubt.delivery_id, doubt.since, doubt.version) == (1, NOW, 1)
        conclusion = make_conclusion(State.SENT, receipt=RECEIPT, found=1)
        assert not ledger.settle_look(doubt, conclusion, NOW)  # the post is the other delivery's receipt
        assert ledger.settle_look(doubt, make_conclusion(State.PENDING), NOW)
        assert claim(ledger, delivery_id=1).doubted
    looked_at = run_sql(url, "SELECT id FROM delivery WHERE look_at IS NOT NULL")
    assert looked_at == []


def test_the_new_tables_number_their_own_rows(url: str) -> None:
    with closing(open_ledger(url)) as ledger:
        assert ledger.pause_channel(X, "so", NOW, "ada")
        assert ledger.settle_look(doubt_of(ledger, 1), make_conclusion(), NOW)
        assert [each.id for each in ledger.changes()] == [1]
        assert [each.id for each in ledger.look_ups(1)] == [1]
        assert ledger.attempts(2)[0].outcome is Outcome.SENT


def test_many_threads_take_an_old_ledger_along_at_once(url: str) -> None:
    opened: list[SqlLedger] = []
    barrier = threading.Barrier(6)

    def open_it() -> None:
        barrier.wait()
        opened.append(open_ledger(url))

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for ledger in opened:
        ledger.close()
    assert len(opened) == 6
    assert len(rows(url)["delivery"]) == 3


def test_a_migration_that_fails_half_way_leaves_the_old_ledger(url: str) -> None:
    before = rows(url)
    run_sql(url, "CREATE TABLE change (coins INTEGER)")  # in the way of the migration's last step
    with pytest.raises(LedgerError, match="already"):
        open_ledger(url)
    assert rows(url) == before
    run_sql(url, "DROP TABLE change")
    open_ledger(url).close()
    assert run_sql(url, f"SELECT version_num FROM {VERSION_TABLE}") == [("0002",)]
