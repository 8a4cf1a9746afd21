"""What answers of X prove, numbered as the cases of answers that were taken wrongly."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from canned import CannedServer, reply
from clients import PATIENT
from fakes import FakeClock, at_once
from spotlight_notify.errors import OutcomeUnknown, PublishError, Unreachable
from spotlight_notify.model import LivePost, Picture, Timeline
from spotlight_notify.publishers.x import XPublisher
from spotlight_notify.wire import Wire
from x_answers import KEYS, PICTURE, POST

SINCE = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
POST_ID = str(round(SINCE.timestamp() * 1000) - 1_288_834_974_657 + 60_000 << 22)
SHORT = "https://t.co/aaaaaaaaaa"
NO_IDS: list[object] = [
    "0",
    0,
    "",
    None,
    -5,
    "-5",
    " 12",
    "12 ",
    "12\n",
    12.5,
    1e30,
    True,
    False,
    [],
    ["12"],
    {},
    "null",
    "1" * 20,
    "9" * 400,
    10**400,
    "١٢",
]


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    wire = Wire(allow_private=True, user_agent="spotlight-notify/test")
    yield wire
    wire.close()


@pytest.fixture
def server() -> Iterator[CannedServer]:
    with CannedServer() as server:
        yield server


@pytest.fixture
def publisher(wire: Wire, server: CannedServer) -> XPublisher:
    session = wire.session(read=PATIENT)
    return XPublisher(session, KEYS, clock=FakeClock(), base_url=server.url + "/prefix")


def failure(publisher: XPublisher, *pictures: Picture) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.publish(POST, pictures, at_once)
    return caught.value


def tweet(text: str = f"Read it {SHORT}", **more: object) -> dict[str, object]:
    return {"id": POST_ID, "text": text, **more}


def link(**more: object) -> dict[str, object]:
    return {"url": SHORT, "expanded_url": POST.link, "display_url": "agency…", **more}


def page(*tweets: object, **more: Any) -> bytes:
    return reply(200, {"data": [*tweets], "meta": {"result_count": len(tweets)}, **more})


def only(timeline: Timeline) -> LivePost:
    [live] = timeline.posts
    assert timeline.complete
    return live


@pytest.mark.parametrize("no_id", NO_IDS, ids=lambda value: repr(value)[:20])
def test_answers_6_what_is_no_id_is_no_receipt_on_x_either(
    publisher: XPublisher, server: CannedServer, no_id: object
) -> None:
    server.script = [reply(201, {"data": {"id": no_id, "text": "…"}})]
    assert type(failure(publisher)) is OutcomeUnknown


@pytest.mark.parametrize("no_id", NO_IDS, ids=lambda value: repr(value)[:20])
def test_answers_6_what_is_no_id_is_no_picture(
    publisher: XPublisher, server: CannedServer, no_id: object
) -> None:
    server.script = [reply(200, {"data": {"id": no_id}})]
    assert type(failure(publisher, PICTURE)) is Unreachable
    assert server.paths() == ["/prefix/2/media/upload"]


@pytest.mark.parametrize("key", [{}, {"media_key": None}, {"media_key": ""}])
def test_answers_7_a_link_without_a_picture_is_a_link(
    publisher: XPublisher, server: CannedServer, key: dict[str, object]
) -> None:
    server.script = [page(tweet(entities={"urls": [link(**key)]}))]
    live = only(publisher.timeline(SINCE))
    assert (live.text, live.links) == (f"Read it {POST.link}", (POST.link,))


def test_answers_7_a_pictures_own_link_is_none(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [page(tweet(entities={"urls": [link(media_key="3_1")]}))]
    live = only(publisher.timeline(SINCE))
    assert (live.text, live.links) == ("Read it", ())


@pytest.mark.parametrize(
    "body",
    [
        {"meta": {"result_count": 0}},
        {"meta": {"result_count": 0}, "errors": []},
        {"meta": {"result_count": 0}, "errors": None},
        {"meta": {"result_count": 0, "next_token": None}},
        {"data": None, "meta": {"result_count": 0}},
        {"data": [], "meta": {"result_count": 0}, "errors": []},
        {"data": []},
        {"data": [], "meta": None, "errors": None, "includes": {}},
    ],
)
def test_answers_8_an_empty_timeline_has_many_forms(
    publisher: XPublisher, server: CannedServer, body: object
) -> None:
    server.script = [reply(200, body)]
    assert publisher.timeline(SINCE) == Timeline(posts=(), complete=True, read=0)


@pytest.mark.parametrize("entities", [None, {}, [], {"urls": None}, {"urls": []}, {"hashtags": []}])
def test_answers_8_a_post_without_links_has_many_forms(
    publisher: XPublisher, server: CannedServer, entities: object
) -> None:
    server.script = [page(tweet("Words", entities=entities), errors=None)]
    live = only(publisher.timeline(SINCE))
    assert (live.text, live.links, live.reply_to) == ("Words", (), None)


@pytest.mark.parametrize("name", ["referenced_tweets", "referenced_posts"])
def test_answers_8_what_a_reply_stands_under_is_read_in_both_dialects(
    publisher: XPublisher, server: CannedServer, name: str
) -> None:
    server.script = [page(tweet("Words", **{name: [{"type": "replied_to", "id": "5"}]}))]
    assert only(publisher.timeline(SINCE, under="5")).reply_to == "5"


@pytest.mark.parametrize("name", ["referenced_tweets", "referenced_posts"])
def test_answers_8_a_post_that_refers_to_nothing_is_a_post(
    publisher: XPublisher, server: CannedServer, name: str
) -> None:
    server.script = [page(tweet("Words", **{name: None}))]
    assert only(publisher.timeline(SINCE)).reply_to is None


@pytest.mark.parametrize(
    "body",
    [
        {"meta": {"result_count": 0}, "errors": [{"title": "Not Found Error"}]},
        {"data": None},
        {"data": None, "meta": None},
        {"data": [], "meta": {"result_count": 2}},
        {"data": [], "errors": [{"title": "Authorization Error"}]},
        {"meta": {"result_count": None}},
        {"data": [tweet()], "meta": {"result_count": 1}},
        {"data": [tweet(entities={"urls": None})], "meta": {"result_count": 1}},
        {"data": [tweet("Words") | {"id": "0"}], "meta": {"result_count": 1}},
    ],
)
def test_answers_8_what_hides_posts_is_never_an_empty_timeline(
    publisher: XPublisher, server: CannedServer, body: object
) -> None:
    server.script = [reply(200, body)]
    with pytest.raises(Unreachable):
        publisher.timeline(SINCE)


def test_answers_8_errors_beside_posts_prove_no_absence(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [page(tweet("Words"), errors=[{"title": "Authorization Error"}])]
    timeline = publisher.timeline(SINCE)
    assert (len(timeline.posts), timeline.complete) == (1, False)


def test_answers_8_an_empty_page_may_lead_on(publisher: XPublisher, server: CannedServer) -> None:
    empty = {"meta": {"result_count": 0, "next_token": "t1"}, "errors": []}
    server.script = [reply(200, empty), page(tweet("Words"))]
    assert only(publisher.timeline(SINCE)).receipt.post_id == POST_ID
