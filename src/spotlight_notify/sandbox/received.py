"""Show, whole, what the stand-ins received and what they answered."""

import base64
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spotlight_notify.sandbox.pages import HEADERS, Pages
from spotlight_notify.sandbox.stand_in import Answer, Exchange, Journal


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
        value = {"exchanges": [exchange_json(exchange) for exchange in self._journal.exchanges]}
        body = json.dumps(value, ensure_ascii=False, indent=1)
        return Response(body, media_type="application/json", headers=HEADERS)


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
