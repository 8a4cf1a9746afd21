"""Speak as the Graph API does to a Page: what Meta's documents and people who use it say that it answers."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from worlds.networks import Answer, Live, Shore
from worlds.scripts import Ill

PAGE_ID = "101"
LINK = re.compile(r"https?://[^\s]+")
REPEATS: tuple[dict[str, Any], ...] = (
    {"code": 506, "message": "Duplicate status message"},
    {"code": 368, "error_subcode": 1404082, "message": "Duplicate"},
    {"code": 368, "message": "You've already posted this"},
)
"""The ways in which Graph says that it has these words already."""
REFUSALS: tuple[dict[str, Any], ...] = (
    {"code": 100, "message": "Invalid parameter"},
    {"code": 1500, "message": "The url you supplied is invalid"},
    {"code": 105, "message": "Too many parameters"},
    {"code": 368, "error_subcode": 1346003, "message": "This text is not allowed"},
)
SIGNED_OUT: tuple[dict[str, Any], ...] = (
    {"code": 190, "message": "Error validating access token"},
    {"code": 10, "message": "Application does not have permission"},
    {"code": 21, "message": "Page ID 101 was migrated"},
)
READ_FAILED: tuple[tuple[int, dict[str, Any]], ...] = (
    (400, {"code": 100, "error_subcode": 33, "message": "Unsupported post request"}),
    (200, {"code": 100, "message": "(#100) Tried accessing nonexisting field"}),
    (400, {"code": 10, "message": "Application does not have permission"}),
    (400, {"code": 190, "message": "Error validating access token"}),
    (400, {"code": 4, "message": "Application request limit reached"}),
)
"""Errors of the reading after a write: the post is public, and the error holds its id."""


ERRORS = {
    Ill.TWICE: REPEATS,
    Ill.REFUSED: REFUSALS,
    Ill.SIGNED_OUT: SIGNED_OUT,
    Ill.THROTTLED: ({"code": 4, "message": "Application request limit reached"},),
}


class GraphFace:
    """Answer for one Page."""

    def __init__(self, shore: Shore) -> None:
        self._shore = shore

    def call_of(self, request: requests.PreparedRequest) -> str:
        path = urlsplit(str(request.url)).path.strip("/").split("/")
        edge = path[2] if len(path) > 2 else ""
        match request.method, edge:
            case "POST", "feed":
                return "draft" if _asked(request).get("published") == "false" else "create"
            case "POST", "photos":
                return "upload"
            case "POST", "":
                return "publish"
            case "DELETE", _:
                return "delete"
            case "GET", "published_posts":
                return "look"
            case "GET", "ads_posts":
                return "strays"
        return "who" if path[1] == "me" else "find"

    def carry_out(self, call: str, request: requests.PreparedRequest) -> Answer:
        asked, subject = _asked(request), urlsplit(str(request.url)).path.strip("/").split("/")[1]
        match call:
            case "create" | "draft":
                return self._create(asked, public=call == "create")
            case "upload":
                return Answer(200, {"id": f"77{self._shore.number()}"})
            case "publish":
                return self._publish(subject, asked)
            case "delete":
                return self._delete(subject)
            case "look":
                return self._look(asked, str(request.url))
            case "strays":
                return Answer(200, {"data": [self._read(p) for p in self._shore.posts if p.at is None]})
            case "who":
                return Answer(200, {"id": PAGE_ID, "name": "Programme"})
        post = self._shore.find(subject)
        return Answer(200, self._read(post)) if post else _gone()

    def trouble(self, ill: Ill, amount: int, done: Answer | None) -> Answer:
        match ill:
            case Ill.TWICE | Ill.READ_FAILED if done and done.status != 200:
                return done
            case Ill.READ_FAILED if done:
                status, error = READ_FAILED[amount % len(READ_FAILED)]
                return _error(status, error | {"original_response": {"id": done.body.get("id")}})
            case Ill.UNREADABLE:
                return Answer(200, "<html>")
            case Ill.NO_ID:
                return Answer(200, {"id": "0"} if amount else {})
            case _ if ill in ERRORS:
                return _error(400, ERRORS[ill][amount % len(ERRORS[ill])])
        error = {"code": 1 + amount % 2, "message": "An unknown error has occurred.", "is_transient": True}
        return _error(500, error)

    def _create(self, asked: dict[str, str], *, public: bool) -> Answer:
        text, now = asked.get("message", ""), self._shore.now()
        if public and self._shore.is_repeat(text):
            return _error(400, REPEATS[0])
        post = self._shore.add(
            Live(
                post_id=self.new_id(),
                text=text,
                links=tuple(LINK.findall(text)),
                at=now if public else None,
                made_at=now,
                by="program",
            )
        )
        return self._told(post, asked)

    def new_id(self, at: float | None = None) -> str:
        """Make an id of a post of this Page."""
        return f"{PAGE_ID}_{self._shore.number()}"

    def _publish(self, post_id: str, asked: dict[str, str]) -> Answer:
        post = self._shore.find(post_id)
        if post is None:
            return _gone()
        if post.at is None:
            post.at = self._shore.now()
        return Answer(200, {"success": True, **self._read(post)} if "fields" in asked else {"success": True})

    def _delete(self, post_id: str) -> Answer:
        post = self._shore.find(post_id)
        if post is None:
            return _gone()
        post.gone_at = self._shore.now()
        return Answer(200, {"success": True})

    def _look(self, asked: dict[str, str], url: str) -> Answer:
        posts, since = self._shore.listed(), float(asked.get("since", 0))
        posts = [post for post in posts if self._shore.clock(post.at).timestamp() >= since]
        posts = posts[int(asked.get("after", 0)) :]
        size = min(int(asked.get("limit", 25)), self._shore.net.page_size)
        paging = {}
        if len(posts) > size:
            after = int(asked.get("after", 0)) + size
            paging = {"next": f"{url.split('?')[0]}?{urlencode({**asked, 'after': after})}"}
        return Answer(200, {"data": [self._read(post) for post in posts[:size]], "paging": paging})

    def _told(self, post: Live, asked: dict[str, str]) -> Answer:
        shown = self._read(post)
        wanted = ["id", *asked.get("fields", "").split(",")]
        return Answer(200, {name: shown[name] for name in wanted if name in shown})

    def _read(self, post: Live) -> dict[str, Any]:
        at = self._shore.clock(post.made_at if post.at is None else post.at)
        return {
            "id": post.post_id,
            "message": post.text,
            "created_time": f"{at:%Y-%m-%dT%H:%M:%S}+0000",
            "permalink_url": f"https://www.facebook.com/{post.post_id}",
            "is_published": post.at is not None,
        }


def _asked(request: requests.PreparedRequest) -> dict[str, str]:
    body = request.body if isinstance(request.body, str) else ""
    found = parse_qs(urlsplit(str(request.url)).query) | parse_qs(body)
    return {name: values[0] for name, values in found.items()}


def _error(status: int, error: dict[str, Any]) -> Answer:
    return Answer(status, {"error": json.loads(json.dumps(error))})


def _gone() -> Answer:
    return _error(400, {"code": 100, "error_subcode": 33, "message": "Unsupported post request"})
