"""Take-downs on a Page, with canned answers below facebook-sdk: what is gone, and what may not be."""

from urllib.parse import urlsplit

import pytest

from canned import BE_LATE, HANG_UP, RESET, CannedServer, assert_no_secret, reply
from clients import patience_for
from facebook_answers import APP_SECRET, HTML, MADE, PAGE, SECRETS, TOKEN, refused
from fakes import FakeClock
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.wire.wire import Wire

ABOVE = f"{PAGE}_202"
ONE = f"/prefix/v26.0/{ABOVE}"
DELETED = reply(200, {"success": True})
GONE = reply(400, refused(100, 33, "Unsupported delete request. Object with ID … does not exist"))
ME = reply(200, {"id": PAGE, "name": "VALOR"})


@pytest.fixture
def publisher(request: pytest.FixtureRequest, wire: Wire, server: CannedServer) -> FacebookPublisher:
    return FacebookPublisher(
        wire.session(read=patience_for(request)),
        page_id=PAGE,
        access_token=TOKEN,
        app_secret=APP_SECRET,
        clock=FakeClock(),
        base_url=server.url + "/prefix",
    )


def asked(server: CannedServer) -> list[tuple[str, str]]:
    return [(request.method, urlsplit(request.path).path) for request in server.asked]


def not_removed(publisher: FacebookPublisher) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.remove(ABOVE)
    assert_no_secret(caught.value, SECRETS)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("post_id", [ABOVE, "202_303"])
def test_a_take_down_is_one_request(publisher: FacebookPublisher, server: CannedServer, post_id: str) -> None:
    server.script = [DELETED]
    publisher.remove(post_id)
    assert asked(server) == [("DELETE", f"/prefix/v26.0/{post_id}")]


@pytest.mark.parametrize(
    "gone", [GONE, reply(404, refused(803)), reply(400, refused(1705, message="Selected wall post…"))]
)
def test_what_the_pages_own_token_can_neither_delete_nor_see_is_gone(
    publisher: FacebookPublisher, server: CannedServer, gone: bytes
) -> None:
    server.script = [gone, ME, GONE]
    publisher.remove(ABOVE)
    assert asked(server) == [("DELETE", ONE), ("GET", "/prefix/v26.0/me"), ("GET", ONE)]


@pytest.mark.parametrize(
    ("proof", "expected", "words"),
    [
        ([reply(200, {"id": "9", "name": "Another Page"})], Unauthorized, "not that of Page"),
        ([reply(400, refused(190))], Unauthorized, "token is dead"),
        ([HANG_UP], Unreachable, "look-up failed"),
        ([ME, reply(200, {"id": ABOVE})], Unauthorized, "pages_manage_posts"),
        ([ME, reply(403, refused(32))], Throttled, "code 32"),
        ([ME, reply(500, refused(1))], Unreachable, "look-up failed"),
    ],
)
def test_what_may_be_there_all_the_same_is_not_called_gone(
    publisher: FacebookPublisher,
    server: CannedServer,
    proof: list[bytes],
    expected: type[PublishError],
    words: str,
) -> None:
    server.script = [GONE, *proof]
    error = not_removed(publisher)
    assert type(error) is expected
    assert words in f"{error} {getattr(error, 'advice', '')}"


@pytest.mark.parametrize(
    ("status", "body", "expected", "words"),
    [
        (403, refused(200), Unauthorized, "pages_manage_engagement for comments"),
        (403, refused(10), Unauthorized, "pages_manage_posts for posts"),
        (400, refused(190), Unauthorized, "token is dead"),
        (400, refused(368, 1390008), Throttled, "1390008"),
        (403, refused(32), Throttled, "code 32"),
        (400, refused(100, message="(#100) You may not delete this"), Rejected, "may not delete"),
        (400, refused(506), Rejected, "506"),
        (400, refused(1), OutcomeUnknown, "order it again"),
        (500, refused(100, 33), OutcomeUnknown, "order it again"),
        (503, HTML, OutcomeUnknown, "order it again"),
        (404, b"", OutcomeUnknown, "order it again"),
        (302, b"", OutcomeUnknown, "order it again"),
        (200, {"success": False}, OutcomeUnknown, "order it again"),
        (200, {}, OutcomeUnknown, "order it again"),
        (200, b"true", OutcomeUnknown, "order it again"),
        (200, b"", OutcomeUnknown, "order it again"),
    ],
)
def test_every_answer_to_a_take_down_proves_what_it_proves_after_one_request(
    publisher: FacebookPublisher,
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
    assert not isinstance(error, Rejected) or not error.duplicate
    assert server.script == [DELETED]


@pytest.mark.parametrize("trouble", [HANG_UP, RESET, BE_LATE, DELETED[:-5]])
def test_a_lost_answer_to_a_take_down_leaves_it_open(
    publisher: FacebookPublisher, server: CannedServer, trouble: bytes
) -> None:
    server.script = [trouble, MADE]
    assert type(not_removed(publisher)) is OutcomeUnknown
    assert server.script == [MADE]
