"""Taking a ledger of an earlier version along: what it holds is kept, what is unsure is looked for."""

import threading
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, inspect

import spotlight_notify.ledger
from ledgers import (
    BOTH,
    MINUTE,
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
    tempo,
)
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.schema import REVISION, VERSION_TABLE
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Image
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.schedule import Posted
from spotlight_notify.model.words import Level, Outcome, ScopeKind, State

HOUR = timedelta(hours=1)
FINDING = Finding(rule="length", level=Level.WARNING, message="m", source="")

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
THIRD_LEDGER = (
    *SECOND_LEDGER,
    """UPDATE delivery"""
    """ SET findings = '[{"rule": "length", "level": "warning", "message": "m", "source": ""}]'""",
    "INSERT INTO change (changed_at, who, reason, action, delivery_id)"
    f" VALUES ({THEN}, 'bo', 'not there', 'unsure -> pending', 1)",
    "INSERT INTO picture (digest, media_type, width, height, kept_at, content)"
    f" VALUES ('abc', 'image/png', 1, 2, {THEN}, 'content')",
)
OLD = {"0001": FIRST_LEDGER, "0002": SECOND_LEDGER, "0003": THIRD_LEDGER}
LAST_STEP = "takedown"
"""The table that the newest migration makes at its end."""


def make_old_ledger(url: str, revision: str) -> None:
    """Make a ledger as an earlier version left it, with rows in every table."""
    take_along(url, revision)
    for statement in OLD[revision]:
        run_sql(url, statement)
    assert not has_table(url, LAST_STEP)
    assert has_table(url, "look_up") == (revision > "0001")


