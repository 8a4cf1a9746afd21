"""Show what the stand-ins received and answered, and what is live, deleted or a draft on both networks.

Posts by hand and posts by strangers are made here, too: they go past the networks' own doors and faults.
"""

import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spotlight_notify.networks.x.traits import X
from spotlight_notify.sandbox.facebook.stand_in import StandInGraph
from spotlight_notify.sandbox.pages import Pages, json_page
from spotlight_notify.sandbox.shown import STOOD_IN_FOR, ShownPost
from spotlight_notify.sandbox.stand_in import Answer, Exchange, Journal, json_object
from spotlight_notify.sandbox.x.stand_in import StandInX
from spotlight_notify.text.entities import urls


class ReceivedPages:
    """Answer for the journal: as a page, and as JSON with every byte."""

    def __init__(self, journal: Journal, pages: Pages) -> None:
        self._journal, self._pages = journal, pages

    def routes(self) -> list[Route]:
        """List the addresses."""
        return [Route("/received", self._page), Route("/received.json", self._json)]

    async def _page(self, request: Request) -> Response:
        exchanges = [exchange_json(exchange) for exchange in reversed(self._journal.exchanges)]
        return self._pages.html("received.html", exchanges=exchanges)

    async def _json(self, request: Request) -> Response:
        return json_page({"exchanges": [exchange_json(exchange) for exchange in self._journal.exchanges]})


def exchange_json(exchange: Exchange) -> dict[str, Any]:
    """Write one exchange; bodies are ``{"text": ...}``, or ``{"base64": ...}`` where they are not UTF-8.

    ``done`` is how the stand-in truly answered, which a fault may have kept from the client.
    """
    received = exchange.received
    return {
        "number": exchange.number,
        "stand_in": exchange.stand_in,
        "step": exchange.step,
        "at": received.at.isoformat(),
        "method": received.method,
        "path": received.path,
        "url": received.url,
        "headers": [*received.headers],
        "body": _body(received.body),
        "fault": exchange.fault,
        "answer": _answer(exchange.answer),
        "done": _answer(exchange.done),
        "made_public": exchange.made_public,
    }


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {"status": answer.status, "headers": [*answer.headers.items()], "body": _body(answer.body)}


def _body(content: bytes) -> dict[str, str]:
    try:
        return {"text": content.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


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
        return json_page(value)

    async def _post(self, request: Request) -> Response:
        """Make the post that a JSON object describes: ``network`` and ``text``; as wanted ``author`` ("hand",
        which it is without, or "stranger"), ``age_seconds`` and, by hand, ``reply_to``, on Facebook ``link``.
        """
        asked = json_object(await request.body())
        try:
            return json_page({"id": self._made(asked or {})})
        except (KeyError, TypeError, ValueError) as error:
            return json_page({"error": f"this cannot be read: {error}"}, 400)

    def _made(self, asked: dict[str, Any]) -> str:
        text, age = str(asked["text"]), timedelta(seconds=float(asked.get("age_seconds", 0)))
        reply_to = asked.get("reply_to")
        match STOOD_IN_FOR[asked["network"]].name, asked.get("author", "hand"):
            case X.name, "hand":
                return self._x.post_by_hand(text, age=age, reply_to=reply_to)
            case X.name, "stranger":
                return self._x.repost_a_strangers(text, age=age)
            case _, "hand":
                link = str(asked.get("link", ""))
                return self._graph.post_by_hand(text, link=link, age=age, reply_to=reply_to)
            case _, "stranger":
                return self._graph.post_by_visitor(text, age=age, reply_to=reply_to)
        raise ValueError('"author" is "hand" or "stranger"')


def _all_json(posts: Sequence[ShownPost]) -> list[dict[str, Any]]:
    return [post_json(post) for post in sorted(posts, key=lambda post: (post.posted_at, post.id))]


def post_json(post: ShownPost) -> dict[str, Any]:
    """Write a post; ``links`` are all it leads to, each once, ``deleted_at`` is null while it is live.

    ``reply_to`` is the id of the post it stands under, null for one of its own.
    """
    led_to = [url.text for url in urls(post.text)] + ([post.link] if post.link else [])
    return {
        "network": post.network.name,
        "id": post.id,
        "text": post.text,
        "link": post.link,
        "links": [*dict.fromkeys(led_to)],
        "alts": [image.alt for image in post.images],
        "posted_at": post.posted_at.isoformat(),
        "deleted_at": post.deleted_at.isoformat() if post.deleted_at else None,
        "reply_to": post.reply_to,
    }
