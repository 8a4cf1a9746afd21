from dataclasses import replace
from datetime import timedelta

import pytest

from builders import ALWAYS, BY, CAMPAIGN, NOW, PLAIN, X, aid, delivering_with, no_lint
from fakes import FakeClock, FakePublisher
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign, Scope
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Refused,
    Rejected,
    Unauthorized,
    UnknownName,
    Unreachable,
)
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.words import Kind, ScopeKind, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.corrections import correct
from spotlight_notify.operations.announce.orders import Signature, When
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.takedown import Withdrawal, Withdrawn, take_down


def sent(ledger: SqlLedger, publisher: FakePublisher) -> int:
    """Announce an aid on X and return its delivery's id."""
    places = [(CAMPAIGN, X)]
    (order,) = announce_aid(aid(1), places, ledger=ledger, writing=PLAIN, when=When(), by=BY, now=NOW)
    deliver_next(X.name, publisher, delivering_with(ledger, FakeClock(NOW)))
    return order.delivery_id


def down(
    ledger: SqlLedger,
    publisher: FakePublisher,
    delivery_id: int,
    approved_by: str | None = None,
    campaign: Campaign = CAMPAIGN,
) -> Withdrawn:
    wanted = Withdrawal(delivery_id=delivery_id, who="Desk 4", reason="wrong", approved_by=approved_by)
    return take_down(
        wanted,
        ledger=ledger,
        publishers={X.name: publisher},
        campaigns=[campaign],
        clock=FakeClock(NOW),
    )


def actions(ledger: SqlLedger) -> list[str]:
    return [change.action for change in reversed(ledger.changes())]


def correction(ledger: SqlLedger, delivery_id: int) -> int:
    def render(text: str, link: str, campaign: Campaign, network: Network) -> Post:
        return Post(text=f"{text} {link} {campaign.hashtag}", link=link)

    (order,) = correct(
        [delivery_id],
        "It is A3.",
        by=Signature(who="Desk 4", reason="wrong size"),
        campaigns=[CAMPAIGN],
        ledger=ledger,
        render=render,
        lint=no_lint,
        now=NOW,
    )
    return order.delivery_id


def test_a_post_is_removed_and_that_is_on_record(ledger: SqlLedger) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    gone = down(ledger, publisher, delivery_id)
    assert publisher.removed == ["1"]
    assert (gone.takedown.who, gone.takedown.reason, gone.takedown.done_at) == ("Desk 4", "wrong", NOW)
    assert ledger.takedown(delivery_id) == gone.takedown
    assert ledger.delivery(delivery_id).state is State.SENT
    assert actions(ledger) == ["ordered", "takedown ordered", "taken down"]


def test_the_order_is_on_record_before_the_request_leaves(ledger: SqlLedger) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    publisher.removals = [Unreachable("no network")]
    with pytest.raises(Unreachable):
        down(ledger, publisher, delivery_id)
    order = ledger.takedown(delivery_id)
    assert order is not None
    assert order.done_at is None


def test_an_unclear_answer_leaves_the_order_standing_until_it_is_given_again(ledger: SqlLedger) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    publisher.removals = [OutcomeUnknown("no answer")]
    with pytest.raises(OutcomeUnknown):
        down(ledger, publisher, delivery_id)
    assert down(ledger, publisher, delivery_id).takedown.done_at == NOW
    with pytest.raises(Refused, match="was taken down already"):
        down(ledger, publisher, delivery_id)
    assert len(publisher.removed) == 2


@pytest.mark.parametrize(
    ("error", "action", "is_public"),
    [
        (Rejected("not yours"), "takedown refused", True),
        (Unauthorized("permission missing", advice="grant it"), "takedown refused", True),
        (Unreachable("no network"), "takedown refused", True),
        (OutcomeUnknown("no answer"), "takedown unclear", False),
    ],
)
def test_command_line_1_what_did_not_go_is_told_with_the_reason(
    ledger: SqlLedger, error: PublishError, action: str, is_public: bool
) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    publisher.removals = [error]
    with pytest.raises(type(error)):
        down(ledger, publisher, delivery_id)
    (left,) = ledger.takedowns_left()
    assert (left.trouble, left.is_public) == (str(error), is_public)
    assert actions(ledger)[-2:] == ["takedown ordered", action]


def test_a_publisher_that_breaks_its_promise_leaves_a_doubt(ledger: SqlLedger) -> None:
    class Broken(FakePublisher):
        def remove(self, post_id: str) -> None:
            raise ValueError(post_id)

    delivery_id = sent(ledger, FakePublisher())
    with pytest.raises(PublishError, match="failed unexpectedly: ValueError"):
        down(ledger, Broken(), delivery_id)
    order = ledger.takedown(delivery_id)
    assert order is not None
    assert order.done_at is None


