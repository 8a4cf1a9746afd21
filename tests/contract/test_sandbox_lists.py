"""What is live can be read back: in pages, after a lag, with what was deleted, and as JSON in one piece."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from requests_oauthlib import OAuth1

from fakes import FakeClock
from spotlight_notify.sandbox.server import Sandbox

LINK = "https://spotlight.example.org/aids/keep-calm-and-de-escalate"


def on_x(sandbox: Sandbox, method: str, path: str, **sent: Any) -> Any:
    account = sandbox.x.account
    auth = OAuth1(
        account.consumer_key, account.consumer_secret, account.access_token, account.access_token_secret
    )
    return requests.request(method, f"{sandbox.x_url}{path}", auth=auth, timeout=60, **sent).json()


def timeline(sandbox: Sandbox, **query: str) -> Any:
    return on_x(sandbox, "GET", f"/2/users/{sandbox.x.account.id}/tweets", params=query)


def tweet(sandbox: Sandbox, text: str) -> str:
    return str(on_x(sandbox, "POST", "/2/tweets", json={"text": text})["data"]["id"])


def on_graph(sandbox: Sandbox, method: str, path: str, **sent: str) -> Any:
    arguments = {**sent, "access_token": sandbox.graph.page.access_token}
    url = f"{sandbox.graph_url}/v26.0/{path}"
    if method == "POST":
        return requests.post(url, data=arguments, timeout=60).json()
    return requests.request(method, url, params=arguments, timeout=60).json()


def published(sandbox: Sandbox, edge: str = "published_posts", **query: str) -> Any:
    return on_graph(sandbox, "GET", f"{sandbox.page_id}/{edge}", **query)


def page_post(sandbox: Sandbox, message: str, **sent: str) -> str:
    return str(on_graph(sandbox, "POST", f"{sandbox.page_id}/feed", message=message, **sent)["id"])


def ids(body: Any) -> list[str]:
    return [entry["id"] for entry in body.get("data", ())]


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def test_the_timeline_leads_from_page_to_page_and_misses_nothing(sandbox: Sandbox, clock: FakeClock) -> None:
    made = []
    for number in range(12):
        made.append(tweet(sandbox, f"Tweet {number}"))
        clock.advance(timedelta(seconds=number % 2))
    pages = [timeline(sandbox, max_results="5")]
    while token := pages[-1]["meta"].get("next_token"):
        if len(pages) == 1:
            tweet(sandbox, "a newer one moves no page")
        pages.append(timeline(sandbox, max_results="5", pagination_token=token))
    assert [len(ids(page)) for page in pages] == [5, 5, 2]
    assert [tweet_id for page in pages for tweet_id in ids(page)] == made[::-1]
    assert pages[2]["meta"] == {"result_count": 2, "newest_id": made[1], "oldest_id": made[0]}


def test_a_last_page_that_is_full_leads_nowhere(sandbox: Sandbox) -> None:
    for number in range(5):
        tweet(sandbox, f"Tweet {number}")
        page_post(sandbox, f"Post {number}")
    page = timeline(sandbox, max_results="5")
    assert (page["meta"]["result_count"], page["meta"].get("next_token")) == (5, None)
    assert set(published(sandbox, limit="5")["paging"]) == {"cursors"}


def test_pages_keep_to_the_time_and_id_asked_for(sandbox: Sandbox, clock: FakeClock) -> None:
    made, moments = [], []
    for number in range(14):
        moments.append(clock.now)
        made.append(tweet(sandbox, f"Tweet {number}"))
        clock.advance(timedelta(minutes=1))
    query = {"start_time": stamp(moments[1]), "since_id": made[2], "max_results": "5"}
    first = timeline(sandbox, **query)
    second = timeline(sandbox, **query, pagination_token=first["meta"]["next_token"])
    third = timeline(sandbox, **query, pagination_token=second["meta"]["next_token"])
    assert ids(first) + ids(second) + ids(third) == made[:2:-1]
    assert "next_token" not in third["meta"]
    ended = timeline(sandbox, end_time=stamp(moments[2]), max_results="5")
    assert ids(ended) == [made[1], made[0]]
    assert ids(timeline(sandbox, until_id=made[1])) == [made[0]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pagination_token", "no such place"),
        ("pagination_token", ""),
        ("start_time", "yesterday"),
        ("end_time", "12"),
        ("since_id", "x"),
        ("until_id", "-1"),
        ("since", "1"),
    ],
)
def test_a_query_x_cannot_read_is_an_invalid_request(sandbox: Sandbox, name: str, value: str) -> None:
    tweet(sandbox, "one")
    body = timeline(sandbox, **{name: value})
    assert body["title"] == "Invalid Request"
    assert body["errors"][0]["parameters"] == {name: [value]}
    assert name in body["errors"][0]["message"]


def test_published_posts_leads_on_by_cursor_and_by_address(sandbox: Sandbox, clock: FakeClock) -> None:
    made = []
    for number in range(5):
        made.append(page_post(sandbox, f"Post {number}"))
        clock.advance(timedelta(seconds=number % 2))
    first = published(sandbox, limit="2", fields="id,message")
    assert ids(first) == [made[4], made[3]]
    assert "previous" not in first["paging"]
    by_cursor = published(sandbox, limit="2", after=first["paging"]["cursors"]["after"])
    by_address = requests.get(first["paging"]["next"], timeout=60).json()
    assert ids(by_cursor) == ids(by_address) == [made[2], made[1]]
    assert by_address["data"][0]["message"] == "Post 2"
    last = requests.get(by_address["paging"]["next"], timeout=60).json()
    assert ids(last) == [made[0]]
    assert "next" not in last["paging"]
    back = requests.get(last["paging"]["previous"], timeout=60).json()
    assert ids(back) == ids(by_address)
    assert published(sandbox, after=last["paging"]["cursors"]["after"]) == {"data": []}
    asked = parse_qs(urlsplit(first["paging"]["next"]).query)
    assert (asked["limit"], asked["fields"]) == (["2"], ["id,message"])


def test_cursors_keep_to_the_time_asked_for_and_outlive_their_post(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    made = []
    for number in range(5):
        made.append(page_post(sandbox, f"Post {number}"))
        clock.advance(timedelta(minutes=1))
    since = str(int((clock.now - timedelta(minutes=4)).timestamp()))
    first = published(sandbox, limit="2", since=since)
    on_graph(sandbox, "DELETE", made[3])
    page_post(sandbox, "a newer one moves no page")
    second = published(sandbox, limit="2", since=since, after=first["paging"]["cursors"]["after"])
    assert ids(first) + ids(second) == made[4:0:-1]
    assert "next" not in second["paging"]
    until = str(int((clock.now - timedelta(minutes=4)).timestamp()))
    assert ids(published(sandbox, until=until)) == [made[1], made[0]]


@pytest.mark.parametrize("query", [{"after": "?"}, {"before": "QQ"}, {"limit": "ten"}, {"until": "now"}])
def test_a_list_graph_cannot_read_is_error_100(sandbox: Sandbox, query: dict[str, str]) -> None:
    page_post(sandbox, "one")
    assert published(sandbox, **query)["error"]["code"] == 100


def test_a_lag_keeps_new_posts_out_of_the_lists_until_it_has_passed(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    sandbox.x.lag = sandbox.graph.lag = timedelta(seconds=30)
    tweet_id, post_id = tweet(sandbox, "one"), page_post(sandbox, "one")
    draft = page_post(sandbox, "draft", published="false")
    clock.advance(timedelta(seconds=29))
    on_graph(sandbox, "POST", draft, is_published="true")
    assert (ids(timeline(sandbox)), ids(published(sandbox))) == ([], [])
    assert timeline(sandbox) == {"meta": {"result_count": 0}}
    assert [post.id for post in sandbox.x.posts] == [tweet_id]
    assert on_graph(sandbox, "GET", post_id)["id"] == post_id
    clock.advance(timedelta(seconds=1))
    assert (ids(timeline(sandbox)), ids(published(sandbox))) == ([tweet_id], [post_id])
    clock.advance(timedelta(seconds=29))
    assert ids(published(sandbox)) == [draft, post_id]


@pytest.mark.parametrize("edge", ["published_posts", "posts", "feed"])
def test_drafts_are_in_no_list_of_posts_and_can_be_published_or_deleted(sandbox: Sandbox, edge: str) -> None:
    kept, dropped = (page_post(sandbox, words, published="false") for words in ("keep", "drop"))
    assert published(sandbox, edge) == {"data": []}
    assert on_graph(sandbox, "DELETE", dropped) == {"success": True}
    assert on_graph(sandbox, "POST", dropped, is_published="true")["error"]["code"] == 100
    assert on_graph(sandbox, "DELETE", dropped)["error"]["code"] == 100
    for _ in range(2):
        assert on_graph(sandbox, "POST", kept, is_published="true") == {"success": True}
        assert ids(published(sandbox, edge)) == [kept]
    assert sandbox.graph.drafts == ()
    assert [post.text for post in sandbox.graph.history] == ["keep"]


def test_publishing_or_editing_a_live_post_moves_it_nowhere(sandbox: Sandbox, clock: FakeClock) -> None:
    first = page_post(sandbox, "first")
    clock.advance(timedelta(minutes=1))
    second = page_post(sandbox, "second")
    before = published(sandbox)
    on_graph(sandbox, "POST", first, is_published="true")
    assert published(sandbox) == before
    on_graph(sandbox, "POST", first, message="corrected")
    assert [post.text for post in sandbox.graph.posts] == ["corrected", "second"]
    assert ids(published(sandbox)) == [second, first]


def test_posts_json_tells_all_posts_of_both_networks_and_marks_deleted_ones(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    tweet_id = tweet(sandbox, f"On X {LINK} and CDC.gov {LINK}")
    clock.advance(timedelta(minutes=1))
    post_id = page_post(sandbox, f"On Facebook {LINK}", link="https://other.example/b")
    draft = page_post(sandbox, "draft", published="false")
    clock.advance(timedelta(minutes=1))
    on_x(sandbox, "DELETE", f"/2/tweets/{tweet_id}")
    body = requests.get(f"{sandbox.url}/posts.json", timeout=60).json()
    assert body["posts"] == [
        {
            "network": "x",
            "id": tweet_id,
            "text": f"On X {LINK} and CDC.gov {LINK}",
            "link": LINK,
            "links": [LINK, "CDC.gov"],
            "alts": [],
            "posted_at": "2026-11-23T12:00:00+00:00",
            "deleted_at": "2026-11-23T12:02:00+00:00",
            "reply_to": None,
        },
        {
            "network": "facebook",
            "id": post_id,
            "text": f"On Facebook {LINK}",
            "link": "https://other.example/b",
            "links": [LINK, "https://other.example/b"],
            "alts": [],
            "posted_at": "2026-11-23T12:01:00+00:00",
            "deleted_at": None,
            "reply_to": None,
        },
    ]
    assert [entry["id"] for entry in body["drafts"]] == [draft]
    assert ids(timeline(sandbox)) == []
    assert sandbox.x.posts == ()


def test_limits_and_the_refusal_of_duplicates_can_be_switched_off(sandbox: Sandbox) -> None:
    sandbox.x.limits = sandbox.x.refuses_duplicates = False
    sandbox.graph.refuses_duplicates = False
    made = {tweet(sandbox, "Again") for _ in range(101)}
    assert len(made) == len(sandbox.x.posts) == 101
    assert page_post(sandbox, "Again") != page_post(sandbox, "Again")


def test_the_site_publishes_a_new_aid_of_any_title_over_http(sandbox: Sandbox) -> None:
    url = f"{sandbox.url}/site/publish"
    links = []
    for title in ("Cops & calm", "Cops & calm", "Second <one>"):
        made = requests.post(url, data={"title": title}, timeout=60).json()["published"]
        assert made["title"] == title
        links.append(made["link"])
    assert len(set(links)) == 3
    feed = requests.get(sandbox.feed_url, timeout=60).text
    assert all(f"<link>{link}</link>" in feed for link in links)
    assert "<title>Cops &amp; calm</title>" in feed
    waiting = sandbox.site.waiting
    assert requests.post(url, timeout=60).json()["published"]["title"] == waiting[0]
    while sandbox.site.waiting:
        requests.post(url, timeout=60)
    assert requests.post(url, timeout=60).json() == {"published": None}
