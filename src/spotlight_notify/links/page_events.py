"""Read when the event begins that a page tells of, from its data for search engines (schema.org)."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

MAX_DATA = 64 * 1024
"""The longest piece of data read, in characters; and so many pieces at the most: _MOST."""
_MOST = 20
_OPENING = re.compile(
    r"<script\b[^>]{0,200}\btype\s{0,9}=\s{0,9}[\"']?application/ld\+json\b[^>]{0,200}>", re.IGNORECASE
)
_OFF = re.compile(r"Event(?:Cancelled|Postponed)\Z")
_DEPTH = 4
"""How deep an event may lie: in a list, in a graph, as the page's main thing."""


def event_on(html: str) -> datetime | None:
    """Return when the one event begins that a page tells of, UTC; None if it tells of none, or of several.

    Nor of one that is called off, or whose time has no zone.
    """
    begins: set[datetime | None] = set()
    for data in islice(_pieces(html), _MOST):
        begins.update(map(_beginning, _events(_read(data), _DEPTH)))
    return begins.pop() if len(begins) == 1 else None


def _pieces(html: str) -> Iterator[str]:
    """Yield what stands in scripts that are JSON-LD, in a time that grows as the page does."""
    at = 0
    while opening := _OPENING.search(html, at):
        at = html.find("</script", opening.end())
        if at < 0:
            return
        yield html[opening.end() : at]


def _read(data: str) -> object:
    try:
        return json.loads(data) if len(data) <= MAX_DATA else None
    except (ValueError, RecursionError):
        return None


def _events(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth and isinstance(value, list):
        for each in value:
            yield from _events(each, depth - 1)
    elif depth and isinstance(value, dict):
        if _is_event(value.get("@type")):
            yield value
        else:
            for name in ("@graph", "mainEntity", "mainEntityOfPage"):
                yield from _events(value.get(name), depth - 1)


def _is_event(kind: object) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(each, str) and each.endswith("Event") for each in kinds)


def _beginning(event: dict[str, Any]) -> datetime | None:
    words, status = event.get("startDate"), event.get("eventStatus")
    if not isinstance(words, str) or (isinstance(status, str) and _OFF.search(status)):
        return None
    try:
        at = datetime.fromisoformat(words.strip())
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
