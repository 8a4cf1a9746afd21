"""A site that changes an aid's date moves what waits for it."""

from datetime import datetime, timedelta

import pytest

from builders import NOW, PAGE, ListedSource, X, aid, polling_with
from fakes import FakeClock
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.poll_source import poll_source

EVERY, DAY = timedelta(minutes=15), timedelta(days=1)


def poll(ledger: SqlLedger, *looks: list[Aid]) -> None:
    source = ListedSource(*looks)
    for _ in looks:
        poll_source(source, EVERY, polling_with(ledger, FakeClock(NOW)))


def planned(ledger: SqlLedger) -> tuple[Delivery, ...]:
    """Give the aid's deliveries, one for each channel."""
    found = ledger.deliveries()
    assert {one.channel for one in found} == {X.name, PAGE.name}
    return found


def dated(at: datetime | None) -> list[Aid]:
    return [aid(1, published_at=at)]


@pytest.mark.parametrize("later", [2 * DAY, 9 * DAY, 300 * DAY])
def test_promise_26_what_waits_for_its_date_goes_with_the_new_one(
    ledger: SqlLedger, later: timedelta
) -> None:
    poll(ledger, [], dated(NOW + 5 * DAY), dated(NOW + later))
    for one in planned(ledger):
        assert (one.state, one.due_at) == (State.PENDING, NOW + later)
        assert one.reason == f"waits for its own date, {NOW + later:%Y-%m-%d %H:%M} UTC"
    told = {(change.who, change.action) for change in ledger.changes()}
    assert told == {("policy", "moved")}


def test_a_date_that_has_passed_by_now_lets_it_go(ledger: SqlLedger) -> None:
    poll(ledger, [], dated(NOW + 5 * DAY), dated(NOW - DAY))
    for one in planned(ledger):
        assert (one.state, one.due_at, one.reason) == (State.PENDING, NOW, None)


def test_a_date_that_is_gone_moves_nothing(ledger: SqlLedger) -> None:
    poll(ledger, [], dated(NOW + 5 * DAY), dated(None))
    assert {one.due_at for one in ledger.deliveries()} == {NOW + 5 * DAY}
    assert ledger.changes() == ()


def test_an_absurd_date_moves_nothing_and_is_asked_about(ledger: SqlLedger) -> None:
    poll(ledger, [], dated(NOW + 5 * DAY), dated(NOW + 9000 * DAY))
    for one in planned(ledger):
        assert (one.state, one.cause, one.due_at) == (State.PROPOSED, Cause.DATE, NOW + 5 * DAY)


def test_what_a_person_put_at_another_time_stays_there(ledger: SqlLedger) -> None:
    poll(ledger, [], dated(NOW + 5 * DAY))
    for one in planned(ledger):
        with ledger.recording("site") as book:
            moved = Plan(
                campaign=one.campaign,
                channel=one.channel,
                state=one.state,
                due_at=NOW + 6 * DAY,
                post=one.post,
            )
            assert book.replan(one.id, moved, NOW)
    poll(ledger, dated(NOW + 9 * DAY))
    assert {one.due_at for one in ledger.deliveries()} == {NOW + 6 * DAY}
