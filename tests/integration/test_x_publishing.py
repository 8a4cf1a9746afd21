"""X, with canned answers below tweepy: what each answer proves, and that a post is asked for exactly once."""

import hmac
import json
import logging
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

import pytest
from oauthlib.oauth1.rfc5849 import signature

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
from spotlight_notify.model.posts import Picture
from spotlight_notify.networks.x.publisher import XPublisher
from spotlight_notify.networks.x.traits import X
from spotlight_notify.wire.wire import Wire
from x_answers import KEYS, MADE, MEDIA_TROUBLES, PICTURE, POST, TABLE, UPLOADED, forbidden


@pytest.fixture
def publisher(
    request: pytest.FixtureRequest, wire: Wire, server: CannedServer, clock: FakeClock
) -> XPublisher:
    session = wire.session(read=patience_for(request))
    return XPublisher(session, KEYS, clock=clock, base_url=server.url + "/prefix/")


def failure(publisher: XPublisher, *pictures: Picture) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.publish(POST, pictures, at_once)
    assert_no_secret(caught.value, KEYS.values())
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_post_is_one_signed_request_and_its_receipt_names_post_link_and_time(
    publisher: XPublisher, server: CannedServer
) -> None:
    server.script = [MADE]
    receipt = publisher.publish(POST, (), at_once)
    assert publisher.network is X
    assert receipt.post_id == "1541815603606036480"
    assert receipt.url == "https://x.com/i/web/status/1541815603606036480"
    assert receipt.posted_at == datetime(2022, 6, 28, 16, 7, 40, 105000, tzinfo=UTC)
    [asked] = server.asked
    assert (asked.method, asked.path) == ("POST", "/prefix/2/tweets")
    assert json.loads(asked.body) == {"text": POST.text}
    assert asked.headers["user-agent"] == "spotlight-notify/test"
    assert_signed(asked.headers["authorization"], server.url + "/prefix/2/tweets")


def test_pictures_go_up_one_by_one_each_with_its_alt_text_before_the_post(
    publisher: XPublisher, server: CannedServer
) -> None:
    second = reply(200, {"data": {"id": "78"}})
    described = reply(200, {"data": {"id": "77"}})
    server.script = [UPLOADED, described, second, MADE]
    silent = Picture(content=b"GIF89a", media_type="image/gif", alt="")
    publisher.publish(POST, (PICTURE, silent), at_once)
    upload, alt, _, post = server.asked
    assert [asked.path.removeprefix("/prefix/2/") for asked in server.asked] == [
        "media/upload",
        "media/metadata",
        "media/upload",
        "tweets",
    ]
    assert upload.form == {"media": PICTURE.content, "media_category": b"tweet_image"}
    assert_signed(upload.headers["authorization"], server.url + "/prefix/2/media/upload")
    assert json.loads(alt.body) == {"id": "77", "metadata": {"alt_text": {"text": "An officer talks"}}}
    assert json.loads(post.body) == {"text": POST.text, "media": {"media_ids": ["77", "78"]}}


def test_five_pictures_are_refused_before_anything_is_sent(
    publisher: XPublisher, server: CannedServer
) -> None:
    assert isinstance(failure(publisher, *[PICTURE] * 5), Rejected)
    assert server.asked == []


def assert_signed(header: str, url: str) -> None:
    """Make the signature anew from what arrived, over the address it arrived at."""
    pairs = dict(pair.split("=", 1) for pair in header.removeprefix("OAuth ").split(", "))
    given = {name: unquote(value.strip('"')) for name, value in pairs.items()}
    signed = given.pop("oauth_signature")
    normalised = signature.normalize_parameters(list(given.items()))
    text = signature.signature_base_string("POST", signature.base_string_uri(url), normalised)
    key = "&".join(quote(secret, safe="") for secret in (KEYS.consumer_secret, KEYS.access_token_secret))
    assert b64encode(hmac.digest(key.encode(), text.encode(), "sha1")).decode() == signed
    assert (given["oauth_consumer_key"], given["oauth_token"]) == (KEYS.consumer_key, KEYS.access_token)


@pytest.mark.parametrize(("status", "body", "expected", "words"), TABLE)
def test_every_answer_proves_what_the_table_says_after_one_request(
    publisher: XPublisher,
    server: CannedServer,
    status: int,
    body: object,
    expected: type[PublishError],
    words: str,
) -> None:
    server.script = [reply(status, body, location=server.url + "/elsewhere"), MADE, MADE]
    error = failure(publisher)
    assert type(error) is expected
    assert error.may_be_public is (expected is OutcomeUnknown)
    assert words in f"{error} {getattr(error, 'advice', '')}"
    assert not isinstance(error, Rejected) or not error.duplicate
    assert [asked.path for asked in server.asked] == ["/prefix/2/tweets"]


@pytest.mark.parametrize(
    "body",
    [
        forbidden("You are not allowed to create a Tweet with duplicate content."),
        {"errors": [{"code": 187, "message": "Status is a duplicate."}]},
    ],
)
def test_a_duplicate_is_a_rejection_that_says_so(
    publisher: XPublisher, server: CannedServer, body: dict[str, object]
) -> None:
    server.script = [reply(403, body)]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert error.duplicate


