"""A Page's timeline, probe and pace, with canned answers below facebook-sdk."""

import json
import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from canned import CannedServer, assert_no_secret, reply
from facebook_answers import APP_SECRET, HTML, MADE, PAGE, POST, PROOF, SECRETS, TOKEN, refused
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import PublishError, Throttled, Unauthorized, Unreachable
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.timelines import MOST_PAGES
from spotlight_notify.wire.wire import Wire

SINCE = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
POSTS = f"/prefix/v26.0/{PAGE}/published_posts"
EMPTY = reply(200, {"data": []})


def post(number: int = 1, minutes: float = 1, **more: object) -> dict[str, object]:
    moment = SINCE + timedelta(minutes=minutes)
    return {
        "id": f"{PAGE}_{number}",
        "message": "Words",
        "created_time": f"{moment:%Y-%m-%dT%H:%M:%S}+0000",
        "permalink_url": f"https://www.facebook.com/9/posts/{number}",
        "is_published": True,
        **more,
    }


def page(*posts: object, **cursor: str) -> bytes:
    """Write a page; its next one has, as Graph's own, all that was asked in its address, the token too."""
    query = "&".join(f"{name}={value}" for name, value in cursor.items())
    address = f"https://elsewhere.example/v1.0/9/feed?access_token={TOKEN}&fields=id&limit=1&{query}"
    paging = {"paging": {"cursors": {"before": "b", "after": "a"}, **({"next": address} if cursor else {})}}
    return reply(200, {"data": [*posts], **paging})


@pytest.fixture
def publisher(wire: Wire, server: CannedServer) -> FacebookPublisher:
    return FacebookPublisher(
        wire.session(),
        page_id=PAGE,
        access_token=TOKEN,
        app_secret=APP_SECRET,
        clock=FakeClock(),
        base_url=server.url + "/prefix",
    )


def asked(server: CannedServer) -> list[tuple[str, dict[str, str]]]:
    """List the paths and queries asked for, in order."""
    parts = [urlsplit(path) for path in server.paths("GET")]
    return [(part.path, {name: value for name, [value] in parse_qs(part.query).items()}) for part in parts]


def failed_look(publisher: FacebookPublisher) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.timeline(SINCE)
    assert_no_secret(caught.value, SECRETS)
    return caught.value


FIRST = {
    "fields": "id,message,created_time,permalink_url,is_published",
    "limit": "100",
    "since": str(int(SINCE.timestamp()) - 60),
    "access_token": TOKEN,
    "appsecret_proof": PROOF,
}


