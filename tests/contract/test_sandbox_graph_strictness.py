"""The stand-in for the Graph API refuses what Graph does not know, and takes what Graph takes."""

import json
from datetime import timedelta
from typing import Any

import pytest
import requests

from fakes import FakeClock
from spotlight_notify.sandbox.samples import read_pictures, read_site
from spotlight_notify.sandbox.server import Sandbox

LINK = "https://spotlight.example.org/aids/keep-calm-and-de-escalate"
PNG = read_pictures(read_site())["keep-calm-and-de-escalate.png"]


def call(sandbox: Sandbox, method: str, path: str, **sent: Any) -> Any:
    files = sent.pop("files", None)
    arguments = {**sent, "access_token": sandbox.graph.page.access_token}
    where = "data" if method == "POST" else "params"
    url = f"{sandbox.graph_url}/v26.0/{path}"
    return requests.request(method, url, files=files, timeout=60, **{where: arguments}).json()  # type: ignore[arg-type]


def feed(sandbox: Sandbox, **sent: Any) -> Any:
    return call(sandbox, "POST", f"{sandbox.page_id}/feed", **sent)


def photo(sandbox: Sandbox, **sent: Any) -> Any:
    files = {"source": ("poster.png", PNG, "image/png")}
    return call(sandbox, "POST", f"{sandbox.page_id}/photos", files=files, **sent)


def test_answers_14_an_unknown_field_of_a_read_is_code_100(sandbox: Sandbox) -> None:
    post = feed(sandbox, message="one")["id"]
    comment = call(sandbox, "POST", f"{post}/comments", message="below")["id"]
    picture = photo(sandbox, published="false")["id"]
    published = f"{sandbox.page_id}/published_posts"
    for path in (sandbox.page_id, post, comment, picture, published, f"{post}/comments"):
        error = call(sandbox, "GET", path, fields="id,mood")["error"]
        assert error["code"] == 100, path
        assert "nonexisting field (mood)" in error["message"]
        assert "error" not in call(sandbox, "GET", path, fields="id")


def test_answers_14_a_create_that_asks_for_an_unknown_field_is_written_and_says_so(sandbox: Sandbox) -> None:
    error = feed(sandbox, message="one", fields="id,mood")["error"]
    (post,) = sandbox.graph.posts
    assert (error["code"], error["original_response"]) == (100, {"id": post.id})
    error = call(sandbox, "POST", f"{post.id}/comments", message="below", fields="mood")["error"]
    comment = sandbox.graph.posts[-1]
    assert (error["code"], error["original_response"]) == (100, {"id": comment.id})
    error = photo(sandbox, caption="a photo", fields="mood")["error"]
    assert (error["code"], error["original_response"]) == (100, {"id": sandbox.graph.posts[-1].id})
    assert len(sandbox.graph.posts) == 3


def test_answers_14_an_unknown_parameter_of_a_create_is_code_100_and_nothing_is_made(
    sandbox: Sandbox,
) -> None:
    post = feed(sandbox, message="one")["id"]
    for refused in (
        feed(sandbox, message="two", mood="good"),
        photo(sandbox, caption="two", alt="a badge"),
        call(sandbox, "POST", f"{post}/comments", message="below", text="below"),
        call(sandbox, "POST", post, text="other"),
    ):
        assert refused["error"]["code"] == 100
    assert [shown.text for shown in sandbox.graph.posts] == ["one"]
    assert sandbox.graph.drafts == ()


def test_answers_14_photos_may_be_attached_one_parameter_each(sandbox: Sandbox) -> None:
    ids = [photo(sandbox, published="false", alt_text_custom=alt)["id"] for alt in ("first", "second")]
    named = {f"attached_media[{place}]": json.dumps({"media_fbid": ids[1 - place]}) for place in (1, 0)}
    feed(sandbox, message="two photos", **named)
    assert [image.alt for image in sandbox.graph.posts[-1].images] == ["second", "first"]
    strange = feed(sandbox, message="none", **{"attached_media[0]": '{"media_fbid": "12"}'})
    assert (strange["error"]["code"], strange["error"]["error_subcode"]) == (100, 33)
    assert feed(sandbox, message="none", **{"attached_media[0]": "12"})["error"]["code"] == 100
    assert len(sandbox.graph.posts) == 1


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({"caption": "by caption"}, "by caption"),
        ({"message": "by message"}, "by message"),
        ({"message": "by message", "caption": "by caption"}, "by caption"),
    ],
)
def test_answers_14_the_message_of_a_photo_is_its_caption(
    sandbox: Sandbox, sent: dict[str, str], text: str
) -> None:
    made = photo(sandbox, **sent)
    (shown,) = sandbox.graph.posts
    assert (shown.id, shown.text, len(shown.images)) == (made["post_id"], text, 1)
    assert call(sandbox, "GET", made["id"], fields="name")["name"] == text


def test_answers_14_a_photo_may_come_by_the_address_of_a_picture_on_the_sandboxs_site(
    sandbox: Sandbox,
) -> None:
    name = "pictures/keep-calm-and-de-escalate.png"
    for place in (sandbox.site.base_url, sandbox.site.sample.home):
        made = call(sandbox, "POST", f"{sandbox.page_id}/photos", url=f"{place}/{name}", caption="by url")
        upload = sandbox.graph.picture(made["id"])
        assert upload is not None
        assert upload.content == PNG
    for strange in ("https://elsewhere.example/a.png", f"{sandbox.url}/received.json", "file:///etc/hosts"):
        refused = call(sandbox, "POST", f"{sandbox.page_id}/photos", url=strange, caption="by url")
        assert refused["error"]["code"] == 324
        assert "fetches nothing" in refused["error"]["message"]
    assert len(sandbox.graph.posts) == 2


