from dataclasses import replace
from datetime import timedelta

import pytest

from builders import BY, CAMPAIGN, NOW, PLAIN, X, aid, delivering_with, no_lint
from fakes import FakeClock, FakePublisher
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign, Scope
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.schedule import Hours, Tempo, Window
from spotlight_notify.model.words import Cause, ScopeKind, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.corrections import correct
from spotlight_notify.operations.announce.orders import Order, Signature, When
from spotlight_notify.operations.deliver import deliver_next

TEXT = "The webinar is on March 4."


def render(text: str, link: str, campaign: Campaign, network: Network) -> Post:
    if len(text) > 100:
        raise Refused("too long")
    return Post(text=f"[CORRECTION] {text} {link} {campaign.hashtag}", link=link)


def order_of(ledger: SqlLedger, number: int = 1, **changes: object) -> int:
    """Plan an aid's delivery on X and return its id."""
    made = aid(number, **changes)
    places = [(CAMPAIGN, X)]
    (order,) = announce_aid(made, places, ledger=ledger, writing=PLAIN, when=When(), by=BY, now=NOW)
    return order.delivery_id


def send(ledger: SqlLedger, publisher: FakePublisher, tempo: Tempo | None = None) -> int:
    clock, sent = FakeClock(NOW), 0
    changes = {"tempos": {X.name: tempo}} if tempo else {}
    while deliver_next(X.name, publisher, delivering_with(ledger, clock, **changes)):
        sent += 1
    return sent


def corrected(
    ledger: SqlLedger, delivery_id: int, text: str = TEXT, campaign: Campaign = CAMPAIGN, who: str = "Desk 4"
) -> Order:
    (order,) = correct(
        [delivery_id],
        text,
        by=Signature(who=who, reason="wrong date"),
        campaigns=[campaign],
        ledger=ledger,
        render=render,
        lint=no_lint,
        now=NOW,
    )
    return order


def test_a_correction_stands_under_what_was_sent(ledger: SqlLedger) -> None:
    delivery_id, publisher = order_of(ledger), FakePublisher()
    send(ledger, publisher)
    order = corrected(ledger, delivery_id, f"  {TEXT}\n")
    planned = ledger.delivery(order.delivery_id)
    assert (planned.state, planned.any_hour, planned.due_at) == (State.PENDING, True, NOW)
    assert send(ledger, publisher) == 1
    _, correction = publisher.posts
    receipt = ledger.delivery(delivery_id).receipt
    assert receipt is not None
    assert correction.reply_to == receipt.post_id
    assert correction.text == f"[CORRECTION] {TEXT} https://valor.test/aids/1 #SpotlightOnSafety"
    assert correction.images == ()


def test_a_correction_goes_out_in_closed_hours(ledger: SqlLedger) -> None:
    delivery_id, publisher = order_of(ledger), FakePublisher()
    send(ledger, publisher)
    tempo = delivering_with(ledger, FakeClock(NOW)).tempos[X.name]
    never_now = Window(weekdays=frozenset({(NOW.weekday() + 3) % 7}), opens=0, closes=60)
    closed = replace(tempo, channel=replace(tempo.channel, windows=(never_now,)))
    assert isinstance(closed.channel, Hours)
    order_of(ledger, 2)
    corrected(ledger, delivery_id)
    assert send(ledger, publisher, closed) == 1
    assert publisher.posts[-1].reply_to


def test_its_writer_and_reason_are_on_record(ledger: SqlLedger) -> None:
    delivery_id = order_of(ledger)
    send(ledger, FakePublisher())
    order = corrected(ledger, delivery_id)
    assert ledger.delivery(order.delivery_id).writers == ("Desk 4",)
    change = ledger.changes()[0]
    assert (change.who, change.reason, change.delivery_id) == ("Desk 4", "wrong date", order.delivery_id)


def test_corrections_are_numbered_and_the_same_words_are_said_once(ledger: SqlLedger) -> None:
    delivery_id, publisher = order_of(ledger), FakePublisher()
    send(ledger, publisher)
    first, again = corrected(ledger, delivery_id), corrected(ledger, delivery_id)
    assert again.delivery_id == first.delivery_id
    assert again.note == f"delivery {delivery_id} was corrected in these words already"
    corrected(ledger, delivery_id, "The webinar is on March 5.")
    keys = [known.aid.key for known in ledger.aids(source=ON_DEMAND)]
    assert sorted(keys) == [f"correction:{delivery_id}:1", f"correction:{delivery_id}:2"]
    assert send(ledger, publisher) == 2


