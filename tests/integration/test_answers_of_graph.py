"""What answers of Graph prove, numbered as the cases of answers that were taken wrongly."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from canned import CannedServer, reply
from clients import PATIENT
from facebook_answers import APP_SECRET, FEED, HTML, PAGE, PHOTOS, PICTURE, POST, TOKEN, UPLOADED, refused
from fakes import FakeClock, at_once
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.posts import Picture, Post, Receipt, Timeline
from spotlight_notify.networks.facebook.drafts import DraftsInMemory, hash_of
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.wire.wire import Wire

SINCE = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
NEW = f"{PAGE}_1494"
DRAFT = f"{PAGE}_303"
ABOVE = f"{PAGE}_202"
CORRECTION = Post(text="Correction: at 10.", link=POST.link, reply_to=ABOVE)
NO_STRAYS = reply(200, {"data": []})
DRAFTED = reply(200, {"id": DRAFT})
NOT_READ = [
    (400, (100, 33), "Unsupported post request. Object with ID '1494' does not exist"),
    (400, (100, None), "(#100) Tried accessing nonexisting field (permalink_url)"),
    (200, (100, None), "(#100) Tried accessing nonexisting field (permalink_url)"),
    (403, (10, None), "(#10) This endpoint requires the 'pages_read_engagement' permission"),
    (400, (190, 463), "Error validating access token: Session has expired"),
    (400, (4, None), "(#4) Application request limit reached"),
    (400, (368, None), "The action attempted has been deemed abusive"),
    (400, (506, None), "Duplicate status message"),
    (500, (1, None), "An unknown error occurred"),
    (503, (2, None), "Service temporarily unavailable"),
]
"""Status, code and subcode, and words of errors that stand for a reading that failed after the write."""
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
    "me",
    f"{PAGE}_0",
    f"{PAGE}_",
    "9" * 400,
    10**400,
    "١٢",
]


@pytest.fixture
def publisher(wire: Wire, server: CannedServer) -> FacebookPublisher:
    return on_server(wire, server)


@pytest.fixture
def in_phases(wire: Wire, server: CannedServer, drafts: DraftsInMemory) -> FacebookPublisher:
    return on_server(wire, server, drafts)


def on_server(wire: Wire, server: CannedServer, drafts: DraftsInMemory | None = None) -> FacebookPublisher:
    return FacebookPublisher(
        wire.session(read=PATIENT),
        page_id=PAGE,
        access_token=TOKEN,
        app_secret=APP_SECRET,
        clock=FakeClock(),
        base_url=server.url + "/prefix",
        two_phase=drafts is not None,
        drafts=drafts,
    )


def failure(publisher: FacebookPublisher, post: Post = POST, *pictures: Picture) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.publish(post, pictures, at_once)
    return caught.value


def not_read(status: int, numbers: tuple[int, int | None], words: str, written: object) -> bytes:
    return reply(status, refused(*numbers, words, original_response=written))


Publish = Callable[[FacebookPublisher], Receipt]
CREATES: list[Publish] = [
    lambda publisher: publisher.publish(POST, (), at_once),
    lambda publisher: publisher.publish(CORRECTION, (), at_once),
]


@pytest.mark.parametrize("create", CREATES, ids=["post", "comment"])
@pytest.mark.parametrize(("status", "numbers", "words"), NOT_READ)
def test_answers_1_what_was_written_and_not_read_back_is_public(
    publisher: FacebookPublisher,
    server: CannedServer,
    status: int,
    numbers: tuple[int, int | None],
    words: str,
    create: Publish,
) -> None:
    server.script = [not_read(status, numbers, words, {"id": NEW})]
    assert create(publisher).post_id == NEW
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("written", "post_id"),
    [
        ({"id": 1494}, "1494"),
        ({"id": NEW, "success": True}, NEW),
        ({"id": "77", "post_id": NEW}, NEW),
        ({"post_id": NEW}, NEW),
    ],
)
def test_answers_1_the_id_is_read_in_each_of_its_forms(
    publisher: FacebookPublisher, server: CannedServer, written: object, post_id: str
) -> None:
    server.script = [not_read(400, (100, 33), "Unsupported", written)]
    assert publisher.publish(POST, (), at_once).post_id == post_id


@pytest.mark.parametrize("create", CREATES, ids=["post", "comment"])
def test_answers_1_it_may_stand_beside_the_error(
    publisher: FacebookPublisher, server: CannedServer, create: Publish
) -> None:
    server.script = [reply(400, {**refused(10), "original_response": {"id": NEW}})]
    assert create(publisher).post_id == NEW


@pytest.mark.parametrize("written", [None, {}, [], "", NEW, {"success": True}, *({"id": i} for i in NO_IDS)])
@pytest.mark.parametrize("post", [POST, CORRECTION], ids=["post", "comment"])
def test_answers_1_an_unusable_id_leaves_it_unknown(
    publisher: FacebookPublisher, server: CannedServer, post: Post, written: object
) -> None:
    server.script = [not_read(400, (190, 463), "Session has expired", written)]
    error = failure(publisher, post)
    assert type(error) is OutcomeUnknown
    assert "Session has expired" in str(error)


def test_answers_1_an_id_beside_an_error_leaves_it_unknown(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [reply(200, {"id": NEW, **refused(100)})]
    assert type(failure(publisher)) is OutcomeUnknown


@pytest.mark.parametrize("written", [{"success": True}, {"id": DRAFT}, {"id": DRAFT, "success": True}])
@pytest.mark.parametrize(("status", "numbers", "words"), NOT_READ)
def test_answers_1_a_draft_that_was_made_public_and_not_read_back_is_public(
    in_phases: FacebookPublisher,
    server: CannedServer,
    drafts: DraftsInMemory,
    status: int,
    numbers: tuple[int, int | None],
    words: str,
    written: object,
) -> None:
    server.script = [NO_STRAYS, DRAFTED, not_read(status, numbers, words, written)]
    assert in_phases.publish(POST, (), at_once).post_id == DRAFT
    assert drafts.recall(hash_of(POST)) is None
    assert len(server.asked) == 3


@pytest.mark.parametrize("written", [None, {}, {"success": False}, {"id": NEW}, {"id": True}])
def test_answers_1_a_draft_of_which_nothing_clear_is_said_is_unknown_and_stays(
    in_phases: FacebookPublisher, server: CannedServer, drafts: DraftsInMemory, written: object
) -> None:
    server.script = [NO_STRAYS, DRAFTED, not_read(400, (100, 33), "Unsupported", written)]
    assert type(failure(in_phases)) is OutcomeUnknown
    assert drafts.recall(hash_of(POST)) == DRAFT
    assert server.paths("DELETE") == []


def test_answers_1_a_draft_that_was_made_and_not_read_back_is_used(
    in_phases: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [NO_STRAYS, not_read(400, (10, None), "No", {"id": DRAFT}), reply(200, {"success": True})]
    assert in_phases.publish(POST, (), at_once).post_id == DRAFT
    assert server.paths() == [FEED, f"/prefix/v26.0/{DRAFT}"]


def test_answers_1_a_picture_that_was_taken_and_not_read_back_is_used(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    written = {"id": "77", "post_id": NEW}
    server.script = [not_read(400, (10, None), "No", written), reply(200, {"id": NEW})]
    assert publisher.publish(POST, (PICTURE,), at_once).post_id == NEW
    assert server.paths() == [PHOTOS, FEED]
    assert parse_qs(server.asked[1].body.decode())["attached_media"] == ['[{"media_fbid": "77"}]']


def test_answers_1_what_writes_asks_for_no_fields(
    publisher: FacebookPublisher, in_phases: FacebookPublisher, server: CannedServer
) -> None:
    made = reply(200, {"id": NEW})
    server.script = [UPLOADED, made, made, NO_STRAYS, DRAFTED, reply(200, {"success": True})]
    publisher.publish(POST, (PICTURE,), at_once)
    publisher.publish(CORRECTION, (), at_once)
    in_phases.publish(POST, (), at_once)
    written = [asked for asked in server.asked if asked.method == "POST"]
    assert len(written) == 5
    assert [asked.path for asked in written if b"fields" in asked.body or "fields=" in asked.path] == []


@pytest.mark.parametrize("post", [POST, CORRECTION], ids=["post", "comment"])
@pytest.mark.parametrize("no_id", NO_IDS, ids=lambda value: repr(value)[:20])
def test_answers_6_what_is_no_id_is_no_receipt(
    publisher: FacebookPublisher, server: CannedServer, post: Post, no_id: object
) -> None:
    server.script = [reply(200, {"id": no_id})]
    assert type(failure(publisher, post)) is OutcomeUnknown


@pytest.mark.parametrize("an_id", [7, "7", NEW, f"{PAGE}_{PAGE}_7", str(2**64 - 1)])
def test_answers_6_what_is_an_id_is_a_receipt(
    publisher: FacebookPublisher, server: CannedServer, an_id: object
) -> None:
    server.script = [reply(200, {"id": an_id})]
    assert publisher.publish(POST, (), at_once).post_id == str(an_id)


def test_answers_6_a_draft_without_an_id_is_not_made_public(
    in_phases: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [NO_STRAYS, reply(200, {"id": "0"}), reply(500, HTML)]
    assert not failure(in_phases).may_be_public
    assert server.paths() == [FEED]


@pytest.mark.parametrize(
    "body", [{"data": []}, {"data": [], "paging": None}, {"data": [], "paging": {"next": None}}]
)
def test_answers_8_an_empty_timeline_of_a_page_has_many_forms(
    publisher: FacebookPublisher, server: CannedServer, body: object
) -> None:
    server.script = [reply(200, body)]
    assert publisher.timeline(SINCE) == Timeline(posts=(), complete=True, read=0)


@pytest.mark.parametrize("paging", [{}, {"paging": None}, {"paging": {}}, {"paging": {"cursors": {}}}])
@pytest.mark.parametrize("words", [{}, {"message": None}, {"message": ""}])
@pytest.mark.parametrize("under", [None, ABOVE])
def test_answers_8_a_post_without_words_is_read_with_the_others(
    publisher: FacebookPublisher,
    server: CannedServer,
    under: str | None,
    words: dict[str, object],
    paging: dict[str, object],
) -> None:
    at = "2026-11-23T11:31:00+0000"
    silent, spoken = ({"id": f"{PAGE}_{n}", "created_time": at, "from": None} for n in (1, 2))
    server.script = [reply(200, {"data": [silent | words, spoken | {"message": "Words"}], **paging})]
    timeline = publisher.timeline(SINCE, under)
    assert (timeline.complete, timeline.read) == (True, 2)
    assert sorted(live.text for live in timeline.posts) == ["", "Words"]


@pytest.mark.parametrize(
    "body",
    [{"paging": {}}, {"data": None}, {"data": [], "paging": []}, {"data": [], "paging": {"next": ""}}, {}],
)
def test_answers_8_what_hides_a_pages_posts_is_never_an_empty_timeline(
    publisher: FacebookPublisher, server: CannedServer, body: object
) -> None:
    server.script = [reply(200, body)]
    with pytest.raises(Unreachable):
        publisher.timeline(SINCE)


@pytest.mark.parametrize(
    ("code", "words", "advice"),
    [
        (21, "Page ID 1 was migrated to page ID 2. Please update your API calls to the new ID", "page_id"),
        (5, "Unauthorized source IP address", "addresses"),
        (12, "This call has been deprecated", "graph_version"),
        (2500, "Unknown path components: /feeed", "base_url"),
        ("21", "Page ID 1 was migrated to page ID 2", "page_id"),
    ],
)
def test_answers_2_what_no_post_will_change_needs_a_person(
    publisher: FacebookPublisher, server: CannedServer, code: object, words: str, advice: str
) -> None:
    server.script = [reply(400, refused(code, None, words))]
    error = failure(publisher)
    assert isinstance(error, Unauthorized)
    assert (words in str(error), advice in error.advice, error.unexplained) == (True, True, False)
    assert error.advice.endswith("then resume the channel")


@pytest.mark.parametrize(
    ("code", "subcode", "words"),
    [
        (1500, None, "The url you supplied is invalid"),
        (105, None, "The number of parameters exceeded the maximum for this operation"),
        (194, None, "Missing at least one parameter"),
        (100, 1500, "Invalid parameter"),
        (100, None, "Invalid parameter"),
    ],
)
def test_answers_3_what_is_wrong_with_a_post_fails_that_post(
    publisher: FacebookPublisher, server: CannedServer, code: int, subcode: int | None, words: str
) -> None:
    server.script = [reply(400, refused(code, subcode, words))]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert (error.duplicate, error.unexplained, error.advice) == (False, False, "")


@pytest.mark.parametrize("code", [80_000, 80_001, 80_002, 80_006, 80_008, 80_014])
def test_answers_3_every_limit_of_business_use_is_a_limit(
    publisher: FacebookPublisher, server: CannedServer, code: int
) -> None:
    server.script = [reply(400, refused(code))]
    assert isinstance(failure(publisher), Throttled)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((368, None), "You've already posted this"),
        ((368, None), "You\u2019ve already posted this."),
        ((368, 99), "Looks like you already posted this"),
        ((368, 1404082), "Words"),
        ((100, 1404082), "Words"),
        ((1404082, None), "Words"),
        ((506, None), "Duplicate status message"),
        ((506, 99), "Words"),
    ],
)
def test_answers_4_a_repetition_is_told_in_many_ways(
    publisher: FacebookPublisher, server: CannedServer, numbers: tuple[int, int | None], words: str
) -> None:
    server.script = [reply(400, refused(*numbers, words))]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert error.duplicate


@pytest.mark.parametrize("numbers", [(368, None), (368, 99), (368, 1346003), (100, 1346003), (1346003, None)])
def test_answers_5_content_that_is_not_wanted_is_refused_and_the_page_suspected(
    publisher: FacebookPublisher, server: CannedServer, numbers: tuple[int, int | None]
) -> None:
    server.script = [reply(400, refused(*numbers, "The action attempted has been deemed abusive"))]
    error = failure(publisher)
    assert isinstance(error, Rejected)
    assert (error.duplicate, error.unexplained) == (False, False)
    assert error.advice.endswith("then resume the channel")


@pytest.mark.parametrize(
    ("numbers", "words", "expected"),
    [
        ((368, 1390008), "Words", Throttled),
        ((368, None), "We limit how often you can post, comment or do other things", Throttled),
        ((368, None), "It looks like you were misusing this feature by going too fast", Throttled),
        ((368, None), "You're temporarily blocked from posting", Unauthorized),
        ((368, 4854002), "Words", Unauthorized),
    ],
)
def test_answers_5_what_is_said_of_the_page_is_not_laid_on_the_post(
    publisher: FacebookPublisher,
    server: CannedServer,
    numbers: tuple[int, int | None],
    words: str,
    expected: type[PublishError],
) -> None:
    server.script = [reply(400, refused(*numbers, words))]
    assert type(failure(publisher)) is expected


@pytest.mark.parametrize(
    ("answer", "unexplained"),
    [
        (reply(400, refused(190, None, "Invalid OAuth access token.")), True),
        (reply(401, refused(190, None, "Invalid OAuth access token.")), True),
        (reply(401, {"error": {"message": "Unauthorized", "type": "OAuthException"}}), True),
        (reply(401, refused(190, 463, "Session has expired")), False),
        (reply(400, refused(190, 7)), False),
        (
            reply(400, refused(190, None, "Error validating access token: Session has expired")),
            False,
        ),
        (reply(400, refused(190, None, "The session has been invalidated")), False),
        (reply(400, refused(190, None, "Malformed access token")), False),
        (reply(400, refused(102)), False),
        (reply(403, refused(200)), False),
    ],
)
def test_answers_13_graph_says_why_a_token_is_dead_or_does_not(
    publisher: FacebookPublisher, server: CannedServer, answer: bytes, unexplained: bool
) -> None:
    server.script = [answer]
    error = failure(publisher)
    assert isinstance(error, Unauthorized)
    assert error.unexplained is unexplained


@pytest.mark.parametrize("author", ["42", 42])
def test_answers_8_somebody_elses_comment_is_not_the_pages_own(
    publisher: FacebookPublisher, server: CannedServer, author: object
) -> None:
    at, own = "2026-11-23T11:31:00+0000", f"{PAGE}_6"
    theirs = {"id": f"{PAGE}_5", "created_time": at, "message": "Words", "from": {"id": author}}
    ours = {**theirs, "id": own, "from": {"id": int(PAGE)}}
    server.script = [reply(200, {"data": [theirs, ours]})]
    assert [live.receipt.post_id for live in publisher.timeline(SINCE, ABOVE).posts] == [own]
