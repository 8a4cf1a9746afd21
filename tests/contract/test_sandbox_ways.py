"""What happens on the way, and the networks' own ways: doubles, small pages, lag, clocks, posts by hand."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from fakes import FakeClock
from spotlight_notify.model.errors import Refused
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.samples import read_pictures, read_site
from spotlight_notify.sandbox.server import Sandbox

PNG = read_pictures(read_site())["keep-calm-and-de-escalate.png"]
TWICE = "x {step}: delivered-twice; facebook {step}: delivered-twice"


def order(sandbox: Sandbox, script: str) -> None:
    sandbox.faults.carry_out(parse_script(script))


def on_x(sandbox: Sandbox, method: str, path: str, **sent: Any) -> requests.Response:
    account = sandbox.x.account
    auth = OAuth1(
        account.consumer_key, account.consumer_secret, account.access_token, account.access_token_secret
    )
    return requests.request(method, f"{sandbox.x_url}/2{path}", auth=auth, timeout=60, **sent)


def tweet(sandbox: Sandbox, text: str, **more: Any) -> requests.Response:
    return on_x(sandbox, "POST", "/tweets", json={"text": text, **more})


def timeline(sandbox: Sandbox, **query: str) -> Any:
    return on_x(sandbox, "GET", f"/users/{sandbox.x.account.id}/tweets", params=query).json()


def on_graph(sandbox: Sandbox, method: str, path: str, **sent: Any) -> requests.Response:
    files = sent.pop("files", None)
    arguments = {**sent, "access_token": sandbox.graph.page.access_token}
    url = f"{sandbox.graph_url}/v26.0/{path}"
    if method == "POST":
        return requests.post(url, data=arguments, files=files, timeout=60)
    return requests.request(method, url, params=arguments, timeout=60)


def feed(sandbox: Sandbox, message: str, **sent: str) -> requests.Response:
    return on_graph(sandbox, "POST", f"{sandbox.page_id}/feed", message=message, **sent)


def published(sandbox: Sandbox, edge: str = "published_posts", **query: str) -> Any:
    return on_graph(sandbox, "GET", f"{sandbox.page_id}/{edge}", **query).json()


def ids(body: Any) -> list[str]:
    return [entry["id"] for entry in body.get("data", ())]


@pytest.mark.parametrize("duplicates", ["refused", "allowed"])
def test_promise_9_of_a_post_delivered_twice_the_first_is_made_and_the_second_answers(
    sandbox: Sandbox, duplicates: str
) -> None:
    order(sandbox, f"x duplicates: {duplicates}; facebook duplicates: {duplicates}")
    order(sandbox, TWICE.format(step="publish"))
    refused = tweet(sandbox, "once")
    assert (refused.status_code, "duplicate content" in refused.json()["detail"]) == (403, True)
    assert feed(sandbox, "once").json()["error"]["code"] == 506
    assert [post.text for post in (*sandbox.x.posts, *sandbox.graph.posts)] == ["once", "once"]
    for exchange in sandbox.journal.exchanges:
        assert exchange.made_public
        assert exchange.answer != exchange.done


def test_promise_9_replies_and_photos_delivered_twice_are_made_once(sandbox: Sandbox) -> None:
    above, below = tweet(sandbox, "above").json()["data"]["id"], feed(sandbox, "above").json()["id"]
    order(sandbox, TWICE.format(step="reply"))
    answer = tweet(sandbox, "below", reply={"in_reply_to_tweet_id": above})
    assert answer.status_code == 403
    comments = f"{below}/comments"
    assert on_graph(sandbox, "POST", comments, message="below").json()["error"]["code"] == 506
    order(sandbox, "facebook publish: delivered-twice")
    sent = {"files": {"source": ("poster.png", PNG, "image/png")}, "caption": "a photo"}
    doubled = on_graph(sandbox, "POST", f"{sandbox.page_id}/photos", **sent)
    assert doubled.json()["error"]["code"] == 506
    assert [post.text for post in sandbox.x.posts] == ["above", "below"]
    assert [post.text for post in sandbox.graph.posts] == ["above", "below", "a photo"]


def test_promise_9_what_makes_nothing_public_is_done_twice_and_answered_truly(sandbox: Sandbox) -> None:
    made, draft = tweet(sandbox, "one").json()["data"]["id"], feed(sandbox, "draft", published="false").json()
    order(sandbox, TWICE.format(step="delete") + "; " + TWICE.format(step="read"))
    assert timeline(sandbox)["data"][0]["id"] == made
    assert list(on_x(sandbox, "DELETE", f"/tweets/{made}").json()) == ["errors"]
    order(sandbox, "facebook publish: delivered-twice")
    assert on_graph(sandbox, "POST", draft["id"], is_published="true").json() == {"success": True}
    assert on_graph(sandbox, "DELETE", draft["id"]).json()["error"]["code"] == 100
    order(sandbox, "facebook prepare: delivered-twice")
    second = feed(sandbox, "another draft", published="false").json()["id"]
    assert [post.id for post in sandbox.graph.drafts][1:] == [second]
    assert sandbox.x.posts == sandbox.graph.posts == ()


def test_answers_1_a_create_that_cannot_be_read_back_is_an_error_that_holds_the_new_id(
    sandbox: Sandbox,
) -> None:
    order(
        sandbox, "facebook publish: not-read-back; facebook comment: not-read-back; x publish: not-read-back"
    )
    error = feed(sandbox, "written").json()["error"]
    (post,) = sandbox.graph.posts
    assert (error["code"], error["error_subcode"]) == (100, 33)
    assert error["original_response"] == {"id": post.id}
    error = on_graph(sandbox, "POST", f"{post.id}/comments", message="below").json()["error"]
    assert error["original_response"] == {"id": sandbox.graph.posts[-1].id}
    order(sandbox, "facebook publish: not-read-back")
    sent = {"files": {"source": ("poster.png", PNG, "image/png")}, "caption": "a photo"}
    error = on_graph(sandbox, "POST", f"{sandbox.page_id}/photos", **sent).json()["error"]
    assert error["original_response"] == {"id": sandbox.graph.posts[-1].id}
    assert tweet(sandbox, "written").status_code == 500
    assert len(sandbox.x.posts) == 1


def test_answers_1_a_read_or_a_refused_create_has_no_original_response(sandbox: Sandbox) -> None:
    order(sandbox, "facebook read: not-read-back; facebook publish: not-read-back")
    assert "original_response" not in published(sandbox)["error"]
    assert "original_response" not in feed(sandbox, " ").json()["error"]
    assert sandbox.graph.posts == ()


def test_promise_10_pages_hold_no_more_than_the_network_wants(sandbox: Sandbox, clock: FakeClock) -> None:
    for number in range(10):
        tweet(sandbox, f"Tweet {number}")
        feed(sandbox, f"Post {number}")
        clock.advance(timedelta(seconds=1))
    order(sandbox, "x page: 7; facebook page: 7")
    first = timeline(sandbox, max_results="100")
    second = timeline(sandbox, max_results="100", pagination_token=first["meta"]["next_token"])
    assert [len(ids(page)) for page in (first, second)] == [7, 3]
    posts = published(sandbox, limit="100")
    rest = requests.get(posts["paging"]["next"], timeout=60).json()
    assert [len(ids(page)) for page in (posts, rest)] == [7, 3]
    assert len(ids(timeline(sandbox, max_results="5"))) == 5


def test_promise_7_a_lag_of_minutes_keeps_posts_comments_and_photos_out_of_lists(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    order(sandbox, "x lag: 150s; facebook lag: 150s")
    made, post = tweet(sandbox, "one").json()["data"]["id"], feed(sandbox, "one").json()["id"]
    on_graph(sandbox, "POST", f"{post}/comments", message="below")
    sent = {"files": {"source": ("poster.png", PNG, "image/png")}, "caption": "a photo"}
    on_graph(sandbox, "POST", f"{sandbox.page_id}/photos", **sent)

    def seen() -> list[int]:
        comments = on_graph(sandbox, "GET", f"{post}/comments").json()
        photos = published(sandbox, "photos", type="uploaded")
        return [len(ids(body)) for body in (timeline(sandbox), published(sandbox), comments, photos)]

    clock.advance(timedelta(seconds=149))
    assert seen() == [0, 0, 0, 0]
    assert on_x(sandbox, "GET", f"/tweets/{made}").json()["data"]["id"] == made
    clock.advance(timedelta(seconds=1))
    assert seen() == [1, 2, 1, 1]


def date_of(answer: requests.Response) -> datetime | None:
    words = answer.headers.get("date")
    return parsedate_to_datetime(words) if words else None


def test_promise_6_the_date_of_answers_is_the_networks_and_may_be_off_or_absent(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    def dates() -> list[datetime | None]:
        return [date_of(on_x(sandbox, "GET", "/users/me")), date_of(on_graph(sandbox, "GET", "me"))]

    assert dates() == [clock.now, clock.now]
    order(sandbox, "x date: +90s; facebook date: -3m")
    assert dates() == [clock.now + timedelta(seconds=90), clock.now - timedelta(minutes=3)]
    made = tweet(sandbox, "one")
    assert date_of(made) == clock.now + timedelta(seconds=90)
    assert sandbox.x.posts[0].posted_at == clock.now
    order(sandbox, "x date: absent; facebook date: absent")
    assert dates() == [None, None]
    order(sandbox, "x date: 0s; facebook date: 0s")
    assert dates() == [clock.now, clock.now]


def test_promise_6_a_networks_clock_may_differ_from_this_machines(sandbox: Sandbox, clock: FakeClock) -> None:
    order(sandbox, "x clock: -3m; facebook clock: -3m")
    theirs = clock.now - timedelta(minutes=3)
    answers = tweet(sandbox, "one"), feed(sandbox, "one")
    assert [date_of(answer) for answer in answers] == [theirs, theirs]
    assert [post.posted_at for post in (*sandbox.x.posts, *sandbox.graph.posts)] == [theirs, theirs]
    stamp = (int(sandbox.x.posts[0].id) >> 22) + 1_288_834_974_657
    assert datetime.fromtimestamp(stamp / 1000, UTC) == theirs
    since = f"{clock.now - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    assert timeline(sandbox, start_time=since) == {"meta": {"result_count": 0}}
    assert published(sandbox, since=str(int(clock.now.timestamp()) - 60)) == {"data": []}


@pytest.mark.parametrize(
    "clause", ["x page: 0", "x page: seven", "x page: 101", "x date: soon", "x clock: ±3"]
)
def test_ways_that_cannot_be_read_are_refused(clause: str) -> None:
    with pytest.raises(Refused):
        parse_script(clause)


def test_the_fault_desk_tells_every_way(sandbox: Sandbox) -> None:
    order(sandbox, "x page: 7; x clock: -3m; x date: absent; facebook date: +1m")
    ways = requests.get(f"{sandbox.url}/faults.json", timeout=60).json()["ways"]
    assert (ways["x"]["page_size"], ways["x"]["clock_seconds"], ways["x"]["date_seconds"]) == (
        7,
        -180.0,
        None,
    )
    assert ways["facebook"]["date_seconds"] == 60.0


def test_promise_3_posts_by_hand_stand_on_the_timelines_as_old_as_said(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    newer, post = tweet(sandbox, "newer").json()["data"]["id"], feed(sandbox, "newer").json()["id"]
    week = timedelta(days=6)
    older = sandbox.x.post_by_hand("Save the date", age=week), sandbox.graph.post_by_hand("Save", age=week)
    assert ids(timeline(sandbox)) == [newer, older[0]]
    assert ids(published(sandbox)) == [post, older[1]]
    assert {shown.posted_at for shown in (sandbox.x.posts[0], sandbox.graph.posts[0])} == {clock.now - week}
    again = sandbox.x.post_by_hand("Save the date", age=week)
    assert len({*older, again}) == 3
    assert tweet(sandbox, "newest").json()["data"]["id"] > newer


def test_promise_3_strangers_posts_are_told_from_ones_own(sandbox: Sandbox) -> None:
    repost, visit = sandbox.x.repost_a_strangers("look"), sandbox.graph.post_by_visitor("hello")
    (entry,) = timeline(sandbox, **{"post.fields": "referenced_posts"})["data"]
    assert (entry["id"], entry["referenced_posts"][0]["type"]) == (repost, "retweeted")
    assert timeline(sandbox, exclude="retweets") == {"meta": {"result_count": 0}}
    assert published(sandbox) == {"data": []}
    (shown,) = published(sandbox, "feed", fields="from")["data"]
    assert (shown["id"], shown["from"]["id"] == sandbox.page_id) == (visit, False)


def test_promise_3_programs_post_by_hand_over_http(sandbox: Sandbox) -> None:
    def make(**asked: Any) -> Any:
        return requests.post(f"{sandbox.url}/posts", json=asked, timeout=60)

    made = make(network="x", text="by hand", age_seconds=60).json()["id"]
    reply = make(network="x", text="below", reply_to=made).json()["id"]
    stranger = make(network="x", text="look", author="stranger").json()["id"]
    post = make(network="facebook", text="by hand", link="https://a.example/").json()["id"]
    visit = make(network="facebook", text="hello", author="stranger").json()["id"]
    posts = {p["id"]: p for p in requests.get(f"{sandbox.url}/posts.json", timeout=60).json()["posts"]}
    assert set(posts) == {made, reply, stranger, post, visit}
    assert (posts[reply]["reply_to"], posts[post]["link"]) == (made, "https://a.example/")
    for wrong in ({}, {"network": "aol", "text": "a"}, {"network": "x", "text": "a", "author": "nobody"}):
        assert make(**wrong).status_code == 400
    assert sandbox.journal.exchanges == ()
