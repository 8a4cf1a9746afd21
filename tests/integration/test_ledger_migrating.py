"""Taking a ledger of an earlier version along: what it holds is kept, what is unsure is looked for."""

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, inspect

import spotlight_notify.ledger
from ledgers import (
    BOTH,
    NOW,
    RECEIPT,
    SITE,
    X,
    claim,
    doubt_of,
    make_aid,
    make_conclusion,
    make_picture,
    make_plan,
    run_sql,
)
from spotlight_notify.errors import LedgerError
from spotlight_notify.ledger import SqlLedger, open_ledger
from spotlight_notify.ledger.schema import REVISION, VERSION_TABLE
from spotlight_notify.model import Finding, Image, Level, Outcome, State

THEN = f"'{NOW.isoformat(timespec='microseconds')[:26]}Z'"
"""A time as a ledger of either kind holds it."""

POST = """'{"text": "Words https://site.example/1", "link": "https://site.example/1", "images": []}'"""

IMAGES = """'[{"url": "i", "alt": "A"}]'"""

FIRST_LEDGER = (
    f"INSERT INTO source (name, next_poll_at, failures) VALUES ('site', {THEN}, 3)",
    f"INSERT INTO channel (name, network, epoch) VALUES ('{X}', 'x', 7)",
    "INSERT INTO aid (source, key, title, summary, kind, access, images, first_seen_at, baseline)"
    f" VALUES ('site', 'guid:1', 'One', '', 'article', 'public', {IMAGES}, {THEN}, false),"
    f" ('site', 'guid:2', 'Two', '', 'article', 'public', '[]', {THEN}, false),"
    f" ('site', 'guid:3', 'Three', '', 'article', 'public', '[]', {THEN}, true)",
    "INSERT INTO alias (source, alias, aid_id) VALUES ('site', 'guid:1', 1)",
    "INSERT INTO delivery"
    " (campaign, channel, aid_id, state, reason, due_at, post, tries, created_at, changed_at)"
    f" VALUES ('spotlight', '{X}', 1, 'unsure', 'no answer', {THEN}, {POST}, 2, {THEN}, {THEN}),"
    f" ('spotlight', '{X}', 2, 'sent', NULL, {THEN}, {POST}, 0, {THEN}, {THEN}),"
    f" ('spotlight', '{X}', 3, 'pending', NULL, {THEN}, {POST}, 1, {THEN}, {THEN})",
    "INSERT INTO attempt (id, delivery_id, number, claimant, epoch, started_at, ended_at, outcome)"
    f" VALUES (101, 1, 1, 'old', 6, {THEN}, {THEN}, 'unknown'),"
    f" (102, 2, 1, 'old', 7, {THEN}, {THEN}, 'sent')",
    "INSERT INTO receipt (id, delivery_id, attempt_id, post_id, recorded_at)"
    f" VALUES (101, 2, 102, '99', {THEN})",
)


SECOND_LEDGER = (
    *FIRST_LEDGER,
    f"UPDATE delivery SET look_at = {THEN}, absent_at = {THEN}, resent = 1, failed_looks = 2 WHERE id = 1",
    "INSERT INTO look_up (delivery_id, looked_at, found, read, reason)"
    f" VALUES (1, {THEN}, 0, 40, 'not there'), (1, {THEN}, NULL, 0, 'no answer')",
    "INSERT INTO change (changed_at, who, reason, action, channel)"
    f" VALUES ({THEN}, 'ada', 'an incident', 'paused', '{X}')",
    f"INSERT INTO draft (channel, digest, post_id) VALUES ('{X}', 'words', '1_2')",
)
OLD = {"0001": FIRST_LEDGER, "0002": SECOND_LEDGER}
LAST_STEP = "picture"
"""The table that the newest migration makes at its end."""


