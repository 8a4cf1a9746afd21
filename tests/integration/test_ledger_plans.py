"""What stays quick with a million rows: the questions of every tick go through indexes, on both databases."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from ledgers import (
    BOTH,
    CAMPAIGNS,
    MINUTE,
    NOW,
    SITE,
    X,
    claim,
    doubt_of,
    furnish,
    make_aid,
    make_approval,
    make_conclusion,
    make_picture,
    make_plan,
    put,
    put_unsure,
    run_sql,
)
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.outbox import read_slots
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.words import Cause, Outcome, ScopeKind, State

HOUR = timedelta(hours=1)

MANY = 10_000
"""Rows of the past: enough for PostgreSQL to find that reading them all costs more than an index."""

PAST = {
    "sqlite": f"WITH RECURSIVE past(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM past WHERE n < {MANY})",
    "postgresql": f"WITH past AS (SELECT n FROM generate_series(1, {MANY}) AS past(n))",
}
AGAIN = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE)
SORTED = re.compile("TEMP B-TREE|Sort ")
TABLES = ("aid", "alias", "delivery", "attempt", "receipt", "look_up", "picture", "approval")
HOURS_AGO = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%f000Z', '2026-11-23 12:00', '-' || id || ' hours')",
    "postgresql": "timestamptz '2026-11-23 12:00Z' - id * interval '1 hour'",
}


@pytest.fixture(scope="module", params=BOTH)
def ledger(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlLedger]:
    """Give one ledger with a long past to all tests here; none of them uses up what is due."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{tmp_path_factory.mktemp('plans') / 'ledger.sqlite3'}"
        else:
            url = request.getfixturevalue("postgres_ledger")
        opened = stack.enter_context(closing(open_ledger(url)))
        put(furnish(opened), "first")
        opened.keep_picture(make_picture(), NOW)
        put_unsure(opened, "unsure")
        fill(url, PAST[request.param], HOURS_AGO[request.param])
        yield opened


def fill(url: str, past: str, hours_ago: str) -> None:
    """Write a long past, all of it sent, as copies of the first aid and its delivery."""
    aid = "source, title, link, summary, kind, access, images, first_seen_at, baseline"
    columns = "campaign, channel, reason, due_at, post, tries, created_at, changed_at"
    for statement in (
        f"INSERT INTO aid (id, key, {aid})"
        f" {past} SELECT n + 10, 'guid:' || n, {aid} FROM aid, past WHERE aid.id = 1",
        "INSERT INTO alias (source, alias, aid_id) SELECT source, key, id FROM aid WHERE id > 10",
        f"INSERT INTO delivery (id, aid_id, state, {columns})"
        f" {past} SELECT n + 10, n + 10, 'sent', {columns} FROM delivery, past WHERE delivery.id = 1",
        "INSERT INTO attempt (id, delivery_id, number, claimant, epoch, started_at, ended_at, outcome)"
        f" SELECT id + {MANY}, id, 1, 'past', 0, due_at, due_at, 'sent' FROM delivery WHERE id > 10",
        "INSERT INTO receipt (id, delivery_id, attempt_id, post_id, recorded_at)"
        f" SELECT id, id, id + {MANY}, 'post ' || id, due_at FROM delivery WHERE id > 10",
        "INSERT INTO look_up (id, delivery_id, looked_at, read, reason)"
        f" SELECT id + {MANY}, id, due_at, 0, 'past' FROM delivery WHERE id > 10",
        f"UPDATE delivery SET went_at = {hours_ago} WHERE id > 10",
        f"UPDATE delivery SET missed_at = {hours_ago} WHERE id > 10 AND id % 10 = 0",
        "INSERT INTO approval (id, delivery_id, digest, who, approved_at)"
        " SELECT id, id, 'digest', 'ada', due_at FROM delivery WHERE id > 10",
        "INSERT INTO picture (digest, media_type, width, height, kept_at, content)"
        f" {past} SELECT 'digest ' || n, media_type, width, height, kept_at, content FROM picture, past",
        "ANALYZE",
    ):
        run_sql(url, statement)


