"""What answers of X prove, numbered as the cases of answers that were taken wrongly."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from canned import CannedServer, reply
from clients import PATIENT
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.posts import LivePost, Picture, Timeline
from spotlight_notify.networks.x.publisher import XPublisher
from spotlight_notify.wire.wire import Wire
from x_answers import HTML, KEYS, PICTURE, POST, forbidden

SINCE = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
POST_ID = str(round(SINCE.timestamp() * 1000) - 1_288_834_974_657 + 60_000 << 22)
SHORT = "https://t.co/aaaaaaaaaa"
PROBLEMS = ("https://api.twitter.com/2/problems/", "https://api.x.com/2/problems/")
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


def in_each_form(code: int | str, message: str = "Words") -> list[dict[str, object]]:
    """Write a code in the forms that X gives it."""
    told: dict[str, object] = {"code": code, "message": message}
    return [{"errors": [told]}, told, {**forbidden("Forbidden"), "errors": [told]}]


@pytest.mark.parametrize("status", [400, 403, 422])
@pytest.mark.parametrize("body", [*in_each_form(187), *in_each_form("187")])
def test_answers_9_a_code_means_the_same_in_every_form(
    publisher: XPublisher, server: CannedServer, status: int, body: object
) -> None:
    server.script = [reply(status, body)]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert error.duplicate


@pytest.mark.parametrize("body", [*in_each_form(186), *in_each_form("186")])
def test_answers_9_a_post_that_is_too_long_fails(
    publisher: XPublisher, server: CannedServer, body: object
) -> None:
    server.script = [reply(403, body)]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert (error.duplicate, error.unexplained, error.advice) == (False, False, "")
    assert "Words" in str(error)


@pytest.mark.parametrize("place", PROBLEMS)
@pytest.mark.parametrize("nested", [False, True])
def test_answers_10_a_type_says_that_it_is_a_duplicate(
    publisher: XPublisher, server: CannedServer, place: str, nested: bool
) -> None:
    problem = forbidden("Forbidden", f"{place}duplicate-rules")
    server.script = [reply(403, {"errors": [problem]} if nested else problem)]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert error.duplicate


@pytest.mark.parametrize("place", PROBLEMS)
@pytest.mark.parametrize(
    ("kind", "advice"),
    [("usage-capped", "cap"), ("credits", "credits"), ("client-forbidden", "project")],
)
def test_answers_10_types_are_known_under_both_addresses(
    publisher: XPublisher, server: CannedServer, place: str, kind: str, advice: str
) -> None:
    server.script = [reply(403, forbidden("Forbidden", place + kind))]
    error = failure(publisher)
    assert isinstance(error, Unauthorized)
    assert advice in error.advice


TIRED = [
    *(body for code in (344, "344", 185) for body in in_each_form(code)),
    forbidden("User is over daily status update limit."),
    forbidden("You have reached your daily limit for sending Tweets and messages."),
]


@pytest.mark.parametrize("status", [403, 429])
@pytest.mark.parametrize("body", TIRED)
def test_answers_11_a_daily_limit_rests_for_hours(
    publisher: XPublisher, server: CannedServer, body: object, status: int
) -> None:
    soon = str(int((FakeClock()() + timedelta(minutes=9)).timestamp()))
    server.script = [reply(status, body, x_rate_limit_remaining="99", x_rate_limit_reset=soon)]
    error = failure(publisher)
    assert isinstance(error, Throttled)
    assert error.until_at is not None
    assert error.until_at >= FakeClock()() + timedelta(hours=2)


def test_answers_11_a_reset_that_x_names_beyond_that_is_kept(
    publisher: XPublisher, server: CannedServer
) -> None:
    reset_at = FakeClock()() + timedelta(hours=17)
    limits = {
        "x_user_limit_24hour_remaining": "0",
        "x_user_limit_24hour_reset": str(int(reset_at.timestamp())),
    }
    server.script = [reply(403, {"code": 344, "message": "Over"}, **limits)]
    error = failure(publisher)
    assert isinstance(error, Throttled)
    assert error.until_at == reset_at


REFUSALS = [
    (403, forbidden("A reason nobody has heard of.")),
    (403, forbidden("You are not permitted to perform this action.")),
    (403, {"code": 99_999, "message": "New"}),
    (403, {"errors": [{"code": 99_999, "message": "New"}]}),
    (406, {"title": "Not Acceptable"}),
    (451, forbidden("Unavailable for legal reasons", f"{PROBLEMS[1]}withheld")),
]


@pytest.mark.parametrize(("status", "body"), REFUSALS)
def test_answers_12_a_refusal_that_is_not_known_is_asked_about(
    publisher: XPublisher, server: CannedServer, status: int, body: object
) -> None:
    server.script = [reply(status, body)]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert (error.duplicate, error.unexplained) == (False, True)
    assert error.advice.endswith("then resume the channel")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((status, HTML) for status in (400, 403, 404, 406, 451)),
        (403, {"message": "Forbidden"}),
        (403, {"errors": ["Forbidden"]}),
        (403, {"ok": False}),
        *((status, forbidden("Words")) for status in (408, 409, 425, 499, 500, 503)),
        (403, {"data": {"id": POST_ID}, "errors": [{"code": 187, "message": "Duplicate"}]}),
    ],
)
def test_answers_12_what_x_does_not_say_itself_proves_nothing(
    publisher: XPublisher, server: CannedServer, status: int, body: object
) -> None:
    server.script = [reply(status, body)]
    assert type(failure(publisher)) is OutcomeUnknown


UNAUTHORIZED = {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}


@pytest.mark.parametrize(
    ("body", "unexplained"),
    [
        (UNAUTHORIZED, True),
        (b"", True),
        (HTML, True),
        *((body, True) for body in in_each_form(32, "Could not authenticate you")),
        *((body, False) for body in in_each_form(89, "Invalid or expired token")),
        *((body, False) for body in in_each_form(135, "Timestamp out of bounds")),
        *((body, False) for body in in_each_form(326, "Locked")),
        ({**UNAUTHORIZED, "detail": "The token was revoked"}, False),
        ({**UNAUTHORIZED, "detail": "Your account is suspended"}, False),
    ],
)
def test_answers_13_x_says_why_keys_are_refused_or_does_not(
    publisher: XPublisher, server: CannedServer, body: object, unexplained: bool
) -> None:
    server.script = [reply(401, body)]
    error = failure(publisher)
    assert isinstance(error, Unauthorized)
    assert error.unexplained is unexplained
