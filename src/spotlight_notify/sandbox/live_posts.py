"""Tell, in JSON, what is live on both networks, what was deleted there, and what is only a draft."""

import json
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spotlight_notify.sandbox.counting import urls
from spotlight_notify.sandbox.graph import StandInGraph
from spotlight_notify.sandbox.pages import HEADERS
from spotlight_notify.sandbox.shown import ShownPost
from spotlight_notify.sandbox.x import StandInX


class LivePosts:
    """Answer for ``/posts.json``."""

    def __init__(self, x: StandInX, graph: StandInGraph) -> None:
        self._x, self._graph = x, graph

    def routes(self) -> list[Route]:
        """List the addresses."""
        return [Route("/posts.json", self._json)]

    async def _json(self, request: Request) -> Response:
        value = {
            "posts": _all_json((*self._x.history, *self._graph.history)),
            "drafts": _all_json(self._graph.drafts),
        }
        body = json.dumps(value, ensure_ascii=False, indent=1)
        return Response(body, media_type="application/json", headers=HEADERS)


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
