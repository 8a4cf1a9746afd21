"""Replies and comments stand under their posts, and what is taken down is gone: on both stand-ins."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1
from selectolax.lexbor import LexborHTMLParser, LexborNode

from fakes import FakeClock
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.server import Sandbox

TAG = "#SpotlightOnSafety"


def on_x(sandbox: Sandbox, method: str, path: str, **sent: Any) -> requests.Response:
    account = sandbox.x.account
    auth = OAuth1(
        account.consumer_key, account.consumer_secret, account.access_token, account.access_token_secret
    )
    return requests.request(method, f"{sandbox.x_url}/2/{path}", auth=auth, timeout=60, **sent)


def tweet(sandbox: Sandbox, text: str, above: str | None = None) -> str:
    reply = {"reply": {"in_reply_to_tweet_id": above}} if above else {}
    return str(on_x(sandbox, "POST", "tweets", json={"text": text, **reply}).json()["data"]["id"])


def timeline(sandbox: Sandbox, **query: str) -> Any:
    return on_x(sandbox, "GET", f"users/{sandbox.x.account.id}/tweets", params=query).json()


def on_graph(sandbox: Sandbox, method: str, path: str, **sent: str) -> requests.Response:
    arguments = {**sent, "access_token": sandbox.graph.page.access_token}
    url = f"{sandbox.graph_url}/v26.0/{path}"
    if method == "POST":
        return requests.post(url, data=arguments, timeout=60)
    return requests.request(method, url, params=arguments, timeout=60)


def page_post(sandbox: Sandbox, message: str) -> str:
    return str(on_graph(sandbox, "POST", f"{sandbox.page_id}/feed", message=message).json()["id"])


def comment(sandbox: Sandbox, above: str, message: str) -> str:
    return str(on_graph(sandbox, "POST", f"{above}/comments", message=message).json()["id"])


def ids(body: Any) -> list[str]:
    return [entry["id"] for entry in body.get("data", ())]


def column(sandbox: Sandbox, network: str) -> LexborNode:
    page = LexborHTMLParser(requests.get(sandbox.url, timeout=60).text)
    return page.css(f"section.{network}")[0]


def texts(node: LexborNode, query: str) -> list[str]:
    return [found.text() for found in node.css(query)]


def test_a_reply_names_what_it_stands_under_where_that_is_asked_for(sandbox: Sandbox) -> None:
    above = tweet(sandbox, "above")
    reply = tweet(sandbox, "reply", above)
    asked = {"tweet.fields": "referenced_tweets,in_reply_to_user_id"}
    newest, oldest = timeline(sandbox, **asked)["data"]
    assert newest["id"] == reply
    assert newest["referenced_tweets"] == [{"type": "replied_to", "id": above}]
    assert newest["in_reply_to_user_id"] == sandbox.x.account.id
    assert "referenced_tweets" not in oldest
    assert "referenced_tweets" not in timeline(sandbox)["data"][0]
    assert ids(timeline(sandbox, exclude="replies,retweets")) == [above]
    assert ids(timeline(sandbox, exclude="retweets")) == [reply, above]
    assert [shown.reply_to for shown in sandbox.x.posts] == [None, above]


@pytest.mark.parametrize("reply", [{}, {"in_reply_to_tweet_id": ""}, {"in_reply_to_tweet_id": 5}, "5"])
def test_a_reply_without_a_tweet_is_an_invalid_request(sandbox: Sandbox, reply: object) -> None:
    answer = on_x(sandbox, "POST", "tweets", json={"text": "a", "reply": reply})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"].startswith("$.reply.in_reply_to_tweet_id: is missing")


def test_a_reply_to_a_tweet_that_is_not_there_is_refused(sandbox: Sandbox) -> None:
    gone = tweet(sandbox, "gone")
    on_x(sandbox, "DELETE", f"tweets/{gone}")
    for above in (gone, "12"):
        asked = {"text": "a", "reply": {"in_reply_to_tweet_id": above}}
        answer = on_x(sandbox, "POST", "tweets", json=asked)
        assert (answer.status_code, answer.json()["title"]) == (403, "Forbidden")
        assert "deleted or not visible to you" in answer.json()["detail"]
    assert sandbox.x.posts == ()


def test_a_reply_on_x_outlives_the_tweet_above(sandbox: Sandbox) -> None:
    above = tweet(sandbox, f"above {TAG}")
    reply = tweet(sandbox, f"reply {TAG}", above)
    on_x(sandbox, "DELETE", f"tweets/{above}")
    assert [shown.id for shown in sandbox.x.posts] == [reply]
    assert texts(column(sandbox, "x"), "article .text") == [f"reply {TAG}"]


def test_comments_are_listed_under_their_post_and_nowhere_else(sandbox: Sandbox, clock: FakeClock) -> None:
    above, other = page_post(sandbox, "above"), page_post(sandbox, "other")
    first = comment(sandbox, above, "first")
    clock.advance(timedelta(minutes=1))
    second = comment(sandbox, above, "second")
    listed = on_graph(sandbox, "GET", f"{above}/comments", fields="id,message,created_time,from").json()
    assert ids(listed) == [second, first]
    assert listed["data"][0]["message"] == "second"
    assert listed["data"][0]["from"] == {"id": sandbox.page_id}
    assert ids(on_graph(sandbox, "GET", f"{other}/comments").json()) == []
    assert set(ids(on_graph(sandbox, "GET", f"{sandbox.page_id}/published_posts").json())) == {above, other}
    number = above.partition("_")[2]
    assert first.startswith(f"{number}_")
    assert [shown.reply_to for shown in sandbox.graph.posts] == [None, None, above, above]


def test_comments_come_page_by_page_and_late_while_lists_lag(sandbox: Sandbox, clock: FakeClock) -> None:
    above = page_post(sandbox, "above")
    made = {comment(sandbox, above, f"number {number}") for number in range(5)}
    found: list[str] = []
    after = ""
    for _ in range(3):
        body = on_graph(sandbox, "GET", f"{above}/comments", limit="2", after=after).json()
        found += ids(body)
        after = body["paging"]["cursors"]["after"]
    assert (set(found), len(found)) == (made, 5)
    sandbox.graph.lag = timedelta(seconds=30)
    assert ids(on_graph(sandbox, "GET", f"{above}/comments").json()) == []
    clock.advance(timedelta(seconds=30))
    assert len(ids(on_graph(sandbox, "GET", f"{above}/comments").json())) == 5


def test_a_comment_can_be_asked_for_its_permalink_and_be_answered(sandbox: Sandbox) -> None:
    above = page_post(sandbox, f"above {TAG}")
    asked = on_graph(sandbox, "POST", f"{above}/comments", message="one", fields="permalink_url").json()
    number = asked["id"].partition("_")[2]
    assert asked["permalink_url"] == f"{sandbox.url}/#facebook-{number}"
    deeper = comment(sandbox, asked["id"], "two")
    assert deeper.partition("_")[0] == asked["id"].partition("_")[0]
    assert ids(on_graph(sandbox, "GET", f"{above}/comments", filter="stream").json()) == [deeper, asked["id"]]
    assert f"facebook-{number}" in [
        node.attributes["id"] for node in column(sandbox, "facebook").css("article article")
    ]


def test_what_cannot_be_commented_on_is_unknown_and_empty_comments_are_refused(sandbox: Sandbox) -> None:
    above = page_post(sandbox, "above")
    assert on_graph(sandbox, "POST", f"{above}/comments", message=" ").json()["error"]["code"] == 197
    assert on_graph(sandbox, "PUT", f"{above}/comments").json()["error"]["code"] == 100
    on_graph(sandbox, "DELETE", above)
    for method in ("GET", "POST"):
        error = on_graph(sandbox, method, f"{above}/comments", message="a").json()["error"]
        assert (error["code"], error["error_subcode"]) == (100, 33)


def test_a_post_takes_its_comments_with_it_and_a_comment_nothing_else(sandbox: Sandbox) -> None:
    above = page_post(sandbox, f"above {TAG}")
    first, second = (comment(sandbox, above, words) for words in ("first", "second"))
    assert on_graph(sandbox, "DELETE", first).json() == {"success": True}
    assert [shown.id for shown in sandbox.graph.posts] == [above, second]
    on_graph(sandbox, "DELETE", above)
    assert sandbox.graph.posts == ()
    assert len(sandbox.graph.history) == 3
    assert on_graph(sandbox, "GET", second).json()["error"]["error_subcode"] == 33


@pytest.mark.parametrize("network", ["x", "facebook"])
def test_a_follower_sees_a_correction_under_its_post_and_nothing_that_was_taken_down(
    sandbox: Sandbox, clock: FakeClock, network: str
) -> None:
    make = tweet if network == "x" else page_post
    above, other = make(sandbox, f"above {TAG}"), make(sandbox, f"other {TAG}")
    clock.advance(timedelta(minutes=1))
    if network == "x":
        reply = tweet(sandbox, "Correction: at 10", above)
    else:
        reply = comment(sandbox, above, "Correction: at 10")
    shown = column(sandbox, network)
    assert "2 posts" in texts(shown, "h2")[0]
    under = {
        article.attributes["id"]: texts(article, "article article .text")
        for article in shown.css(f"section.{network} > article")
    }
    assert under == {
        f"{network}-{above.rpartition('_')[2]}": ["Correction: at 10"],
        f"{network}-{other.rpartition('_')[2]}": [],
    }
    assert shown.css(".unseen") == []
    for gone in (reply, above):
        on_x(sandbox, "DELETE", f"tweets/{gone}") if network == "x" else on_graph(sandbox, "DELETE", gone)
    assert texts(column(sandbox, network), ".text") == [f"other {TAG}"]


def test_scripts_reach_replies_comments_and_take_downs_and_leave_posts_alone(sandbox: Sandbox) -> None:
    sandbox.faults.carry_out(
        parse_script("x reply: 402; facebook comment: dead-token; x remove: 500-live; facebook remove: 429")
    )
    above, page_above = tweet(sandbox, "above"), page_post(sandbox, "above")
    asked = {"text": "reply", "reply": {"in_reply_to_tweet_id": above}}
    assert on_x(sandbox, "POST", "tweets", json=asked).status_code == 402
    assert on_graph(sandbox, "POST", f"{page_above}/comments", message="a").json()["error"]["code"] == 190
    assert on_x(sandbox, "DELETE", f"tweets/{above}").status_code == 500
    assert on_graph(sandbox, "DELETE", page_above).status_code == 403
    assert sandbox.x.posts == ()
    assert [shown.id for shown in sandbox.graph.posts] == [page_above]
