"""An approved post goes out as it was approved, or a person is asked again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from builders import (
    CAMPAIGN,
    DIGEST,
    ListedSource,
    aid,
    delivering_with,
    load_fixed,
    polling_with,
)
from fakes import FakeClock, FakePublisher
from spotlight_notify.model.aids import Image
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.errors import FetchError, LedgerBusy, PictureRefused
from spotlight_notify.model.posts import Picture
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.decide.approvals import approve
from spotlight_notify.operations.deliver import Delivering, deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import LoadPicture
from spotlight_notify.rules.retry import Retries

EVERY = timedelta(minutes=15)
ASKING: Campaign = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
POSTER = Image(url="https://valor.test/a.png", alt="A poster")
KEPT = replace(POSTER, digest=DIGEST)


@pytest.fixture
def publisher() -> FakePublisher:
    return FakePublisher()


def parts(ledger: Ledger, clock: FakeClock, load: LoadPicture = load_fixed) -> Delivering:
    return delivering_with(ledger, clock, campaigns={ASKING.name: ASKING}, load_picture=load)


def approved(ledger: Ledger, clock: FakeClock, image: Image = KEPT) -> int:
    """Announce one aid with this picture, and have its post approved."""
    source = ListedSource([], [aid(1, images=(image,))])
    for _ in range(2):
        poll_source(source, EVERY, replace(polling_with(ledger, clock), campaigns=(ASKING,)))
    (delivery,) = ledger.deliveries(channel="valor-x")
    say_yes(ledger, clock, delivery.id)
    return delivery.id


def say_yes(ledger: Ledger, clock: FakeClock, delivery_id: int) -> None:
    approve([delivery_id], ledger=ledger, campaigns={ASKING.name: ASKING}, who="ada", now=clock())


def failing(error: Exception) -> Callable[[Image], Picture]:
    def load(image: Image) -> Picture:
        raise error

    return load


def asked_again(delivery: Delivery) -> bool:
    return (delivery.state, delivery.cause) == (State.PROPOSED, Cause.APPROVAL)


def test_what_was_approved_with_its_picture_goes_out_with_it(
    ledger: Ledger, clock: FakeClock, publisher: FakePublisher
) -> None:
    approved(ledger, clock)
    assert deliver_next("valor-x", publisher, parts(ledger, clock))
    assert [picture.alt for picture in publisher.pictures[0]] == ["A poster"]


def test_an_approved_post_whose_picture_is_refused_is_asked_about_as_a_link_post(
    ledger: Ledger, clock: FakeClock, publisher: FakePublisher
) -> None:
    delivery_id = approved(ledger, clock)
    refusing = parts(ledger, clock, failing(PictureRefused("it is no picture")))
    deliver_next("valor-x", publisher, refusing)
    asked = ledger.delivery(delivery_id)
    assert publisher.posts == []
    assert asked_again(asked)
    assert asked.reason == "awaits approval again: its picture cannot be had (it is no picture)"
    assert asked.post is not None
    assert asked.post.images == ()
    say_yes(ledger, clock, delivery_id)
    assert deliver_next("valor-x", publisher, refusing)
    assert ledger.delivery(delivery_id).state is State.SENT
    assert publisher.pictures == [()]


def test_a_picture_that_nobody_had_seen_when_its_post_was_approved_is_asked_about(
    ledger: Ledger, clock: FakeClock, publisher: FakePublisher
) -> None:
    delivery_id = approved(ledger, clock, image=POSTER)
    deliver_next("valor-x", publisher, parts(ledger, clock))
    asked = ledger.delivery(delivery_id)
    assert publisher.posts == []
    assert asked_again(asked)
    assert asked.post is not None
    assert [image.digest for image in asked.post.images] == [DIGEST]
    say_yes(ledger, clock, delivery_id)
    deliver_next("valor-x", publisher, parts(ledger, clock))
    assert [picture.alt for picture in publisher.pictures[0]] == ["A poster"]


def test_a_site_that_does_not_answer_is_given_time_before_a_person_is_asked(
    ledger: Ledger, clock: FakeClock, publisher: FakePublisher
) -> None:
    delivery_id = approved(ledger, clock)
    silent = replace(
        parts(ledger, clock, failing(FetchError("https://valor.test/a.png", "no answer"))),
        retries=Retries(most=3),
    )
    for _ in range(2):
        deliver_next("valor-x", publisher, silent)
        assert ledger.delivery(delivery_id).state is State.PENDING
        clock.advance(timedelta(hours=2))
    deliver_next("valor-x", publisher, silent)
    assert asked_again(ledger.delivery(delivery_id))
    assert publisher.posts == []


def test_a_ledger_that_cannot_give_a_picture_now_costs_no_picture(
    ledger: Ledger, clock: FakeClock, publisher: FakePublisher
) -> None:
    delivery_id = approved(ledger, clock)
    deliver_next("valor-x", publisher, parts(ledger, clock, failing(LedgerBusy("another process holds it"))))
    assert ledger.delivery(delivery_id).state is State.PENDING
    clock.advance(timedelta(hours=2))
    deliver_next("valor-x", publisher, parts(ledger, clock))
    assert [picture.alt for picture in publisher.pictures[0]] == ["A poster"]
