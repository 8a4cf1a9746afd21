"""The networks' own SDKs can use the stand-ins."""

import base64
from collections.abc import Iterator

import pytest
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession
from xdk import Client
from xdk.oauth1_auth import OAuth1

from spotlight_notify.sandbox.samples import read_pictures, read_site
from spotlight_notify.sandbox.server import Sandbox

LINK = "https://spotlight.example.org/aids/keep-calm-and-de-escalate"
PNG = read_pictures(read_site())["keep-calm-and-de-escalate.png"]


@pytest.fixture
def page(sandbox: Sandbox) -> Iterator[Page]:
    known = sandbox.graph.page
    session = FacebookSession(known.app_id, known.app_secret, known.access_token, timeout=60)
    session.GRAPH = sandbox.graph_url
    yield Page(known.id, api=FacebookAdsApi(session))
    session.requests.close()


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    known = sandbox.x.account
    keys = OAuth1(
        known.consumer_key,
        known.consumer_secret,
        "oob",
        access_token=known.access_token,
        access_token_secret=known.access_token_secret,
    )
    opened = Client(base_url=sandbox.x_url, auth=keys)
    yield opened
    opened.session.close()


def test_answers_14_metas_own_sdk_posts_reads_comments_and_deletes(sandbox: Sandbox, page: Page) -> None:
    post = page.create_feed(params={"message": f"Poster {LINK}", "link": LINK})
    picture = f"{sandbox.site.base_url}/pictures/keep-calm-and-de-escalate.png"
    photo = page.create_photo(params={"url": picture, "caption": "By address", "published": False})
    page.create_feed(params={"message": "A photo", "attached_media": [{"media_fbid": photo["id"]}]})
    read = page.get_published_posts(fields=["id", "message", "permalink_url"], params={"limit": 1})
    assert [entry["message"] for entry in read] == ["A photo", f"Poster {LINK}"]
    first = PagePost(post["id"], api=page.get_api())
    first.create_comment(params={"message": "Corrected"})
    assert [comment["message"] for comment in first.get_comments()] == ["Corrected"]
    with pytest.raises(FacebookRequestError) as refused:
        page.create_feed(params={"message": "two", "mood": "good"})
    assert refused.value.api_error_code() == 100
    first.api_delete()
    assert [shown.text for shown in sandbox.graph.posts] == ["A photo"]
    assert len(sandbox.graph.posts[0].images) == 1


def test_answers_14_xs_own_sdk_uploads_posts_reads_and_deletes(sandbox: Sandbox, client: Client) -> None:
    whole = {"media": base64.b64encode(PNG).decode(), "media_category": "tweet_image"}
    first = client.media.upload(body=whole).data.id
    begun = {"media_type": "image/png", "total_bytes": len(PNG), "media_category": "tweet_image"}
    second = client.media.initialize_upload(body=begun).data.id
    client.media.append_upload(second, body={"media": whole["media"], "segment_index": 0})
    client.media.finalize_upload(second)
    made = client.posts.create(
        body={"text": f"Poster {LINK}", "media": {"media_ids": [first, second]}}
    ).data.id
    (shown,) = sandbox.x.posts
    assert (shown.id, len(shown.images)) == (made, 2)
    fields = ["created_at", "entities"]
    pages = list(client.users.get_posts(sandbox.x.account.id, post_fields=fields, max_results=5))
    assert [post["id"] for page in pages for post in page.model_dump()["data"]] == [made]
    assert client.posts.get_by_id(made, post_fields=fields).model_dump()["data"]["id"] == made
    assert client.posts.delete(made).model_dump()["data"]["deleted"] is True
    assert sandbox.x.posts == ()
