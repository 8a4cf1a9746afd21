"""What Ledger promises about marks: what a person says was sent, a person may take back."""

from dataclasses import replace

import pytest

from ledgers import MINUTE, NOW, RECEIPT, SENT, claim, put, snapshot
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.words import Cause, State


def mark(ledger: SqlLedger, delivery_id: int) -> None:
    states = (State.PENDING, State.PROPOSED, State.FAILED, State.UNSURE)
    assert ledger.change_delivery(
        delivery_id, states, State.SENT, who="ada", reason="seen", now=NOW, receipt=RECEIPT
    )


def unmark(ledger: SqlLedger, delivery_id: int) -> None:
    ledger.unmark(delivery_id, who="bo", reason="it was another", now=NOW + MINUTE)


@pytest.mark.parametrize(
    ("state", "cause", "reason"),
    [
        (State.PENDING, None, None),
        (State.PROPOSED, Cause.LINK, "its link is dead"),
        (State.FAILED, None, "given up"),
    ],
)
def test_command_line_3_it_is_again_what_it_was_with_the_time_it_was_due(
    ledger: SqlLedger, state: State, cause: Cause | None, reason: str | None
) -> None:
    delivery_id = put(ledger, state=state, cause=cause, reason=reason, due_at=NOW + 60 * MINUTE)
    before = ledger.delivery(delivery_id)
    mark(ledger, delivery_id)
    unmark(ledger, delivery_id)
    assert ledger.delivery(delivery_id) == replace(before, changed_at=NOW + MINUTE)
    told = [(each.action, each.who) for each in ledger.changes(2)]
    assert told == [(f"mark taken back: sent -> {state}", "bo"), (f"{state} -> sent", "ada")]
    mark(ledger, delivery_id)
    assert ledger.delivery(delivery_id).receipt == RECEIPT


def test_command_line_3_the_post_that_was_found_instead_is_its_receipt(ledger: SqlLedger) -> None:
    delivery_id, found = put(ledger), replace(RECEIPT, post_id="77")
    mark(ledger, delivery_id)
    ledger.unmark(delivery_id, who="bo", reason="it was another", now=NOW + MINUTE, found=found)
    one = ledger.delivery(delivery_id)
    assert (one.state, one.receipt) == (State.SENT, found)


def test_command_line_3_what_nobody_marked_is_not_taken_back(ledger: SqlLedger, url: str) -> None:
    sent, waiting = put(ledger), put(ledger, 2, due_at=NOW + MINUTE)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    before = snapshot(url)
    for delivery_id in (sent, waiting):
        with pytest.raises(Refused, match="was not marked sent by a person"):
            unmark(ledger, delivery_id)
    assert snapshot(url) == before


def test_command_line_3_what_was_ordered_off_since_is_not_taken_back(ledger: SqlLedger) -> None:
    delivery_id = put(ledger)
    mark(ledger, delivery_id)
    ledger.order_takedown(delivery_id, who="bo", reason="wrong", now=NOW)
    with pytest.raises(Refused, match="was ordered off its network since"):
        unmark(ledger, delivery_id)