def test_published_posts_are_asked_for_a_minute_earlier_than_since(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [EMPTY]
    timeline = publisher.timeline(SINCE + timedelta(microseconds=999))
    assert (timeline.posts, timeline.complete, timeline.read) == ((), True, 0)
    assert asked(server) == [(POSTS, FIRST)]


def test_a_post_is_read_with_its_receipt_words_and_links(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    words = "Read (https://a.example/x_(1)), http://b.example/?a=1&b=2. CDC.gov/y &amp; more"
    bare = {"id": f"{PAGE}_2", "created_time": "2026-11-23T06:31:00-0500"}
    server.script = [page(post(1, 5, message=words), bare)]
    first, second = publisher.timeline(SINCE).posts
    assert first.text == words
    assert set(first.links) == {"https://a.example/x_(1)", "http://b.example/?a=1&b=2", "http://CDC.gov/y"}
    assert (first.receipt.post_id, first.receipt.url) == (f"{PAGE}_1", "https://www.facebook.com/9/posts/1")
    assert first.receipt.posted_at == SINCE + timedelta(minutes=5)
    assert (second.text, second.links) == ("", ())
    assert second.receipt.posted_at == SINCE + timedelta(minutes=1)
    assert second.receipt.url == f"https://www.facebook.com/{PAGE}_2"


def test_since_is_not_trusted_and_drafts_are_left_out(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [page(post(3, 3), post(2, 2, is_published=False), post(1, -2))]
    timeline = publisher.timeline(SINCE)
    assert [live.receipt.post_id for live in timeline.posts] == [f"{PAGE}_3"]
    assert (timeline.complete, timeline.read) == (True, 3)


def test_posts_come_newest_first_however_they_were_listed(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [page(post(1, 1), post(3, 3), post(2, 2))]
    found = [live.receipt.post_id for live in publisher.timeline(SINCE).posts]
    assert found == [f"{PAGE}_3", f"{PAGE}_2", f"{PAGE}_1"]


@pytest.mark.parametrize("cursor", [{"after": "A1"}, {"until": "99", "__paging_token": "enc_1"}])
def test_pages_are_turned_by_the_cursor_alone(
    publisher: FacebookPublisher, server: CannedServer, cursor: dict[str, str]
) -> None:
    """The address of the next page is never followed, nor anything else in it."""
    server.script = [page(post(2, 2), **cursor), page(post(2, 2), post(1, 1))]
    timeline = publisher.timeline(SINCE)
    assert [live.receipt.post_id for live in timeline.posts] == [f"{PAGE}_2", f"{PAGE}_1"]
    assert asked(server) == [(POSTS, FIRST), (POSTS, FIRST | cursor)]
    assert timeline.complete


def test_an_empty_page_that_leads_on_is_not_the_end(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [page(after="A1"), page(post())]
    assert len(publisher.timeline(SINCE).posts) == 1


def test_no_page_is_asked_for_beyond_one_that_lies_before(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [page(post(3, 3), post(2, -5), after="A1"), page(post(1, -9), after="A2")]
    timeline = publisher.timeline(SINCE)
    assert (len(timeline.posts), timeline.complete) == (1, True)
    assert len(server.asked) == 2


def test_too_many_pages_make_an_incomplete_timeline(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [page(post(n, 199 - n), after=f"A{n}") for n in range(1, MOST_PAGES + 2)]
    timeline = publisher.timeline(SINCE)
    assert (timeline.complete, len(timeline.posts), timeline.read) == (False, MOST_PAGES, MOST_PAGES)
    assert len(server.asked) == MOST_PAGES


BAD = [
    reply(200, b""),
    reply(200, b'{"data":['),
    reply(200, b"[" * 100_000),
    reply(200, HTML),
    reply(200, []),
    reply(200, {}),
    reply(200, {"data": None}),
    reply(200, {"data": {}}),
    reply(200, {"data": ["post"]}),
    page({"message": "Words", "created_time": "2026-11-23T12:00:00+0000"}),
    page({"id": "1_2", "message": "Words"}),
    page(post(created_time="yesterday")),
    page(post(created_time=1_700_000_000)),
    page(post(message=["Words"])),
    reply(200, {"data": [post()], "paging": []}),
    reply(200, {"data": [post()], "paging": {"next": 7}}),
    reply(200, {"data": [post()], "paging": {"next": ""}}),
    reply(200, {"error": "oops"}),
    reply(400, refused(1)),
    reply(500, refused(2, is_transient=True)),
    reply(400, refused(100)),
    reply(400, refused(506)),
    reply(302, {"data": []}, location="/"),
    reply(204),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_an_answer_that_is_no_timeline_is_a_failed_look(
    publisher: FacebookPublisher, server: CannedServer, number: int
) -> None:
    server.script = [BAD[number], EMPTY, EMPTY]
    error = failed_look(publisher)
    assert type(error) is Unreachable
    assert str(error).startswith("the look-up failed: Facebook")
    assert "\n" not in str(error)
    assert len(server.asked) == 1


def test_a_next_page_without_a_cursor_is_a_failed_look(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [page(post(), weather="fine"), EMPTY]
    assert type(failed_look(publisher)) is Unreachable
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(403, refused(32)), Throttled),
        (reply(429, {}), Throttled),
        (reply(400, refused(190)), Unauthorized),
        (reply(403, refused(10)), Unauthorized),
        (reply(400, refused(100, 33)), Unauthorized),
    ],
)
def test_a_look_may_be_throttled_or_refused(
    publisher: FacebookPublisher, server: CannedServer, answer: bytes, expected: type[PublishError]
) -> None:
    server.script = [answer]
    assert type(failed_look(publisher)) is expected


def test_the_probe_names_the_page(publisher: FacebookPublisher, server: CannedServer) -> None:
    server.script = [reply(200, {"id": PAGE, "name": "VALOR Program"})]
    assert publisher.probe() == "VALOR Program"
    credentials = {"access_token": TOKEN, "appsecret_proof": PROOF}
    assert asked(server) == [("/prefix/v26.0/me", {"fields": "id,name", **credentials})]


def test_the_token_of_somebody_else_is_refused(publisher: FacebookPublisher, server: CannedServer) -> None:
    """A User token in place of the Page's own looks healthy until the first post."""
    server.script = [reply(200, {"id": "555", "name": "Somebody"})]
    with pytest.raises(Unauthorized) as caught:
        publisher.probe()
    assert PAGE in str(caught.value)
    assert "Page's own token" in caught.value.advice
    assert caught.value.advice.endswith("resume the channel")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(400, refused(190)), Unauthorized),
        (reply(400, refused(190, 459)), Unauthorized),
        (reply(403, refused(4)), Throttled),
        (reply(400, refused(100)), Unreachable),
        (reply(500, refused(1)), Unreachable),
        (reply(200, {"name": "VALOR Program"}), Unreachable),
        (reply(200, b""), Unreachable),
        (reply(503, HTML), Unreachable),
    ],
)
def test_the_probe_raises_as_a_look_does(
    publisher: FacebookPublisher, server: CannedServer, answer: bytes, expected: type[PublishError]
) -> None:
    server.script = [answer]
    with pytest.raises(PublishError) as caught:
        publisher.probe()
    assert type(caught.value) is expected
    assert_no_secret(caught.value, SECRETS)


def test_the_pace_follows_the_last_answer(publisher: FacebookPublisher, server: CannedServer) -> None:
    full = json.dumps({PAGE: [{"type": "pages", "call_count": 97, "estimated_time_to_regain_access": 12}]})
    server.script = [
        reply(200, {"id": "1_2"}, x_app_usage='{"call_count": 85, "total_time": 1}'),
        reply(200, {"data": []}, x_business_use_case_usage=full),
        MADE,
    ]
    assert (publisher.usage, publisher.pace()) == (0.0, None)
    publisher.publish(POST, (), at_once)
    assert (publisher.usage, publisher.pace()) == (0.85, timedelta(minutes=1))
    publisher.timeline(SINCE)
    assert (publisher.usage, publisher.pace()) == (0.97, timedelta(minutes=12))
    publisher.publish(POST, (), at_once)
    assert (publisher.usage, publisher.pace()) == (0.0, None)


def test_debug_logging_of_looks_shows_no_secret(
    publisher: FacebookPublisher, server: CannedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script = [page(post(), after="A1"), EMPTY, reply(200, {"id": PAGE, "name": "VALOR"})]
    publisher.timeline(SINCE)
    publisher.probe()
    assert not [secret for secret in SECRETS if secret in caplog.text]
