"""Replies and take-downs: what every publisher and look guarantees, shown against both stand-ins."""

import itertools
from datetime import timedelta

import pytest

from canned import assert_no_secret
from clients import page_on, patience_for, x_keys, x_on
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.posts import LivePost, Post, Receipt, Subject, Timeline
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.publisher import XPublisher
from spotlight_notify.networks.x.traits import X
from spotlight_notify.ports.parts import Looker, Publisher
from spotlight_notify.rules.proof import recognise
from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.faults import LIVE, Fault, Step
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.sandbox.x.stand_in import StandInX
from spotlight_notify.wire.wire import Wire

NUMBERS = itertools.count()
UNCLEAR = [*sorted(LIVE), Fault.RESET_BEFORE, Fault.HTML_503, Fault.REDIRECT]
CLEAR = [
    (Fault.THROTTLED, Throttled),
    (Fault.THROTTLED_NO_RESET, Throttled),
    (Fault.DUPLICATE, Rejected),
    (Fault.SIGNED_OUT, Unauthorized),
    (Fault.CHECKPOINT, Unauthorized),
]


class Bench:
    """Join a publisher with the stand-in it talks to; each bench has a link of its own."""

    def __init__(
        self,
        publisher: XPublisher | FacebookPublisher,
        stand_in: StandInX | StandInGraph,
        secrets: list[str],
        clock: FakeClock,
    ) -> None:
        self.publisher: Publisher = publisher
        self.looker: Looker = publisher
        self.stand_in, self.secrets, self.clock = stand_in, secrets, clock
        self.link = f"https://agency.example/aids/{next(NUMBERS)}"
        self.began_at = clock()

    def post(self) -> tuple[Post, Receipt]:
        """Make an announcement."""
        post = Post(text=f"New: {self.link} #SpotlightOnSafety", link=self.link)
        receipt = self.publisher.publish(post, (), at_once)
        self.clock.advance(timedelta(minutes=1))
        return post, receipt

    def correction(self, post_id: str) -> Post:
        return Post(text=f"Correction: it begins at 10.\n{self.link}", link=self.link, reply_to=post_id)

    def look(self, under: str | None = None) -> Timeline:
        return self.looker.timeline(self.began_at, under)

    @property
    def live(self) -> list[str]:
        """List the ids of what is public on this bench, oldest first."""
        return [shown.id for shown in self.stand_in.posts if self.link in shown.text]

    def refused(self, post: Post) -> PublishError:
        with pytest.raises(PublishError) as caught:
            self.publisher.publish(post, (), at_once)
        assert_no_secret(caught.value, self.secrets)
        return caught.value

    def not_removed(self, post_id: str) -> PublishError:
        with pytest.raises(PublishError) as caught:
            self.publisher.remove(post_id)
        assert_no_secret(caught.value, self.secrets)
        assert "\n" not in str(caught.value)
        return caught.value


@pytest.fixture(params=[X, FACEBOOK])
def bench(request: pytest.FixtureRequest, wire: Wire, sandbox: Sandbox, clock: FakeClock) -> Bench:
    clock.advance(timedelta(days=2))  # earlier benches' posts are out of sight, words and limits free again
    bench = {X: on_x, FACEBOOK: on_facebook}[request.param](wire, sandbox, clock, patience_for(request))
    bench.stand_in.faults.clear()
    return bench


def on_x(wire: Wire, sandbox: Sandbox, clock: FakeClock, patience: float) -> Bench:
    publisher = x_on(sandbox, wire, clock, patience=patience)
    return Bench(publisher, sandbox.x, list(x_keys(sandbox).values()), clock)


def on_facebook(wire: Wire, sandbox: Sandbox, clock: FakeClock, patience: float) -> Bench:
    page = sandbox.graph.page
    publisher = page_on(sandbox, wire, clock, patience=patience, two_phase=True)
    return Bench(publisher, sandbox.graph, [page.access_token, page.app_secret], clock)


def test_a_reply_is_live_under_its_post_with_its_words_and_a_receipt(bench: Bench, clock: FakeClock) -> None:
    _, above = bench.post()
    receipt = bench.publisher.publish(bench.correction(above.post_id), (), at_once)
    shown = bench.stand_in.posts[-1]
    assert (shown.id, shown.reply_to) == (receipt.post_id, above.post_id)
    assert shown.text == bench.correction(above.post_id).text
    assert receipt.post_id != above.post_id
    assert receipt.url is not None
    assert receipt.post_id.split("_")[-1] in receipt.url
    if bench.publisher.network is X:  # its ids tell the time; Facebook is not asked for it
        assert receipt.posted_at is not None
        assert abs(receipt.posted_at - clock()) < timedelta(seconds=1)


def same(post: Post, shown: Timeline) -> tuple[LivePost, ...]:
    return recognise(post, Subject(), shown, ()).same