def test_what_was_given_up_can_be_said_again(ledger: SqlLedger) -> None:
    delivery_id = order_of(ledger)
    send(ledger, FakePublisher())
    first = corrected(ledger, delivery_id)
    ledger.change_delivery(
        first.delivery_id, [State.PENDING], State.CANCELLED, who="Desk 4", reason="no", now=NOW
    )
    assert corrected(ledger, delivery_id).delivery_id != first.delivery_id


def test_a_correction_awaits_approval_where_its_original_did(ledger: SqlLedger) -> None:
    delivery_id, publisher = order_of(ledger), FakePublisher()
    send(ledger, publisher)
    order = corrected(
        ledger, delivery_id, campaign=replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    )
    proposed = ledger.delivery(order.delivery_id)
    assert (proposed.state, proposed.cause) == (State.PROPOSED, Cause.APPROVAL)
    assert send(ledger, publisher) == 0


@pytest.mark.parametrize("theme", ["Calm", None])
def test_a_hold_on_the_theme_holds_its_corrections_too(ledger: SqlLedger, theme: str | None) -> None:
    delivery_id, publisher = order_of(ledger, theme=theme), FakePublisher()
    send(ledger, publisher)
    scope = Scope(kind=ScopeKind.THEME, name=theme) if theme else Scope(kind=ScopeKind.ALL)
    hold = ledger.place_hold(scope, who="Desk 4", reason="incident", now=NOW, until_at=None)
    corrected(ledger, delivery_id)
    assert send(ledger, publisher) == 0
    ledger.lift_hold(hold.id, who="Desk 4", reason="over", now=NOW)
    assert send(ledger, publisher) == 1


def test_there_must_be_something_to_stand_under(ledger: SqlLedger) -> None:
    delivery_id = order_of(ledger)
    with pytest.raises(Refused, match="is pending, not sent: there is nothing to stand under"):
        corrected(ledger, delivery_id)
    with pytest.raises(UnknownName, match="there is no delivery 99"):
        corrected(ledger, 99)
    send(ledger, FakePublisher())
    ledger.order_takedown(delivery_id, who="Desk 5", reason="wrong", now=NOW)
    ledger.settle_takedown(delivery_id, NOW)
    with pytest.raises(Refused, match="was taken down by Desk 5"):
        corrected(ledger, delivery_id)
    assert ledger.aids(source=ON_DEMAND) == ()


def test_a_takedown_that_is_not_done_leaves_something_to_correct(ledger: SqlLedger) -> None:
    delivery_id, publisher = order_of(ledger), FakePublisher()
    send(ledger, publisher)
    ledger.order_takedown(delivery_id, who="Desk 5", reason="wrong", now=NOW)
    order = corrected(ledger, delivery_id)
    assert order.note == f"Desk 5 ordered delivery {delivery_id} down, which is not done"
    assert send(ledger, publisher) == 1
    ledger.order_takedown(order.delivery_id, who="Desk 5", reason="wrong", now=NOW)
    assert corrected(ledger, delivery_id).delivery_id == order.delivery_id
    ledger.settle_takedown(order.delivery_id, NOW)
    assert corrected(ledger, delivery_id).delivery_id != order.delivery_id


def test_a_correction_is_not_corrected_itself(ledger: SqlLedger) -> None:
    delivery_id, publisher = order_of(ledger), FakePublisher()
    send(ledger, publisher)
    order = corrected(ledger, delivery_id)
    send(ledger, publisher)
    with pytest.raises(Refused, match="is a correction itself"):
        corrected(ledger, order.delivery_id)


def test_words_that_do_not_do_are_refused_before_anything_is_recorded(ledger: SqlLedger) -> None:
    delivery_id = order_of(ledger)
    send(ledger, FakePublisher())
    before = ledger.deliveries()
    with pytest.raises(Refused, match="too long"):
        corrected(ledger, delivery_id, "a" * 101)
    with pytest.raises(Refused, match="has no channel valor-x in the configuration any more"):
        corrected(ledger, delivery_id, campaign=replace(CAMPAIGN, channels=()))
    assert ledger.deliveries() == before
    assert ledger.aids(source=ON_DEMAND) == ()


def test_a_correction_outlives_the_event_it_is_about(ledger: SqlLedger) -> None:
    delivery_id, publisher = order_of(ledger, event_at=NOW + timedelta(hours=1)), FakePublisher()
    send(ledger, publisher)
    corrected(ledger, delivery_id)
    clock = FakeClock(NOW + timedelta(hours=2))
    assert deliver_next(X.name, publisher, delivering_with(ledger, clock))
