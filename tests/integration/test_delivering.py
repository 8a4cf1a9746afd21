from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from builders import (
    DIGEST,
    NOW,
    OPEN,
    ListedSource,
    X,
    aid,
    delivering_with,
    load_fixed,
    polling_with,
)
from fakes import FakeClock, FakePublisher, FakeSteady, at_once
from spotlight_notify.model.aids import Image
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.errors import (
    FetchError,
    LedgerBusy,
    LedgerError,
    LinkDoubtful,
    OutcomeUnknown,
    PublishError,
    Refused,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Picture, Post, Receipt
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.model.words import Cause, Level, Outcome, ScopeKind, State
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Ready
from spotlight_notify.rules.retry import ONE_REQUEST, Retries

EVERY = timedelta(minutes=15)


def announce(ledger: Ledger, clock: FakeClock, count: int = 1, **changes: object) -> None:
    aids = [aid(n, **changes) for n in range(1, count + 1)]
    source = ListedSource([], aids)
    poll_source(source, EVERY, polling_with(ledger, clock))
    poll_source(source, EVERY, polling_with(ledger, clock))


def drain(ledger: Any, clock: FakeClock, publisher: FakePublisher, **changes: object) -> int:
    parts, sent = delivering_with(ledger, clock, **changes), 0
    while deliver_next("valor-x", publisher, parts):
        sent += 1
    return sent


class BusyLedger:
    """Refuse so many settlements; everything else goes to a real ledger."""

    def __init__(self, ledger: Ledger, times: int) -> None:
        self._ledger, self._times = ledger, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    def settle(self, *arguments: Any) -> None:
        self._times -= 1
        if self._times >= 0:
            raise LedgerBusy("another process holds it")
        self._ledger.settle(*arguments)


def on_x(ledger: Ledger) -> list[Delivery]:
    return list(reversed(ledger.deliveries(channel="valor-x")))


def test_a_post_is_sent_once_and_its_receipt_kept(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    publisher = FakePublisher()
    assert drain(ledger, clock, publisher) == 1
    assert drain(ledger, clock, publisher) == 0
    (delivery,) = on_x(ledger)
    assert delivery.state is State.SENT
    assert delivery.receipt is not None
    assert delivery.receipt.url == "https://net.example/1"
    assert [post.text for post in publisher.posts] == [delivery.post and delivery.post.text]


def test_the_claim_is_on_record_before_the_request(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    publisher = FakePublisher()
    seen: list[tuple[State, Outcome | None]] = []

    def look() -> None:
        (delivery,) = on_x(ledger)
        (attempt,) = ledger.attempts(delivery.id)
        seen.append((delivery.state, attempt.outcome))

    publisher.before = look
    drain(ledger, clock, publisher)
    assert seen == [(State.SENDING, None)]


def test_an_unclear_answer_is_never_sent_again_by_itself(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    publisher = FakePublisher(script=[OutcomeUnknown("the connection was lost")])
    for _ in range(10):
        drain(ledger, clock, publisher)
        ledger.strand(clock.advance(timedelta(days=1)))
    assert len(publisher.posts) == 1
    assert on_x(ledger)[0].state is State.UNSURE
    assert on_x(ledger)[0].reason == "the connection was lost"


def test_a_delivery_has_one_key_however_often_it_is_tried(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock, count=2)
    publisher = FakePublisher(script=[Unreachable("dns"), Unreachable("dns")])
    drain(ledger, clock, publisher)
    clock.advance(timedelta(hours=1))
    drain(ledger, clock, publisher)
    assert all(publisher.keys)
    assert sorted(Counter(publisher.keys).values()) == [2, 2]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_promise_26_accident_1_killed_before_or_after_the_post_is_public_sends_no_second_one(
    ledger: Ledger, clock: FakeClock, moment: str
) -> None:
    announce(ledger, clock)

    class Killed(BaseException):
        pass

    def kill() -> None:
        raise Killed

    publisher = FakePublisher()
    setattr(publisher, moment, kill)
    with pytest.raises(Killed):
        drain(ledger, clock, publisher)
    public = 1 if moment == "after" else 0
    assert (len(publisher.posts), on_x(ledger)[0].state) == (public, State.SENDING)
    setattr(publisher, moment, lambda: None)
    assert drain(ledger, clock, publisher) == 0
    ledger.strand(clock.advance(timedelta(minutes=6)))
    assert drain(ledger, clock, publisher) == 0
    assert (len(publisher.posts), on_x(ledger)[0].state) == (public, State.UNSURE)


def test_accident_3_a_throttled_channel_rests_until_its_reset(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock, count=2)
    reset = NOW + timedelta(minutes=9)
    publisher = FakePublisher(script=[Throttled("429", until_at=reset)])
    assert drain(ledger, clock, publisher) == 1
    clock.now = reset - timedelta(seconds=1)
    assert drain(ledger, clock, publisher) == 0
    assert ledger.due_channels(clock.now, ["spotlight"]) == ("valor-page",)
    clock.now = reset
    assert drain(ledger, clock, publisher) == 2
    assert [d.tries for d in on_x(ledger)] == [0, 0]


@pytest.mark.parametrize("error", [Rejected("no"), Unreachable("dns"), OutcomeUnknown("?")])
def test_accident_14_a_failing_delivery_does_not_block_the_next(
    ledger: Ledger, clock: FakeClock, error: PublishError
) -> None:
    announce(ledger, clock, count=2)
    publisher = FakePublisher(script=[error])
    drain(ledger, clock, publisher)
    assert on_x(ledger)[0].state is not State.SENT
    assert on_x(ledger)[1].state is State.SENT


def test_a_dead_token_pauses_the_channel_and_burns_nothing(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock, count=2)
    publisher = FakePublisher(script=[Unauthorized("expired", advice="Make a new one.")])
    assert drain(ledger, clock, publisher) == 1
    assert [(d.state, d.tries) for d in on_x(ledger)] == [(State.PENDING, 0)] * 2
    (x,) = [c for c in ledger.channels() if c.name == "valor-x"]
    assert x.paused_reason == "expired. Make a new one."


def test_unreachable_is_tried_again_until_the_tries_are_used_up(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    publisher = FakePublisher(script=[Unreachable("dns")] * 100)
    for _ in range(100):
        drain(ledger, clock, publisher)
        clock.advance(timedelta(hours=1))
    (delivery,) = on_x(ledger)
    assert (delivery.state, delivery.tries) == (State.FAILED, 48)
    assert len(ledger.attempts(delivery.id)) == 48
    assert not publisher.posts


def test_the_gate_stops_a_post_before_it_leaves(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)

    def gate(post: Post, hashtag: str, network: Network) -> None:
        raise Refused(f"{hashtag} is not a hashtag in it")

    publisher = FakePublisher()
    drain(ledger, clock, publisher, gate=gate)
    assert not publisher.posts
    refused = on_x(ledger)[0]
    assert (refused.state, refused.cause) == (State.PROPOSED, Cause.RULE)
    assert refused.reason == "#SpotlightOnSafety is not a hashtag in it"


def test_deliveries_of_a_campaign_that_is_gone_wait_for_it(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    publisher = FakePublisher()
    assert drain(ledger, clock, publisher, tempos={X.name: Tempo(paces={}, channel=OPEN)}) == 0
    assert on_x(ledger)[0].state is State.PENDING
    assert drain(ledger, clock, publisher) == 1


def test_a_settlement_the_ledger_does_not_take_is_tried_again(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    busy = BusyLedger(ledger, times=3)
    waits: list[float] = []
    drain(busy, clock, FakePublisher(), pause=waits.append)
    assert len(waits) == 3
    assert on_x(ledger)[0].receipt is not None


def test_what_could_not_be_settled_until_the_lease_ended_is_told_with_its_receipt(
    ledger: Ledger, clock: FakeClock
) -> None:
    announce(ledger, clock)
    busy = BusyLedger(ledger, times=10_000)
    with pytest.raises(LedgerError, match=r"delivery 1 on valor-x was sent: post 1 https://net.example/1"):
        drain(busy, clock, FakePublisher(), pause=lambda s: clock.advance(timedelta(seconds=s)))


def test_a_receipt_that_comes_after_the_lease_is_kept(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    publisher = FakePublisher()

    def sleep_too_long() -> None:
        clock.advance(timedelta(minutes=9))
        assert ledger.strand(clock())

    publisher.before = sleep_too_long
    drain(ledger, clock, publisher)
    assert on_x(ledger)[0].state is State.SENT
    assert [a.outcome for a in ledger.attempts(on_x(ledger)[0].id)] == [Outcome.SENT]


def test_an_attempt_whose_lease_is_nearly_over_sends_nothing(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock, images=(Image(url="https://valor.test/a.png", alt="A poster"),))

    def slowly(image: Image) -> Picture:
        clock.advance(timedelta(minutes=4))
        return load_fixed(image)

    publisher = FakePublisher()
    assert deliver_next("valor-x", publisher, delivering_with(ledger, clock, load_picture=slowly))
    assert not publisher.posts
    assert on_x(ledger)[0].state is State.PENDING


FOUR = tuple(Image(url=f"https://valor.test/{name}.png", alt="A poster") for name in "abcd")


@pytest.mark.parametrize(
    ("seconds", "sent", "state"), [(56, 1, State.SENT), (57, 0, State.PENDING)], ids=["in time", "too late"]
)
def test_a_post_with_four_pictures_leaves_only_with_time_for_its_request(
    ledger: Ledger, clock: FakeClock, seconds: int, sent: int, state: State
) -> None:
    announce(ledger, clock, images=FOUR)

    def slowly(image: Image) -> Picture:
        clock.advance(timedelta(seconds=seconds))
        return load_fixed(image)

    publisher = FakePublisher()
    assert deliver_next("valor-x", publisher, delivering_with(ledger, clock, load_picture=slowly))
    assert (len(publisher.posts), on_x(ledger)[0].state) == (sent, state)


@pytest.mark.parametrize("stopped", [timedelta(seconds=74), timedelta(seconds=75), timedelta(hours=8)])
def test_a_post_may_leave_only_for_as_long_as_its_request_was_given(
    ledger: Ledger, clock: FakeClock, stopped: timedelta
) -> None:
    """A stopped process reads no clock, and the claim that it held may be over when it goes on."""
    announce(ledger, clock)
    steady, told = FakeSteady(), []

    class Stopped(FakePublisher):
        def publish(self, post: Post, pictures: Sequence[Picture], ready: Ready, key: str = "") -> Receipt:
            may_leave = ready()
            assert may_leave is not None
            steady.seconds += stopped.total_seconds()
            told.append(may_leave())
            return super().publish(post, pictures, at_once, key)

    deliver_next("valor-x", Stopped(), delivering_with(ledger, clock, steady=steady))
    assert told == [stopped < ONE_REQUEST]


def test_a_hold_that_is_placed_while_a_post_is_made_ready_stops_it(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock, images=FOUR[:1])

    def held(image: Image) -> Picture:
        scope = Scope(kind=ScopeKind.ALL)
        ledger.place_hold(scope, who="Desk 4", reason="an incident", now=clock(), until_at=None)
        return load_fixed(image)

    publisher = FakePublisher()
    settled = deliver_next("valor-x", publisher, delivering_with(ledger, clock, load_picture=held))
    assert settled is not None
    assert settled.verdict.reason == "not sent: all is held by Desk 4: an incident"
    assert not publisher.posts
    assert on_x(ledger)[0].state is State.PENDING


def test_a_publisher_that_breaks_its_promise_leaves_the_delivery_unsure(
    ledger: Ledger, clock: FakeClock
) -> None:
    announce(ledger, clock)
    publisher = FakePublisher()
    publisher.before = lambda: [][0]
    drain(ledger, clock, publisher)
    assert on_x(ledger)[0].state is State.UNSURE
    assert on_x(ledger)[0].reason == "the publisher failed unexpectedly: IndexError"


def test_pictures_go_along_and_a_missing_one_is_told(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock, images=(Image(url="https://valor.test/a.png", alt="A poster"),))
    publisher = FakePublisher()
    drain(ledger, clock, publisher)
    assert [picture.alt for picture in publisher.pictures[0]] == ["A poster"]


def test_a_missing_picture_leaves_a_link_post_that_says_so(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock, images=(Image(url="https://valor.test/missing.png", alt="A poster"),))
    publisher = FakePublisher()
    drain(ledger, clock, publisher)
    assert publisher.pictures == [()]
    (delivery,) = on_x(ledger)
    assert delivery.state is State.SENT
    assert delivery.reason is not None
    assert "without its picture" in delivery.reason


def test_the_record_names_the_very_pictures_that_went_out(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock, images=(Image(url="https://valor.test/a.png", alt="A poster"),))
    drain(ledger, clock, FakePublisher())
    post = on_x(ledger)[0].post
    assert post is not None
    assert [image.digest for image in post.images] == [DIGEST]


def test_a_dead_link_is_asked_about_and_can_be_tried_again(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    publisher, dead = FakePublisher(), True

    def check(url: str, network: Network) -> tuple[Finding, ...]:
        if dead:
            raise LinkDoubtful(f"the link {url} answers 404")
        return ()

    drain(ledger, clock, publisher, check_link=check)
    assert not publisher.posts
    (delivery,) = on_x(ledger)
    assert (delivery.state, delivery.reason) == (
        State.PROPOSED,
        "the link https://valor.test/aids/1 answers 404",
    )
    dead = False
    ledger.change_delivery(
        delivery.id, [State.PROPOSED], State.PENDING, who="office", reason="the page is back", now=clock()
    )
    drain(ledger, clock, publisher, check_link=check)
    assert len(publisher.posts) == 1


def test_a_silent_link_is_tried_for_as_long_as_a_network_and_then_asked_about(
    ledger: Ledger, clock: FakeClock
) -> None:
    announce(ledger, clock)
    publisher, asked = FakePublisher(), 0

    def check(url: str, network: Network) -> tuple[Finding, ...]:
        nonlocal asked
        asked += 1
        raise FetchError(url, "no answer came in time")

    while asked < Retries().most:
        assert on_x(ledger)[0].state is State.PENDING
        clock.advance(timedelta(hours=1))
        drain(ledger, clock, publisher, check_link=check)
    assert on_x(ledger)[0].state is State.PROPOSED
    assert "the link does not answer" in (on_x(ledger)[0].reason or "")
    assert not publisher.posts


def test_what_is_wrong_with_a_links_card_goes_on_record(ledger: Ledger, clock: FakeClock) -> None:
    announce(ledger, clock)
    card = Finding(
        rule="card-image", level=Level.WARNING, message="the page has no og:image", source="a book"
    )
    drain(ledger, clock, FakePublisher(), check_link=lambda url, network: (card,))
    assert on_x(ledger)[0].state is State.SENT
    assert on_x(ledger)[0].findings == (card,)
