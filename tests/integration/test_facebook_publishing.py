"""Facebook, with canned answers below facebook-sdk: what each proves, and that a post is asked for once."""

import json
import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from canned import BE_LATE, HANG_UP, RESET, CannedServer, assert_no_secret, reply, unused_url
from clients import PATIENT, patience_for
from facebook_answers import (
    APP_SECRET,
    FEED,
    MADE,
    PAGE,
    PHOTO_TROUBLES,
    PHOTOS,
    PICTURE,
    POST,
    PROOF,
    SECRETS,
    TABLE,
    TOKEN,
    UPLOADED,
    refused,
)
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import OutcomeUnknown, PublishError, Rejected, Throttled, Unreachable
from spotlight_notify.model.posts import Picture
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.wire.wire import Wire


@pytest.fixture
def publisher(
    request: pytest.FixtureRequest, wire: Wire, server: CannedServer, clock: FakeClock
) -> FacebookPublisher:
    return page(wire, server.url + "/prefix", clock, patience=patience_for(request))


def page(
    wire: Wire, url: str, clock: FakeClock, app_secret: str | None = APP_SECRET, patience: float = PATIENT
) -> FacebookPublisher:
    return FacebookPublisher(
        wire.session(read=patience),
        page_id=PAGE,
        access_token=TOKEN,
        app_secret=app_secret,
        clock=clock,
        base_url=url,
    )


def failure(publisher: FacebookPublisher, *pictures: Picture) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.publish(POST, pictures, at_once)
    assert_no_secret(caught.value, SECRETS)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_link_post_is_one_request_with_the_token_in_its_body(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    made = {
        "id": f"{PAGE}_202",
        "permalink_url": "https://www.facebook.com/999/posts/202",
        "created_time": "2026-11-23T07:00:01-0500",
    }
    server.script = [reply(200, made)]
    receipt = publisher.publish(POST, (), at_once)
    assert publisher.network is FACEBOOK
    assert receipt.post_id == f"{PAGE}_202"
    assert receipt.url == "https://www.facebook.com/999/posts/202"
    assert receipt.posted_at == datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC)
    [asked] = server.asked
    assert (asked.method, asked.path) == ("POST", FEED)
    assert asked.headers["user-agent"] == "spotlight-notify/test"
    assert {name: value for name, [value] in parse_qs(asked.body.decode()).items()} == {
        "message": POST.text,
        "link": POST.link,
        "access_token": TOKEN,
        "appsecret_proof": PROOF,
    }


def test_without_an_app_secret_there_is_no_proof(wire: Wire, server: CannedServer, clock: FakeClock) -> None:
    server.script = [MADE]
    page(wire, server.url, clock, app_secret=None).publish(POST, (), at_once)
    assert b"appsecret_proof" not in server.asked[0].body


@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"permalink_url": None, "created_time": None},
        {"permalink_url": 5, "created_time": "yesterday"},
        {"permalink_url": "javascript:x", "created_time": "2026-11-23T12:00:00"},
        {"created_time": "0001-01-01T00:00:00+2359"},
    ],
)
def test_a_receipt_needs_no_more_than_the_id(
    publisher: FacebookPublisher, server: CannedServer, extra: dict[str, object]
) -> None:
    server.script = [reply(200, {"id": f"{PAGE}_202", **extra})]
    receipt = publisher.publish(POST, (), at_once)
    assert receipt.url == f"https://www.facebook.com/{PAGE}_202"
    assert receipt.posted_at is None


@pytest.mark.parametrize("kind", ["text/javascript; charset=UTF-8", "image/png", None])
def test_json_is_read_whatever_it_is_called(
    publisher: FacebookPublisher, server: CannedServer, kind: str | None
) -> None:
    headers = {"content_type": kind} if kind else {}
    server.script = [reply(200, b'{"id":"1_2"}', **headers)]
    assert publisher.publish(POST, (), at_once).post_id == "1_2"


