"""The stand-in for X reads both names of its fields, one tweet by id, and pictures in any of X's ways."""

import base64
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from spotlight_notify.sandbox.samples import read_pictures, read_site
from spotlight_notify.sandbox.server import Sandbox

PNG = read_pictures(read_site())["keep-calm-and-de-escalate.png"]
WORDS = base64.b64encode(PNG).decode()


def ask(sandbox: Sandbox, method: str, path: str, **sent: Any) -> requests.Response:
    account = sandbox.x.account
    auth = OAuth1(
        account.consumer_key, account.consumer_secret, account.access_token, account.access_token_secret
    )
    return requests.request(method, f"{sandbox.x_url}/2{path}", auth=auth, timeout=60, **sent)


def tweet(sandbox: Sandbox, text: str, **more: Any) -> str:
    return str(ask(sandbox, "POST", "/tweets", json={"text": text, **more}).json()["data"]["id"])


def timeline(sandbox: Sandbox, **query: str) -> Any:
    return ask(sandbox, "GET", f"/users/{sandbox.x.account.id}/tweets", params=query).json()["data"]


def test_answers_14_the_requests_dialect_decides_the_answers_keys(sandbox: Sandbox) -> None:
    above = tweet(sandbox, "above")
    reply = tweet(sandbox, "below", reply={"in_reply_to_tweet_id": above})
    replied = [{"type": "replied_to", "id": above}]
    new = timeline(sandbox, **{"post.fields": "created_at,referenced_posts"})[0]
    assert set(new) == {"id", "text", "created_at", "referenced_posts", "edit_history_post_ids"}
    assert (new["referenced_posts"], new["edit_history_post_ids"]) == (replied, [reply])
    old = timeline(sandbox, **{"tweet.fields": "created_at,referenced_tweets"})[0]
    assert set(old) == {"id", "text", "created_at", "referenced_tweets", "edit_history_tweet_ids"}
    assert (old["referenced_tweets"], old["edit_history_tweet_ids"]) == (replied, [reply])


@pytest.mark.parametrize("name", ["post.fields", "tweet.fields"])
def test_answers_14_an_unknown_field_is_dropped_with_a_200(sandbox: Sandbox, name: str) -> None:
    made = tweet(sandbox, "one")
    path = f"/users/{sandbox.x.account.id}/tweets"
    answer = ask(sandbox, "GET", path, params={name: "mood,author_id"})
    assert answer.status_code == 200
    (entry,) = answer.json()["data"]
    assert (entry["id"], entry["author_id"], "mood" in entry) == (made, sandbox.x.account.id, False)


def test_answers_14_one_tweet_is_read_by_its_id(sandbox: Sandbox) -> None:
    made = tweet(sandbox, "one & only")
    answer = ask(sandbox, "GET", f"/tweets/{made}", params={"post.fields": "created_at"})
    assert answer.json()["data"] == {
        "id": made,
        "text": "one &amp; only",
        "created_at": "2026-11-23T12:00:00.000Z",
        "edit_history_post_ids": [made],
    }
    assert ask(sandbox, "GET", f"/tweets/{made}", params={"max_results": "5"}).status_code == 400
    gone = ask(sandbox, "GET", "/tweets/12")
    assert (gone.status_code, list(gone.json())) == (200, ["errors"])
    assert gone.json()["errors"][0]["type"].endswith("/resource-not-found")


def test_answers_14_deleting_what_is_gone_does_not_say_deleted(sandbox: Sandbox) -> None:
    made = tweet(sandbox, "one")
    assert ask(sandbox, "DELETE", f"/tweets/{made}").json() == {"data": {"deleted": True}}
    for gone in (made, "12"):
        body = ask(sandbox, "DELETE", f"/tweets/{gone}").json()
        assert list(body) == ["errors"]
        assert body["errors"][0]["resource_id"] == gone
        assert body["errors"][0]["type"].endswith("/resource-not-found")


def test_answers_14_a_picture_may_come_as_base64_in_json(sandbox: Sandbox) -> None:
    asked = {"media": WORDS, "media_category": "tweet_image", "media_type": "image/png"}
    data = ask(sandbox, "POST", "/media/upload", json=asked).json()["data"]
    assert (data["size"], data["media_key"]) == (len(PNG), f"3_{data['id']}")
    tweet(sandbox, "with it", media={"media_ids": [data["id"]]})
    (image,) = sandbox.x.posts[-1].images
    assert requests.get(sandbox.url + image.path, timeout=60).content == PNG


@pytest.mark.parametrize(
    "asked",
    [
        {"media": WORDS},
        {"media": "no base64!", "media_category": "tweet_image"},
        {"media": 5, "media_category": "tweet_image"},
        {"media_category": "tweet_image"},
    ],
)
def test_answers_14_json_without_a_picture_is_an_invalid_request(sandbox: Sandbox, asked: Any) -> None:
    assert ask(sandbox, "POST", "/media/upload", json=asked).status_code == 400


def begin(sandbox: Sandbox, **other: Any) -> requests.Response:
    asked = {"media_type": "image/png", "total_bytes": len(PNG), "media_category": "tweet_image"}
    return ask(sandbox, "POST", "/media/upload/initialize", json=asked | other)


def test_answers_14_a_picture_may_come_in_segments_as_form_or_json_in_any_order(sandbox: Sandbox) -> None:
    media_id = begin(sandbox).json()["data"]["id"]
    append, cut = f"/media/upload/{media_id}/append", len(PNG) // 2
    second = {"media": base64.b64encode(PNG[cut:]).decode(), "segment_index": 1}
    assert ask(sandbox, "POST", append, json=second).status_code == 200
    assert tweet_with(sandbox, media_id).status_code == 400
    first = {"media": ("blob", PNG[:cut], "application/octet-stream")}
    assert ask(sandbox, "POST", append, files=first, data={"segment_index": "0"}).status_code == 200
    assert ask(sandbox, "POST", append, json=second).status_code == 200
    ended = ask(sandbox, "POST", f"/media/upload/{media_id}/finalize").json()["data"]
    assert (ended["id"], ended["size"]) == (media_id, len(PNG))
    assert tweet_with(sandbox, media_id).status_code == 201
    (image,) = sandbox.x.posts[-1].images
    assert requests.get(sandbox.url + image.path, timeout=60).content == PNG


def tweet_with(sandbox: Sandbox, media_id: str) -> requests.Response:
    return ask(sandbox, "POST", "/tweets", json={"text": "with it", "media": {"media_ids": [media_id]}})


def test_answers_14_segments_that_do_not_add_up_are_refused(sandbox: Sandbox) -> None:
    for wrong in ({"media_type": "text/html"}, {"total_bytes": 0}, {"media_category": "tweet_video"}):
        assert begin(sandbox, **wrong).status_code == 400
    media_id = begin(sandbox).json()["data"]["id"]
    append, finalize = f"/media/upload/{media_id}/append", f"/media/upload/{media_id}/finalize"
    assert ask(sandbox, "POST", append, json={"media": WORDS}).status_code == 400
    assert ask(sandbox, "POST", append, json={"segment_index": 0}).status_code == 400
    assert ask(sandbox, "POST", append, json={"media": WORDS[:40], "segment_index": 0}).status_code == 200
    assert ask(sandbox, "POST", finalize).status_code == 400
    for path in (append, finalize, "/media/upload/12/append"):
        assert ask(sandbox, "POST", path, json={"media": WORDS, "segment_index": 0}).status_code == 400
