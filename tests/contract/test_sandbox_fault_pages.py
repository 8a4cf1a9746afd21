"""Faults are ordered, listed and cleared over HTTP: in JSON by programs, on a page by people."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1
from selectolax.lexbor import LexborHTMLParser

from fakes import FakeClock
from spotlight_notify.sandbox.faults import Fault, Odds, Step
from spotlight_notify.sandbox.server import Sandbox

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(FakeClock(), chance=lambda: 0.0) as opened:
        yield opened


def tweet(sandbox: Sandbox, text: str) -> int:
    account = sandbox.x.account
    auth = OAuth1(
        account.consumer_key, account.consumer_secret, account.access_token, account.access_token_secret
    )
    return requests.post(f"{sandbox.x_url}/2/tweets", json={"text": text}, auth=auth, timeout=60).status_code


def send(sandbox: Sandbox, value: object) -> Any:
    answer = requests.post(f"{sandbox.url}/faults", json=value, timeout=60)
    return answer.status_code, answer.json()


def fill_in(sandbox: Sandbox, **fields: str) -> requests.Response:
    return requests.post(f"{sandbox.url}/faults", data=fields, headers=BROWSER, timeout=60)


def read(sandbox: Sandbox) -> LexborHTMLParser:
    return LexborHTMLParser(requests.get(f"{sandbox.url}/faults", headers=BROWSER, timeout=60).text)


def test_a_script_in_json_waits_and_then_has_happened(sandbox: Sandbox) -> None:
    asked = {"network": "x", "step": "publish", "script": ["500-live", "ok*2", "402"]}
    status, state = send(sandbox, asked)
    assert status == 200
    assert [(turn["network"], turn["step"], turn["fault"], turn["times"]) for turn in state["waiting"]] == [
        ("x", "publish", "500-live", 1),
        ("x", "publish", "ok", 2),
        ("x", "publish", "402", 1),
    ]
    assert [tweet(sandbox, text) for text in ("one", "two", "three", "four", "five")] == [
        500,
        201,
        201,
        402,
        201,
    ]
    state = requests.get(f"{sandbox.url}/faults", timeout=60).json()
    assert state["waiting"] == []
    assert state["counts"] == {"402": 1, "500-live": 1}
    assert {"network": "x", "step": "publish", "fault": "402", "times": 1} in state["happened"]


@pytest.mark.parametrize(
    ("faults", "weights"),
    [(["429", "402"], {"429": 1.0, "402": 1.0}), ({"429": 2, "402": 0.5}, {"429": 2.0, "402": 0.5})],
)
def test_odds_in_json_are_drawn_from(sandbox: Sandbox, faults: object, weights: dict[str, float]) -> None:
    asked = {"network": "facebook", "step": "read", "probability": 0.25, "faults": faults}
    _, state = send(sandbox, asked)
    assert state["odds"] == [{"network": "facebook", "step": "read", "probability": 0.25, "faults": weights}]
    url = f"{sandbox.graph_url}/v26.0/{sandbox.page_id}"
    token = {"access_token": sandbox.graph.page.access_token}
    assert requests.get(url, params=token, timeout=60).json()["error"]["code"] == 32


def test_the_compact_form_may_come_in_json_too(sandbox: Sandbox) -> None:
    status, state = send(sandbox, {"text": "x publish: 429; facebook lag: 45s; facebook duplicates: allowed"})
    assert (status, state["waiting"][0]["fault"]) == (200, "429")
    ways = state["ways"]["facebook"]
    assert (ways["lag_seconds"], ways["limits"], ways["refuses_duplicates"]) == (45.0, True, False)
    assert sandbox.graph.lag == timedelta(seconds=45)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([], "must be a JSON object"),
        ({}, '"script" must be a list'),
        ({"network": "x", "script": []}, '"script" must be a list'),
        ({"network": "aol", "script": ["429"]}, 'no network "aol"'),
        ({"network": "x", "step": "sing", "script": ["429"]}, 'no step "sing"'),
        ({"network": "x", "script": ["429", "flood"]}, 'no fault "flood"'),
        ({"network": "x", "script": [429.5]}, "is no fault"),
        ({"network": "x", "probability": 1.5, "faults": ["429"]}, "more than 100%"),
        ({"network": "x", "probability": -1, "faults": ["429"]}, "no fault"),
        ({"network": "x", "probability": True, "faults": ["429"]}, '"probability" must be a number'),
        ({"network": "x", "probability": 0.5}, "is no fault"),
        ({"text": "x publish: 429; x publish: flood"}, 'no fault "flood"'),
    ],
)
def test_orders_that_cannot_be_read_are_a_400_and_change_nothing(
    sandbox: Sandbox, asked: object, words: str
) -> None:
    status, body = send(sandbox, asked)
    assert status == 400
    assert words in body["error"]
    assert sandbox.x.faults.waiting == ()
    assert sandbox.x.faults.odds == ()


def test_json_may_come_without_its_content_type(sandbox: Sandbox) -> None:
    body = '{"network": "x", "script": ["402"]}'
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = requests.post(f"{sandbox.url}/faults", data=body, headers=headers, timeout=60)
    assert answer.json()["waiting"][0]["fault"] == "402"


def test_clearing_ends_all_that_waits_and_keeps_what_happened(sandbox: Sandbox) -> None:
    send(sandbox, {"text": "x publish: 402, 429*5; facebook publish: 50% 429"})
    assert tweet(sandbox, "one") == 402
    state = requests.post(f"{sandbox.url}/faults/clear", timeout=60).json()
    assert (state["waiting"], state["odds"], state["counts"]) == ([], [], {"402": 1})
    assert tweet(sandbox, "two") == 201


def test_the_form_adds_one_fault_so_many_times_or_percent(sandbox: Sandbox) -> None:
    shown = fill_in(sandbox, network="x", step="publish", fault="402", often="2", unit="times")
    assert (shown.status_code, shown.history[0].status_code) == (200, 303)
    fill_in(sandbox, network="facebook", step="read", fault="html-503", often="12.5", unit="percent")
    assert sandbox.graph.faults.odds == (
        Odds(step=Step.READ, probability=0.125, faults={Fault.HTML_503: 1.0}),
    )
    lines = [" ".join(line.text().split()) for line in read(sandbox).css(".faults li")]
    assert lines == ["X publish: 2 requests 402", "Facebook read: 12.5 percent of requests html-503"]
    assert [tweet(sandbox, text) for text in ("one", "two", "three")] == [402, 402, 201]
    (row,) = read(sandbox).css("tbody tr")
    assert [cell.text() for cell in row.css("td")] == ["X", "publish", "402", "2"]


def test_the_form_takes_a_whole_script_and_a_lag(sandbox: Sandbox) -> None:
    fill_in(sandbox, text="x publish: ok, 429\r\nx read: 402")
    assert [turn.name for turn in sandbox.x.faults.waiting] == ["ok", "429", "402"]
    fill_in(sandbox, network="facebook", lag="1.5")
    assert sandbox.graph.lag == timedelta(seconds=1.5)
    assert (
        "New posts on Facebook are missing from its lists for 1.5 seconds."
        in read(sandbox).css("main")[0].text()
    )


def test_a_form_that_cannot_be_read_says_why_and_changes_nothing(sandbox: Sandbox) -> None:
    answer = fill_in(sandbox, text="x publish: <b>flood</b>")
    assert answer.status_code == 400
    (alert,) = LexborHTMLParser(answer.text).css("[role=alert]")
    assert alert.text().startswith('Nothing was changed: "<b>flood</b>" is no fault')
    assert alert.css("b") == []
    assert fill_in(sandbox, network="x", step="publish", fault="402", often="1.5").status_code == 400
    assert fill_in(sandbox, network="x").status_code == 400
    assert sandbox.x.faults.waiting == ()


def test_what_was_received_tells_what_was_truly_done(sandbox: Sandbox) -> None:
    send(sandbox, {"text": "x publish: code-2-live, 402"})
    assert (tweet(sandbox, "one"), tweet(sandbox, "two")) == (503, 402)
    live, refused = requests.get(f"{sandbox.url}/received.json", timeout=60).json()["exchanges"]
    assert (live["fault"], live["step"], live["made_public"]) == ("code-2-live", "publish", True)
    assert (live["answer"]["status"], live["done"]["status"]) == (503, 201)
    assert sandbox.x.posts[0].id in live["done"]["body"]["text"]
    assert (refused["fault"], refused["made_public"], refused["done"]) == ("402", False, None)
    page = LexborHTMLParser(requests.get(f"{sandbox.url}/received", timeout=60).text)
    badges = [[badge.text() for badge in entry.css(".badge")] for entry in page.css("details")]
    assert badges == [["402"], ["code-2-live", "live"]]


def test_the_button_clears_and_leads_back(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("429", times=3)
    form = read(sandbox).css("form[action='/faults/clear']")[0]
    assert (form.attributes["method"], form.css("button")[0].text()) == ("post", "Clear all that waits")
    answer = requests.post(f"{sandbox.url}/faults/clear", headers=BROWSER, timeout=60)
    assert answer.url == f"{sandbox.url}/faults"
    assert sandbox.x.faults.waiting == ()
    assert read(sandbox).css("form[action='/faults/clear']") == []


def test_the_page_is_accessible_and_locked_down(sandbox: Sandbox) -> None:
    sandbox.x.faults.add("402", times=2)
    sandbox.graph.faults.at_random(0.5, "429")
    tweet(sandbox, "one")
    answer = requests.get(f"{sandbox.url}/faults", headers=BROWSER, timeout=60)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    tree = LexborHTMLParser(answer.text)
    assert tree.css("html")[0].attributes["lang"] == "en"
    assert len(tree.css("h1")) == len(tree.css("main")) == len(tree.css("title")) == 1
    assert tree.css("script, style, [style], [onclick]") == []
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    labelled = {label.attributes["for"] for label in tree.css("label")}
    fields = [field.attributes["id"] for field in tree.css("select, input, textarea")]
    assert fields
    assert set(fields) == labelled
    pointed = [
        node.attributes[name]
        for name in ("aria-labelledby", "aria-describedby")
        for node in tree.css(f"[{name}]")
    ]
    assert set(pointed) <= set(ids)
    assert tree.css("nav a[aria-current=page]")[0].text() == "Faults"
    offered = [option.text() for option in tree.css("#fault option")]
    assert offered == [fault.value for fault in Fault]
