"""Cards that Facebook draws: the page is read anew before a post with its link, against the stand-in."""

from collections.abc import Iterator

import pytest

from clients import page_on
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import Unauthorized
from spotlight_notify.model.posts import Post
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.faults import Step
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.wire.wire import Wire

LINK = "https://agency.example/a"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(FakeClock()) as running:
        yield running


@pytest.fixture
def wire() -> Iterator[Wire]:
    opened = Wire(allow_private=True, user_agent="spotlight-notify/test")
    yield opened
    opened.close()


@pytest.fixture(params=[False, True], ids=["at once", "in two phases"])
def page(request: pytest.FixtureRequest, sandbox: Sandbox, wire: Wire) -> FacebookPublisher:
    return page_on(sandbox, wire, FakeClock(), two_phase=request.param, refresh_cards=True)


def test_the_page_is_read_anew_before_its_link_is_posted(sandbox: Sandbox, page: FacebookPublisher) -> None:
    above = page.publish(Post(text=f"Read it {LINK}", link=LINK), (), at_once)
    assert sandbox.graph.refreshed == [LINK]
    assert sandbox.journal.exchanges[0].step is Step.PREPARE
    page.publish(Post(text=f"No, this {LINK}", link=LINK, reply_to=above.post_id), (), at_once)
    assert sandbox.graph.refreshed == [LINK]


def test_a_token_that_may_not_is_asked_once_and_posts_all_the_same(
    sandbox: Sandbox, page: FacebookPublisher
) -> None:
    sandbox.graph.may_refresh_cards = False
    for text in ("One", "Two"):
        page.publish(Post(text=f"{text} {LINK}", link=LINK), (), at_once)
    refused = [each for each in sandbox.journal.exchanges if each.received.path.rstrip("/").endswith("v26.0")]
    assert len(refused) == 1
    assert len(sandbox.graph.posts) == 2


@pytest.mark.parametrize("fault", ["lost-answer", "html-503", "429"])
def test_a_page_that_is_not_read_anew_stops_no_post(sandbox: Sandbox, wire: Wire, fault: str) -> None:
    page = page_on(sandbox, wire, FakeClock(), two_phase=False, refresh_cards=True)
    sandbox.faults.carry_out(parse_script(f"facebook prepare: {fault}"))
    page.publish(Post(text=f"Read it {LINK}", link=LINK), (), at_once)
    assert len(sandbox.graph.posts) == 1


def test_a_token_that_has_ended_is_still_told(sandbox: Sandbox, wire: Wire) -> None:
    page = page_on(sandbox, wire, FakeClock(), two_phase=False, refresh_cards=True)
    sandbox.faults.carry_out(parse_script("facebook prepare: dead-token; facebook publish: dead-token"))
    with pytest.raises(Unauthorized):
        page.publish(Post(text=f"Read it {LINK}", link=LINK), (), at_once)
