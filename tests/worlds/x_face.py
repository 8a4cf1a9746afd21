"""Speak as X does: what its specification and people who use it say that it answers."""

import html
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from worlds.networks import Answer, Live, Shore
from worlds.scripts import Ill

USER = "1710000000000000001"
EPOCH_MS = 1_288_834_974_657
"""X's ids count milliseconds from here, above their lowest 22 bits."""
LINK = re.compile(r"https?://[^\s]+")
KINDS = {
    ("POST", "tweets"): "create",
    ("POST", "upload"): "upload",
    ("POST", "metadata"): "describe",
    ("GET", "me"): "who",
}
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
PROBLEMS = "https://api.twitter.com/2/problems"
REPEATS: tuple[dict[str, Any], ...] = (
    {"detail": DUPLICATE, "type": "about:blank", "title": "Forbidden", "status": 403},
    {"errors": [{"code": 187, "message": "Status is a duplicate."}]},
    {"code": 187, "message": "Forbidden."},
    {"detail": "Forbidden", "type": f"{PROBLEMS}/duplicate-rules", "title": "Forbidden", "status": 403},
)
"""The ways in which X says that it has these words already."""
REFUSALS: tuple[tuple[int, dict[str, Any]], ...] = (
    (400, {"title": "Invalid Request", "detail": "One or more parameters were invalid.", "status": 400}),
    (403, {"errors": [{"code": 186, "message": "Tweet needs to be a bit shorter."}]}),
    (403, {"code": 186, "message": "Forbidden."}),
    (403, {"title": "Forbidden", "detail": "Forbidden", "type": "about:blank", "status": 403}),
)
SIGNED_OUT: tuple[tuple[int, dict[str, Any]], ...] = (
    (401, {"title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized"}),
    (402, {"title": "CreditsDepleted", "type": f"{PROBLEMS}/credits", "status": 402, "detail": "No credits"}),
    (403, {"title": "Forbidden", "detail": "Your account is suspended.", "status": 403}),
)


class XFace:
    """Answer for one account."""

    def __init__(self, shore: Shore) -> None:
        self._shore = shore

    def call_of(self, request: requests.PreparedRequest) -> str:
        parts = urlsplit(str(request.url)).path.strip("/").split("/")
        if request.method == "DELETE":
            return "delete"
        return KINDS.get((str(request.method), parts[-1]), "look")

    def carry_out(self, call: str, request: requests.PreparedRequest) -> Answer:
        path = urlsplit(str(request.url))
        match call:
            case "create":
                return self._create(json.loads(request.body or b"{}"))
            case "upload":
                return Answer(200, {"data": {"id": str(self._shore.number())}})
            case "delete":
                return self._delete(path.path.rsplit("/", 1)[-1])
            case "who":
                return Answer(200, {"data": {"id": USER, "username": "programme", "name": "Programme"}})
            case "look":
                return self._look({name: found[0] for name, found in parse_qs(path.query).items()})
        return Answer(200, {"data": {}})

    def trouble(self, ill: Ill, amount: int, done: Answer | None) -> Answer:
        match ill:
            case Ill.TWICE if done and done.status == 201:
                return Answer(403, REPEATS[amount % len(REPEATS)])
            case Ill.UNREADABLE:
                return Answer(201, "<html>")
            case Ill.NO_ID:
                return Answer(201, {"data": {}})
            case Ill.THROTTLED:
                reset = int(self._shore.clock().timestamp()) + 900
                return Answer(429, {"title": "Too Many Requests"}, {"x-rate-limit-reset": str(reset)})
            case Ill.REFUSED:
                return Answer(*REFUSALS[amount % len(REFUSALS)])
            case Ill.SIGNED_OUT:
                return Answer(*SIGNED_OUT[amount % len(SIGNED_OUT)])
            case Ill.TWICE if done:
                return done
        return Answer(503, {"title": "Service Unavailable", "detail": "Service Unavailable", "status": 503})

    def _create(self, asked: dict[str, Any]) -> Answer:
        text, now = asked["text"], self._shore.now()
        if self._shore.is_repeat(text):
            return Answer(403, REPEATS[0])
        post = self._shore.add(
            Live(
                post_id=self.new_id(),
                text=text,
                links=tuple(LINK.findall(text)),
                at=now,
                made_at=now,
                by="program",
                reply_to=asked.get("reply", {}).get("in_reply_to_tweet_id"),
            )
        )
        return Answer(201, {"data": {"id": post.post_id, "text": text}})

    def new_id(self, at: float | None = None) -> str:
        """Make an id that tells the time."""
        ms = int(self._shore.clock(at).timestamp() * 1000) - EPOCH_MS
        return str(ms << 22 | self._shore.number())

    def _delete(self, post_id: str) -> Answer:
        post = self._shore.find(post_id)
        if post:
            post.gone_at = self._shore.now()
        return Answer(200, {"data": {"deleted": True}})

    def _look(self, asked: dict[str, str]) -> Answer:
        posts, since = self._shore.listed(), asked.get("start_time")
        if since:
            start = datetime.fromisoformat(since.replace("Z", "+00:00"))
            start = start if start.tzinfo else start.replace(tzinfo=UTC)
            posts = [post for post in posts if self._shore.clock(post.at) >= start]
        if "replies" in asked.get("exclude", ""):
            posts = [post for post in posts if post.reply_to is None]
        if before := asked.get("pagination_token"):
            posts = [post for post in posts if int(post.post_id) < int(before[1:])]
        return self._page(posts, min(int(asked.get("max_results", 10)), self._shore.net.page_size))

    def _page(self, posts: list[Live], size: int) -> Answer:
        page = posts[:size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if not page:
            return Answer(200, {"meta": meta} | ({"errors": []} if self._shore.net.odd else {}))
        if len(posts) > size:
            meta["next_token"] = f"b{page[-1].post_id}"
        return Answer(200, {"data": [self._shown(post) for post in page], "meta": meta})

    def _shown(self, post: Live) -> dict[str, Any]:
        text, urls = html.escape(post.text, quote=False), []
        for number, link in enumerate(post.links):
            short = f"https://t.co/{post.post_id[-8:]}{number}"
            text = text.replace(html.escape(link, quote=False), short)
            entity: dict[str, Any] = {"url": short, "expanded_url": link, "display_url": link[8:30]}
            urls.append(entity | ({"media_key": None} if self._shore.net.odd else {}))
        entities: dict[str, Any] = {"urls": urls} if urls or not self._shore.net.odd else {"urls": None}
        shown: dict[str, Any] = {"id": post.post_id, "text": text, "entities": entities}
        if post.reply_to:
            shown["referenced_tweets"] = [{"type": "replied_to", "id": post.reply_to}]
        return shown
