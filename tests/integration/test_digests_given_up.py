"""A digest that goes nowhere loses none of its aids, and none of them is told twice."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import (
    ALWAYS,
    BY,
    CAMPAIGN,
    NOW,
    PLAIN,
    ListedSource,
    X,
    aid,
    delivering_with,
    no_lint,
    polling_with,
)
from fakes import FakeClock, FakePublisher
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import ON_DEMAND, Aid, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused, Rejected
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post, Receipt
from spotlight_notify.model.schedule import Late, LatePolicy
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.digest_members import gather
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import When, places_for
from spotlight_notify.operations.decide.approvals import reject
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source

THEME = Theme(name="Calm", link="https://valor.test/themes/calm")
WHO: dict[str, Any] = {"who": "Desk 4", "reason": "not now", "now": NOW}
TOLD, ASKED = (State.SKIPPED, Cause.DIGEST), (State.PROPOSED, Cause.DIGEST)
ONLY_X = replace(CAMPAIGN, channels=(X,))


def render(theme: Theme, aids: Sequence[Aid], campaign: Campaign, network: Network) -> Post:
    titles = "; ".join(aid.title for aid in aids)
    return Post(text=f"{titles} {theme.link} {campaign.hashtag}", link=theme.link or "")


def digest(ledger: SqlLedger) -> int:
    """Order a digest of what there is, on X alone; returns its delivery."""
    found = gather(THEME.name, places_for(ON_DEMAND, [ONLY_X], []), ledger, When(), NOW)
    orders = announce_digests(
        THEME, found, ledger=ledger, render=render, lint=no_lint, when=When(), by=BY, now=NOW
    )
    (order,) = orders
    return order.delivery_id


@pytest.fixture
def ordered(ledger: SqlLedger) -> int:
    """Order a digest of one aid that was there at the first look, and two that were planned."""
    source = ListedSource([aid(1, theme="Calm")], [aid(2, theme="Calm"), aid(3, theme="Calm")])
    for _ in range(2):
        poll_source(
            source, timedelta(minutes=15), replace(polling_with(ledger, FakeClock(NOW)), campaigns=(ONLY_X,))
        )
    return digest(ledger)


def members(ledger: SqlLedger) -> list[tuple[State, Cause | None]]:
    known = sorted(ledger.deliveries(), key=lambda one: one.aid_id)
    return [(one.state, one.cause) for one in known if not one.is_digest]


def member(ledger: SqlLedger, number: int) -> int:
    return next(one.id for one in ledger.deliveries() if one.aid_title == f"Aid number {number}")


def sent(ledger: SqlLedger, publisher: FakePublisher | None = None) -> list[str]:
    publisher = publisher or FakePublisher()
    while deliver_next(X.name, publisher, delivering_with(ledger, FakeClock(NOW))):
        pass
    return [post.text.split(" https")[0] for post in publisher.posts]


def test_a_person_is_asked_about_each_aid_of_a_digest_that_is_cancelled(
    ledger: SqlLedger, ordered: int
) -> None:
    assert members(ledger) == [TOLD, TOLD, TOLD]
    assert ledger.change_delivery(ordered, [State.PENDING], State.CANCELLED, **WHO)
    assert members(ledger) == [ASKED, ASKED, ASKED]
    reason = ledger.delivery(member(ledger, 2)).reason
    assert reason == f"the digest that tells of it, delivery {ordered}, is given up: is it to go by itself?"
    assert sent(ledger) == []


def test_so_it_is_when_a_network_refuses_it(ledger: SqlLedger, ordered: int) -> None:
    publisher = FakePublisher(script=[Rejected("it is too long")])
    assert sent(ledger, publisher) == []
    assert ledger.delivery(ordered).state is State.FAILED
    assert members(ledger) == [ASKED, ASKED, ASKED]


def test_so_it_is_when_it_is_skipped_as_late(ledger: SqlLedger, ordered: int) -> None:
    late = Late(policy=LatePolicy.SKIP, after=timedelta(days=1))
    tempo = replace(ALWAYS, paces={CAMPAIGN.name: replace(ALWAYS.paces[CAMPAIGN.name], late=late)})
    assert ledger.claim_due(X.name, NOW + timedelta(days=9), timedelta(minutes=5), "test", tempo) is None
    assert (ledger.delivery(ordered).state, ledger.delivery(ordered).cause) == (State.SKIPPED, Cause.LATE)
    assert members(ledger) == [ASKED, ASKED, ASKED]


def test_each_can_be_sent_by_itself_dropped_or_told_in_another_digest(
    ledger: SqlLedger, ordered: int
) -> None:
    ledger.change_delivery(ordered, [State.PENDING], State.CANCELLED, **WHO)
    retry(member(ledger, 2), ledger=ledger, campaigns={}, **WHO)
    reject([member(ledger, 3)], ledger=ledger, **WHO)
    announce_aid(
        aid(1, theme="Calm"),
        [(ONLY_X, X)],
        ledger=ledger,
        writing=PLAIN,
        when=When(),
        by=BY,
        now=NOW,
    )
    assert sorted(sent(ledger)) == ["Aid number 1", "Aid number 2"]


def test_another_digest_takes_them_in_again(ledger: SqlLedger, ordered: int) -> None:
    ledger.change_delivery(ordered, [State.PENDING], State.CANCELLED, **WHO)
    digest(ledger)
    assert members(ledger) == [TOLD, TOLD, TOLD]
    assert sent(ledger) == ["Aid number 1; Aid number 2; Aid number 3"]
    assert members(ledger) == [TOLD, TOLD, TOLD]


def test_a_digest_that_was_given_up_is_not_let_go_again(ledger: SqlLedger, ordered: int) -> None:
    ledger.change_delivery(ordered, [State.PENDING], State.CANCELLED, **WHO)
    with pytest.raises(
        Refused, match="its aids were set free; to order another digest: announce a digest of Calm"
    ):
        retry(ordered, ledger=ledger, campaigns={}, **WHO)
    assert members(ledger) == [ASKED, ASKED, ASKED]


def test_one_that_a_person_saw_on_the_network_tells_of_its_aids_after_all(
    ledger: SqlLedger, ordered: int
) -> None:
    sent(ledger, FakePublisher(script=[Rejected("it is too long")]))
    seen = Receipt(post_id="7", url="https://net.example/7")
    assert ledger.change_delivery(ordered, [State.FAILED], State.SENT, receipt=seen, **WHO)
    assert members(ledger) == [TOLD, TOLD, TOLD]
