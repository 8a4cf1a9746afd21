"""What every look at a channel guarantees, shown against the stand-ins of both networks."""

import io
import itertools
from datetime import timedelta

import pytest
from PIL import Image as Drawing

from canned import assert_no_secret
from clients import PATIENT, page_on, patience_for, x_keys, x_on
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import PublishError, Throttled, Unauthorized, Unreachable
from spotlight_notify.model.posts import LivePost, Picture, Post, Receipt, Timeline
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.timelines import SLACK
from spotlight_notify.networks.x.publisher import XPublisher
from spotlight_notify.networks.x.traits import X
from spotlight_notify.ports.parts import Looker, Publisher
from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.faults import LIVE, Fault, Step
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.sandbox.x.stand_in import StandInX
from spotlight_notify.wire.wire import Wire

NUMBERS = itertools.count()
LINK = "https://agency.example/guides/a?x=1&y=2"
OUTCOMES = [
    (Fault.LOST_ANSWER, Unreachable),
    (Fault.LATE_ANSWER, Unreachable),
    (Fault.RESET_BEFORE, Unreachable),
    (Fault.ERROR_500_LIVE, Unreachable),
    (Fault.CODE_1_LIVE, Unreachable),
    (Fault.CODE_2_LIVE, Unreachable),
    (Fault.GARBAGE_LIVE, Unreachable),
    (Fault.EMPTY_LIVE, Unreachable),
    (Fault.HTML_503, Unreachable),
    (Fault.REDIRECT, Unreachable),
    (Fault.DUPLICATE, Unreachable),
    (Fault.THROTTLED, Throttled),
    (Fault.THROTTLED_NO_RESET, Throttled),
    (Fault.SIGNED_OUT, Unauthorized),
    (Fault.CHECKPOINT, Unauthorized),
]


class Bench:
    """Join a publisher with the stand-in it talks to."""

    def __init__(
        self,
        publisher: XPublisher | FacebookPublisher,
        stand_in: StandInX | StandInGraph,
        secrets: list[str],
        clock: FakeClock,
    ) -> None:
        self.publisher, self.stand_in, self.secrets = publisher, stand_in, secrets
        self.looker: Looker = publisher
        self.paced: Publisher = publisher
        self.began_at = clock()

    def publish(self, words: str, *pictures: Picture) -> Receipt:
        return self.publisher.publish(self.post(words), pictures, at_once)

    def post(self, words: str) -> Post:
        return Post(text=f"{next(NUMBERS)} {words} {LINK}\n\n#SpotlightOnSafety", link=LINK)

    def look(self) -> Timeline:
        return self.looker.timeline(self.began_at)

    def only(self) -> LivePost:
        [live] = self.look().posts
        return live

    def failed_look(self) -> PublishError:
        with pytest.raises(PublishError) as caught:
            self.look()
        assert_no_secret(caught.value, self.secrets)
        assert "\n" not in str(caught.value)
        return caught.value


@pytest.fixture(params=[X, FACEBOOK])
def bench(request: pytest.FixtureRequest, wire: Wire, sandbox: Sandbox, clock: FakeClock) -> Bench:
    clock.advance(timedelta(hours=2))  # what other tests posted is out of sight, and rate limits begin anew
    bench = {X: on_x, FACEBOOK: on_facebook}[request.param](wire, sandbox, clock, patience_for(request))
    bench.stand_in.faults.clear()
    return bench


def on_x(wire: Wire, sandbox: Sandbox, clock: FakeClock, patience: float) -> Bench:
    publisher = x_on(sandbox, wire, clock, patience=patience)
    return Bench(publisher, sandbox.x, list(x_keys(sandbox).values()), clock)


def on_facebook(wire: Wire, sandbox: Sandbox, clock: FakeClock, patience: float) -> Bench:
    page = sandbox.graph.page
    publisher = page_on(sandbox, wire, clock, patience=patience)
    return Bench(publisher, sandbox.graph, [page.access_token, page.app_secret], clock)


def picture() -> Picture:
    drawn = io.BytesIO()
    Drawing.new("RGB", (8, 8), "navy").save(drawn, "PNG")
    return Picture(content=drawn.getvalue(), media_type="image/png", alt="An officer talks")


def ids(timeline: Timeline) -> list[str]:
    return [live.receipt.post_id for live in timeline.posts]


