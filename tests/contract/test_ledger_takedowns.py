"""What Ledger promises about takedowns: ordered for what was sent, once, and on record until it is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgers import BOTH, MINUTE, NOW, RECEIPT, SENT, claim, fresh_url, furnish, put, snapshot
from spotlight_notify.errors import Refused, UnknownName
from spotlight_notify.ledger import SqlLedger, open_ledger
from spotlight_notify.model import State
from spotlight_notify.records import Takedown


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_url(request, tmp_path)


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    opened = open_ledger(url)
    yield furnish(opened)
    opened.close()


def put_sent(ledger: SqlLedger) -> int:
    delivery_id = put(ledger)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    return delivery_id


def order(ledger: SqlLedger, delivery_id: int, who: str = "ada") -> Takedown:
    return ledger.order_takedown(delivery_id, who=who, reason="it is wrong", now=NOW)


def test_a_sent_post_is_ordered_off_and_gone_in_the_end(ledger: SqlLedger) -> None:
    delivery_id = put_sent(ledger)
    assert ledger.takedown(delivery_id) is None
    ordered = Takedown(delivery_id=delivery_id, who="ada", reason="it is wrong", ordered_at=NOW)
    assert order(ledger, delivery_id) == ordered == ledger.takedown(delivery_id)
    ledger.settle_takedown(delivery_id, NOW + MINUTE)
    gone = ledger.takedown(delivery_id)
    assert gone is not None
    assert (gone.done_at, gone.who, gone.ordered_at) == (NOW + MINUTE, "ada", NOW)
    assert ledger.delivery(delivery_id).state is State.SENT
    assert ledger.delivery(delivery_id).receipt == RECEIPT


def test_the_order_and_its_end_are_on_record(ledger: SqlLedger) -> None:
    delivery_id = put_sent(ledger)
    order(ledger, delivery_id)
    ledger.settle_takedown(delivery_id, NOW + MINUTE)
    told = [(each.changed_at, each.who, each.reason, each.action) for each in ledger.changes()]
    assert told == [
        (NOW + MINUTE, "ada", "it is wrong", "taken down"),
        (NOW, "ada", "it is wrong", "takedown ordered"),
    ]
    assert {each.delivery_id for each in ledger.changes()} == {delivery_id}


def test_ordered_again_the_first_order_stands_and_both_are_on_record(ledger: SqlLedger) -> None:
    delivery_id = put_sent(ledger)
    first = order(ledger, delivery_id)
    assert order(ledger, delivery_id, who="bo") == first
    assert [each.who for each in ledger.changes()] == ["bo", "ada"]


def test_what_is_gone_is_not_ordered_off_again(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_sent(ledger)
    order(ledger, delivery_id)
    ledger.settle_takedown(delivery_id, NOW)
    before = snapshot(url)
    with pytest.raises(Refused, match="taken down already, on 2026-11-23"):
        order(ledger, delivery_id)
    ledger.settle_takedown(delivery_id, NOW + MINUTE)
    assert snapshot(url) == before


@pytest.mark.parametrize("state", [state for state in State if state not in (State.SENT, State.SENDING)])
def test_what_was_not_sent_cannot_be_taken_down(ledger: SqlLedger, url: str, state: State) -> None:
    delivery_id = put(ledger, state=state)
    before = snapshot(url)
    with pytest.raises(Refused, match=f"delivery {delivery_id} is {state}, not sent"):
        order(ledger, delivery_id)
    assert snapshot(url) == before


def test_what_nobody_knows_or_ordered_is_named(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_sent(ledger)
    before = snapshot(url)
    with pytest.raises(UnknownName, match="no delivery 77"):
        order(ledger, 77)
    with pytest.raises(UnknownName, match=f"nobody ordered delivery {delivery_id}"):
        ledger.settle_takedown(delivery_id, NOW)
    assert ledger.takedown(77) is None
    assert snapshot(url) == before