@pytest.mark.parametrize("trouble", [HANG_UP, RESET, BE_LATE, MADE[:-5], b"HTTP/1.1 201", b"garbage\r\n\r\n"])
def test_a_lost_answer_may_be_public_and_is_not_asked_for_again(
    publisher: XPublisher, server: CannedServer, trouble: bytes
) -> None:
    server.script = [trouble, MADE, MADE]
    assert type(failure(publisher)) is OutcomeUnknown
    assert len(server.asked) == (0 if trouble == RESET else 1)
    assert server.script == [MADE, MADE]


def test_an_answer_to_an_earlier_post_does_not_explain_a_lost_one(
    publisher: XPublisher, server: CannedServer
) -> None:
    server.script = [reply(401), HANG_UP]
    assert type(failure(publisher)) is Unauthorized
    assert type(failure(publisher)) is OutcomeUnknown


def test_a_refused_connection_proves_that_nothing_was_sent(wire: Wire, clock: FakeClock) -> None:
    with unused_url() as url:
        error = failure(XPublisher(wire.session(), KEYS, clock=clock, base_url=url))
    assert type(error) is Unreachable
    assert "not reached" in str(error)


def test_a_missing_content_type_is_no_obstacle(publisher: XPublisher, server: CannedServer) -> None:
    server.script = [reply(201, b'{"data":{"id":"1","text":"x"}}')]
    assert publisher.publish(POST, (), at_once).post_id == "1"


def test_errors_beside_an_id_do_not_take_the_receipt_away(
    publisher: XPublisher, server: CannedServer
) -> None:
    server.script = [reply(201, {"data": {"id": 12}, "errors": [{"title": "Partial"}]})]
    assert publisher.publish(POST, (), at_once).post_id == "12"


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"x_rate_limit_reset": "{15}", "x_rate_limit_remaining": "0"}, 15),
        ({"x_rate_limit_reset": "{15}"}, 15),
        ({"retry_after": "600"}, 10),
        (
            {
                "x_rate_limit_reset": "{15}",
                "x_rate_limit_remaining": "99",
                "x_user_limit_24hour_remaining": "0",
                "x_user_limit_24hour_reset": "{700}",
            },
            700,
        ),
        ({"x_app_limit_24hour_remaining": "0", "x_app_limit_24hour_reset": "{900}"}, 900),
        ({"x_app_limit_24hour_remaining": "5", "x_app_limit_24hour_reset": "{900}"}, None),
        ({"x_rate_limit_reset": "soon"}, None),
        ({"x_rate_limit_reset": "{-5}"}, None),
        ({"x_rate_limit_reset": "99999999999999999999"}, None),
        ({}, None),
    ],
)
def test_throttled_says_when_the_limit_that_is_used_up_begins_anew(
    publisher: XPublisher,
    server: CannedServer,
    clock: FakeClock,
    headers: dict[str, str],
    minutes: int | None,
) -> None:
    start = int(clock().timestamp())
    given = {
        name: str(start + 60 * int(value.strip("{}"))) if value.startswith("{") else value
        for name, value in headers.items()
    }
    server.script = [reply(429, {"title": "Too Many Requests"}, **given)]
    error = failure(publisher)
    assert isinstance(error, Throttled)
    assert error.until_at == (clock() + timedelta(minutes=minutes) if minutes else None)
    assert len(server.asked) == 1


def test_a_limit_without_a_time_of_its_own_rests_for_hours(
    publisher: XPublisher, server: CannedServer, clock: FakeClock
) -> None:
    server.script = [reply(403, forbidden("User is over daily status update limit"))]
    error = failure(publisher)
    assert isinstance(error, Throttled)
    assert error.until_at == clock() + timedelta(hours=3)


@pytest.mark.parametrize(("trouble", "expected"), MEDIA_TROUBLES)
def test_trouble_with_a_picture_is_never_public_and_nothing_is_posted(
    publisher: XPublisher, server: CannedServer, trouble: bytes, expected: type[PublishError]
) -> None:
    server.script = [trouble, MADE]
    assert type(failure(publisher, PICTURE)) is expected
    assert "/prefix/2/tweets" not in server.paths()


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [(t, e) for t, e in MEDIA_TROUBLES if b"200 Because" not in t and b" 302 " not in t],
)
def test_trouble_with_an_alt_text_is_never_public_and_nothing_is_posted(
    publisher: XPublisher, server: CannedServer, trouble: bytes, expected: type[PublishError]
) -> None:
    server.script = [UPLOADED, trouble, MADE]
    assert type(failure(publisher, PICTURE)) is expected
    assert "/prefix/2/tweets" not in server.paths()


def test_a_duplicate_of_a_picture_is_no_sign_of_an_earlier_post(
    publisher: XPublisher, server: CannedServer
) -> None:
    server.script = [reply(403, forbidden("duplicate content"))]
    error = failure(publisher, PICTURE)
    assert isinstance(error, Rejected)
    assert not error.duplicate


def test_secrets_that_x_echoes_are_hidden(publisher: XPublisher, server: CannedServer) -> None:
    echo = " ".join((*KEYS.values(), "access-token-secret%2F0123456789"))
    server.script = [reply(403, forbidden(f"{'x' * 560} {echo}"), reason=KEYS.access_token)]
    error = failure(publisher)
    assert "access-token-secret" not in str(error)
    assert "[hidden]" in str(error)


def test_debug_logging_shows_no_secret(
    publisher: XPublisher, server: CannedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script = [UPLOADED, UPLOADED, MADE]
    publisher.publish(POST, (PICTURE,), at_once)
    assert not [secret for secret in KEYS.values() if secret in caplog.text]
    assert KEYS.consumer_secret not in repr(KEYS)
