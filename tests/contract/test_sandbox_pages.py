"""The follower's page shows what is live; the journal keeps everything that came."""

import base64
import json
import socket
import threading
import time
from statistics import median
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1
from selectolax.lexbor import LexborHTMLParser, LexborNode

from fakes import FakeClock
from spotlight_notify.model.errors import Refused
from spotlight_notify.sandbox.samples import read_pictures, read_site
from spotlight_notify.sandbox.server import Sandbox

TAG = "#SpotlightOnSafety"
PNG = read_pictures(read_site())["keep-calm-and-de-escalate.png"]


def tweet(sandbox: Sandbox, text: str) -> None:
    account = sandbox.x.account
    auth = OAuth1(
        account.consumer_key, account.consumer_secret, account.access_token, account.access_token_secret
    )
    requests.post(f"{sandbox.x_url}/2/tweets", json={"text": text}, auth=auth, timeout=60).raise_for_status()


def on_page(sandbox: Sandbox, edge: str, files: Any = None, **sent: str) -> dict[str, str]:
    data = {**sent, "access_token": sandbox.graph.page.access_token}
    url = f"{sandbox.graph_url}/v26.0/{sandbox.page_id}/{edge}"
    answer = requests.post(url, data=data, files=files, timeout=60)
    answer.raise_for_status()
    found: dict[str, str] = answer.json()
    return found


def first(node: LexborHTMLParser | LexborNode, query: str) -> LexborNode:
    return node.css(query)[0]


def page(sandbox: Sandbox, path: str = "/") -> LexborHTMLParser:
    return LexborHTMLParser(requests.get(sandbox.url + path, timeout=60).text)


def test_a_post_is_shown_with_coloured_hashtag_link_and_card(sandbox: Sandbox) -> None:
    (aid,) = sandbox.site.publish_next()
    tweet(sandbox, f"Look <b>here</b> {aid.link} {TAG}")
    article = first(page(sandbox), "section.x article")
    text = first(article, ".text")
    assert first(text, ".hashtag").text() == TAG
    assert first(text, "a").attributes["href"] == aid.page
    assert text.text().startswith("Look <b>here</b> spotlight.example.org/aids/")
    assert text.css("b") == []
    card = first(article, "a.card")
    assert first(card, ".title").text() == aid.aid.title
    assert first(card, "img").attributes["src"] == aid.card_url


def test_a_picture_is_shown_with_its_alt_text_and_no_card(sandbox: Sandbox) -> None:
    files = {"source": ("p.png", PNG, "image/png")}
    photo = on_page(sandbox, "photos", files=files, published="false", alt_text_custom='A "badge"')
    attached = json.dumps([{"media_fbid": photo["id"]}])
    made = on_page(sandbox, "feed", message=f"Poster {TAG}", attached_media=attached, fields="permalink_url")
    article = first(page(sandbox), "section.facebook article")
    picture = first(article, "figure img")
    assert picture.attributes["alt"] == 'A "badge"'
    assert 'A "badge"' in first(article, "figcaption").text()
    assert requests.get(sandbox.url + str(picture.attributes["src"]), timeout=60).content == PNG
    assert article.css(".card") == []
    assert made["permalink_url"] == f"{sandbox.url}/#{article.attributes['id']}"


def test_a_post_without_the_hashtag_is_not_what_a_follower_sees(sandbox: Sandbox) -> None:
    tweet(sandbox, "No tag")
    tweet(sandbox, f"Glued{TAG}")
    tweet(sandbox, "#spotlightonsafety in small letters")
    column = first(page(sandbox), "section.x")
    assert [text.text() for text in column.css("article .text")] == ["#spotlightonsafety in small letters"]
    assert [post.text() for post in column.css(".unseen li")] == [f"Glued{TAG}", "No tag"]


