"""What Ledger promises about takedowns: ordered for what was sent, once, and on record until it is gone."""

from dataclasses import replace

import pytest

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    RECEIPT,
    SENT,
    X,
    claim,
    put,
    put_unsure,
    snapshot,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.orders import Takedown
from spotlight_notify.model.words import Cause, ScopeKind, State


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


@pytest.mark.parametrize(
    "scope",
    [
        Scope(kind=ScopeKind.ALL),
        Scope(kind=ScopeKind.CHANNEL, name=X),
        Scope(kind=ScopeKind.CAMPAIGN, name="spotlight"),
    ],
)
def test_once_a_hold_is_placed_no_post_is_ordered_off(ledger: SqlLedger, url: str, scope: Scope) -> None:
    delivery_id = put_sent(ledger)
    hold = ledger.place_hold(scope, who="Desk 5", reason="incident", now=NOW, until_at=None)
    before = snapshot(url)
    with pytest.raises(
        Refused, match=f"is held by Desk 5 .*: incident. Lift the hold first: lift hold {hold.id}"
    ):
        order(ledger, delivery_id)
    assert snapshot(url) == before
    assert ledger.lift_hold(hold.id, who="Desk 5", reason="over", now=NOW)
    assert order(ledger, delivery_id).who == "ada"


def test_on_a_paused_channel_no_post_is_ordered_off(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_sent(ledger)
    ledger.pause_channel(X, "token refused", NOW, "Desk 5")
    before = snapshot(url)
    with pytest.raises(Refused, match=r"is paused: token refused\. Resume it first: resume channel"):
        order(ledger, delivery_id)
    assert snapshot(url) == before


def test_with_a_post_goes_what_waits_to_stand_under_it_and_nothing_else(ledger: SqlLedger) -> None:
    delivery_id = put_sent(ledger)
    link = "https://site.example/1"
    reply = Post(text=f"[CORRECTION] {link} #Tag", link=link, reply_to=RECEIPT.post_id)
    quoting = Post(text=f'"reply_to": "{RECEIPT.post_id}" {link} #Tag', link=link)
    waiting = put(ledger, 2, post=reply)
    asked = put(ledger, 3, post=reply, state=State.PROPOSED, cause=Cause.APPROVAL)
    put(ledger, 4, post=reply, channel=PAGE)
    put(ledger, 5, post=Post(text="[CORRECTION] of another", link=link, reply_to="98"))
    put(ledger, 6, post=quoting)
    put(ledger, 7, post=reply, state=State.SKIPPED)
    order(ledger, delivery_id)
    assert ledger.settle_takedown(delivery_id, NOW + MINUTE) == (waiting, asked)
    assert ledger.settle_takedown(delivery_id, NOW + MINUTE) == ()
    cancelled = {one.id: one.reason for one in ledger.deliveries() if one.state is State.CANCELLED}
    reason = f"delivery {delivery_id}, under which it would stand, was taken down"
    assert cancelled == {waiting: reason, asked: reason}
    told = [(each.who, each.reason, each.action) for each in ledger.changes(2)]
    assert told == [("ada", reason, "proposed -> cancelled"), ("ada", reason, "pending -> cancelled")]


def test_command_line_1_a_refusal_stands_in_the_history_and_the_order_stays(ledger: SqlLedger) -> None:
    delivery_id = put_sent(ledger)
    with pytest.raises(UnknownName, match="nobody ordered"):
        ledger.note_takedown(delivery_id, "permission missing", NOW, is_public=True)
    ordered = order(ledger, delivery_id)
    ledger.note_takedown(delivery_id, "no answer", NOW, is_public=False)
    ledger.note_takedown(delivery_id, "permission missing", NOW + MINUTE, is_public=True)
    refused = replace(ordered, trouble="permission missing", is_public=True)
    assert ledger.takedown(delivery_id) == refused
    assert ledger.takedowns_left() == (refused,)
    told = [(each.action, each.who, each.reason) for each in ledger.changes(delivery_id=delivery_id)]
    assert told == [
        ("takedown refused", "ada", "permission missing"),
        ("takedown unclear", "ada", "no answer"),
        ("takedown ordered", "ada", "it is wrong"),
    ]


def test_command_line_1_what_is_gone_after_all_has_no_trouble(ledger: SqlLedger) -> None:
    delivery_id = put_sent(ledger)
    ordered = order(ledger, delivery_id)
    ledger.note_takedown(delivery_id, "permission missing", NOW, is_public=True)
    ledger.settle_takedown(delivery_id, NOW + MINUTE)
    assert ledger.takedown(delivery_id) == replace(ordered, done_at=NOW + MINUTE)
    assert ledger.takedowns_left() == ()


@pytest.mark.parametrize(("place", "state"), [(PAGE, State.CANCELLED), (X, State.UNSURE)])
def test_a_comment_in_doubt_goes_with_its_post_and_a_reply_on_x_is_looked_for(
    ledger: SqlLedger, place: str, state: State
) -> None:
    link = "https://agency.example/1"
    above = put(ledger, 1, channel=place)
    ledger.settle(claim(ledger, channel=place), SENT, RECEIPT, NOW)
    reply = Post(text=f"[CORRECTION] {link} #Tag", link=link, reply_to=RECEIPT.post_id)
    unsure = put_unsure(ledger, 2, post=reply, channel=place)
    order(ledger, above)
    ledger.settle_takedown(above, NOW, with_replies=place == PAGE)
    assert ledger.delivery(unsure).state is state
