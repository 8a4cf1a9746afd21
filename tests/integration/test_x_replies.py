"""X's replies and take-downs, with canned answers below tweepy."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from canned import BE_LATE, HANG_UP, RESET, CannedServer, assert_no_secret, reply, unused_url
from clients import patience_for
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.networks.x.publisher import XPublisher
from spotlight_notify.wire.wire import Wire
from x_answers import HTML, KEYS, MADE, PICTURE, POST, PROBLEM, UPLOADED, forbidden

SINCE = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
ABOVE = "1541815603606036480"
CORRECTION = replace(POST, reply_to=ABOVE)
TWEET = f"/prefix/2/tweets/{ABOVE}"
ME = reply(200, {"data": {"id": "1234", "name": "VALOR", "username": "valor"}})
DELETED = reply(200, {"data": {"deleted": True}})
NOT_FOUND = {"title": "Not Found Error", "type": PROBLEM + "resource-not-found", "resource_id": ABOVE}
GONE = [
    reply(404, {"title": "Not Found", "type": "about:blank", "status": 404, "detail": "Not Found"}),
    reply(404, {"errors": [{"code": 144, "message": "No status found with that ID."}]}),
    reply(200, {"errors": [NOT_FOUND]}),
]
REFUSALS = [
    (401, {"title": "Unauthorized"}, Unauthorized, "keys"),
    (403, forbidden("You are not permitted to perform this action."), Rejected, "does not let"),
    (
        403,
        forbidden("oauth1 app permissions", PROBLEM + "oauth1-permissions"),
        Unauthorized,
        "Read and write",
    ),
    (
        400,
        {"errors": [{"message": "The `id` query parameter value [x] is not valid"}]},
        Rejected,
        "not valid",
    ),
    (429, {"title": "Too Many Requests"}, Throttled, "Too Many"),
    (500, {"title": "Internal Server Error"}, OutcomeUnknown, "order it again"),
    (503, HTML, OutcomeUnknown, "order it again"),
    (403, HTML, OutcomeUnknown, "order it again"),
    (404, HTML, OutcomeUnknown, "order it again"),
    (404, b"", OutcomeUnknown, "order it again"),
    (404, {"message": "no Route matched with those values"}, OutcomeUnknown, "order it again"),
    (302, b"", OutcomeUnknown, "order it again"),
    (200, {"data": {"deleted": False}}, OutcomeUnknown, "order it again"),
    (200, {"data": {"deleted": "true"}}, OutcomeUnknown, "order it again"),
    (200, {"data": {}}, OutcomeUnknown, "order it again"),
    (200, {}, OutcomeUnknown, "order it again"),
    (200, b"", OutcomeUnknown, "order it again"),
    (200, {"errors": [{"title": "Forbidden"}]}, OutcomeUnknown, "order it again"),
    (200, {"errors": [NOT_FOUND, {"type": "about:blank"}]}, OutcomeUnknown, "order it again"),
]
NO_REPLY = [
    forbidden("You attempted to reply to a Tweet that is deleted or not visible to you."),
    {"errors": [{"code": 385, "message": "You attempted to reply to…"}]},
    forbidden(
        "You can only reply to or quote posts where you are mentioned or are the author.",
        PROBLEM + "not-authorized-for-resource",
    ),
    forbidden(
        "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged "
        "by the author of the post you are replying to."
    ),
]
"""Refusals of this one reply: the second half since X restricts replies, to others' posts, 2026-02-23."""


@pytest.fixture
def publisher(
    request: pytest.FixtureRequest, wire: Wire, server: CannedServer, clock: FakeClock
) -> XPublisher:
    session = wire.session(read=patience_for(request))
    return XPublisher(session, KEYS, clock=clock, base_url=server.url + "/prefix/")


def not_removed(publisher: XPublisher) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.remove(ABOVE)
    assert_no_secret(caught.value, KEYS.values())
    return caught.value


def test_a_reply_names_the_post_above_and_takes_its_pictures(
    publisher: XPublisher, server: CannedServer
) -> None:
    server.script = [UPLOADED, UPLOADED, MADE]
    publisher.publish(CORRECTION, (PICTURE,), at_once)
    assert json.loads(server.asked[-1].body) == {
        "text": POST.text,
        "media": {"media_ids": ["77"]},
        "reply": {"in_reply_to_tweet_id": ABOVE},
    }


@pytest.mark.parametrize("body", NO_REPLY)
def test_a_reply_that_x_will_not_have_is_rejected_without_a_pause(
    publisher: XPublisher, server: CannedServer, body: dict[str, object]
) -> None:
    server.script = [reply(403, body)]
    with pytest.raises(Rejected) as caught:
        publisher.publish(CORRECTION, (), at_once)
    assert not caught.value.duplicate


