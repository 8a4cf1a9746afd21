"""X's timeline and probe, with canned answers below tweepy."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from canned import CannedServer, assert_no_secret, reply
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import PublishError, Throttled, Unauthorized, Unreachable
from spotlight_notify.networks.timelines import MOST_PAGES
from spotlight_notify.networks.x.publisher import XKeys, XPublisher
from spotlight_notify.wire.wire import Wire
from x_answers import HTML, KEYS, MADE, POST, forbidden

SINCE = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
NOBODY = XKeys(
    consumer_key="consumer-key-0123456789",
    consumer_secret="consumer-secret-0123456789",
    access_token="access-token-0123456789",
    access_token_secret="access-token-secret/0123456789",
)
ME = reply(200, {"data": {"id": "1234", "name": "VALOR", "username": "valor"}})
EMPTY = reply(200, {"meta": {"result_count": 0}})


def id_at(moment: datetime, number: int = 0) -> str:
    return str((round(moment.timestamp() * 1000) - 1_288_834_974_657 << 22) + number)


def tweet(text: str = "words", minutes: float = 1, **more: object) -> dict[str, object]:
    return {"id": id_at(SINCE + timedelta(minutes=minutes)), "text": text, **more}


def linked(short: str, expanded: str, **more: object) -> dict[str, object]:
    return {"start": 0, "end": 1, "url": short, "expanded_url": expanded, "display_url": "agency…", **more}


def page(*tweets: object, **meta: object) -> bytes:
    counted = {"result_count": len(tweets)} | meta
    return reply(200, {"data": [*tweets], "meta": counted})


@pytest.fixture
def publisher(wire: Wire, server: CannedServer, clock: FakeClock) -> XPublisher:
    return XPublisher(wire.session(), KEYS, clock=clock, base_url=server.url + "/prefix/")


def asked(server: CannedServer) -> list[tuple[str, dict[str, str]]]:
    """List the paths and queries asked for, in order."""
    parts = [urlsplit(path) for path in server.paths("GET")]
    return [
        (part.path.removeprefix("/prefix/2"), {name: value for name, [value] in parse_qs(part.query).items()})
        for part in parts
    ]


def failed_look(publisher: XPublisher) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.timeline(SINCE)
    assert_no_secret(caught.value, KEYS.values())
    return caught.value


def test_the_accounts_own_posts_are_asked_for_a_minute_earlier_than_since(
    publisher: XPublisher, server: CannedServer
) -> None:
    server.script = [EMPTY]
    publisher.timeline(SINCE + timedelta(microseconds=999))
    query = {
        "start_time": "2026-11-23T11:29:00Z",
        "exclude": "replies,retweets",
        "tweet.fields": "entities,referenced_tweets",
        "max_results": "100",
    }
    assert asked(server) == [("/users/1234/tweets", query)]
    assert server.asked[0].headers["authorization"].startswith("OAuth ")


def test_a_moment_before_x_had_such_times_is_no_obstacle(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [EMPTY]
    publisher.timeline(datetime(1999, 1, 1, tzinfo=UTC))
    assert asked(server)[0][1]["start_time"] == "2010-11-06T00:00:00Z"


def test_an_account_that_its_token_does_not_name_is_asked_for_once(
    wire: Wire, server: CannedServer, clock: FakeClock
) -> None:
    server.script = [ME, EMPTY, EMPTY]
    publisher = XPublisher(wire.session(), NOBODY, clock=clock, base_url=server.url + "/prefix")
    publisher.timeline(SINCE)
    publisher.timeline(SINCE)
    assert [path for path, _ in asked(server)] == ["/users/me", "/users/1234/tweets", "/users/1234/tweets"]


def test_short_links_escapes_and_pictures_are_undone(publisher: XPublisher, server: CannedServer) -> None:
    entities = {
        "urls": [
            linked(
                "https://t.co/aaaaaaaaaa", "https://a.example/x?a=1&amp=2", unwound_url="https://b.example/y"
            ),
            linked("https://t.co/bbbbbbbbbb", "http://CDC.gov", unwound_url="http://CDC.gov"),
            linked("https://t.co/cccccccccc", "https://x.com/v/status/1/photo/1", media_key="3_1"),
        ],
        "hashtags": [{"start": 1, "end": 2, "tag": "a"}],
    }
    text = (
        "A &amp; B &amp;lt; &lt;3 https://t.co/aaaaaaaaaa https://t.co/bbbbbbbbbb\n#A https://t.co/cccccccccc"
    )
    server.script = [page(tweet(text, entities=entities))]
    [live] = publisher.timeline(SINCE).posts
    assert live.text == "A & B &lt; <3 https://a.example/x?a=1&amp=2 http://CDC.gov\n#A"
    assert set(live.links) == {"https://a.example/x?a=1&amp=2", "https://b.example/y", "http://CDC.gov"}
    assert live.receipt.url == f"https://x.com/i/web/status/{live.receipt.post_id}"
    assert live.receipt.posted_at == SINCE + timedelta(minutes=1)


def test_a_posts_own_picture_is_known_by_its_address_too(publisher: XPublisher, server: CannedServer) -> None:
    own = f"https://twitter.com/v/status/{id_at(SINCE + timedelta(minutes=1))}/photo/1"
    entities = {"urls": [linked("https://t.co/cccccccccc", own)]}
    server.script = [page(tweet("Words https://t.co/cccccccccc", entities=entities))]
    [live] = publisher.timeline(SINCE).posts
    assert (live.text, live.links) == ("Words", ())


def test_pages_are_turned_until_there_are_no_more(publisher: XPublisher, server: CannedServer) -> None:
    """A page may be empty and yet lead on: replies are left out after it was filled."""
    first, last = tweet(minutes=9), tweet(minutes=2)
    server.script = [
        page(first, next_token="t1"),
        reply(200, {"meta": {"result_count": 0, "next_token": "t2"}}),
        page(first, last),
    ]
    timeline = publisher.timeline(SINCE)
    assert [live.receipt.post_id for live in timeline.posts] == [first["id"], last["id"]]
    assert (timeline.complete, timeline.read) == (True, 3)
    assert [query.get("pagination_token") for _, query in asked(server)] == [None, "t1", "t2"]


def test_no_page_is_asked_for_beyond_one_that_lies_before(
    publisher: XPublisher, server: CannedServer
) -> None:
    server.script = [
        page(tweet(minutes=3), tweet(minutes=-5), next_token="a"),
        page(tweet(minutes=-9), next_token="b"),
    ]
    timeline = publisher.timeline(SINCE)
    assert (len(timeline.posts), timeline.complete, timeline.read) == (1, True, 3)
    assert len(server.asked) == 2


def test_too_many_pages_make_an_incomplete_timeline(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [page(tweet(minutes=199 - n), next_token=f"t{n}") for n in range(MOST_PAGES + 1)]
    timeline = publisher.timeline(SINCE)
    assert (timeline.complete, timeline.read, len(timeline.posts)) == (False, MOST_PAGES, MOST_PAGES)
    assert len(server.asked) == MOST_PAGES


def test_a_page_with_errors_beside_its_posts_is_not_complete(
    publisher: XPublisher, server: CannedServer
) -> None:
    body: dict[str, Any] = {"data": [tweet()], "meta": {"result_count": 1}, "errors": [{"title": "Partial"}]}
    server.script = [reply(200, body)]
    timeline = publisher.timeline(SINCE)
    assert (len(timeline.posts), timeline.complete) == (1, False)


NOT_FOUND = {"errors": [{"title": "Not Found Error", "detail": "Could not find user with id: [1234]."}]}
BAD = [
    reply(200, b""),
    reply(200, b'{"data":['),
    reply(200, b"[" * 100_000),
    reply(200, HTML),
    reply(200, []),
    reply(200, {}),
    reply(200, NOT_FOUND),
    reply(200, {**NOT_FOUND, "meta": {"result_count": 0}}),
    reply(200, {"data": None}),
    reply(200, {"data": [], "meta": {"result_count": 3}}),
    reply(200, {"meta": {"result_count": 3}}),
    reply(200, {"meta": {}}),
    reply(200, {"meta": 0}),
    reply(200, {"data": [tweet()]}),
    reply(200, {"data": {"id": "1"}, "meta": {"result_count": 1}}),
    page("post"),
    page({"id": id_at(SINCE)}),
    page({"text": "words"}),
    page({"id": 17, "text": "words"}),
    page({"id": "abc", "text": "words"}),
    page({"id": id_at(SINCE), "text": None}),
    page(tweet(entities=["urls"])),
    page(tweet(entities={"urls": {"url": "x"}})),
    page(tweet(entities={"urls": ["https://t.co/aaaaaaaaaa"]})),
    page(tweet(entities={"urls": [{"url": "https://t.co/aaaaaaaaaa"}]})),
    page(tweet("See https://t.co/aaaaaaaaaa")),
    page(tweet(), next_token=7),
    reply(204),
    reply(301, b"", location="/"),
    reply(400, {"title": "Invalid Request"}),
    reply(403, forbidden("duplicate content")),
    reply(409),
    reply(500, {"data": [], "meta": {"result_count": 0}}),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_an_answer_that_is_no_timeline_is_a_failed_look(
    publisher: XPublisher, server: CannedServer, number: int
) -> None:
    server.script = [BAD[number], EMPTY, EMPTY]
    error = failed_look(publisher)
    assert type(error) is Unreachable
    assert str(error).startswith("the look-up failed: X answered")
    assert "\n" not in str(error)
    assert len(server.asked) == 1


def test_a_failed_look_says_what_was_wrong(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [reply(200, NOT_FOUND)]
    said = str(failed_look(publisher))
    assert "Could not find user with id: [1234]." in said
    assert said.endswith("but it is no timeline")


def test_trouble_on_a_later_page_fails_the_whole_look(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [
        page(tweet(), next_token="t1"),
        reply(429, {"title": "Too Many Requests"}, retry_after="60"),
    ]
    error = failed_look(publisher)
    assert isinstance(error, Throttled)
    assert error.until_at is not None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(401), Unauthorized),
        (reply(402), Unauthorized),
        (reply(403, forbidden("Your account is suspended")), Unauthorized),
        (reply(429), Throttled),
        (reply(200, {"data": {"id": "1234"}}), Unreachable),
        (reply(200, {"data": {"id": "me", "username": "valor"}}), Unreachable),
        (reply(200, {"data": None}), Unreachable),
        (reply(200, []), Unreachable),
        (reply(503, HTML), Unreachable),
        (reply(400, {"title": "Invalid Request"}), Unreachable),
    ],
)
def test_the_probe_raises_as_a_look_does(
    publisher: XPublisher, server: CannedServer, answer: bytes, expected: type[PublishError]
) -> None:
    server.script = [answer]
    with pytest.raises(PublishError) as caught:
        publisher.probe()
    assert type(caught.value) is expected
    assert_no_secret(caught.value, KEYS.values())


@pytest.mark.parametrize("level", [None, "read-write", "read-write-directmessages"])
def test_the_probe_names_whom_the_keys_speak_for(
    publisher: XPublisher, server: CannedServer, level: str | None
) -> None:
    me = {"data": {"id": "1234", "name": "VALOR", "username": "valor"}}
    server.script = [reply(200, me, **({"x_access_level": level} if level else {}))]
    assert publisher.probe() == "@valor"
    assert asked(server) == [("/users/me", {})]


def test_keys_that_may_only_read_are_refused(publisher: XPublisher, server: CannedServer) -> None:
    me = {"data": {"id": "1234", "name": "VALOR", "username": "valor"}}
    server.script = [reply(200, me, x_access_level="read")]
    with pytest.raises(Unauthorized) as caught:
        publisher.probe()
    assert "Read and write" in caught.value.advice


def test_a_limit_that_the_last_post_used_up_asks_for_a_pause_until_it_begins_anew(
    publisher: XPublisher, server: CannedServer, clock: FakeClock
) -> None:
    reset = str(int(clock().timestamp()) + 1_200)
    body = {"data": {"id": "1", "text": "x"}}
    server.script = [
        reply(201, body, x_app_limit_24hour_remaining="0", x_app_limit_24hour_reset=reset),
        reply(200, {"meta": {"result_count": 0}}, x_rate_limit_remaining="899"),
    ]
    publisher.publish(POST, (), at_once)
    publisher.timeline(SINCE)
    assert publisher.pace() == timedelta(minutes=20)
    clock.advance(timedelta(minutes=20))
    assert publisher.pace() is None


def test_a_limit_with_posts_left_asks_for_no_pause(
    publisher: XPublisher, server: CannedServer, clock: FakeClock
) -> None:
    reset = str(int(clock().timestamp()) + 1_200)
    body = {"data": {"id": "1", "text": "x"}}
    server.script = [reply(201, body, x_rate_limit_remaining="1", x_rate_limit_reset=reset), MADE]
    publisher.publish(POST, (), at_once)
    assert publisher.pace() is None


def test_debug_logging_of_looks_shows_no_secret(
    publisher: XPublisher, server: CannedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script = [EMPTY, ME]
    publisher.timeline(SINCE)
    publisher.probe()
    assert not [secret for secret in KEYS.values() if secret in caplog.text]


def test_a_short_link_that_is_glued_to_a_word_is_no_link(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [page(tweet(text="Read thishttps://t.co/AbCdEf now"))]
    (live,) = publisher.timeline(SINCE).posts
    assert live.text == "Read thishttps://t.co/AbCdEf now"


def test_a_short_link_that_is_not_explained_is_named_by_its_post(
    publisher: XPublisher, server: CannedServer
) -> None:
    shown = tweet(text="Read this: https://t.co/AbCdEf")
    server.script = [page(shown)]
    assert f"a short link in post {shown['id']} is not explained" in str(failed_look(publisher))
