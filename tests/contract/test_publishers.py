"""What every publisher guarantees, shown against the stand-ins of both networks."""

import io
import itertools
from datetime import timedelta

import pytest
from PIL import Image as Drawing

from canned import assert_no_secret
from clients import PATIENT, page_on, patience_for, x_keys, x_on
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.posts import Picture, Post
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X
from spotlight_notify.ports.parts import Publisher
from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.faults import LIVE, Fault, Step
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.sandbox.shown import ShownPost
from spotlight_notify.sandbox.x.stand_in import StandInX
from spotlight_notify.wire.wire import Wire

LINK = "https://agency.example/a"
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
    """Join a publisher with the stand-in it talks to; ``live`` is what became public on this bench."""

    def __init__(self, publisher: Publisher, stand_in: StandInX | StandInGraph, secrets: list[str]) -> None:
        self.publisher, self.stand_in, self.secrets = publisher, stand_in, secrets
        self._before = len(stand_in.posts)
        self.post = Post(text=f"{LINK}?{next(NUMBERS)} #SpotlightOnSafety", link=LINK)

    @property
    def live(self) -> tuple[ShownPost, ...]:
        return self.stand_in.posts[self._before :]

    def failure(self, *pictures: Picture, post: Post | None = None) -> PublishError:
        with pytest.raises(PublishError) as caught:
            self.publisher.publish(post or self.post, pictures, at_once)
        assert_no_secret(caught.value, self.secrets)
        return caught.value


@pytest.fixture(params=[X, FACEBOOK])
def bench(request: pytest.FixtureRequest, wire: Wire, sandbox: Sandbox, clock: FakeClock) -> Bench:
    clock.advance(timedelta(hours=1))  # rate limits begin anew
    bench = {X: on_x, FACEBOOK: on_facebook}[request.param](wire, sandbox, clock, patience_for(request))
    bench.stand_in.faults.clear()
    return bench


def on_x(wire: Wire, sandbox: Sandbox, clock: FakeClock, patience: float) -> Bench:
    publisher = x_on(sandbox, wire, clock, patience=patience)
    return Bench(publisher, sandbox.x, list(x_keys(sandbox).values()))


def on_facebook(wire: Wire, sandbox: Sandbox, clock: FakeClock, patience: float) -> Bench:
    page = sandbox.graph.page
    publisher = page_on(sandbox, wire, clock, patience=patience)
    return Bench(publisher, sandbox.graph, [page.access_token, page.app_secret])


def picture(alt: str, kind: str = "PNG") -> Picture:
    drawn = io.BytesIO()
    Drawing.new("RGB", (8, 8), "navy").save(drawn, kind)
    return Picture(content=drawn.getvalue(), media_type=f"image/{kind.lower()}", alt=alt)


def test_a_link_post_is_live_once_with_its_words_and_its_receipt(bench: Bench, clock: FakeClock) -> None:
    receipt = bench.publisher.publish(bench.post, (), at_once)
    [live] = bench.live
    assert (live.id, live.text, live.images) == (receipt.post_id, bench.post.text, ())
    assert receipt.url is not None
    assert receipt.post_id.split("_")[-1] in receipt.url
    if bench.publisher.network is X:  # its ids tell the time; Facebook is not asked for it
        assert receipt.posted_at is not None
        assert abs(receipt.posted_at - clock()) < timedelta(seconds=1)
    assert bench.publisher.network is live.network


def test_pictures_are_live_in_order_with_their_alt_texts(bench: Bench) -> None:
    bench.publisher.publish(bench.post, [picture("One “quoted” ü"), picture("Two", "JPEG")], at_once)
    [live] = bench.live
    assert live.text == bench.post.text
    assert [(image.alt, image.media_type) for image in live.images] == [
        ("One “quoted” ü", "image/png"),
        ("Two", "image/jpeg"),
    ]


def test_four_pictures_are_taken(bench: Bench) -> None:
    bench.publisher.publish(bench.post, [picture(f"Number {n}") for n in range(4)], at_once)
    assert len(bench.live[0].images) == 4


def test_one_publisher_posts_again_and_again(bench: Bench) -> None:
    for number in range(3):
        bench.publisher.publish(Post(text=f"{number} {bench.post.text}", link=LINK), (), at_once)
    assert len(bench.live) == 3


@pytest.mark.parametrize("fault", UNCLEAR)
def test_an_unclear_answer_is_an_unknown_outcome_and_the_post_was_asked_for_once(
    bench: Bench, fault: Fault
) -> None:
    bench.stand_in.faults.add(fault)
    error = bench.failure()
    assert type(error) is OutcomeUnknown
    assert len(bench.live) == (1 if fault in LIVE else 0)


@pytest.mark.parametrize(("fault", "expected"), CLEAR)
def test_a_clear_refusal_has_its_own_class_and_nothing_is_public(
    bench: Bench, fault: Fault, expected: type[PublishError]
) -> None:
    bench.stand_in.faults.add(fault)
    error = bench.failure()
    assert type(error) is expected
    assert not error.may_be_public
    assert bench.live == ()
    if isinstance(error, Unauthorized):
        assert error.advice.endswith("resume the channel")
    bench.publisher.publish(bench.post, (), at_once)
    assert len(bench.live) == 1


def test_answers_12_a_missing_permission_is_named_by_facebook_and_not_by_x(bench: Bench) -> None:
    bench.stand_in.faults.add(Fault.MISSING_PERMISSION)
    error = bench.failure()
    assert bench.live == ()
    if bench.publisher.network is FACEBOOK:
        assert isinstance(error, Unauthorized)
        assert not error.unexplained
    else:
        assert isinstance(error, Rejected)
        assert error.unexplained


@pytest.mark.parametrize("fault", UNCLEAR)
def test_an_unclear_answer_to_an_upload_leaves_nothing_public(bench: Bench, fault: Fault) -> None:
    bench.stand_in.faults.add(fault, on=Step.PREPARE)
    assert type(bench.failure(picture("Alt"))) is Unreachable
    assert bench.live == ()


def test_the_reset_time_of_a_throttled_channel_is_the_networks_own(bench: Bench, clock: FakeClock) -> None:
    bench.stand_in.faults.add(Fault.THROTTLED)
    error = bench.failure()
    assert isinstance(error, Throttled)
    assert error.until_at is not None
    assert clock() < error.until_at <= clock() + timedelta(hours=1)


def test_the_same_words_again_are_a_duplicate(bench: Bench) -> None:
    bench.publisher.publish(bench.post, (), at_once)
    error = bench.failure()
    assert isinstance(error, Rejected)
    assert error.duplicate
    assert len(bench.live) == 1


def test_words_that_are_too_long_are_rejected(bench: Bench) -> None:
    error = bench.failure(post=Post(text="x" * 70_000, link=LINK))
    assert isinstance(error, Rejected)
    assert not error.duplicate


def test_a_picture_that_is_none_is_rejected_and_nothing_is_posted(bench: Bench) -> None:
    error = bench.failure(Picture(content=b"<html>", media_type="image/png", alt="Alt"))
    assert isinstance(error, Rejected)
    assert bench.live == ()


def test_private_addresses_are_refused_unless_the_wire_allows_them(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    wire = Wire(allow_private=False, user_agent="spotlight-notify/test")
    for make in (on_x, on_facebook):
        bench = make(wire, sandbox, clock, PATIENT)
        assert type(bench.failure()) is Unreachable
        assert bench.live == ()
    wire.close()
