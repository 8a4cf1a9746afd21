"""Several who look, or decide, at the same moment: one of them is heard, whatever they wait for first."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, text

from ledgers import (
    MINUTE,
    NOW,
    RECEIPT,
    SENT,
    TEMPO,
    X,
    claim,
    doubt_of,
    furnish,
    make_approval,
    make_conclusion,
    make_plan,
    put,
    put_approved,
    put_unsure,
    run_sql,
)
from processes import SECONDS
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import ClaimLost
from spotlight_notify.model.posts import Post, Receipt
from spotlight_notify.model.records.attempts import Conclusion
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State

THREADS = 4
CONCLUSIONS = (
    make_conclusion(),
    make_conclusion(found=None),
    make_conclusion(absent_at=NOW),
    make_conclusion(State.PENDING),
    make_conclusion(State.SENT, receipt=RECEIPT, found=1),
)

Work = Callable[[], Any]


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    with closing(open_ledger(url)) as opened:
        yield furnish(opened)


@contextmanager
def held(url: str) -> Iterator[Callable[[int], None]]:
    """Lock every delivery for a while; gives what waits until so many others stand in line."""
    engine = create_engine(url, poolclass=NullPool)
    with ExitStack() as stack:
        connection = stack.enter_context(engine.connect())
        is_sqlite = engine.dialect.name == "sqlite"
        connection.execute(
            text("PRAGMA user_version = 1" if is_sqlite else "SELECT 1 FROM delivery FOR UPDATE")
        )
        if is_sqlite:
            connection.execute(text("BEGIN IMMEDIATE"))

        def in_line(number: int) -> None:
            if is_sqlite:
                time.sleep(0.1)  # nobody can be asked who waits
                return
            waiting = (
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            deadline = time.monotonic() + SECONDS
            while run_sql(url, waiting)[0][0] < number:
                assert time.monotonic() < deadline, "they do not wait for the delivery"

        yield in_line
        connection.rollback()


def at_once(url: str, works: list[Work]) -> list[Any]:
    """Let all begin while the deliveries are locked, so that each meets what the others wrote."""
    results: dict[int, Any] = {}

    def work(number: int) -> None:
        try:
            results[number] = works[number]()
        except ClaimLost:
            results[number] = "lost"

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(works))]
    with held(url) as in_line:
        for thread in threads:
            thread.start()
        in_line(len(works))
    for thread in threads:
        thread.join()
    assert len(results) == len(works), "a thread failed"
    return [results[number] for number in range(len(works))]


@pytest.mark.parametrize("conclusion", CONCLUSIONS, ids=["again", "failed", "absent", "pending", "sent"])
def test_of_many_resolvers_one_settles_a_doubt(ledger: SqlLedger, url: str, conclusion: Conclusion) -> None:
    delivery_id = put_unsure(ledger)
    doubt = doubt_of(ledger, delivery_id)
    results = at_once(url, [lambda: ledger.settle_look(doubt, conclusion, NOW)] * THREADS)
    assert Counter(results) == {True: 1, False: THREADS - 1}
    assert len(ledger.look_ups(delivery_id)) == 1
    assert ledger.counts() == {conclusion.state: 1}
    if conclusion.state is State.PENDING:
        claim(ledger)
        ledger.strand(NOW + MINUTE)
        assert doubt_of(ledger, delivery_id).resent == 1


def test_of_many_resolvers_one_takes_the_look(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_unsure(ledger)
    results = at_once(url, [lambda: ledger.claim_look(delivery_id, NOW, NOW + MINUTE)] * THREADS)
    assert Counter(results) == {True: 1, False: THREADS - 1}


def test_one_post_found_for_two_deliveries_becomes_the_receipt_of_one(ledger: SqlLedger, url: str) -> None:
    doubts = [doubt_of(ledger, put_unsure(ledger, number)) for number in range(THREADS)]
    found = make_conclusion(State.SENT, receipt=RECEIPT, found=1)
    works: list[Work] = [partial(ledger.settle_look, doubt, found, NOW) for doubt in doubts]
    assert Counter(at_once(url, works)) == {True: 1, False: THREADS - 1}
    assert ledger.counts() == {State.SENT: 1, State.UNSURE: THREADS - 1}
    assert run_sql(url, "SELECT count(*) FROM receipt") == [(1,)]


def test_of_many_people_one_moves_a_delivery(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)

    def cancel() -> bool:
        states = [State.PENDING]
        return ledger.change_delivery(delivery_id, states, State.CANCELLED, who="ada", reason="so", now=NOW)

    assert Counter(at_once(url, [cancel] * THREADS)) == {True: 1, False: THREADS - 1}
    assert [each.action for each in ledger.changes()] == ["pending -> cancelled"]


def test_a_person_a_resolver_and_a_late_receipt_settle_a_delivery_once(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    late = claim(ledger)
    ledger.strand(NOW + MINUTE)
    doubt = doubt_of(ledger, delivery_id)
    found = make_conclusion(State.SENT, receipt=RECEIPT, found=1)

    def mark() -> bool:
        receipt = Receipt(post_id="by hand", url=None)
        return ledger.change_delivery(
            delivery_id, [State.UNSURE], State.SENT, who="ada", reason="seen", now=NOW, receipt=receipt
        )

    def settle_late() -> bool:
        ledger.settle(late, SENT, Receipt(post_id="late", url=None), NOW)
        return True

    results = at_once(
        url,
        [
            mark,
            lambda: ledger.settle_look(doubt, found, NOW),
            settle_late,
        ],
    )
    assert Counter(results)[True] == 1
    assert ledger.counts() == {State.SENT: 1}
    assert run_sql(url, "SELECT count(*) FROM receipt") == [(1,)]
    assert len(ledger.changes()) == int(results[0] is True)
    assert len(ledger.look_ups(delivery_id)) == int(results[1] is True)


def test_what_is_cancelled_while_it_is_claimed_is_either_one(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)

    def cancel() -> bool:
        return ledger.change_delivery(
            delivery_id, [State.PENDING], State.CANCELLED, who="ada", reason="so", now=NOW
        )

    def send() -> bool:
        return ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO) is not None

    cancelled, claimed = at_once(url, [cancel, send])
    assert cancelled != claimed
    assert ledger.counts() == {State.CANCELLED if cancelled else State.SENDING: 1}
    assert (len(ledger.changes()), len(ledger.attempts(delivery_id))) == (int(cancelled), int(claimed))


def edit(ledger: SqlLedger, seen: Delivery) -> bool:
    """Give a delivery other words, which somebody must approve."""
    post = Post(text="Other words https://site.example/1", link="https://site.example/1")
    plan = make_plan(state=State.PROPOSED, cause=Cause.APPROVAL, post=post)
    return ledger.edit(seen, plan, who="eve", reason="better", now=NOW)


def test_of_many_who_approve_one_has_approved(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, state=State.PROPOSED, cause=Cause.APPROVAL)
    works: list[Work] = [
        partial(ledger.approve, delivery_id, make_approval(ledger, delivery_id, who=f"person {number}"))
        for number in range(THREADS)
    ]
    assert Counter(at_once(url, works)) == {True: 1, False: THREADS - 1}
    assert [each.action for each in ledger.changes()] == ["approved"]
    assert run_sql(url, "SELECT count(*) FROM approval") == [(1,)]


def test_what_is_edited_while_it_is_approved_goes_with_neither(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, state=State.PROPOSED, cause=Cause.APPROVAL)
    approval = make_approval(ledger, delivery_id)
    edited, approved = at_once(
        url,
        [
            partial(edit, ledger, ledger.delivery(delivery_id)),
            partial(ledger.approve, delivery_id, approval),
        ],
    )
    assert edited != approved
    assert ledger.delivery(delivery_id).state is (State.PROPOSED if edited else State.PENDING)
    assert run_sql(url, "SELECT count(*) FROM approval WHERE ended_at IS NULL") == [(int(approved),)]
    assert len(ledger.changes()) == 1


def test_what_is_edited_while_it_is_claimed_is_sent_as_it_was_approved_or_not_at_all(
    ledger: SqlLedger, url: str
) -> None:
    delivery_id = put_approved(ledger)
    approved = ledger.delivery(delivery_id).post
    seen = ledger.delivery(delivery_id)
    edited, claimed = at_once(
        url,
        [partial(edit, ledger, seen), lambda: ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO)],
    )
    assert edited == (claimed is None)
    assert claimed is None or claimed.post == approved
    assert ledger.counts() == {State.PROPOSED if edited else State.SENDING: 1}
