"""Publishing in two phases: a draft that nobody sees, its id recorded, then the draft is made public."""

import io
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from PIL import Image as Drawing

from canned import BE_LATE, HANG_UP, RESET, CannedServer, assert_no_secret, reply
from clients import PATIENT, patience_for
from facebook_answers import (
    APP_SECRET,
    FEED,
    HTML,
    PAGE,
    PHOTOS,
    PICTURE,
    POST,
    SECRETS,
    TOKEN,
    UPLOADED,
    refused,
)
from fakes import FakeClock, at_once
from spotlight_notify.model.aids import Image
from spotlight_notify.model.errors import (
    LedgerError,
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.posts import Picture, Post
from spotlight_notify.networks.facebook.drafts import DraftsInMemory, hash_of
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.ports.parts import Drafts
from spotlight_notify.sandbox.faults import Fault
from spotlight_notify.sandbox.server import Sandbox
from spotlight_notify.wire.wire import Wire

DRAFT = f"{PAGE}_303"
DRAFTED = reply(200, {"id": DRAFT})
DONE = reply(200, {"success": True})
NOT_YET = reply(200, {"id": DRAFT, "is_published": False})
GONE = reply(400, refused(100, 33))
NO_STRAYS = reply(200, {"data": []})
LOOK = ("GET", f"/prefix/v26.0/{PAGE}/ads_posts")
ONE = f"/prefix/v26.0/{DRAFT}"
UNCLEAR = [
    HANG_UP,
    RESET,
    BE_LATE,
    reply(200, b""),
    reply(200, {}),
    reply(200, {"success": False}),
    reply(200, HTML),
    reply(302, b"", location="/"),
    reply(400, refused(1)),
    reply(400, refused(99_999)),
    reply(500, refused(190)),
    reply(503, HTML),
]


class BrokenDrafts(DraftsInMemory):
    """Fail at one of the three."""

    def __init__(self, broken: str) -> None:
        super().__init__()
        self._broken = broken

    def remember(self, digest: str, post_id: str) -> None:
        self._fail("remember")
        super().remember(digest, post_id)

    def recall(self, digest: str) -> str | None:
        self._fail("recall")
        return super().recall(digest)

    def forget(self, digest: str) -> None:
        self._fail("forget")
        super().forget(digest)

    def _fail(self, name: str) -> None:
        if name == self._broken:
            raise LedgerError("the ledger cannot be written")


@pytest.fixture
def publisher(
    request: pytest.FixtureRequest, wire: Wire, server: CannedServer, drafts: DraftsInMemory
) -> FacebookPublisher:
    return on_server(wire, server, drafts, patience_for(request))


def on_server(
    wire: Wire, server: CannedServer, drafts: Drafts | None, patience: float = PATIENT
) -> FacebookPublisher:
    return FacebookPublisher(
        wire.session(read=patience),
        page_id=PAGE,
        access_token=TOKEN,
        app_secret=APP_SECRET,
        clock=FakeClock(),
        base_url=server.url + "/prefix",
        two_phase=True,
        drafts=drafts,
    )


def failure(publisher: FacebookPublisher, *pictures: Picture) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.publish(POST, pictures, at_once)
    assert_no_secret(caught.value, SECRETS)
    assert "\n" not in str(caught.value)
    return caught.value


def calls(server: CannedServer) -> list[tuple[str, str]]:
    return [(asked.method, asked.path.partition("?")[0]) for asked in server.asked]


def form(body: bytes) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(body.decode()).items()}


def test_the_draft_is_recorded_before_it_is_made_public(
    publisher: FacebookPublisher, server: CannedServer, drafts: DraftsInMemory
) -> None:
    server.script = [NO_STRAYS, DRAFTED, HANG_UP]
    failure(publisher)
    assert calls(server) == [LOOK, ("POST", FEED), ("POST", ONE)]
    first, second = (form(asked.body) for asked in server.asked[1:])
    assert first["published"] == "false"
    assert (first["message"], first["link"]) == (POST.text, POST.link)
    assert second["is_published"] == "true"
    assert drafts.recall(hash_of(POST)) == DRAFT


@pytest.mark.parametrize(
    "made",
    [
        {"success": True},
        {"id": DRAFT},
        {"success": True, "permalink_url": "https://www.facebook.com/9/posts/303"},
    ],
)
def test_a_post_in_two_phases_has_a_receipt_and_leaves_no_draft(
    publisher: FacebookPublisher, server: CannedServer, drafts: DraftsInMemory, made: dict[str, object]
) -> None:
    server.script = [NO_STRAYS, DRAFTED, reply(200, made)]
    receipt = publisher.publish(POST, (), at_once)
    assert receipt.post_id == DRAFT
    assert receipt.url == made.get("permalink_url", f"https://www.facebook.com/{DRAFT}")
    assert drafts.recall(hash_of(POST)) is None


