"""Strays, drafts that nobody remembers, are looked for before a draft is made; nothing else is touched."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from canned import HANG_UP, RESET, CannedServer, assert_no_secret, reply
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
from spotlight_notify.model.errors import LedgerError, OutcomeUnknown, PublishError, Throttled, Unreachable
from spotlight_notify.model.posts import Picture, Post
from spotlight_notify.networks.facebook.drafts import LOOK_BACK, MOST, DraftsInMemory, hash_of
from spotlight_notify.networks.facebook.publisher import FacebookPublisher
from spotlight_notify.wire.wire import Wire

NOW = FakeClock().now
LIST = f"/prefix/v26.0/{PAGE}/ads_posts"
NEW = f"{PAGE}_303"
DRAFTED = reply(200, {"id": NEW})
DONE = reply(200, {"success": True})
ILLUSTRATED = Post(text=POST.text, link=POST.link, images=(Image(url="https://agency.example/i.png"),))


def stray(number: int = 1, **more: object) -> dict[str, object]:
    made_at = NOW - timedelta(minutes=number)
    return {
        "id": f"{PAGE}_{number}",
        "message": POST.text,
        "created_time": graph_time(made_at),
        "is_published": False,
        **more,
    }


def graph_time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}+0000"


def listed(*posts: object) -> bytes:
    return reply(200, {"data": [*posts]})


def one(number: int) -> str:
    return f"/prefix/v26.0/{PAGE}_{number}"


PUBLISHED_NEW = [("POST", FEED), ("POST", one(303))]


@pytest.fixture
def publisher(wire: Wire, server: CannedServer, drafts: DraftsInMemory) -> FacebookPublisher:
    return on_server(wire, server, drafts)


def on_server(wire: Wire, server: CannedServer, drafts: DraftsInMemory) -> FacebookPublisher:
    return FacebookPublisher(
        wire.session(),
        page_id=PAGE,
        access_token=TOKEN,
        app_secret=APP_SECRET,
        clock=FakeClock(),
        base_url=server.url + "/prefix",
        two_phase=True,
        drafts=drafts,
    )


def calls(server: CannedServer) -> list[tuple[str, str]]:
    return [(asked.method, asked.path.partition("?")[0]) for asked in server.asked]


def failure(publisher: FacebookPublisher) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publisher.publish(POST, (), at_once)
    assert_no_secret(caught.value, SECRETS)
    return caught.value


def test_the_look_asks_for_unpublished_posts_of_the_last_hours(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [listed(), DRAFTED, DONE]
    publisher.publish(POST, (), at_once)
    address = urlsplit(server.asked[0].path)
    asked = {name: value for name, [value] in parse_qs(address.query).items()}
    assert (server.asked[0].method, address.path) == ("GET", LIST)
    assert asked["fields"] == "id,message,created_time,is_published,scheduled_publish_time"
    assert asked["include_inline_create"] == "true"
    assert int(asked["since"]) == int((NOW - LOOK_BACK).timestamp())
    assert asked["limit"].isdecimal()


def test_a_stray_is_recorded_before_it_is_made_public(
    publisher: FacebookPublisher, server: CannedServer, drafts: DraftsInMemory
) -> None:
    server.script = [listed(stray()), reply(200, stray()), HANG_UP, DONE]
    assert type(failure(publisher)) is OutcomeUnknown
    assert calls(server) == [("GET", LIST), ("GET", one(1)), ("POST", one(1))]
    assert drafts.recall(hash_of(POST)) == f"{PAGE}_1"
    assert publisher.publish(POST, (), at_once).post_id == f"{PAGE}_1"


def test_of_several_strays_the_newest_is_used_and_the_others_are_deleted(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    """Whatever the order they are listed in."""
    read = [reply(200, stray(1)), reply(200, stray(2)), DONE, reply(200, stray(3)), DONE]
    server.script = [listed(stray(2), stray(1), stray(3)), *read, DONE]
    assert publisher.publish(POST, (), at_once).post_id == f"{PAGE}_1"
    kept, *dropped = calls(server)[1:]
    assert kept == ("GET", one(1))
    assert dropped == [
        ("GET", one(2)),
        ("DELETE", one(2)),
        ("GET", one(3)),
        ("DELETE", one(3)),
        ("POST", one(1)),
    ]


WITH_PICTURES = [(ILLUSTRATED, (PICTURE,)), (ILLUSTRATED, ()), (POST, (PICTURE,))]


@pytest.mark.parametrize(("post", "pictures"), WITH_PICTURES)
def test_where_pictures_are_meant_strays_are_deleted_and_the_draft_is_made_anew(
    publisher: FacebookPublisher, server: CannedServer, post: Post, pictures: tuple[Picture, ...]
) -> None:
    uploads = [UPLOADED for _ in pictures]
    server.script = [listed(stray()), reply(200, stray()), DONE, *uploads, DRAFTED, DONE]
    assert publisher.publish(post, pictures, at_once).post_id == NEW
    uploaded = [("POST", PHOTOS) for _ in pictures]
    assert calls(server) == [("GET", LIST), ("GET", one(1)), ("DELETE", one(1)), *uploaded, *PUBLISHED_NEW]


@pytest.mark.parametrize(
    "post",
    [
        stray(is_published=True),
        stray(is_published=None),
        stray(is_published="false"),
        stray(is_published=0),
        stray(scheduled_publish_time=1_795_000_000),
        stray(scheduled_publish_time="2026-11-24T12:00:00+0000"),
        stray(message=POST.text + " "),
        stray(message=POST.text.lower()),
        stray(message=None),
        stray(created_time=graph_time(NOW - LOOK_BACK - timedelta(seconds=1))),
        stray(created_time=graph_time(NOW + timedelta(minutes=2))),
        stray(created_time="yesterday"),
        stray(created_time=None),
        stray(id=""),
        stray(id=7),
        {"id": f"{PAGE}_1"},
        "words",
        None,
    ],
)
def test_nothing_else_is_ever_touched(
    publisher: FacebookPublisher, server: CannedServer, post: object
) -> None:
    server.script = [listed(post), DRAFTED, DONE]
    assert publisher.publish(POST, (), at_once).post_id == NEW
    assert calls(server) == [("GET", LIST), *PUBLISHED_NEW]


@pytest.mark.parametrize(
    "now",
    [
        reply(200, stray(is_published=True)),
        reply(200, stray(message="Words that somebody has changed")),
        reply(200, stray(scheduled_publish_time=1_795_000_000)),
        reply(200, stray(id=f"{PAGE}_2")),
        reply(200, {}),
        reply(400, refused(100, 33)),
    ],
)
def test_a_stray_that_is_not_what_the_list_said_is_left_alone(
    publisher: FacebookPublisher, server: CannedServer, now: bytes
) -> None:
    """Lists lag: it may be public, or gone, by now. The next one is looked at all the same."""
    server.script = [listed(stray(1), stray(2)), now, reply(200, stray(2)), DONE, DRAFTED, DONE]
    assert publisher.publish(ILLUSTRATED, (), at_once).post_id == NEW
    cleared = [("GET", one(1)), ("GET", one(2)), ("DELETE", one(2))]
    assert calls(server) == [("GET", LIST), *cleared, *PUBLISHED_NEW]


def test_a_stray_that_is_public_by_now_is_not_taken_for_a_new_post(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [listed(stray()), reply(200, stray(is_published=True)), DRAFTED, DONE]
    assert publisher.publish(POST, (), at_once).post_id == NEW
    assert one(1) not in server.paths("POST") + server.paths("DELETE")


def test_a_try_touches_only_so_many(publisher: FacebookPublisher, server: CannedServer) -> None:
    many = [stray(number) for number in range(1, MOST + 3)]
    server.script = [listed(*many), *(reply(200, post) for post in many for _ in range(2))]
    failure(publisher)
    assert {path for _, path in calls(server)[1:-1]} == {one(number) for number in range(1, MOST + 1)}


ONCE_ONLY = [(400, 100), (400, 3), (403, 10), (403, 200), (403, 283), (403, 299)]


@pytest.mark.parametrize(("status", "code"), ONCE_ONLY)
@pytest.mark.parametrize("subcode", [None, 33])
def test_a_refusal_that_would_come_again_is_not_asked_for_again(
    publisher: FacebookPublisher, server: CannedServer, status: int, code: int, subcode: int | None
) -> None:
    server.script = [reply(status, refused(code, subcode)), DRAFTED, DONE, DRAFTED, DONE]
    assert [publisher.publish(POST, (), at_once).post_id for _ in range(2)] == [NEW, NEW]
    assert calls(server) == [("GET", LIST), *PUBLISHED_NEW, *PUBLISHED_NEW]


TROUBLES = [
    HANG_UP,
    RESET,
    reply(200, b""),
    reply(200, [stray()]),
    reply(200, b"[" * 100_000),
    reply(200, HTML),
    reply(302, b"", location="/"),
    reply(400, refused(1)),
    reply(400, refused(99_999)),
    reply(400, refused(200, is_transient=True)),
    reply(403, refused(4)),
    reply(403, refused(32, is_transient=True)),
    reply(429, HTML),
    reply(400, refused(368, 1390008)),
    reply(400, refused(190)),
    reply(400, refused(190, 459)),
    reply(500, refused(200)),
    reply(503, HTML),
]
NO_LISTS = [reply(200, {}), reply(200, {"data": None}), reply(200, {"data": {"id": "1"}})]


@pytest.mark.parametrize("trouble", TROUBLES + NO_LISTS)
def test_whatever_else_goes_wrong_with_the_look_the_post_goes_out_and_the_next_look_is_made(
    publisher: FacebookPublisher, server: CannedServer, trouble: bytes
) -> None:
    server.script = [trouble, DRAFTED, DONE, listed(stray()), reply(200, stray()), DONE]
    assert publisher.publish(POST, (), at_once).post_id == NEW
    assert publisher.publish(POST, (), at_once).post_id == f"{PAGE}_1"


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("step", ["read", "delete"])
def test_whatever_goes_wrong_with_a_stray_ends_the_clearing_and_the_post_goes_out(
    publisher: FacebookPublisher, server: CannedServer, trouble: bytes, step: str
) -> None:
    before = [] if step == "read" else [reply(200, stray(1))]
    server.script = [listed(stray(1), stray(2)), *before, trouble, DRAFTED, DONE]
    assert publisher.publish(ILLUSTRATED, (), at_once).post_id == NEW
    assert one(2) not in [path for _, path in calls(server)]


def test_a_stray_that_could_not_be_deleted_does_not_lose_the_newer_one(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    server.script = [listed(stray(1), stray(2)), reply(200, stray(1)), reply(200, stray(2)), HANG_UP, DONE]
    assert publisher.publish(POST, (), at_once).post_id == f"{PAGE}_1"


def test_the_following_call_tells_of_a_rate_limit(publisher: FacebookPublisher, server: CannedServer) -> None:
    limited = reply(403, refused(32))
    server.script = [limited, limited]
    assert type(failure(publisher)) is Throttled
    assert calls(server) == [("GET", LIST), ("POST", FEED)]


def test_a_draft_that_is_remembered_needs_no_look(
    publisher: FacebookPublisher, server: CannedServer, drafts: DraftsInMemory
) -> None:
    drafts.remember(hash_of(POST), NEW)
    server.script = [DONE]
    assert publisher.publish(POST, (), at_once).post_id == NEW
    assert calls(server) == [("POST", one(303))]


class UnwritableDrafts(DraftsInMemory):
    def remember(self, digest: str, post_id: str) -> None:
        raise LedgerError("the ledger cannot be written")


def test_a_stray_that_cannot_be_recorded_is_not_published(wire: Wire, server: CannedServer) -> None:
    server.script = [listed(stray()), reply(200, stray()), DONE, DONE]
    error = failure(on_server(wire, server, UnwritableDrafts()))
    assert type(error) is Unreachable
    assert calls(server)[2:] == [("DELETE", one(1))]


def test_a_stray_that_graph_will_not_publish_says_nothing_against_the_post(
    publisher: FacebookPublisher, server: CannedServer
) -> None:
    refusal, hidden = reply(400, refused(100)), reply(200, {"id": f"{PAGE}_1", "is_published": False})
    server.script = [listed(stray()), reply(200, stray()), refusal, hidden, DONE, listed(), DRAFTED, DONE]
    assert type(failure(publisher)) is Unreachable
    assert publisher.publish(POST, (), at_once).post_id == NEW