def test_pages_are_accessible_and_locked_down(sandbox: Sandbox) -> None:
    tweet(sandbox, f"One {TAG}")
    sandbox.site.publish_next()
    pictures: list[LexborNode] = []
    for path in ("/", "/received", "/site/", "/site/aids/keep-calm-and-de-escalate"):
        answer = requests.get(sandbox.url + path, timeout=60)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        tree = LexborHTMLParser(answer.text)
        assert first(tree, "html").attributes["lang"] == "en"
        assert len(tree.css("h1")) == len(tree.css("main")) == len(tree.css("title")) == 1
        pictures += tree.css("img")
        assert all("alt" in picture.attributes for picture in tree.css("img"))
        assert tree.css("script, style, [style]") == []
        ids = [node.attributes["id"] for node in tree.css("[id]")]
        assert len(ids) == len(set(ids))
    assert pictures
    style = requests.get(f"{sandbox.url}/style.css", timeout=60)
    assert style.headers["content-type"].startswith("text/css")
    assert "http" not in style.text


def test_the_journal_keeps_every_byte_and_secret(sandbox: Sandbox) -> None:
    files = {"source": ("p.png", PNG, "image/png")}
    on_page(sandbox, "photos", files=files, published="false")
    sandbox.x.faults.add("lost-answer")
    with pytest.raises(requests.ConnectionError):
        tweet(sandbox, "Wörds")
    photo, lost = requests.get(f"{sandbox.url}/received.json", timeout=60).json()["exchanges"]
    assert (photo["number"], photo["stand_in"], photo["method"]) == (1, "graph", "POST")
    assert photo["path"] == f"/v26.0/{sandbox.page_id}/photos"
    body = base64.b64decode(photo["body"]["base64"])
    assert PNG in body
    assert sandbox.graph.page.access_token.encode() in body
    assert photo["answer"]["status"] == 200
    assert "id" in json.loads(photo["answer"]["body"]["text"])
    assert json.loads(lost["body"]["text"]) == {"text": "Wörds"}
    assert dict(lost["headers"])["authorization"].startswith("OAuth ")
    assert (lost["url"], lost["answer"], lost["fault"]) == (
        f"{sandbox.x_url}/2/tweets",
        None,
        "lost-answer",
    )
    shown = page(sandbox, "/received").css("details.exchange")
    assert [first(entry, ".number").text() for entry in shown] == ["2", "1"]


def test_many_clients_at_once_lose_nothing(sandbox: Sandbox) -> None:
    threads = [threading.Thread(target=tweet, args=(sandbox, f"{number} {TAG}")) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    ids = [post.id for post in sandbox.x.posts]
    assert len(set(ids)) == 16
    assert ids == sorted(ids, key=int)


def test_answers_do_not_wait_for_the_clients_acknowledgement(sandbox: Sandbox) -> None:
    def seconds(session: requests.Session) -> float:
        began = time.monotonic()
        assert session.get(f"{sandbox.url}/posts.json", timeout=60).status_code == 200
        return time.monotonic() - began

    with requests.Session() as session:
        assert median(seconds(session) for _ in range(50)) < 0.035  # a wait takes 40 ms


def test_a_taken_port_is_refused_in_one_line(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(Refused, match=f"port {port} on 127.0.0.1 cannot be used"):
        Sandbox(FakeClock(), port)


def test_the_port_is_free_again_afterwards() -> None:
    with Sandbox(FakeClock()) as first:
        port = int(first.url.rpartition(":")[2])
    with socket.socket() as tried, pytest.raises(ConnectionRefusedError):
        tried.connect(("127.0.0.1", port))
    with Sandbox(FakeClock(), port) as second:
        assert requests.get(second.url, timeout=60).status_code == 200


def test_promise_16_hidden_characters_are_shown_on_pages(sandbox: Sandbox) -> None:
    words = "a\u202eb\u2066c\x9bd\U000e0041e"
    tweet(sandbox, f"{words} {TAG}")
    tweet(sandbox, words)
    requests.post(f"{sandbox.url}/site/publish", data={"title": words}, timeout=60).raise_for_status()
    for path in ("/", "/received", "/site/"):
        body = requests.get(sandbox.url + path, timeout=60).content.decode()
        assert not set(body) & {"\u202e", "\u2066", "\x9b", "\U000e0041"}, path
        assert r"a\u202eb\u2066c" in body, path
    told = requests.get(f"{sandbox.url}/site/feed.xml", timeout=60).content.decode()
    assert "a\u202eb\u2066c" in told, "the feed is a stranger's, and passes on what it was given"
