"""A draft whose answer is lost, from end to end: one post is public, and no draft stays that can be found."""

import io
from datetime import timedelta

import pytest
from PIL import Image as Drawing

from clients import page_on, patience_for
from fakes import FakeClock, at_once
from spotlight_notify.model.aids import Image
from spotlight_notify.model.errors import OutcomeUnknown, Unreachable
from spotlight_notify.model.posts import Picture, Post
from spotlight_notify.networks.facebook.drafts import LOOK_BACK
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.sandbox.faults import LIVE, Fault, Step
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.wire.wire import Wire

TROUBLES = [Fault.LATE_ANSWER, Fault.GARBAGE_LIVE, Fault.MISSING_PERMISSION, Fault.THROTTLED]


@pytest.fixture
def publisher(
    request: pytest.FixtureRequest, wire: Wire, sandbox: Sandbox, clock: FakeClock
) -> FacebookPublisher:
    return page_on(sandbox, wire, clock, patience=patience_for(request), two_phase=True)


def words(text: str, *images: Image) -> Post:
    link = "https://agency.example/a"
    return Post(text=f"{text} {link} #SpotlightOnSafety", link=link, images=images)


def picture() -> Picture:
    drawn = io.BytesIO()
    Drawing.new("RGB", (8, 8), "navy").save(drawn, "PNG")
    return Picture(content=drawn.getvalue(), media_type="image/png", alt="An officer talks")


def lose_answer(publisher: FacebookPublisher, post: Post, *pictures: Picture) -> None:
    with pytest.raises(Unreachable):
        publisher.publish(post, pictures, at_once)


@pytest.mark.parametrize("fault", sorted(LIVE - {Fault.EMPTY_LIVE}))
@pytest.mark.parametrize("may_advertise", [True, False])
def test_after_a_lost_answer_one_post_is_public_and_a_draft_is_left_only_where_none_may_be_looked_for(
    publisher: FacebookPublisher, sandbox: Sandbox, clock: FakeClock, fault: Fault, may_advertise: bool
) -> None:
    post = words(f"Lost {fault} {may_advertise}")
    began_at, before = clock(), sandbox.graph.drafts
    sandbox.graph.may_advertise = may_advertise
    sandbox.graph.faults.add(fault, on=Step.PREPARE)
    lose_answer(publisher, post)
    [lost] = sandbox.graph.drafts[len(before) :]
    assert publisher.timeline(began_at).posts == ()
    receipt = publisher.publish(post, (), at_once)
    assert [live.text for live in publisher.timeline(began_at).posts] == [post.text]
    assert (receipt.post_id == lost.id) is may_advertise
    assert sandbox.graph.drafts == before + (() if may_advertise else (lost,))


@pytest.mark.parametrize("may_advertise", [True, False])
def test_after_the_lost_answer_to_a_draft_with_pictures_it_is_made_anew(
    publisher: FacebookPublisher, sandbox: Sandbox, clock: FakeClock, may_advertise: bool
) -> None:
    post = words(f"With a picture {may_advertise}", Image(url="https://agency.example/i.png"))
    began_at, before = clock(), sandbox.graph.drafts
    sandbox.graph.may_advertise = may_advertise
    sandbox.graph.faults.script(["ok", Fault.LOST_ANSWER], on=Step.PREPARE)
    lose_answer(publisher, post, picture())
    [lost] = sandbox.graph.drafts[len(before) :]
    receipt = publisher.publish(post, (picture(),), at_once)
    [live] = publisher.timeline(began_at).posts
    assert live.receipt.post_id == receipt.post_id != lost.id
    assert [image.alt for image in sandbox.graph.posts[-1].images] == ["An officer talks"]
    assert sandbox.graph.drafts == before + (() if may_advertise else (lost,))


@pytest.mark.parametrize("pictures", [(), (picture(),)])
def test_strays_of_several_tries_are_all_cleared(
    wire: Wire, sandbox: Sandbox, clock: FakeClock, pictures: tuple[Picture, ...]
) -> None:
    """The looks fail too, so that the strays add up; a restart forgets nothing that matters."""
    post, before = words(f"Three tries {len(pictures)}"), sandbox.graph.drafts
    began_at = clock()
    sandbox.graph.faults.script([Fault.HTML_503] * 3, on=Step.READ)
    for _ in range(3):
        sandbox.graph.faults.script([*(["ok"] * len(pictures)), Fault.LOST_ANSWER], on=Step.PREPARE)
        lose_answer(page_on(sandbox, wire, clock, two_phase=True), post, *pictures)
    strays = sandbox.graph.drafts[len(before) :]
    publisher = page_on(sandbox, wire, clock, two_phase=True)
    receipt = publisher.publish(post, pictures, at_once)
    assert len(strays) == 3
    assert [live.receipt.post_id for live in publisher.timeline(began_at).posts] == [receipt.post_id]
    assert sandbox.graph.drafts == before
    assert (receipt.post_id == strays[-1].id) is (not pictures)


def test_both_answers_may_be_lost_and_one_post_is_public(
    publisher: FacebookPublisher, sandbox: Sandbox, clock: FakeClock
) -> None:
    post = words("Lost twice")
    began_at, before = clock(), sandbox.graph.drafts
    sandbox.graph.faults.add(Fault.LOST_ANSWER, on=Step.PREPARE)
    sandbox.graph.faults.add(Fault.LOST_ANSWER)
    lose_answer(publisher, post)
    with pytest.raises(OutcomeUnknown):
        publisher.publish(post, (), at_once)
    publisher.publish(post, (), at_once)
    assert len(publisher.timeline(began_at).posts) == 1
    assert sandbox.graph.drafts == before


def test_another_post_and_an_old_stray_are_left_alone(
    publisher: FacebookPublisher, sandbox: Sandbox, clock: FakeClock
) -> None:
    post = words("Old")
    before = sandbox.graph.drafts
    sandbox.graph.faults.add(Fault.LOST_ANSWER, on=Step.PREPARE)
    lose_answer(publisher, post)
    clock.advance(LOOK_BACK + timedelta(minutes=1))
    sandbox.graph.faults.add(Fault.LOST_ANSWER, on=Step.PREPARE)
    lose_answer(publisher, words("Another"))
    others = sandbox.graph.drafts[len(before) :]
    publisher.publish(post, (), at_once)
    assert len(others) == 2
    assert sandbox.graph.drafts == before + others


def test_a_stray_that_the_list_does_not_show_yet_stays_and_nobody_sees_it(
    publisher: FacebookPublisher, sandbox: Sandbox, clock: FakeClock
) -> None:
    post = words("Lagging")
    began_at, before = clock(), len(sandbox.graph.drafts)
    sandbox.graph.lag = timedelta(minutes=1)
    sandbox.graph.faults.add(Fault.LOST_ANSWER, on=Step.PREPARE)
    lose_answer(publisher, post)
    publisher.publish(post, (), at_once)
    sandbox.graph.lag = timedelta(0)
    assert [live.text for live in publisher.timeline(began_at).posts] == [post.text]
    assert len(sandbox.graph.drafts) == before + 1


@pytest.mark.parametrize("fault", TROUBLES)
def test_a_post_goes_out_once_whatever_the_look_runs_into(
    publisher: FacebookPublisher, sandbox: Sandbox, clock: FakeClock, fault: Fault
) -> None:
    post, began_at = words(f"Looked {fault}"), clock()
    sandbox.graph.faults.add(fault, on=Step.READ)
    publisher.publish(post, (), at_once)
    assert [live.text for live in publisher.timeline(began_at).posts] == [post.text]