@pytest.mark.parametrize(
    "words",
    [
        "Calm & safe <b>talk</b>",
        "&amp; &lt;3 &#8217;",
        "Übung 📣 “quoted” 日本語",
        "two\nlines",
        "100% $ABC @agency",
    ],
)
def test_a_post_is_read_back_as_it_was_written(bench: Bench, words: str) -> None:
    post = bench.post(words)
    receipt = bench.publisher.publish(post, (), at_once)
    live = bench.only()
    assert live.receipt.post_id == receipt.post_id
    assert live.text == post.text
    assert live.links == (LINK,)


def test_pictures_leave_no_trace_in_words_and_links(bench: Bench) -> None:
    post = bench.post("Look")
    bench.publisher.publish(post, (picture(), picture()), at_once)
    assert (bench.only().text, bench.only().links) == (post.text, (LINK,))


def test_every_link_in_a_post_is_read(bench: Bench) -> None:
    local = "http://127.0.0.1:8000/site/aids/1"
    bench.publisher.publish(Post(text=f"{LINK} and {local}, or CDC.gov/x.", link=LINK), (), at_once)
    assert set(bench.only().links) == {LINK, local, "http://CDC.gov/x"}


def test_posts_come_newest_first_and_each_is_counted(bench: Bench, clock: FakeClock) -> None:
    receipts = []
    for words in ("first", "second", "third"):
        receipts.append(bench.publish(words))
        clock.advance(timedelta(seconds=10))
    timeline = bench.look()
    assert ids(timeline) == [receipt.post_id for receipt in receipts[::-1]]
    assert (timeline.complete, timeline.read) == (True, 3)


def test_posts_before_the_moment_are_left_out_but_for_the_difference_of_clocks(
    bench: Bench, clock: FakeClock
) -> None:
    bench.publish("too old")
    clock.advance(timedelta(minutes=10))
    close = bench.publish("close")
    bench.began_at = clock() + SLACK - timedelta(seconds=1)
    clock.advance(timedelta(minutes=5))
    late = bench.publish("late")
    assert ids(bench.look()) == [late.post_id, close.post_id]
    bench.began_at += timedelta(seconds=2)
    assert ids(bench.look()) == [late.post_id]


def test_an_empty_timeline_is_a_whole_answer(bench: Bench) -> None:
    look = bench.look()
    assert look == Timeline(posts=(), complete=True, read=0, at=look.at)
    assert look.at
    assert look.at >= bench.began_at - timedelta(seconds=1)


@pytest.mark.parametrize("fault", sorted(LIVE))
def test_promise_26_what_went_live_behind_a_lost_answer_is_found(bench: Bench, fault: Fault) -> None:
    """Accident 2: the platform posts, then its answer is lost."""
    bench.stand_in.faults.add(fault)
    post = bench.post("lost")
    with pytest.raises(PublishError) as caught:
        bench.publisher.publish(post, (), at_once)
    assert caught.value.may_be_public
    live = bench.only()
    assert live.text == post.text
    assert live.receipt.post_id == bench.stand_in.posts[-1].id


@pytest.mark.parametrize(("fault", "expected"), OUTCOMES)
def test_a_failed_look_says_so_and_proves_nothing(
    bench: Bench, fault: Fault, expected: type[PublishError]
) -> None:
    bench.stand_in.faults.add(fault, on=Step.READ)
    error = bench.failed_look()
    assert type(error) is expected
    if expected is Unreachable:
        assert str(error).startswith("the look-up failed: ")
    assert bench.look().complete


def test_a_throttled_look_says_when_to_come_back(bench: Bench, clock: FakeClock) -> None:
    bench.stand_in.faults.add(Fault.THROTTLED, on=Step.READ)
    error = bench.failed_look()
    assert isinstance(error, Throttled)
    assert error.until_at is not None
    assert clock() < error.until_at <= clock() + timedelta(hours=1)


def test_a_dead_token_is_told_by_the_probe(bench: Bench) -> None:
    bench.stand_in.faults.add(Fault.SIGNED_OUT, on=Step.READ)
    with pytest.raises(Unauthorized) as caught:
        bench.looker.probe()
    assert_no_secret(caught.value, bench.secrets)
    assert caught.value.advice.endswith("resume the channel")


def test_a_channel_with_room_left_needs_no_pause(bench: Bench) -> None:
    assert bench.paced.pace() is None
    bench.publish("plenty")
    assert bench.paced.pace() is None


def test_the_probe_names_the_account_on_x(wire: Wire, sandbox: Sandbox, clock: FakeClock) -> None:
    bench = on_x(wire, sandbox, clock, PATIENT)
    assert bench.looker.probe() == f"@{sandbox.x.account.username}"