def test_answers_14_a_body_may_be_json(sandbox: Sandbox) -> None:
    picture = photo(sandbox, published="false")["id"]
    asked = {"message": "in JSON", "attached_media": [{"media_fbid": picture}], "published": True}
    url = f"{sandbox.graph_url}/v26.0/{sandbox.page_id}/feed"
    token = {"Authorization": f"Bearer {sandbox.graph.page.access_token}"}
    made = requests.post(url, json=asked, headers=token, timeout=60).json()
    (shown,) = sandbox.graph.posts
    assert (shown.id, shown.text, len(shown.images)) == (made["id"], "in JSON", 1)


def schedule(sandbox: Sandbox, clock: FakeClock, ahead: timedelta, **sent: str) -> Any:
    due = str(int((clock.now + ahead).timestamp()))
    return feed(sandbox, message="later", scheduled_publish_time=due, **{"published": "false", **sent})


def test_answers_14_a_scheduled_post_is_public_from_its_time_on(sandbox: Sandbox, clock: FakeClock) -> None:
    made = schedule(sandbox, clock, timedelta(minutes=30))["id"]
    scheduled = f"{sandbox.page_id}/scheduled_posts"
    (waiting,) = call(sandbox, "GET", scheduled, fields="scheduled_publish_time,is_published")["data"]
    due = int((clock.now + timedelta(minutes=30)).timestamp())
    assert waiting == {"scheduled_publish_time": due, "is_published": False, "id": made}
    clock.advance(timedelta(minutes=30) - timedelta(seconds=1))
    assert (sandbox.graph.posts, sandbox.graph.history) == ((), ())
    assert call(sandbox, "GET", f"{sandbox.page_id}/published_posts") == {"data": []}
    clock.advance(timedelta(seconds=1))
    (post,) = sandbox.graph.posts
    assert (post.id, post.posted_at) == (made, clock.now)
    assert call(sandbox, "GET", scheduled) == {"data": []}
    assert call(sandbox, "GET", f"{sandbox.page_id}/published_posts")["data"][0]["id"] == made


def test_answers_14_a_schedule_needs_a_draft_and_a_time_from_ten_minutes_to_75_days_ahead(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    for ahead in (timedelta(minutes=9), timedelta(days=76), timedelta(days=-1)):
        assert schedule(sandbox, clock, ahead)["error"]["code"] == 100
    assert schedule(sandbox, clock, timedelta(hours=1), published="true")["error"]["code"] == 100
    unread = feed(sandbox, message="later", published="false", scheduled_publish_time="soon")
    assert unread["error"]["code"] == 100
    assert sandbox.graph.drafts == ()


def test_answers_14_a_scheduled_post_that_is_deleted_or_published_does_not_come_out_again(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    gone, soon = (schedule(sandbox, clock, timedelta(minutes=30))["id"] for _ in range(2))
    call(sandbox, "DELETE", gone)
    call(sandbox, "POST", soon, is_published="true")
    made_at = clock.now
    clock.advance(timedelta(hours=1))
    (post,) = sandbox.graph.posts
    assert (post.id, post.posted_at) == (soon, made_at)


def test_answers_14_the_photos_edge_lists_what_was_uploaded_and_shown(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    alone = photo(sandbox, caption="alone", alt_text_custom="A badge")
    clock.advance(timedelta(minutes=1))
    attached = photo(sandbox, published="false")["id"]
    photo(sandbox, published="false")
    feed(sandbox, message="with it", attached_media=json.dumps([{"media_fbid": attached}]))
    path = f"{sandbox.page_id}/photos"
    assert call(sandbox, "GET", path) == {"data": []}
    first = call(sandbox, "GET", path, type="uploaded", limit="1")
    second = requests.get(first["paging"]["next"], timeout=60).json()
    assert [entry["id"] for page in (first, second) for entry in page["data"]] == [attached, alone["id"]]
    fields = "name,alt_text,page_story_id,images"
    entry = call(sandbox, "GET", path, type="uploaded", fields=fields)["data"][1]
    assert (entry["name"], entry["alt_text"], entry["page_story_id"]) == (
        "alone",
        "A badge",
        alone["post_id"],
    )
    assert requests.get(entry["images"][0]["source"], timeout=60).content == PNG


def test_answers_14_comments_are_summed_up_when_asked(sandbox: Sandbox) -> None:
    post = feed(sandbox, message="above")["id"]
    ids = [call(sandbox, "POST", f"{post}/comments", message=f"number {n}")["id"] for n in range(3)]
    body = call(sandbox, "GET", f"{post}/comments", summary="true", limit="2")
    assert len(body["data"]) == 2
    assert body["summary"]["total_count"] == 3
    assert "summary" not in call(sandbox, "GET", f"{post}/comments")
    nested = call(sandbox, "GET", post, fields="message,comments.limit(1).summary(true){id}")
    assert (nested["message"], nested["comments"]["summary"]["total_count"]) == ("above", 3)
    assert nested["comments"]["data"] == [{"id": ids[2]}]
    assert call(sandbox, "GET", post, fields="comments.limit(0).summary(1)")["comments"]["data"] == []
