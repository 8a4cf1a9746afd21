"""List a Page's posts, comments and photos as Graph does, in pages that cursors lead through.

Newest first; of comments Graph gives the oldest first, unless it is asked for reverse_chronological.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from spotlight_notify.sandbox.facebook import errors
from spotlight_notify.sandbox.facebook.errors import GraphProblem
from spotlight_notify.sandbox.facebook.requests import Call

DEFAULT_PAGE = "25"

Place = tuple[float, int]
"""Where a post stands in a list: its time, then its number."""


class Listed(Protocol):
    """Stand in a list."""

    @property
    def created_at(self) -> datetime: ...
    @property
    def number(self) -> int: ...


Entry = TypeVar("Entry", bound=Listed)
Write = Callable[[Entry], dict[str, Any]]


def list_page(
    entries: Sequence[Entry], call: Call, address: str, write: Write[Entry], most: int
) -> dict[str, Any] | GraphProblem:
    """Write the page of these that a call asks for, of ``most`` at most.

    ``address`` is the list's own, without a query.
    """
    problem = _refuse(call)
    if problem is not None:
        return problem
    found = sorted((entry for entry in entries if _in_time(entry, call)), key=_place, reverse=True)
    page, earlier, later = _cut(found, call, most)
    data = [write(entry) for entry in page]
    return {"data": data, "paging": _paging(page, call, address, earlier, later)} if page else {"data": []}


def _refuse(call: Call) -> GraphProblem | None:
    numbers = (call.text("limit", DEFAULT_PAGE), call.text("since", "0"), call.text("until", "0"))
    if not all(number.isdecimal() for number in numbers):
        return errors.BAD_NUMBER
    cursors = [call.text(name) for name in ("after", "before") if call.text(name)]
    return errors.BAD_CURSOR if any(_read(cursor) is None for cursor in cursors) else None


def _in_time(post: Listed, call: Call) -> bool:
    moment, until = post.created_at.timestamp(), call.text("until")
    return moment >= int(call.text("since", "0")) and (not until or moment <= int(until))


def _cut(found: list[Entry], call: Call, most: int) -> tuple[list[Entry], bool, bool]:
    """Cut one page out of a list, newest first; tell whether older and whether newer posts are left."""
    size = min(int(call.text("limit", DEFAULT_PAGE)), most)
    after, before = _read(call.text("after")), _read(call.text("before"))
    older = [post for post in found if after is None or _place(post) < after]
    between = [post for post in older if before is None or _place(post) > before]
    page = between[:size] if before is None or after is not None else between[max(0, len(between) - size) :]
    if not page:
        return [], False, False
    return page, found[-1] is not page[-1], found[0] is not page[0]


def _paging(page: Sequence[Listed], call: Call, address: str, earlier: bool, later: bool) -> dict[str, Any]:
    """Write cursors, and addresses (with the token in them, as Graph's own) where there is more."""
    first, last = _write(page[0]), _write(page[-1])
    paging: dict[str, Any] = {"cursors": {"before": first, "after": last}}
    asked = {name: value for name, value in call.form.fields.items() if name not in ("after", "before")}
    if earlier:
        paging["next"] = f"{address}?{urlencode(asked | {'after': last})}"
    if later:
        paging["previous"] = f"{address}?{urlencode(asked | {'before': first})}"
    return paging


def _place(post: Listed) -> Place:
    return post.created_at.timestamp(), post.number


def _write(post: Listed) -> str:
    moment, number = _place(post)
    return base64.urlsafe_b64encode(f"{moment!r} {number}".encode()).decode().rstrip("=")


def _read(cursor: str) -> Place | None:
    try:
        moment, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).split()
        return float(moment), int(number)
    except (binascii.Error, ValueError):
        return None