def test_replies_are_read_only_where_one_is_looked_for(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [reply(200, {"meta": {"result_count": 0}})] * 2
    publisher.timeline(SINCE)
    publisher.timeline(SINCE, ABOVE)
    queries = [parse_qs(urlsplit(path).query) for path in server.paths("GET")]
    assert [query["exclude"] for query in queries] == [["replies,retweets"], ["retweets"]]
    assert [query["tweet.fields"] for query in queries] == [["entities,referenced_tweets"]] * 2


@pytest.mark.parametrize(
    ("referenced", "above"),
    [
        ({}, None),
        ({"referenced_tweets": []}, None),
        ({"referenced_tweets": [{"type": "quoted", "id": "5"}]}, None),
        ({"referenced_tweets": [{"type": "replied_to", "id": ABOVE}]}, ABOVE),
        (
            {"referenced_tweets": [{"type": "quoted", "id": "5"}, {"type": "replied_to", "id": ABOVE}]},
            ABOVE,
        ),
    ],
)
def test_what_a_reply_stands_under_is_read(
    publisher: XPublisher, server: CannedServer, referenced: dict[str, object], above: str | None
) -> None:
    moment = round((SINCE + timedelta(minutes=1)).timestamp() * 1000) - 1_288_834_974_657
    tweet = {"id": str(moment << 22), "text": "words", **referenced}
    server.script = [reply(200, {"data": [tweet], "meta": {"result_count": 1}})]
    [live] = publisher.timeline(SINCE, ABOVE).posts
    assert live.reply_to == above


@pytest.mark.parametrize("referenced", ["x", {"type": "replied_to"}, [{"type": "replied_to"}]])
def test_a_place_that_cannot_be_read_is_a_failed_look(
    publisher: XPublisher, server: CannedServer, referenced: object
) -> None:
    tweet = {"id": ABOVE, "text": "words", "referenced_tweets": referenced}
    server.script = [reply(200, {"data": [tweet], "meta": {"result_count": 1}})]
    with pytest.raises(Unreachable, match="replies to"):
        publisher.timeline(SINCE, ABOVE)


def test_a_take_down_is_one_signed_request(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [DELETED]
    publisher.remove(ABOVE)
    [asked] = server.asked
    assert (asked.method, asked.path) == ("DELETE", TWEET)
    assert asked.headers["authorization"].startswith("OAuth ")


@pytest.mark.parametrize("gone", GONE)
def test_what_x_does_not_know_is_gone_if_the_keys_and_the_address_are_right(
    publisher: XPublisher, server: CannedServer, gone: bytes
) -> None:
    server.script = [gone, ME]
    publisher.remove(ABOVE)
    assert [(asked.method, asked.path) for asked in server.asked][:1] == [("DELETE", TWEET)]
    assert server.paths("GET") == ["/prefix/2/users/me"]


@pytest.mark.parametrize(
    ("probed", "expected"),
    [
        (reply(404, {"title": "Not Found", "status": 404}), Unauthorized),
        (reply(401), Unauthorized),
        (HANG_UP, Unreachable),
        (reply(429, {}), Throttled),
    ],
)
def test_a_wrong_address_is_not_taken_for_a_post_that_is_gone(
    publisher: XPublisher, server: CannedServer, probed: bytes, expected: type[PublishError]
) -> None:
    server.script = [GONE[0], probed]
    assert type(not_removed(publisher)) is expected


@pytest.mark.parametrize(("status", "body", "expected", "words"), REFUSALS)
def test_every_answer_to_a_take_down_proves_what_it_proves_after_one_request(
    publisher: XPublisher,
    server: CannedServer,
    status: int,
    body: object,
    expected: type[PublishError],
    words: str,
) -> None:
    server.script = [reply(status, body, location=server.url + "/elsewhere"), DELETED]
    error = not_removed(publisher)
    assert type(error) is expected
    assert words in f"{error} {getattr(error, 'advice', '')}"
    assert server.script == [DELETED]


@pytest.mark.parametrize("trouble", [HANG_UP, RESET, BE_LATE, DELETED[:-5], b"garbage\r\n\r\n"])
def test_a_lost_answer_to_a_take_down_leaves_it_open(
    publisher: XPublisher, server: CannedServer, trouble: bytes
) -> None:
    server.script = [reply(404), trouble]
    assert type(not_removed(publisher)) is OutcomeUnknown
    assert type(not_removed(publisher)) is OutcomeUnknown


def test_a_refused_connection_proves_that_the_post_is_still_there(wire: Wire, clock: FakeClock) -> None:
    with unused_url() as url:
        error = not_removed(XPublisher(wire.session(), KEYS, clock=clock, base_url=url))
    assert type(error) is Unreachable