def test_a_reply_is_read_back_in_its_place(bench: Bench) -> None:
    _, above = bench.post()
    correction = bench.correction(above.post_id)
    receipt = bench.publisher.publish(correction, (), at_once)
    [live] = same(correction, bench.look(above.post_id))
    assert live.receipt.post_id == receipt.post_id
    assert (live.text, live.reply_to) == (correction.text, above.post_id)
    assert live.links == (bench.link,)
    assert bench.look(above.post_id).complete


def test_a_reply_is_never_taken_for_the_post_whose_link_it_holds(bench: Bench) -> None:
    post, above = bench.post()
    bench.publisher.publish(bench.correction(above.post_id), (), at_once)
    for under in (None, above.post_id):
        assert {live.receipt.post_id for live in same(post, bench.look(under))} <= {above.post_id}
    assert [live.receipt.post_id for live in bench.look().posts] == [above.post_id]


@pytest.mark.parametrize("fault", UNCLEAR)
def test_a_reply_whose_answer_is_unclear_is_found_if_it_is_live(bench: Bench, fault: Fault) -> None:
    _, above = bench.post()
    correction = bench.correction(above.post_id)
    bench.stand_in.faults.add(fault, on=Step.REPLY)
    assert type(bench.refused(correction)) is OutcomeUnknown
    found = [live.receipt.post_id for live in same(correction, bench.look(above.post_id))]
    assert found == bench.live[1:]
    assert len(found) == (1 if fault in LIVE else 0)


@pytest.mark.parametrize(("fault", "expected"), CLEAR)
def test_a_clear_refusal_of_a_reply_has_its_own_class_and_nothing_is_public(
    bench: Bench, fault: Fault, expected: type[PublishError]
) -> None:
    _, above = bench.post()
    bench.stand_in.faults.add(fault, on=Step.REPLY)
    error = bench.refused(bench.correction(above.post_id))
    assert type(error) is expected
    assert bench.live == [above.post_id]
    assert bench.look(above.post_id).complete


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.THROTTLED, Fault.SIGNED_OUT])
def test_a_look_for_a_reply_that_fails_says_so(bench: Bench, fault: Fault) -> None:
    _, above = bench.post()
    bench.stand_in.faults.add(fault, on=Step.READ)
    with pytest.raises((Unreachable, Throttled, Unauthorized)) as caught:
        bench.look(above.post_id)
    assert_no_secret(caught.value, bench.secrets)
    assert not caught.value.may_be_public


def test_a_reply_to_a_post_that_is_gone_is_rejected_and_pauses_nothing(bench: Bench) -> None:
    _, above = bench.post()
    bench.publisher.remove(above.post_id)
    error = bench.refused(bench.correction(above.post_id))
    assert isinstance(error, Rejected)
    assert not error.duplicate
    assert bench.live == []


def test_a_post_and_a_reply_are_taken_down_one_by_one_and_once_more_harms_nothing(bench: Bench) -> None:
    _, above = bench.post()
    reply = bench.publisher.publish(bench.correction(above.post_id), (), at_once)
    assert bench.live == [above.post_id, reply.post_id]
    for _ in range(2):
        bench.publisher.remove(reply.post_id)
        assert bench.live == [above.post_id]
    for _ in range(2):
        bench.publisher.remove(above.post_id)
        assert bench.live == []
    assert bench.look().posts == ()


@pytest.mark.parametrize("fault", UNCLEAR)
def test_an_unclear_answer_to_a_take_down_says_so_and_ordering_it_again_does_it(
    bench: Bench, fault: Fault
) -> None:
    _, above = bench.post()
    bench.stand_in.faults.add(fault, on=Step.DELETE)
    error = bench.not_removed(above.post_id)
    assert type(error) is OutcomeUnknown
    assert "order it again" in str(error)
    assert bench.live == ([] if fault in LIVE else [above.post_id])
    bench.publisher.remove(above.post_id)
    assert bench.live == []


@pytest.mark.parametrize(("fault", "expected"), CLEAR)
def test_a_clear_refusal_of_a_take_down_has_its_own_class_and_the_post_is_there(
    bench: Bench, fault: Fault, expected: type[PublishError]
) -> None:
    _, above = bench.post()
    bench.stand_in.faults.add(fault, on=Step.DELETE)
    error = bench.not_removed(above.post_id)
    assert type(error) is expected
    assert not isinstance(error, Rejected) or not error.duplicate
    assert bench.live == [above.post_id]


@pytest.mark.parametrize("post_id", ["", "me", "1/comments", "1?x=2", "..", "pfbid02abc", "１２３_４"])
def test_what_is_no_id_of_a_post_is_asked_of_no_network(bench: Bench, post_id: str) -> None:
    bench.stand_in.faults.add(Fault.SIGNED_OUT, on=Step.DELETE)
    assert isinstance(bench.not_removed(post_id), Rejected)
    assert len(bench.stand_in.faults.waiting) == 1
