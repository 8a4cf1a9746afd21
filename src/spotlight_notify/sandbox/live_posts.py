"""Answer, in JSON, what is live on both networks, what was deleted there, and what is only a draft.

Posts by hand and posts by strangers are made here, too: they go past the networks' own doors and faults.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spotlight_notify.model.words import Network
from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.pages import HEADERS
from spotlight_notify.sandbox.shown import ShownPost
from spotlight_notify.sandbox.stand_in import json_object
from spotlight_notify.sandbox.x.stand_in import StandInX
from spotlight_notify.text.entities import urls


class LivePosts:
    """Answer for ``/posts.json``, and take posts at ``/posts``."""

    def __init__(self, x: StandInX, graph: StandInGraph) -> None:
        self._x, self._graph = x, graph

    def routes(self) -> list[Route]:
        """List the addresses."""
        return [Route("/posts.json", self._json), Route("/posts", self._post, methods=["POST"])]

    async def _json(self, request: Request) -> Response:
        value = {
            "posts": _all_json((*self._x.history, *self._graph.history)),
            "drafts": _all_json(self._graph.drafts),
        }
        return _answer(value, 200)

    async def _post(self, request: Request) -> Response:
        """Make the post that a JSON object describes: ``network`` and ``text``; as wanted ``author`` ("hand",
        which it is without, or "stranger"), ``age_seconds`` and, by hand, ``reply_to``, on Facebook ``link``.
        """
        asked = json_object(await request.body())
        try:
            return _answer({"id": self._made(asked or {})}, 200)
        except (KeyError, TypeError, ValueError) as error:
            return _answer({"error": f"this cannot be read: {error}"}, 400)

    def _made(self, asked: dict[str, Any]) -> str:
        text, age = str(asked["text"]), timedelta(seconds=float(asked.get("age_seconds", 0)))
        reply_to = asked.get("reply_to")
        match Network(asked["network"]), asked.get("author", "hand"):
            case Network.X, "hand":
                return self._x.post_by_hand(text, age=age, reply_to=reply_to)
            case Network.X, "stranger":
                return self._x.repost_a_strangers(text, age=age)
            case _, "hand":
                link = str(asked.get("link", ""))
                return self._graph.post_by_hand(text, link=link, age=age, reply_to=reply_to)
            case _, "stranger":
                return self._graph.post_by_visitor(text, age=age, reply_to=reply_to)
        raise ValueError('"author" is "hand" or "stranger"')


def _answer(value: object, status: int) -> Response:
    body = json.dumps(value, ensure_ascii=False, indent=1)
    return Response(body, status, media_type="application/json", headers=HEADERS)


def _all_json(posts: Sequence[ShownPost]) -> list[dict[str, Any]]:
    return [post_json(post) for post in sorted(posts, key=lambda post: (post.posted_at, post.id))]


def post_json(post: ShownPost) -> dict[str, Any]:
    """Write a post; ``links`` are all it leads to, each once, ``deleted_at`` is null while it is live.

    ``reply_to`` is the id of the post it stands under, null for one of its own.
    """
    led_to = [url.text for url in urls(post.text)] + ([post.link] if post.link else [])
    return {
        "network": post.network,
        "id": post.id,
        "text": post.text,
        "link": post.link,
        "links": [*dict.fromkeys(led_to)],
        "alts": [image.alt for image in post.images],
        "posted_at": post.posted_at.isoformat(),
        "deleted_at": post.deleted_at.isoformat() if post.deleted_at else None,
        "reply_to": post.reply_to,
    }