def test_pictures_go_up_before_the_draft(publisher: FacebookPublisher, server: CannedServer) -> None:
    server.script = [NO_STRAYS, UPLOADED, DRAFTED, DONE]
    publisher.publish(POST, (PICTURE,), at_once)
    assert server.paths() == [PHOTOS, FEED, ONE]
    assert form(server.asked[2].body)["attached_media"] == '[{"media_fbid": "77"}]'


@pytest.mark.parametrize("trouble", UNCLEAR)
def test_an_unclear_answer_to_the_draft_is_never_public(
    publisher: FacebookPublisher, server: CannedServer, trouble: bytes
) -> None:
    server.script = [NO_STRAYS, trouble, DRAFTED, DONE]
    error = failure(publisher)
    assert type(error) is Unreachable
    assert "nothing was posted" in str(error)
    assert server.script == [DRAFTED, DONE]


@pytest.mark.parametrize("trouble", [*UNCLEAR, reply(200, {"id": "1_2"})])
def test_an_unclear_answer_to_the_publishing_may_be_public_and_is_not_asked_for_again(
    publisher: FacebookPublisher, server: CannedServer, drafts: DraftsInMemory, trouble: bytes
) -> None:
    server.script = [NO_STRAYS, DRAFTED, trouble, DONE, DONE]
    assert type(failure(publisher)) is OutcomeUnknown
    assert server.script == [DONE, DONE]
    assert drafts.recall(hash_of(POST)) == DRAFT


@pytest.mark.parametrize("trouble", [HANG_UP, reply(403, refused(32)), reply(400, refused(190))])
def test_a_known_draft_is_published_again_and_not_made_again(
    publisher: FacebookPublisher, server: CannedServer, trouble: bytes
) -> None:
    """Not even its pictures go up again."""
    server.script = [NO_STRAYS, UPLOADED, DRAFTED, trouble, DONE]
    failure(publisher, PICTURE)
    assert publisher.publish(POST, (PICTURE,), at_once).post_id == DRAFT
    assert calls(server) == [LOOK, ("POST", PHOTOS), ("POST", FEED), ("POST", ONE), ("POST", ONE)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply(403, refused(32)), Throttled),
        (reply(400, refused(368, 1390008)), Throttled),
        (reply(400, refused(190)), Unauthorized),
        (reply(400, refused(100)), Rejected),
        (reply(400, refused(506)), Rejected),
        (reply(400, refused(1609005)), Unreachable),
    ],
)
@pytest.mark.parametrize("phase", [1, 2])
def test_a_clear_refusal_has_its_own_class_in_both_phases(
    publisher: FacebookPublisher,
    server: CannedServer,
    phase: int,
    answer: bytes,
    expected: type[PublishError],
) -> None:
    server.script = [NO_STRAYS, *([DRAFTED] if phase == 2 else []), answer, NOT_YET, DONE]
    error = failure(publisher)
    assert type(error) is expected
    assert not isinstance(error, Rejected) or error.duplicate is (b"506" in answer)
    assert not error.may_be_public


def test_a_draft_that_is_rejected_is_cleaned_up(
    publisher: FacebookPublisher, server: CannedServer, drafts: DraftsInMemory
) -> None:
    server.script = [NO_STRAYS, DRAFTED, reply(400, refused(100)), NOT_YET, DONE]
    assert type(failure(publisher)) is Rejected
    assert calls(server)[3:] == [("GET", ONE), ("DELETE", ONE)]
    assert drafts.recall(hash_of(POST)) is None


@pytest.mark.parametrize("numbers", [(506, None), (100, None)])
def test_a_draft_that_is_public_already_is_a_success_and_is_never_deleted(
    publisher: FacebookPublisher, server: CannedServer, numbers: tuple[int, int | None]
) -> None:
    live = {"id": DRAFT, "is_published": True, "created_time": "2026-11-23T12:00:00+0000"}
    server.script = [NO_STRAYS, DRAFTED, HANG_UP, reply(400, refused(*numbers)), reply(200, live), DONE]
    failure(publisher)
    receipt = publisher.publish(POST, (), at_once)
    assert receipt.post_id == DRAFT
    assert receipt.posted_at is not None
    assert "DELETE" not in [method for method, _ in calls(server)]