def take_along(url: str, revision: str) -> None:
    """Make a ledger's tables as they were at a revision."""
    config = Config()
    folder = Path(spotlight_notify.ledger.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with create_engine(url, poolclass=NullPool).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


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
    assert len(before) == {"0001": 7, "0002": 10, "0003": 11}[revision]
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
        found = (FINDING,) if revision > "0002" else ()
        assert [each.findings for each in ledger.deliveries()] == [found, found, found]
        assert [each.aid.images for each in ledger.find_aids("guid:1")] == [(Image(url="i", alt="A"),)]
        assert ledger.delivery(2).post == doubt.post
        assert ledger.reads() == ({X: 40} if revision > "0001" else {})
        assert ledger.kept_picture("0" * 64) is None
        assert [(each.cause, each.any_hour, each.writers) for each in ledger.deliveries()] == [
            (None, False, ())
        ] * 3
        assert [each.approval for each in ledger.deliveries()] == [None] * 3
        status = ledger.source_status(SITE)
        assert (status.latest, status.since_at, status.alarm, status.alarm_at) == (0, None, None, None)
        assert (ledger.holds(), ledger.takedown(2)) == ((), None)


def test_promise_24_an_aid_of_an_old_ledger_keeps_its_theme(url: str) -> None:
    run_sql(url, "UPDATE aid SET theme = 'Calm' WHERE id = 1")
    with closing(open_ledger(url)) as ledger:
        assert [known.aid.themes for known in reversed(ledger.aids())] == [("Calm",), (), ()]
        assert ledger.delivery(1).themes == ("Calm",)


def test_what_an_old_ledger_sent_or_may_have_sent_took_its_turn_then(url: str) -> None:
    with closing(open_ledger(url)) as ledger:
        assert ledger.queue(X, NOW).posts == (Posted(campaign="spotlight", at=NOW),) * 2
        a_day = tempo(gap=timedelta(days=1))
        assert ledger.claim_due(X, NOW + 23 * HOUR, MINUTE, "tester", a_day) is None
        assert claim(ledger, NOW + 24 * HOUR, at=a_day).delivery_id == 3


def test_a_baseline_that_was_written_without_a_zone_is_utc(url: str) -> None:
    run_sql(url, "UPDATE source SET baseline_at = '2026-11-23 12:00:00.000000'")
    open_ledger(url).close()
    ((kept,),) = run_sql(url, "SELECT baseline_at FROM source")
    assert kept in (NOW, THEN.strip("'"))


def test_a_source_of_an_old_ledger_takes_its_address_without_a_new_baseline(url: str) -> None:
    with closing(open_ledger(url)) as ledger:
        before, known = ledger.source_status(SITE), len(ledger.changes())
        ledger.register({SITE: "here"}, [], NOW + MINUTE)
        here = replace(before, address="here")
        assert (ledger.source_status(SITE), len(ledger.changes())) == (here, known)
        ledger.register({SITE: "there"}, [], NOW + MINUTE)
        assert ledger.source_status(SITE).next_poll_at == NOW + MINUTE
        assert [each.source for each in ledger.changes(limit=1)] == [SITE]


def test_changes_of_an_old_ledger_stand_beside_new_ones(url: str, revision: str) -> None:
    with closing(open_ledger(url)) as ledger:
        hold = ledger.place_hold(
            Scope(kind=ScopeKind.ALL), who="cy", reason="an incident", now=NOW, until_at=None
        )
        ledger.place_baseline(SITE, latest=0, since_at=None, who="di", reason="it moved", now=NOW)
        told = [
            (each.who, each.delivery_id, each.channel, each.source, each.hold_id) for each in ledger.changes()
        ]
        old = [("bo", 1, None, None, None), ("ada", None, X, None, None)]
        assert told[:2] == [("di", None, None, SITE, None), ("cy", None, None, None, hold.id)]
        assert told[2:] == {"0001": [], "0002": old[1:], "0003": old}[revision]


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
        assert [each.id for each in ledger.changes()] == {"0001": [1], "0002": [2, 1], "0003": [3, 2, 1]}[
            revision
        ]
        assert [each.id for each in ledger.look_ups(1)] == ([1, 2, 3] if revision > "0001" else [1])
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


DIGEST_LEDGER = (
    "INSERT INTO source (name, address, next_poll_at, failures)"
    f" VALUES ('{SITE}', '', {THEN}, 0), ('on-demand', '', {THEN}, 0)",
    f"INSERT INTO channel (name, network, epoch) VALUES ('{X}', 'x', 0)",
    "INSERT INTO aid (id, source, key, title, summary, kind, access, images, first_seen_at, baseline)"
    f" VALUES (1, '{SITE}', 'a', 'A', '', 'article', 'public', '[]', {THEN}, false),"
    f" (2, '{SITE}', 'b', 'B', '', 'article', 'public', '[]', {THEN}, false),"
    f" (3, 'on-demand', 'digest:Calm:now', 'Calm', 'Aids 1, 2', 'article', 'public', '[]', {THEN}, false)",
    "INSERT INTO delivery"
    " (id, campaign, channel, aid_id, state, cause, due_at, post, tries, created_at, changed_at, edited_by)"
    f" VALUES (11, 'c', '{X}', 1, 'skipped', 'digest', {THEN}, NULL, 0, {THEN}, {THEN}, NULL),"
    f" (12, 'c', '{X}', 2, 'proposed', 'rule', {THEN}, NULL, 0, {THEN}, {THEN}, 'Desk 5'),"
    f" (13, 'c', '{X}', 3, 'pending', NULL, {THEN}, {POST}, 0, {THEN}, {THEN}, 'bo' || chr(10) || 'eve')",
)


@pytest.mark.parametrize("revision", ["0007"])
@pytest.mark.parametrize("kind", BOTH)
def test_writers_and_members_of_digests_are_taken_along(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str, revision: str
) -> None:
    is_sqlite = kind == "sqlite"
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}" if is_sqlite else request.getfixturevalue("postgres_url")
    take_along(url, revision)
    for statement in DIGEST_LEDGER:
        run_sql(url, statement.replace("chr(10)", "char(10)") if is_sqlite else statement)
    with closing(open_ledger(url)) as ledger:
        assert [ledger.delivery(number).writers for number in (11, 12, 13)] == [
            (),
            ("Desk 5",),
            ("bo", "eve"),
        ]
        assert [ledger.delivery(number).digest_id for number in (11, 12)] == [13, None]
