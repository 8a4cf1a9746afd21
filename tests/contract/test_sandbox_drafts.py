"""The stand-in for the Graph API lists drafts to a token that may advertise, and to no other."""

from datetime import timedelta
from typing import Any

import requests

from fakes import FakeClock
from spotlight_notify.sandbox.server import Sandbox


def call(sandbox: Sandbox, method: str, path: str, **sent: str) -> Any:
    arguments = {**sent, "access_token": sandbox.graph.page.access_token}
    where = "data" if method == "POST" else "params"
    url = f"{sandbox.graph_url}/v26.0/{path}"
    return requests.request(method, url, **{where: arguments}, timeout=60)  # type: ignore[arg-type]


def listed(sandbox: Sandbox, **query: str) -> Any:
    return call(sandbox, "GET", f"{sandbox.page_id}/ads_posts", **query).json()


def made(sandbox: Sandbox, message: str, published: str = "false") -> str:
    sent = {"message": message, "published": published}
    return str(call(sandbox, "POST", f"{sandbox.page_id}/feed", **sent).json()["id"])


def ids(body: Any) -> list[str]:
    return [entry["id"] for entry in body.get("data", ())]


def test_drafts_alone_are_listed_newest_first_in_pages(sandbox: Sandbox, clock: FakeClock) -> None:
    drafts = []
    for number in range(5):
        drafts.append(made(sandbox, f"Draft {number}"))
        made(sandbox, f"Post {number}", published="true")
        clock.advance(timedelta(minutes=1))
    first = listed(sandbox, limit="2", fields="id,message,created_time,is_published")
    assert first["data"][0] == {
        "id": drafts[4],
        "message": "Draft 4",
        "created_time": "2026-11-23T12:04:00+0000",
        "is_published": False,
    }
    second = requests.get(first["paging"]["next"], timeout=60).json()
    assert ids(first) + ids(second) == drafts[:0:-1]
    since = str(int((clock.now - timedelta(minutes=2)).timestamp()))
    assert ids(listed(sandbox, since=since)) == [drafts[4], drafts[3]]
    assert listed(sandbox, limit="ten")["error"]["code"] == 100


def test_what_is_published_or_deleted_is_listed_no_more(sandbox: Sandbox, clock: FakeClock) -> None:
    kept, published, deleted = (made(sandbox, words) for words in ("keep", "publish", "delete"))
    call(sandbox, "POST", published, is_published="true")
    call(sandbox, "DELETE", deleted)
    assert ids(listed(sandbox, include_inline_create="true")) == [kept]


def test_a_lag_keeps_new_drafts_out_of_the_list_until_it_has_passed(
    sandbox: Sandbox, clock: FakeClock
) -> None:
    sandbox.graph.lag = timedelta(seconds=30)
    draft = made(sandbox, "draft")
    assert listed(sandbox) == {"data": []}
    clock.advance(timedelta(seconds=30))
    assert ids(listed(sandbox)) == [draft]


def scopes(sandbox: Sandbox) -> list[str]:
    token = sandbox.graph.page.access_token
    return list(call(sandbox, "GET", "debug_token", input_token=token).json()["data"]["scopes"])


def test_a_token_that_may_not_advertise_may_not_list_drafts(sandbox: Sandbox) -> None:
    draft = made(sandbox, "draft")
    assert "pages_manage_ads" in scopes(sandbox)
    sandbox.graph.may_advertise = False
    refused = call(sandbox, "GET", f"{sandbox.page_id}/ads_posts")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, 200)
    assert "pages_manage_ads" in refused.json()["error"]["message"]
    assert "pages_manage_ads" not in scopes(sandbox)
    assert call(sandbox, "GET", draft, fields="is_published").json()["is_published"] is False
    assert call(sandbox, "GET", f"{sandbox.page_id}/published_posts").json() == {"data": []}
