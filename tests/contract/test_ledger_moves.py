"""What the ledger promises about every move of a delivery: only those of the table, compared, on record."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from ledgers import (
    BOTH,
    MINUTE,
    NOW,
    RECEIPT,
    SENT,
    X,
    claim,
    doubt_of,
    fresh_url,
    furnish,
    make_conclusion,
    make_plan,
    put,
    put_unsure,
    run_sql,
    snapshot,
)
from spotlight_notify.ledger.engine import connect, ledger_url
from spotlight_notify.ledger.history import PROGRAM
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.ledger.transactions import Connections
from spotlight_notify.ledger.transitions import NO_CLAIM, move
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.records.orders import Signature
from spotlight_notify.model.states import MOVES
from spotlight_notify.model.words import State

PAIRS = list(product(State, State))
BY = Signature(who="ada", reason="so be it", at=NOW + MINUTE)
CLAIM = {"claimant": "tester", "epoch": 1, "leased_until_at": NOW + MINUTE}


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_url(request, tmp_path)


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    opened = open_ledger(url)
    yield furnish(opened)
    opened.close()


@pytest.fixture
def connections(ledger: SqlLedger, url: str) -> Iterator[Connections]:
    opened = Connections(connect(ledger_url(url), MINUTE), None)
    yield opened
    opened.close()


def put_in(ledger: SqlLedger, url: str, number: int, state: State) -> int:
    """Record a delivery, and put it into a state behind the ledger's back."""
    delivery_id = put(ledger, number)
    claimed = "claimant = 'tester', epoch = 1, leased_until_at = changed_at, "
    also = claimed if state is State.SENDING else ""
    run_sql(url, f"UPDATE delivery SET {also}state = '{state}' WHERE id = {delivery_id}")
    return delivery_id


def columns(to: State) -> dict[str, object]:
    return CLAIM if to is State.SENDING else dict(NO_CLAIM)


def test_each_move_of_the_table_is_made_once_and_put_on_record(
    ledger: SqlLedger, connections: Connections, url: str
) -> None:
    for number, (was, to) in enumerate(PAIRS):
        if to not in MOVES[was]:
            continue
        delivery_id = put_in(ledger, url, number, was)
        with connections.writing() as connection:
            moved = move(connection, delivery_id, was, to, BY, reason="right", columns=columns(to))
        shown, (change,) = ledger.delivery(delivery_id), ledger.changes(delivery_id=delivery_id)
        assert (moved, shown.state, shown.reason, shown.changed_at) == ((delivery_id,), to, "right", BY.at)
        told = (change.who, change.reason, change.changed_at, change.action)
        assert told == ("ada", "so be it", BY.at, f"{was} -> {to}")
        unclaimed = "claimant = NULL, epoch = NULL, leased_until_at = NULL"
        run_sql(url, f"UPDATE delivery SET {unclaimed}, state = 'failed' WHERE id = {delivery_id}")


def test_every_other_move_is_refused_and_leaves_the_row_alone(
    ledger: SqlLedger, connections: Connections, url: str
) -> None:
    ids = {state: put_in(ledger, url, number, state) for number, state in enumerate(State)}
    kept = snapshot(url)
    refused = [(was, to) for was, to in PAIRS if to not in MOVES[was]]
    for was, to in refused:
        words = f"there is no move of a delivery from {was} to {to}"
        with pytest.raises(LedgerError, match=words), connections.writing() as connection:
            move(connection, ids[was], was, to, BY, reason="wrong", columns=columns(to))
    assert len(refused) > len(State)
    assert snapshot(url) == kept


def test_what_is_in_another_state_by_now_stays_as_it_is(
    ledger: SqlLedger, connections: Connections, url: str
) -> None:
    ids = {state: put_in(ledger, url, number, state) for number, state in enumerate(State)}
    kept = snapshot(url)
    for was, to in PAIRS:
        if to not in MOVES[was]:
            continue
        others = [delivery_id for state, delivery_id in ids.items() if state is not was]
        with connections.writing() as connection:
            assert move(connection, others, was, to, BY, reason="late", columns=columns(to)) == ()
    assert snapshot(url) == kept


def test_of_many_those_that_are_still_as_expected_are_moved(
    ledger: SqlLedger, connections: Connections, url: str
) -> None:
    ids = [put(ledger, number) for number in range(4)]
    run_sql(url, f"UPDATE delivery SET cause = 'late' WHERE id IN ({ids[1]}, {ids[3]})")
    late = {"cause": "late"}
    with connections.writing() as connection:
        moved = move(
            connection, ids, State.PENDING, State.SKIPPED, BY, reason="no", expected=late, detail="{}"
        )
    assert moved == (ids[1], ids[3])
    assert {each.delivery_id for each in ledger.changes()} == {ids[1], ids[3]}
    assert ledger.counts() == {State.PENDING: 2, State.SKIPPED: 2}


def test_the_programs_own_moves_are_in_the_whole_history_alone(ledger: SqlLedger) -> None:
    sent = put(ledger, 1)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    found = put_unsure(ledger, 2)
    conclusion = make_conclusion(State.PENDING)
    assert ledger.settle_look(doubt_of(ledger, found), conclusion, NOW)
    claim(ledger)
    assert ledger.strand(NOW + MINUTE) == (found,)
    assert ledger.changes() == ()
    taken = "pending -> sending"
    told = {
        sent: ["sending -> sent", taken],
        found: ["sending -> unsure", taken, "unsure -> pending", "sending -> unsure", taken],
    }
    for one, actions in told.items():
        assert [each.action for each in ledger.changes(delivery_id=one, by_program=True)] == actions
    assert {each.who for each in ledger.changes(by_program=True)} == {PROGRAM}
    newest = ledger.changes(by_program=True)[0].id
    assert len(ledger.changes(after=newest - 2, by_program=True)) == 2


def test_an_order_that_plans_again_or_takes_into_a_digest_moves_on_record(ledger: SqlLedger) -> None:
    skipped, digest, part = put(ledger, 1, state=State.SKIPPED), put(ledger, 2), put(ledger, 3)
    with ledger.recording("site") as book:
        assert book.replan(skipped, make_plan(channel=X), NOW)
        assert book.absorb([ledger.delivery(part).aid_id], digest, NOW) == 1
    actions = [(each.delivery_id, each.action) for each in ledger.changes(by_program=True)]
    assert actions == [(part, "pending -> skipped"), (skipped, "skipped -> pending")]
