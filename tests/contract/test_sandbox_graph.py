"""The stand-in for the Graph API answers plain requests as Graph does."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from fakes import FakeClock
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.sandbox.samples import read_pictures, read_site
from spotlight_notify.sandbox.server import Sandbox

LINK = "https://spotlight.example.org/aids/keep-calm-and-de-escalate"
PNG = read_pictures(read_site())["keep-calm-and-de-escalate.png"]


def call(sandbox: Sandbox, method: str, path: str, *, token: str | None = "", **arguments: Any) -> Any:
    """Call Graph and return status and body; ``files`` makes it multipart."""
    token = sandbox.graph.page.access_token if token == "" else token
    files = arguments.pop("files", None)
    sent = {**arguments, **({"access_token": token} if token else {})}
    url = f"{sandbox.graph_url}/v26.0/{path}"
    if method == "POST":
        answer = requests.post(url, data=sent, files=files, timeout=60)
    else:
        answer = requests.request(method, url, params=sent, timeout=60)
    return answer.status_code, answer.json()


def feed(sandbox: Sandbox, **arguments: Any) -> Any:
    return call(sandbox, "POST", f"{sandbox.page_id}/feed", **arguments)


def photo(sandbox: Sandbox, content: bytes = PNG, **arguments: Any) -> Any:
    files = {"source": ("poster.png", content, "image/png")}
    return call(sandbox, "POST", f"{sandbox.page_id}/photos", files=files, **arguments)


def test_a_post_answers_with_its_id_and_the_fields_asked_for(sandbox: Sandbox) -> None:
    fields = "id,permalink_url,created_time"
    status, body = feed(sandbox, message="New poster & more", link=LINK, fields=fields)
    assert status == 200
    assert set(body) == {"id", "permalink_url", "created_time"}
    assert body["created_time"] == "2026-11-23T12:00:00+0000"
    page, _, number = body["id"].partition("_")
    assert page == sandbox.page_id
    assert number.isdecimal()
    (shown,) = sandbox.graph.posts
    assert (shown.network, shown.id) == (FACEBOOK, body["id"])
    assert (shown.text, shown.link, shown.images) == ("New poster & more", LINK, ())


def test_answers_carry_the_version_and_the_usage(sandbox: Sandbox) -> None:
    url = f"{sandbox.graph_url}/v26.0/{sandbox.page_id}"
    token = {"access_token": sandbox.graph.page.access_token}
    answer = requests.get(url, params=token | {"fields": "id,name"}, timeout=60)
    assert answer.json() == {"id": sandbox.page_id, "name": sandbox.graph.page.name}
    assert answer.headers["facebook-api-version"] == "v26.0"
    assert set(json.loads(answer.headers["x-app-usage"])) == {"call_count", "total_time", "total_cputime"}


@pytest.mark.parametrize(("token", "code"), [("wrong", 190), (None, 104)])
def test_a_wrong_or_missing_token_is_refused_in_graphs_envelope(
    sandbox: Sandbox, token: str | None, code: int
) -> None:
    status, body = feed(sandbox, token=token, message="hello")
    assert status == 400
    assert set(body["error"]) == {"message", "type", "code", "fbtrace_id"}
    assert (body["error"]["type"], body["error"]["code"]) == ("OAuthException", code)
    assert not sandbox.graph.posts


def test_a_token_may_come_in_the_query_or_the_header_too(sandbox: Sandbox) -> None:
    url, token = f"{sandbox.graph_url}/v26.0/{sandbox.page_id}/feed", sandbox.graph.page.access_token
    in_query = requests.post(url, params={"access_token": token}, data={"message": "one"}, timeout=60)
    bearer = {"Authorization": f"Bearer {token}"}
    in_header = requests.post(url, headers=bearer, data={"message": "two"}, timeout=60)
    assert (in_query.status_code, in_header.status_code) == (200, 200)


def test_the_proof_of_the_app_secret_is_verified_when_sent(sandbox: Sandbox) -> None:
    page = sandbox.graph.page
    proof = hmac.new(page.app_secret.encode(), page.access_token.encode(), hashlib.sha256).hexdigest()
    assert feed(sandbox, message="with proof", appsecret_proof=proof)[0] == 200
    status, body = feed(sandbox, message="with a wrong one", appsecret_proof="0" * 64)
    assert (status, body["error"]["code"]) == (400, 100)
    assert "appsecret_proof" in body["error"]["message"]


def test_empty_posts_are_error_197_and_too_long_ones_100(sandbox: Sandbox) -> None:
    assert feed(sandbox, message=" ")[1]["error"]["code"] == 197
    assert feed(sandbox)[1]["error"]["code"] == 197
    assert feed(sandbox, message="a" * 63_207)[1]["error"]["code"] == 100
    assert feed(sandbox, message="a" * 63_206)[0] == 200


def test_the_same_post_twice_in_a_row_is_error_506(sandbox: Sandbox) -> None:
    feed(sandbox, message="Again", link=LINK)
    status, body = feed(sandbox, message="Again", link=LINK)
    assert (status, body["error"]["code"]) == (400, 506)
    assert feed(sandbox, message="Something else")[0] == 200
    assert feed(sandbox, message="Again", link=LINK)[0] == 200


def test_an_unpublished_photo_with_alt_text_is_shown_by_the_post_it_is_attached_to(sandbox: Sandbox) -> None:
    status, body = photo(sandbox, published="false", alt_text_custom="A badge")
    assert (status, set(body)) == (200, {"id"})
    assert not sandbox.graph.posts
    attached = json.dumps([{"media_fbid": body["id"]}])
    assert feed(sandbox, message="Poster", attached_media=attached)[0] == 200
    image = sandbox.graph.posts[0].images[0]
    assert (image.alt, image.size) == ("A badge", len(PNG))
    assert requests.get(sandbox.url + image.path, timeout=60).content == PNG


@pytest.mark.parametrize("attached", ["media_fbid", '{"media_fbid": "1"}', '[{"media_fbid": "1"}]'])
def test_attached_media_that_are_no_list_of_photos_are_refused(sandbox: Sandbox, attached: str) -> None:
    status, body = feed(sandbox, message="Poster", attached_media=attached)
    assert (status, body["error"]["code"]) == (400, 100)
    assert not sandbox.graph.posts


def test_a_published_photo_is_a_post_with_a_caption(sandbox: Sandbox) -> None:
    status, body = photo(sandbox, caption="Look at this")
    assert (status, set(body)) == (200, {"id", "post_id"})
    assert [(post.id, post.text) for post in sandbox.graph.posts] == [(body["post_id"], "Look at this")]


def test_pictures_graph_cannot_use_are_refused(sandbox: Sandbox) -> None:
    assert photo(sandbox, b"GIF89a....")[1]["error"]["error_subcode"] == 1_366_046
    assert photo(sandbox, PNG + bytes(4 * 1024 * 1024))[1]["error"]["error_subcode"] == 1_366_046
    without = call(sandbox, "POST", f"{sandbox.page_id}/photos", caption="nothing")
    assert without[1]["error"]["code"] == 324
    assert not sandbox.graph.posts


def test_a_draft_is_invisible_until_published_and_publishing_again_changes_nothing(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    _, body = feed(sandbox, message="Draft", published="false")
    assert not sandbox.graph.posts
    assert [draft.id for draft in sandbox.graph.drafts] == [body["id"]]
    assert call(sandbox, "GET", body["id"], fields="is_published")[1]["is_published"] is False
    clock.advance(timedelta(minutes=5))
    assert call(sandbox, "POST", body["id"], is_published="true") == (200, {"success": True})
    published_at = clock.now
    clock.advance(timedelta(minutes=5))
    assert call(sandbox, "POST", body["id"], is_published="true") == (200, {"success": True})
    assert [(post.id, post.posted_at) for post in sandbox.graph.posts] == [(body["id"], published_at)]


def test_published_posts_lists_what_is_live_newest_first(sandbox: Sandbox, clock: FakeClock) -> None:
    ids = []
    for words in ("one", "two", "three"):
        ids.append(feed(sandbox, message=words)[1]["id"])
        clock.advance(timedelta(minutes=1))
    feed(sandbox, message="draft", published="false")

    def read(**query: str) -> list[str]:
        body = call(sandbox, "GET", f"{sandbox.page_id}/published_posts", **query)[1]
        return [post["id"] for post in body["data"]]

    since = int((clock.now - timedelta(minutes=1)).timestamp())
    assert read() == ids[::-1]
    assert read(limit="2") == [ids[2], ids[1]]
    assert read(since=str(since)) == [ids[2]]
    first = call(
        sandbox, "GET", f"{sandbox.page_id}/published_posts", fields="id,message,created_time,permalink_url"
    )[1]["data"][0]
    assert (first["message"], first["created_time"]) == ("three", "2026-11-23T12:02:00+0000")
    assert first["permalink_url"].startswith("http")


def test_a_deleted_post_is_gone(sandbox: Sandbox) -> None:
    _, body = feed(sandbox, message="Short-lived")
    assert call(sandbox, "DELETE", body["id"]) == (200, {"success": True})
    status, error = call(sandbox, "GET", body["id"])
    assert (status, error["error"]["code"], error["error"]["error_subcode"]) == (400, 100, 33)
    assert not sandbox.graph.posts


def test_debug_token_tells_about_the_page_token(sandbox: Sandbox) -> None:
    page = sandbox.graph.page
    app = f"{page.app_id}|{page.app_secret}"
    about = call(sandbox, "GET", "debug_token", token=app, input_token=page.access_token)[1]["data"]
    assert (about["type"], about["is_valid"], about["expires_at"]) == ("PAGE", True, 0)
    assert "pages_manage_posts" in about["scopes"]
    dead = call(sandbox, "GET", "debug_token", token=app, input_token="old")[1]["data"]
    assert dead["is_valid"] is False
    assert call(sandbox, "GET", "debug_token", token="x|y", input_token="old")[0] == 400


def test_another_page_is_unknown(sandbox: Sandbox) -> None:
    assert call(sandbox, "POST", "4711/feed", message="hello")[1]["error"]["error_subcode"] == 33