def test_only_what_was_sent_can_go(ledger: SqlLedger) -> None:
    places = [(CAMPAIGN, X)]
    (order,) = announce_aid(aid(1), places, ledger=ledger, writing=PLAIN, when=When(), by=BY, now=NOW)
    with pytest.raises(Refused, match="is pending, not sent: there is nothing to take down"):
        down(ledger, FakePublisher(), order.delivery_id)
    with pytest.raises(UnknownName):
        down(ledger, FakePublisher(), 99)


def test_what_may_be_public_is_looked_up_first(ledger: SqlLedger) -> None:
    publisher = FakePublisher(script=[OutcomeUnknown("no answer")])
    delivery_id = sent(ledger, publisher)
    says = rf"is unsure: its post may be .*look up unsure deliveries.*mark as sent delivery {delivery_id}"
    with pytest.raises(Refused, match=says):
        down(ledger, publisher, delivery_id)
    assert ledger.takedown(delivery_id) is None


def test_a_hold_and_a_paused_channel_stop_it(ledger: SqlLedger) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    everything = Scope(kind=ScopeKind.ALL)
    hold = ledger.place_hold(everything, who="Desk 5", reason="incident", now=NOW, until_at=None)
    with pytest.raises(
        Refused, match=rf"held by Desk 5 \(all\): incident\. Lift the hold first: lift hold {hold.id}"
    ):
        down(ledger, publisher, delivery_id)
    ledger.lift_hold(hold.id, who="Desk 5", reason="over", now=NOW)
    ledger.pause_channel(X.name, "token refused", NOW, "Desk 5")
    with pytest.raises(Refused, match="the channel valor-x is paused: token refused"):
        down(ledger, publisher, delivery_id)
    assert publisher.removed == []
    assert ledger.takedown(delivery_id) is None


@pytest.mark.parametrize(
    ("policy", "approved_by", "refusal"),
    [
        ({}, None, "say who approves it with approved-by NAME; that may: Desk 4, Desk 5"),
        ({}, " ", "say who approves it"),
        ({}, "Desk 6", "Desk 6 may not approve"),
        ({}, "Desk 4", None),
        ({"four_eyes": True}, "Desk 4", "Desk 4 cannot both order and approve it"),
        ({"four_eyes": True, "approvers": ()}, "DESK  4", "cannot both order and approve it"),
        ({"four_eyes": True}, "Desk 5", None),
        ({"everything": False, "kinds": frozenset({Kind.ARTICLE})}, None, "posts of the kind article"),
        ({"everything": False, "kinds": frozenset({Kind.PODCAST})}, None, None),
    ],
)
def test_it_is_approved_wherever_the_post_had_to_be(
    ledger: SqlLedger, policy: dict[str, object], approved_by: str | None, refusal: str | None
) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    base = ApprovalPolicy(everything=True, approvers=("Desk 4", "Desk 5"))
    campaign = replace(CAMPAIGN, approval=replace(base, **policy))  # type: ignore[arg-type]
    if refusal is None:
        gone = down(ledger, publisher, delivery_id, approved_by, campaign)
        assert gone.takedown.reason == ("wrong" + (f" (approved by {approved_by})" if approved_by else ""))
        return
    with pytest.raises(Refused, match=refusal):
        down(ledger, publisher, delivery_id, approved_by, campaign)
    assert publisher.removed == []
    assert ledger.takedown(delivery_id) is None


def test_corrections_that_wait_are_cancelled_and_those_that_were_sent_are_told(ledger: SqlLedger) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    waiting = correction(ledger, delivery_id)
    gone = down(ledger, publisher, delivery_id)
    assert (gone.cancelled, gone.under) == ((waiting,), ())
    assert ledger.delivery(waiting).state is State.CANCELLED


def test_a_correction_that_was_sent_is_told_until_it_is_gone_too(ledger: SqlLedger) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    under = correction(ledger, delivery_id)
    deliver_next(X.name, publisher, delivering_with(ledger, FakeClock(NOW)))
    publisher.removals = [OutcomeUnknown("no answer")]
    with pytest.raises(OutcomeUnknown):
        down(ledger, publisher, delivery_id)
    assert down(ledger, publisher, delivery_id).under == (under,)
    assert down(ledger, publisher, under).takedown.done_at == NOW


def test_a_correction_that_is_on_its_way_is_told(ledger: SqlLedger) -> None:
    publisher = FakePublisher()
    delivery_id = sent(ledger, publisher)
    under = correction(ledger, delivery_id)
    assert ledger.claim_due(X.name, NOW, timedelta(minutes=5), "another:2", ALWAYS)
    gone = down(ledger, publisher, delivery_id)
    assert (gone.cancelled, gone.under) == ((), (under,))
