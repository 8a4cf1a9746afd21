"""The stand-in for X answers real tweepy and plain signed requests as X does."""

import html
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import tweepy
from requests_oauthlib import OAuth1

from fakes import FakeClock
from spotlight_notify.networks.x.traits import X
from spotlight_notify.sandbox.samples import read_pictures, read_site
from spotlight_notify.sandbox.server import Sandbox

LINK = "https://spotlight.example.org/aids/keep-calm-and-de-escalate"
TAG = "#SpotlightOnSafety"
PNG = read_pictures(read_site())["keep-calm-and-de-escalate.png"]


class Rebased(requests.Session):
    """Send what tweepy addresses to api.twitter.com to the stand-in."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        rebased = str(url).replace("https://api.twitter.com", self._base_url)
        return super().request(method, rebased, *args, **{**kwargs, "timeout": 5, "allow_redirects": False})


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC))


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[tweepy.Client]:
    account = sandbox.x.account
    opened = tweepy.Client(
        consumer_key=account.consumer_key,
        consumer_secret=account.consumer_secret,
        access_token=account.access_token,
        access_token_secret=account.access_token_secret,
    )
    opened.session.close()
    opened.session = Rebased(sandbox.x_url)
    yield opened
    opened.session.close()


def signed(sandbox: Sandbox, **other: str) -> OAuth1:
    account = sandbox.x.account
    keys = {
        "client_secret": account.consumer_secret,
        "resource_owner_key": account.access_token,
        "resource_owner_secret": account.access_token_secret,
    }
    return OAuth1(other.pop("client_key", account.consumer_key), **(keys | other))


def post(sandbox: Sandbox, path: str, auth: OAuth1 | None = None, **body: Any) -> requests.Response:
    return requests.post(sandbox.x_url + path, auth=auth or signed(sandbox), timeout=60, **body)


def upload(sandbox: Sandbox, content: bytes = PNG, category: str = "tweet_image") -> requests.Response:
    files = {"media": ("poster.png", content, "image/png")}
    return post(sandbox, "/2/media/upload", files=files, data={"media_category": category})


def test_a_tweet_by_tweepy_is_live_with_an_id_that_tells_its_time(
    sandbox: Sandbox, client: tweepy.Client, clock: FakeClock
) -> None:
    answer = client.create_tweet(text=f"Poster & more {LINK} {TAG}", user_auth=True)
    (shown,) = sandbox.x.posts
    assert shown.id == answer.data["id"]
    assert (shown.network, shown.text, shown.link) == (X, f"Poster & more {LINK} {TAG}", LINK)
    moment = datetime.fromtimestamp(((int(shown.id) >> 22) + 1_288_834_974_657) / 1000, UTC)
    assert moment == clock.now == shown.posted_at


@pytest.mark.parametrize(
    "other",
    [
        {"client_key": "somebodyElsesConsumerKey1"},
        {"client_secret": "wrong"},
        {"resource_owner_key": "1-wrong"},
        {"resource_owner_secret": "wrong"},
    ],
)
def test_a_signature_with_one_wrong_key_is_refused(sandbox: Sandbox, other: dict[str, str]) -> None:
    answer = post(sandbox, "/2/tweets", signed(sandbox, **other), json={"text": "hello"})
    assert answer.status_code == 401
    assert answer.json() == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }
    assert answer.headers["content-type"] == "application/problem+json"
    assert sandbox.x.posts == ()


def test_a_request_without_signature_is_refused(sandbox: Sandbox) -> None:
    for headers in ({}, {"Authorization": "Bearer None"}, {"Authorization": 'OAuth oauth_token="'}):
        answer = requests.post(f"{sandbox.x_url}/2/tweets", json={"text": "a"}, headers=headers, timeout=60)
        assert answer.status_code == 401


def test_a_signature_counts_once_and_only_for_its_own_address(sandbox: Sandbox) -> None:
    address = f"{sandbox.x_url}/2/users/me"
    prepared = requests.Request("GET", address, auth=signed(sandbox)).prepare()
    with requests.Session() as session:
        assert session.send(prepared, timeout=60).status_code == 200
        assert session.send(prepared, timeout=60).status_code == 401
        moved = requests.Request("GET", address, auth=signed(sandbox)).prepare()
        moved.url = f"{sandbox.x_url}/2/users/{sandbox.x.account.id}/tweets"
        assert session.send(moved, timeout=60).status_code == 401


def test_a_signature_much_older_than_the_newest_is_refused(sandbox: Sandbox) -> None:
    address = f"{sandbox.x_url}/2/users/me"
    assert requests.get(address, auth=signed(sandbox, timestamp="1700000600"), timeout=60).ok
    assert requests.get(address, auth=signed(sandbox, timestamp="1700000301"), timeout=60).ok
    stale = requests.get(address, auth=signed(sandbox, timestamp="1700000300"), timeout=60)
    assert stale.status_code == 401


def test_280_by_weight_pass_and_281_do_not(sandbox: Sandbox, client: tweepy.Client) -> None:
    fits = "a" * (280 - 24) + f" {LINK}"
    client.create_tweet(text=fits, user_auth=True)
    with pytest.raises(tweepy.BadRequest, match="Your Tweet text is too long"):
        client.create_tweet(text="a" + fits, user_auth=True)
    assert [shown.text for shown in sandbox.x.posts] == [fits]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"text": ""}, "$.text: must be at least 1 characters long"),
        ({"text": " \n"}, "$.text: must be at least 1 characters long"),
        ({}, "$.text: must be at least 1 characters long"),
        ({"text": 5}, "$.text: is not a string"),
        ({"text": "a", "status": "a"}, "$.status: is not defined in the schema"),
        (["a"], "The request body is not a JSON object."),
        ({"text": "a", "media": {"media_ids": ["12"]}}, "Your media IDs are invalid."),
        ({"text": "a", "media": {"media_ids": []}}, "$.media.media_ids: there must be 1 to 4 items"),
        ({"text": "a", "media": {"media_ids": ["1"] * 5}}, "$.media.media_ids: there must be 1 to 4 items"),
    ],
)
def test_what_x_cannot_read_is_an_invalid_request(sandbox: Sandbox, asked: Any, words: str) -> None:
    answer = post(sandbox, "/2/tweets", json=asked)
    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid Request"
    assert answer.json()["errors"][0]["message"].startswith(words)
    assert sandbox.x.posts == ()


def test_the_same_words_are_refused_until_a_day_has_passed_or_the_tweet_is_gone(
    sandbox: Sandbox, client: tweepy.Client, clock: FakeClock
) -> None:
    first = client.create_tweet(text="Again", user_auth=True)
    with pytest.raises(tweepy.Forbidden) as refused:
        client.create_tweet(text="Again", user_auth=True)
    detail = "You are not allowed to create a Tweet with duplicate content."
    assert refused.value.response.json()["detail"] == detail
    clock.advance(timedelta(hours=24, seconds=1))
    second = client.create_tweet(text="Again", user_auth=True)
    assert client.delete_tweet(second.data["id"], user_auth=True).data == {"deleted": True}
    client.create_tweet(text="Again", user_auth=True)
    assert len(sandbox.x.posts) == 2
    assert first.data["id"] in [shown.id for shown in sandbox.x.posts]


def test_the_timeline_returns_escaped_text_and_links_behind_t_co(
    sandbox: Sandbox, client: tweepy.Client
) -> None:
    text = f"Cops & <calm> {LINK} {TAG}"
    client.create_tweet(text=text, user_auth=True)
    fields = ["created_at", "entities", "attachments"]
    answer = client.get_users_tweets(sandbox.x.account.id, user_auth=True, tweet_fields=fields)
    (tweet,) = answer.data
    (url,) = tweet.entities["urls"]
    (tag,) = tweet.entities["hashtags"]
    assert tweet.text[url["start"] : url["end"]] == url["url"]
    assert tweet.text[tag["start"] : tag["end"]] == TAG
    assert (url["expanded_url"], url["unwound_url"]) == (LINK, LINK)
    assert urlsplit(url["url"]).hostname == "t.co"
    assert tweet.text.startswith("Cops &amp; &lt;calm&gt; https://t.co/")
    assert html.unescape(tweet.text).replace(url["url"], LINK) == text
    assert tweet.created_at == datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=UTC)
    assert answer.meta == {"result_count": 1, "newest_id": str(tweet.id), "oldest_id": str(tweet.id)}


def test_the_timeline_can_be_asked_from_an_id_or_a_time_on(
    sandbox: Sandbox, client: tweepy.Client, clock: FakeClock
) -> None:
    ids = []
    for words in ("one", "two", "three"):
        ids.append(int(client.create_tweet(text=words, user_auth=True).data["id"]))
        clock.advance(timedelta(minutes=1))

    def read(**query: Any) -> list[int]:
        answer = client.get_users_tweets(sandbox.x.account.id, user_auth=True, **query)
        return [tweet.id for tweet in answer.data or ()]

    assert read() == ids[::-1]
    assert read(since_id=ids[0]) == [ids[2], ids[1]]
    assert read(start_time=datetime(2026, 11, 23, 12, 2, tzinfo=UTC)) == [ids[2]]
    assert read(since_id=ids[2]) == []


def test_the_timeline_leaves_out_replies_when_asked_and_keeps_to_its_size(
    sandbox: Sandbox, client: tweepy.Client
) -> None:
    first = client.create_tweet(text="root", user_auth=True).data["id"]
    client.create_tweet(text="reply", in_reply_to_tweet_id=first, user_auth=True)
    for number in range(5):
        client.create_tweet(text=f"more {number}", user_auth=True)
    user = sandbox.x.account.id
    assert len(client.get_users_tweets(user, user_auth=True).data) == 7
    assert len(client.get_users_tweets(user, user_auth=True, exclude=["replies"]).data) == 6
    assert len(client.get_users_tweets(user, user_auth=True, max_results=5).data) == 5
    for size in (4, 101):
        with pytest.raises(tweepy.BadRequest, match="is not between 5 and 100"):
            client.get_users_tweets(user, user_auth=True, max_results=size)


def test_somebody_elses_timeline_is_a_200_with_nothing_but_errors(
    sandbox: Sandbox, client: tweepy.Client
) -> None:
    answer = client.get_users_tweets("12", user_auth=True)
    assert answer.data is None
    assert answer.errors[0]["title"] == "Not Found Error"


def test_pictures_go_from_upload_over_alt_text_to_the_tweet(sandbox: Sandbox, client: tweepy.Client) -> None:
    media_id = upload(sandbox).json()["data"]["id"]
    described = post(
        sandbox,
        "/2/media/metadata",
        json={"id": media_id, "metadata": {"alt_text": {"text": "A badge over the words Keep Calm"}}},
    )
    assert described.status_code == 200
    client.create_tweet(text=TAG, media_ids=[media_id], user_auth=True)
    (image,) = sandbox.x.posts[0].images
    assert (image.alt, image.media_type, image.size) == (
        "A badge over the words Keep Calm",
        "image/png",
        len(PNG),
    )
    assert requests.get(sandbox.url + image.path, timeout=60).content == PNG
    fields = ["attachments", "entities"]
    (tweet,) = client.get_users_tweets(sandbox.x.account.id, user_auth=True, tweet_fields=fields).data
    assert tweet.attachments == {"media_keys": [f"3_{media_id}"]}
    assert tweet.text == f"{TAG} {tweet.entities['urls'][-1]['url']}"


def test_an_upload_is_judged_by_its_content(sandbox: Sandbox) -> None:
    assert upload(sandbox, b"<svg/>").status_code == 400
    assert upload(sandbox, PNG + bytes(5 * 1024 * 1024 - len(PNG))).status_code == 200
    assert upload(sandbox, PNG + bytes(5 * 1024 * 1024 - len(PNG) + 1)).status_code == 400
    assert upload(sandbox, category="tweet_video").status_code == 400
    assert post(sandbox, "/2/media/upload", json={"media": "x"}).status_code == 400


def test_an_alt_text_has_1_to_1000_characters(sandbox: Sandbox) -> None:
    media_id = upload(sandbox).json()["data"]["id"]

    def describe(text: object, media: str = media_id) -> int:
        asked = {"id": media, "metadata": {"alt_text": {"text": text}}}
        return post(sandbox, "/2/media/metadata", json=asked).status_code

    assert [describe("a" * 1_000), describe("a" * 1_001), describe(""), describe("a", "9")] == [
        200,
        400,
        400,
        400,
    ]
    assert post(sandbox, "/2/media/metadata", json={"id": media_id}).status_code == 400


def test_the_rate_limit_is_counted_and_told_and_ends(sandbox: Sandbox, clock: FakeClock) -> None:
    reset = str(int((clock.now + timedelta(minutes=15)).timestamp()))
    for number in range(100):
        answer = post(sandbox, "/2/tweets", json={"text": f"post {number}"})
        assert answer.status_code == 201
        assert answer.headers["x-rate-limit-remaining"] == str(99 - number)
    refused = post(sandbox, "/2/tweets", json={"text": "one more"})
    assert refused.status_code == 429
    assert refused.headers["x-rate-limit-limit"] == "100"
    assert refused.headers["x-rate-limit-reset"] == reset
    assert requests.get(f"{sandbox.x_url}/2/users/me", auth=signed(sandbox), timeout=60).status_code == 200
    clock.advance(timedelta(minutes=15))
    assert post(sandbox, "/2/tweets", json={"text": "one more"}).status_code == 201


def test_who_am_i(sandbox: Sandbox, client: tweepy.Client) -> None:
    me = client.get_me(user_auth=True).data
    assert (str(me.id), me.username) == (sandbox.x.account.id, sandbox.x.account.username)


def test_an_address_x_does_not_have_is_a_404(sandbox: Sandbox) -> None:
    assert post(sandbox, "/1.1/statuses/update.json", data={"status": "a"}).status_code == 404