def test_pictures_go_up_unpublished_with_their_alt_texts_before_the_post(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [UPLOADED, reply(200, {"id": "78"}), MADE]
    silent = Picture(content=b"\xff\xd8\xff\xe0", media_type="image/jpeg", alt="")
    publisher.publish(POST, (PICTURE, silent), at_once)
    assert server.paths() == [PHOTOS, PHOTOS, FEED]
    credentials = {"access_token": TOKEN.encode(), "appsecret_proof": PROOF.encode()}
    assert server.asked[0].form == {
        "source": PICTURE.content,
        "published": b"false",
        "alt_text_custom": b"An officer talks",
        **credentials,
    }
    assert server.asked[1].form == {"source": silent.content, "published": b"false", **credentials}
    sent = {name: value for name, [value] in parse_qs(server.asked[2].body.decode()).items()}
    assert json.loads(sent["attached_media"]) == [{"media_fbid": "77"}, {"media_fbid": "78"}]
    assert sent["message"] == POST.text
    assert "link" not in sent


def test_five_pictures_are_refused_before_anything_is_sent(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    assert isinstance(failure(publisher, *[PICTURE] * 5), Rejected)
    assert server.asked == []


@pytest.mark.parametrize(("status", "body", "expected", "words"), TABLE)
def test_every_answer_proves_what_the_table_says_after_one_request(
    publisher: FacebookPublisher,
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
    assert [asked.path for asked in server.asked] == [FEED]


@pytest.mark.parametrize("numbers", [(506, None), (368, 1404082), (100, 1366051), (1366051, None)])
def test_a_duplicate_is_a_rejection_that_says_so(
    publisher: FacebookPublisher, server: CannedServer, numbers: tuple[int, int | None]
) -> None:
    server.script = [reply(400, refused(*numbers))]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert error.duplicate


@pytest.mark.parametrize("trouble", [HANG_UP, RESET, BE_LATE, MADE[:-5], b"HTTP/1.1 200", b"garbage\r\n\r\n"])
def test_a_lost_answer_may_be_public_and_is_not_asked_for_again(
    publisher: FacebookPublisher, server: CannedServer, trouble: bytes
) -> None:
    server.script = [trouble, MADE, MADE]
    assert type(failure(publisher)) is OutcomeUnknown
    assert len(server.asked) == (0 if trouble == RESET else 1)
    assert server.script == [MADE, MADE]


def test_a_refused_connection_proves_that_nothing_was_sent(wire: Wire, clock: FakeClock) -> None:
    with unused_url() as url:
        error = failure(page(wire, url, clock))
    assert type(error) is Unreachable
    assert "not reached" in str(error)


def usage(*minutes: object) -> str:
    return json.dumps({PAGE: [{"type": "pages", "estimated_time_to_regain_access": n} for n in minutes]})


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"x_business_use_case_usage": usage(7, 30, 0)}, 30),
        ({"x_business_use_case_usage": usage(0)}, None),
        ({"x_business_use_case_usage": usage(10**12)}, None),
        ({"x_business_use_case_usage": usage("soon", None)}, None),
        ({"x_business_use_case_usage": "[1, 2]"}, None),
        ({"x_business_use_case_usage": '{"1": [2]}'}, None),
        ({"x_business_use_case_usage": "garbage"}, None),
        ({"retry_after": "60"}, 1),
        ({"retry_after": "Mon, 23 Nov 2026 12:05:00 GMT"}, 5),
        ({"retry_after": "-1"}, None),
        ({"retry_after": "99999999999999"}, None),
        ({}, None),
    ],
)
def test_throttled_says_when_access_is_regained(
    publisher: FacebookPublisher,
    server: CannedServer,
    clock: FakeClock,
    headers: dict[str, str],
    minutes: int | None,
) -> None:
    server.script = [reply(403, refused(32), **headers)]
    error = failure(publisher)
    assert isinstance(error, Throttled)
    assert error.until_at == (clock() + timedelta(minutes=minutes) if minutes else None)


def test_posting_too_fast_rests_for_hours(
    publisher: FacebookPublisher, server: CannedServer, clock: FakeClock
) -> None:
    server.script = [reply(400, refused(368, 1390008))]
    error = failure(publisher)
    assert isinstance(error, Throttled)
    assert error.until_at == clock() + timedelta(hours=6)


def test_graphs_own_words_and_trace_are_kept(publisher: FacebookPublisher, server: CannedServer) -> None:
    words = {"error_user_title": "Link not allowed", "error_user_msg": "Use another."}
    server.script = [reply(400, refused(100, 5, "(#100) Param link", **words))]
    assert str(failure(publisher)) == (
        "Facebook answered 400 (#100) Param link: Link not allowed: Use another. "
        "(code 100, subcode 5, fbtrace_id Trace1)"
    )


@pytest.mark.parametrize("before", [[], [UPLOADED]])
@pytest.mark.parametrize(("trouble", "expected"), PHOTO_TROUBLES)
def test_trouble_with_a_picture_is_never_public_and_nothing_is_posted(
    publisher: FacebookPublisher,
    server: CannedServer,
    trouble: bytes,
    expected: type[PublishError],
    before: list[bytes],
) -> None:
    server.script = [*before, trouble, MADE]
    error = failure(publisher, PICTURE, PICTURE)
    assert type(error) is expected
    assert not isinstance(error, Rejected) or not error.duplicate
    assert FEED not in server.paths()


def test_secrets_that_facebook_echoes_are_hidden(publisher: FacebookPublisher, server: CannedServer) -> None:
    echo = refused(190, message=f"{'x' * 580} Malformed access token {TOKEN} {PROOF} {APP_SECRET}")
    server.script = [reply(400, echo, reason=TOKEN)]
    error = failure(publisher)
    assert "EAABpage" not in str(error)


def test_debug_logging_shows_no_secret(
    publisher: FacebookPublisher, server: CannedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script = [UPLOADED, MADE]
    publisher.publish(POST, (PICTURE,), at_once)
    assert not [secret for secret in SECRETS if secret in caplog.text]