def make_old_ledger(url: str, revision: str) -> None:
    """Make a ledger as an earlier version left it, with rows in every table."""
    config = Config()
    folder = Path(spotlight_notify.ledger.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with create_engine(url, poolclass=NullPool).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    for statement in OLD[revision]:
        run_sql(url, statement)
    assert not has_table(url, LAST_STEP)
    assert has_table(url, "look_up") == (revision > "0001")


def has_table(url: str, name: str) -> bool:
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return inspect(connection).has_table(name)


@pytest.fixture(params=OLD)
def revision(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path, revision: str) -> str:
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    else:
        made = request.getfixturevalue("postgres_url")
    make_old_ledger(made, revision)
    return made


def rows(url: str) -> dict[str, list[dict[str, Any]]]:
    """Read every row of every table but the one that says the version."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        tables = inspect(connection).get_table_names()
    return {
        table: [dict(row._mapping) for row in run_sql(url, f"SELECT * FROM {table} ORDER BY 1")]
        for table in tables
        if table != VERSION_TABLE
    }


def version(url: str) -> str:
    ((found,),) = run_sql(url, f"SELECT version_num FROM {VERSION_TABLE}")
    return str(found)


def test_every_row_is_kept_to_the_letter(url: str, revision: str) -> None:
    before = rows(url)
    assert len(before) == {"0001": 7, "0002": 10}[revision]
    assert all(before.values())
    open_ledger(url).close()
    after = rows(url)
    for table in before:
        for was, now in zip(before[table], after[table], strict=True):
            assert {name: now[name] for name in was} == was
    assert version(url) == REVISION


def test_what_an_old_ledger_did_not_know_reads_as_unknown(url: str, revision: str) -> None:
    with closing(open_ledger(url)) as ledger:
        doubt = doubt_of(ledger, 1)
        looked = (NOW, 1, 2) if revision > "0001" else (None, 0, 0)
        assert (doubt.absent_at, doubt.resent, doubt.failed_looks) == looked
        assert [each.findings for each in ledger.deliveries()] == [(), (), ()]
        assert [each.aid.images for each in ledger.find_aids("guid:1")] == [(Image(url="i", alt="A"),)]
        assert ledger.delivery(2).post == doubt.post
        assert ledger.reads() == ({X: 40} if revision > "0001" else {})
        assert ledger.kept_picture("0" * 64) is None


def test_a_ledger_taken_along_keeps_what_is_new(url: str) -> None:
    finding = Finding(rule="length", level=Level.WARNING, message="long", source="")
    with closing(open_ledger(url)) as ledger:
        digest = ledger.keep_picture(make_picture(), NOW)
        image = Image(url="i", alt="A", digest=digest)
        with ledger.recording(SITE) as book:
            known = book.add(make_aid(9, images=(image,)), baseline=False, now=NOW)
            new = book.plan(known.id, make_plan(findings=(finding,)), NOW)
        assert new is not None
        assert ledger.kept_picture(digest) == make_picture()
        assert ledger.delivery(new).findings == (finding,)
        assert known.aid.images == (image,)


def test_what_was_unsure_already_is_looked_for_at_once(url: str, revision: str) -> None:
    with closing(open_ledger(url)) as ledger:
        (doubt,) = ledger.doubts(NOW)
        looks = 2 if revision > "0001" else 0
        assert (doubt.delivery_id, doubt.since, doubt.version) == (1, NOW, 1 + looks)
        conclusion = make_conclusion(State.SENT, receipt=RECEIPT, found=1)
        assert not ledger.settle_look(doubt, conclusion, NOW)  # the post is the other delivery's receipt
        assert ledger.settle_look(doubt, make_conclusion(State.PENDING), NOW)
        assert claim(ledger, delivery_id=1).doubted
    looked_at = run_sql(url, "SELECT id FROM delivery WHERE look_at IS NOT NULL")
    assert looked_at == []


def test_every_table_goes_on_numbering_its_own_rows(url: str, revision: str) -> None:
    with closing(open_ledger(url)) as ledger:
        assert ledger.pause_channel(X, "so", NOW, "ada")
        assert ledger.settle_look(doubt_of(ledger, 1), make_conclusion(), NOW)
        assert [each.id for each in ledger.changes()] == {"0001": [1], "0002": [2, 1]}[revision]
        assert [each.id for each in ledger.look_ups(1)] == {"0001": [1], "0002": [1, 2, 3]}[revision]
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


def test_a_migration_that_fails_half_way_leaves_the_old_ledger(url: str, revision: str) -> None:
    before = rows(url)
    run_sql(url, f"CREATE TABLE {LAST_STEP} (coins INTEGER)")
    with pytest.raises(LedgerError, match="already"):
        open_ledger(url)
    assert rows(url) == before | {LAST_STEP: []}
    assert version(url) == revision
    run_sql(url, f"DROP TABLE {LAST_STEP}")
    open_ledger(url).close()
    assert version(url) == REVISION