@pytest.mark.parametrize("look", [HANG_UP, reply(500), reply(200, {"id": DRAFT}), reply(200, b"[" * 100_000)])
def test_a_draft_of_which_nothing_is_known_is_never_deleted(
    publisher: FacebookPublisher, server: CannedServer, drafts: DraftsInMemory, look: bytes
) -> None:
    server.script = [NO_STRAYS, DRAFTED, reply(400, refused(100)), look, DONE]
    assert type(failure(publisher)) is Rejected
    assert "DELETE" not in [method for method, _ in calls(server)]
    assert drafts.recall(hash_of(POST)) == DRAFT


@pytest.mark.parametrize("answers", [[GONE], [reply(400, refused(100)), NOT_YET, DONE]])
def test_an_old_draft_that_is_of_no_use_says_nothing_against_the_post(
    publisher: FacebookPublisher, server: CannedServer, answers: list[bytes]
) -> None:
    """Its pictures may be gone after a day, or a person may have deleted it."""
    again = f"{PAGE}_404"
    server.script = [NO_STRAYS, DRAFTED, HANG_UP, *answers, NO_STRAYS, reply(200, {"id": again}), DONE]
    failure(publisher)
    assert type(failure(publisher)) is Unreachable
    assert publisher.publish(POST, (), at_once).post_id == again


def test_another_post_has_a_draft_of_its_own(publisher: FacebookPublisher, server: CannedServer) -> None:
    server.script = [NO_STRAYS, DRAFTED, HANG_UP, NO_STRAYS, reply(200, {"id": "1_5"}), DONE]
    failure(publisher)
    other = Post(text=POST.text, link=POST.link, images=(Image(url="https://a.example/i.png"),))
    assert publisher.publish(other, (), at_once).post_id == "1_5"


@pytest.mark.parametrize(
    ("broken", "asked"),
    [("recall", []), ("remember", [LOOK, ("POST", FEED), ("DELETE", ONE)])],
)
def test_what_cannot_be_recorded_is_not_published(
    wire: Wire, server: CannedServer, broken: str, asked: list[tuple[str, str]]
) -> None:
    server.script = [NO_STRAYS, DRAFTED, DONE, DONE]
    error = failure(on_server(wire, server, BrokenDrafts(broken)))
    assert type(error) is Unreachable
    assert "the ledger cannot be written" in str(error)
    assert calls(server) == asked


def test_a_post_that_is_public_is_a_success_whatever_the_records_say(
    wire: Wire, server: CannedServer
) -> None:
    server.script = [NO_STRAYS, DRAFTED, DONE]
    assert on_server(wire, server, BrokenDrafts("forget")).publish(POST, (), at_once).post_id == DRAFT


def in_sandbox(wire: Wire, sandbox: Sandbox, clock: FakeClock) -> FacebookPublisher:
    clock.advance(timedelta(hours=2))
    sandbox.graph.faults.clear()
    return FacebookPublisher(
        wire.session(),
        page_id=sandbox.page_id,
        access_token=sandbox.graph.page.access_token,
        clock=clock,
        base_url=sandbox.graph_url,
        two_phase=True,
    )


def words(text: str) -> Post:
    return Post(text=f"{text} https://agency.example/a #SpotlightOnSafety", link="https://agency.example/a")


def picture() -> Picture:
    drawn = io.BytesIO()
    Drawing.new("RGB", (8, 8), "navy").save(drawn, "PNG")
    return Picture(content=drawn.getvalue(), media_type="image/png", alt="An officer talks")


def test_what_is_drafted_is_what_becomes_public(wire: Wire, sandbox: Sandbox, clock: FakeClock) -> None:
    publisher, before = in_sandbox(wire, sandbox, clock), len(sandbox.graph.drafts)
    receipt = publisher.publish(words("whole"), (picture(),), at_once)
    live = sandbox.graph.posts[-1]
    assert (live.id, live.text, live.images[0].alt) == (
        receipt.post_id,
        words("whole").text,
        "An officer talks",
    )
    assert len(sandbox.graph.drafts) == before


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.CODE_2_LIVE, Fault.RESET_BEFORE])
def test_publishing_again_after_a_lost_answer_makes_no_second_post(
    wire: Wire, sandbox: Sandbox, clock: FakeClock, fault: Fault
) -> None:
    """Accident 2: the platform posts, then its answer is lost; here even a blind second try is harmless."""
    publisher, post = in_sandbox(wire, sandbox, clock), words(f"once {fault}")
    began_at = clock()
    sandbox.graph.faults.add(fault)
    with pytest.raises(OutcomeUnknown):
        publisher.publish(post, (), at_once)
    receipt = publisher.publish(post, (), at_once)
    [live] = publisher.timeline(began_at).posts
    assert live.receipt.post_id == receipt.post_id
