"""Comments by the Page, with canned answers below facebook-sdk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from canned import BE_LATE, HANG_UP, RESET, CannedServer, assert_no_secret, reply
from clients import PATIENT, patience_for
from facebook_answers import (
    APP_SECRET,
    PAGE,
    PICTURE,
    POST,
    PROOF,
    SECRETS,
    TABLE,
    TOKEN,
    refused,
)
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.networks.timelines import MOST_PAGES
from spotlight_notify.wire.wire import Wire

SINCE = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
ABOVE = f"{PAGE}_202"
COMMENTS = f"/prefix/v26.0/{ABOVE}/comments"
CORRECTION = replace(POST, reply_to=ABOVE)
COMMENTED = reply(200, {"id": "202_303"})
GONE = reply(400, refused(100, 33, "Unsupported request. Object with ID … does not exist"))
LACKING = "(#200) Requires pages_manage_engagement permission to manage the object"


def comment(number: int = 303, minutes: float = 1, **more: object) -> dict[str, object]:
    moment = SINCE + timedelta(minutes=minutes)
    return {
        "id": f"202_{number}",
        "message": "Words",
        "created_time": f"{moment:%Y-%m-%dT%H:%M:%S}+0000",
        "permalink_url": f"https://www.facebook.com/9/posts/202?comment_id={number}",
        "from": {"id": PAGE, "name": "VALOR"},
        **more,
    }


def page(*comments: object, after: str = "") -> bytes:
    address = f"https://elsewhere.example/v1.0/9/comments?access_token={TOKEN}&after={after}"
    return reply(200, {"data": [*comments], "paging": {"next": address} if after else {}})


@pytest.fixture
def publisher(request: pytest.FixtureRequest, wire: Wire, server: CannedServer) -> FacebookPublisher:
    return on_server(wire, server, patience=patience_for(request))


def on_server(
    wire: Wire, server: CannedServer, *, patience: float = PATIENT, two_phase: bool = False
) -> FacebookPublisher:
    return FacebookPublisher(
        wire.session(read=patience),
        page_id=PAGE,
        access_token=TOKEN,
        app_secret=APP_SECRET,
        clock=FakeClock(),
        base_url=server.url + "/prefix",
        two_phase=two_phase,
    )


def asked(server: CannedServer) -> list[tuple[str, str]]:
    return [(request.method, urlsplit(request.path).path) for request in server.asked]


def refusal(publisher: FacebookPublisher) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.publish(CORRECTION, (), at_once)
    assert_no_secret(caught.value, SECRETS)
    return caught.value


def test_a_comment_is_one_request_and_its_receipt_is_the_comments_own(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    address = "https://www.facebook.com/9/posts/202?comment_id=303"
    server.script = [reply(200, {"id": "202_303", "permalink_url": address})]
    receipt = publisher.publish(CORRECTION, (), at_once)
    assert (receipt.post_id, receipt.url) == ("202_303", address)
    [request] = server.asked
    assert (request.method, request.path) == ("POST", COMMENTS)
    assert {name: value for name, [value] in parse_qs(request.body.decode()).items()} == {
        "message": POST.text,
        "access_token": TOKEN,
        "appsecret_proof": PROOF,
    }


def test_a_comment_without_a_permalink_has_an_address_all_the_same(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [COMMENTED]
    assert publisher.publish(CORRECTION, (), at_once).url == "https://www.facebook.com/202_303"


def test_a_comment_has_no_phases(wire: Wire, server: CannedServer) -> None:
    server.script = [COMMENTED]
    on_server(wire, server, two_phase=True).publish(CORRECTION, (), at_once)
    assert asked(server) == [("POST", COMMENTS)]


def test_pictures_are_refused_before_anything_is_sent(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    with pytest.raises(Rejected, match="without pictures"):
        publisher.publish(CORRECTION, (PICTURE,), at_once)
    assert server.asked == []


@pytest.mark.parametrize(
    "above", ["", "202", PAGE, "me", f"{ABOVE}/likes", f"{ABOVE}?x=1", "../1_2", "1_2\n"]
)
def test_only_the_id_of_a_post_gets_into_an_address(
    publisher: FacebookPublisher, server: CannedServer, above: str
) -> None:
    with pytest.raises(Rejected):
        publisher.publish(replace(POST, reply_to=above), (), at_once)
    with pytest.raises(Rejected):
        publisher.timeline(SINCE, above)
    with pytest.raises(Rejected):
        publisher.remove(above)
    assert server.asked == []


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [(status, body, expected) for status, body, expected, _ in TABLE if body != refused(100, 33)],
)
def test_an_answer_to_a_comment_proves_what_it_proves_of_a_post(
    publisher: FacebookPublisher,
    server: CannedServer,
    status: int,
    body: object,
    expected: type[PublishError],
) -> None:
    permanent = Rejected if status == 404 and body == refused(803) else expected
    server.script = [reply(status, body, location=server.url + "/elsewhere"), COMMENTED]
    assert type(refusal(publisher)) is permanent
    assert asked(server) == [("POST", COMMENTS)]


@pytest.mark.parametrize("trouble", [HANG_UP, RESET, BE_LATE, COMMENTED[:-5], b"garbage\r\n\r\n"])
def test_a_lost_answer_to_a_comment_is_not_asked_for_again(
    publisher: FacebookPublisher, server: CannedServer, trouble: bytes
) -> None:
    server.script = [trouble, COMMENTED]
    assert type(refusal(publisher)) is OutcomeUnknown
    assert server.script == [COMMENTED]


@pytest.mark.parametrize("code", [200, 10, 283])
def test_a_missing_permission_is_named_in_the_advice(
    publisher: FacebookPublisher, server: CannedServer, code: int
) -> None:
    server.script = [reply(403, refused(code, message=LACKING))]
    error = refusal(publisher)
    assert isinstance(error, Unauthorized)
    assert "pages_manage_engagement" in error.advice
    assert error.advice.endswith("resume the channel")


def test_a_comment_on_a_post_that_is_gone_is_rejected(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [GONE]
    error = refusal(publisher)
    assert isinstance(error, Rejected)
    assert str(error).startswith("the post that it should stand under is not there: ")


def test_comments_are_asked_for_under_their_post_and_read_in_their_place(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    words = "Correction: see https://agency.example/a"
    server.script = [page(comment(message=words), comment(300, -2))]
    timeline = publisher.timeline(SINCE, ABOVE)
    [live] = timeline.posts
    assert (live.receipt.post_id, live.text, live.reply_to) == ("202_303", words, ABOVE)
    assert live.links == ("https://agency.example/a",)
    assert live.receipt.url == "https://www.facebook.com/9/posts/202?comment_id=303"
    assert (timeline.complete, timeline.read) == (True, 2)
    [request] = server.asked
    query = {name: value for name, [value] in parse_qs(urlsplit(request.path).query).items()}
    assert asked(server) == [("GET", COMMENTS)]
    assert query == {
        "fields": "id,message,created_time,permalink_url,from",
        "filter": "stream",
        "order": "reverse_chronological",
        "limit": "100",
        "access_token": TOKEN,
        "appsecret_proof": PROOF,
    }


def test_what_visitors_write_is_not_the_pages_own_but_what_nobody_signed_may_be(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    visitor = comment(304) | {"from": {"id": "77", "name": "A visitor"}}
    unsigned = comment(305)
    del unsigned["from"]
    server.script = [page(comment(303), visitor, unsigned)]
    found = [live.receipt.post_id for live in publisher.timeline(SINCE, ABOVE).posts]
    assert sorted(found) == ["202_303", "202_305"]


def test_no_order_of_the_comments_is_trusted(publisher: FacebookPublisher, server: CannedServer) -> None:
    """The oldest may come first whatever is asked for, and the one looked for on the last page."""
    server.script = [
        page(comment(300, -60), after="A1"),
        page(comment(301, -50), after="A2"),
        page(comment()),
    ]
    timeline = publisher.timeline(SINCE, ABOVE)
    assert [live.receipt.post_id for live in timeline.posts] == ["202_303"]
    assert timeline.complete


def test_more_comments_than_are_read_prove_no_absence(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [page(comment(n, -60), after=f"A{n}") for n in range(1, MOST_PAGES + 2)]
    timeline = publisher.timeline(SINCE, ABOVE)
    assert (timeline.posts, timeline.complete) == ((), False)


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (GONE, Unreachable, "the post that it should stand under is not there"),
        (reply(403, refused(200)), Unauthorized, "pages_manage_engagement"),
        (reply(400, refused(190)), Unauthorized, "token is dead"),
        (reply(403, refused(32)), Throttled, "code 32"),
        (reply(500, refused(1)), Unreachable, "the look-up failed"),
        (reply(200, {}), Unreachable, "no list"),
        (reply(200, {"data": [comment(created_time="soon")]}), Unreachable, "no time"),
        (HANG_UP, Unreachable, "the look-up failed"),
    ],
)
def test_a_look_at_comments_that_fails_proves_nothing(
    publisher: FacebookPublisher,
    server: CannedServer,
    answer: bytes,
    expected: type[PublishError],
    words: str,
) -> None:
    server.script = [answer]
    with pytest.raises(PublishError) as caught:
        publisher.timeline(SINCE, ABOVE)
    assert type(caught.value) is expected
    assert words in f"{caught.value} {getattr(caught.value, 'advice', '')}"
