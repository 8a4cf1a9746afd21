"""When a publisher asks for the last time whether a post may leave, shown against both stand-ins."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image as Drawing

from clients import page_on, x_on
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import PublishError, Throttled, Unreachable
from spotlight_notify.model.posts import Picture, Post
from spotlight_notify.ports.parts import MayLeave, Publisher
from spotlight_notify.sandbox.faults import Fault, Step
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.wire.wire import Wire

PUBLIC = (Step.PUBLISH, Step.REPLY)
LINK = "https://agency.example/a"


class NotNow(Exception):
    """Stop a post."""


class Bench:
    """Publish on a stand-in of its own, and note which steps it had seen when it was asked."""

    def __init__(self, sandbox: Sandbox, publisher: Publisher) -> None:
        self.sandbox, self.publisher = sandbox, publisher
        self.asked: list[list[Step]] = []

    @property
    def steps(self) -> list[Step]:
        return [exchange.step for exchange in self.sandbox.journal.exchanges]

    @property
    def public(self) -> int:
        return len(self.sandbox.x.posts) + len(self.sandbox.graph.posts)

    def let(self) -> None:
        self.asked.append(self.steps)

    def stop(self) -> None:
        self.let()
        raise NotNow

    def above(self) -> str:
        return self.publisher.publish(Post(text=f"Above {LINK}", link=LINK), (), at_once).post_id


@pytest.fixture(params=["x", "facebook", "facebook in two phases"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    clock, wire = FakeClock(), Wire(allow_private=True, user_agent="spotlight-notify/test")
    with Sandbox(clock) as sandbox:
        if request.param == "x":
            yield Bench(sandbox, x_on(sandbox, wire, clock))
        else:
            yield Bench(sandbox, page_on(sandbox, wire, clock, two_phase="two" in request.param))
    wire.close()


@pytest.fixture(params=["alone", "with four pictures", "a reply"])
def parts(request: pytest.FixtureRequest, bench: Bench) -> tuple[Post, list[Picture]]:
    post = Post(text=f"Read it {LINK}", link=LINK)
    if request.param == "a reply":
        return Post(text=post.text, link=LINK, reply_to=bench.above()), []
    return post, [picture(n) for n in range(4 if "four" in request.param else 0)]


def picture(number: int) -> Picture:
    drawn = io.BytesIO()
    Drawing.new("RGB", (8, 8), "navy").save(drawn, "PNG")
    return Picture(content=drawn.getvalue(), media_type="image/png", alt=f"Picture {number}")


def test_a_publisher_asks_once_after_all_that_nobody_sees(
    bench: Bench, parts: tuple[Post, list[Picture]]
) -> None:
    bench.publisher.publish(*parts, bench.let)
    [before] = bench.asked
    last, sent = bench.steps[-1], bench.steps[len(before) :]
    assert (sent, last in PUBLIC) == ([last], True)
    assert before.count(Step.PREPARE) >= len(parts[1])


def test_a_post_that_is_stopped_sends_nothing_more_and_says_why_itself(
    bench: Bench, parts: tuple[Post, list[Picture]]
) -> None:
    public = bench.public
    with pytest.raises(NotNow):
        bench.publisher.publish(*parts, bench.stop)
    assert bench.asked == [bench.steps]
    assert bench.public == public


def test_a_post_that_is_too_late_when_its_connection_stands_sends_nothing_more(
    bench: Bench, parts: tuple[Post, list[Picture]]
) -> None:
    """Names, connecting and TLS take time, and a process may be stopped meanwhile."""
    public, before = bench.public, []

    def ready() -> MayLeave:
        before.extend(bench.steps)
        return lambda: False

    with pytest.raises(Unreachable, match="stood too late"):
        bench.publisher.publish(*parts, ready)
    assert (bench.steps, bench.public) == (before, public)
    bench.publisher.publish(*parts, bench.let)
    assert bench.public == public + 1


def test_a_stopped_post_goes_out_when_it_is_let(bench: Bench, parts: tuple[Post, list[Picture]]) -> None:
    public = bench.public
    with pytest.raises(NotNow):
        bench.publisher.publish(*parts, bench.stop)
    bench.publisher.publish(*parts, bench.let)
    assert (bench.public, len(bench.asked)) == (public + 1, 2)


def test_a_stop_in_our_own_words_passes_unchanged(bench: Bench, parts: tuple[Post, list[Picture]]) -> None:
    stopping = Throttled("the budget of today is used up")

    def stop() -> None:
        raise stopping

    with pytest.raises(PublishError) as caught:
        bench.publisher.publish(*parts, stop)
    assert caught.value is stopping


def test_nobody_is_asked_about_a_post_whose_picture_was_not_taken(bench: Bench) -> None:
    for stand_in in (bench.sandbox.x, bench.sandbox.graph):
        stand_in.faults.add(Fault.HTML_503, on=Step.PREPARE)
    with pytest.raises(PublishError):
        bench.publisher.publish(Post(text=f"Read it {LINK}", link=LINK), [picture(1)], bench.let)
    assert (bench.asked, bench.public) == ([], 0)