@contextmanager
def plans() -> Iterator[list[str]]:
    """Collect how the database would carry out every statement that is sent inside the block."""
    collected: list[str] = []

    def explain(connection: Connection, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.lstrip().startswith(("SELECT", "UPDATE")) or "advisory" in statement:
            return
        words = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        with closing(connection.connection.cursor()) as beside:
            beside.execute(f"{words} {statement}", parameters)
            steps = " / ".join(str(row[-1]).strip() for row in beside.fetchall())
        collected.append(f"{steps} <- {statement}")

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield collected
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


def read_whole(plan: str) -> list[str]:
    """Name the big tables that a plan reads from end to end."""
    steps = plan.partition(" <- ")[0]
    scans = [part for part in steps.split(" / ") if part.startswith(("SCAN", "Seq Scan", "->  Seq Scan"))]
    return [part for part in scans if any(f" {table}" in part for table in TABLES) and "USING" not in part]


def assert_flat(collected: list[str]) -> None:
    assert collected
    for plan in collected:
        assert read_whole(plan) == [], plan


def test_a_claim_goes_through_the_partial_indexes(ledger: SqlLedger) -> None:
    with plans() as collected:
        claimed = claim(ledger)
        ledger.settle(claimed, AGAIN, None, NOW)
    assert_flat(collected)
    text = "\n".join(collected)
    assert "ix_delivery_pending" in text
    assert "uq_delivery_sending" in text


def test_what_was_posted_lately_is_read_from_an_index(ledger: SqlLedger) -> None:
    with plans() as collected:
        claimed = claim(ledger)
        ledger.settle(claimed, AGAIN, None, NOW)
        queue = ledger.queue(X, NOW)
    assert (len(queue.waiting), len(queue.posts)) == (1, 1 + 40)
    assert_flat(collected)
    text = "\n".join(collected)
    assert "ix_delivery_went" in text
    assert not [plan for plan in collected if SORTED.search(plan) and "delivery" in plan]


def test_slots_are_read_from_indexes(ledger: SqlLedger) -> None:
    with plans() as collected, ledger._connections.reading() as connection:
        slots = read_slots(connection, X, NOW - 50 * HOUR, ["spotlight"])
        rare = read_slots(connection, X, NOW, ["spotlight", "never"])
    assert len(slots) == 1 + 40 + 4
    assert len(rare) == 1
    assert_flat(collected)
    text = "\n".join(collected)
    assert "ix_delivery_went" in text
    assert "ix_delivery_missed" in text


def test_holds_approvals_and_edits_read_no_table_whole(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, "asked", state=State.PROPOSED, cause=Cause.APPROVAL)
    with plans() as collected:
        hold = ledger.place_hold(Scope(kind=ScopeKind.ALL), who="ada", reason="so", now=NOW, until_at=NOW)
        assert ledger.queue(X, NOW).held == {}
        assert not ledger.lift_hold(hold.id, who="ada", reason="so", now=NOW)
        assert ledger.approve(delivery_id, make_approval(ledger, delivery_id))
        plan = make_plan(state=State.PROPOSED, cause=Cause.BRAKE)
        assert ledger.edit(ledger.delivery(delivery_id), plan, who="ada", reason="so", now=NOW)
        assert ledger.accept(SITE, who="ada", reason="so", now=NOW) == 1
        assert ledger.change_delivery(
            delivery_id, [State.PENDING], State.CANCELLED, who="ada", reason="so", now=NOW
        )
    assert_flat(collected)


def test_every_ticks_questions_go_through_the_partial_indexes(ledger: SqlLedger) -> None:
    with plans() as collected:
        assert ledger.due_channels(NOW, CAMPAIGNS) == (X,)
        assert ledger.next_due_at(X) == NOW
        assert ledger.strand(NOW) == ()
    assert_flat(collected)
    text = "\n".join(collected)
    assert "ix_delivery_pending" in text
    assert "uq_delivery_sending" in text


def test_asking_what_is_known_goes_through_the_aliases(ledger: SqlLedger) -> None:
    with plans() as collected:
        assert ledger.known(SITE, [f"guid:{number}" for number in range(20)])
        with ledger.recording(SITE) as book:
            assert book.match([make_aid(number) for number in range(20)])
            assert book.decided_elsewhere(make_aid(1, source="other"), "spotlight", X) is None
    assert_flat(collected)
    assert re.search("pk_alias|sqlite_autoindex_alias", collected[0])


def test_the_newest_are_read_from_an_index(ledger: SqlLedger) -> None:
    with plans() as collected:
        assert len(ledger.aids(limit=20)) == 20
        assert len(ledger.deliveries(limit=20)) == 20
        assert ledger.find_aids("guid:7")
    newest_aids, _their_aliases, newest_deliveries, *finding = collected
    assert "ix_aid_first_seen" in newest_aids
    assert "ix_approval_delivery" in newest_deliveries
    for plan in (newest_aids, newest_deliveries):
        assert not SORTED.search(plan), plan
    assert_flat(finding)


def test_due_look_ups_are_read_from_their_partial_index(ledger: SqlLedger) -> None:
    with plans() as collected:
        (doubt,) = ledger.doubts(NOW)
    assert_flat(collected)
    assert re.search("INDEX ix_delivery_look|ix_delivery_look on delivery", collected[0]), collected[0]
    with plans() as collected:
        assert not ledger.claim_look(doubt.delivery_id, NOW - MINUTE, NOW)
        assert ledger.receipts(X, ["post 1", "post 11"]) == {"post 11"}
        assert ledger.look_ups(11)
        assert ledger.look_now(None, NOW) == 1
        assert ledger.doubts(NOW, X) == (doubt,)
    assert_flat(collected)


def test_counting_what_was_read_reads_look_ups_and_no_deliveries(ledger: SqlLedger) -> None:
    (doubt,) = ledger.doubts(NOW)
    before = ledger.reads().get(X, 0)
    assert ledger.settle_look(doubt, make_conclusion(read=3, look_at=NOW), NOW)
    with plans() as collected:
        assert ledger.reads() == {X: before + 3}
    (plan,) = collected
    assert all(" look_up" in whole for whole in read_whole(plan)), plan


def test_a_picture_is_found_by_its_digest(ledger: SqlLedger) -> None:
    with plans() as collected:
        digest = ledger.keep_picture(make_picture(), NOW)
        assert ledger.kept_picture(digest) == make_picture()
    assert_flat(collected)
    asked = [each for each in collected if "FROM ledger_version" not in each]
    assert re.search("pk_picture|sqlite_autoindex_picture", asked[0]), asked[0]


def test_nothing_but_a_pictures_own_questions_touches_pictures(ledger: SqlLedger) -> None:
    with plans() as collected:
        claimed = claim(ledger)
        ledger.settle(claimed, AGAIN, None, NOW)
        with ledger.recording(SITE) as book:
            book.refresh(claimed.delivery_id, make_aid("first"))
        assert ledger.deliveries(limit=5)
        assert ledger.aids(limit=5)
        ledger.due_channels(NOW, CAMPAIGNS)
    assert collected
    assert not [plan for plan in collected if "picture" in plan]


def test_settling_a_look_reads_no_table_whole(ledger: SqlLedger) -> None:
    (doubt,) = ledger.doubts(NOW)
    with plans() as collected:
        assert ledger.settle_look(doubt, make_conclusion(found=2, look_at=NOW), NOW)
    assert_flat(collected)
    assert doubt_of(ledger, doubt.delivery_id).version == doubt.version + 1
