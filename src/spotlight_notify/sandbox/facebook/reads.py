"""Answer what clients read of a Page: itself, its posts, comments and photos, and lists of them in pages."""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from spotlight_notify.sandbox.facebook import errors
from spotlight_notify.sandbox.facebook.errors import GraphProblem, unknown_object
from spotlight_notify.sandbox.facebook.requests import Call, Field, GraphNames
from spotlight_notify.sandbox.facebook.wall import PagePhoto, PagePost, Wall, photo_json, post_json
from spotlight_notify.sandbox.samples import FacebookPage

DEFAULTS = {
    "page": "id,name",
    "post": "id,message,created_time",
    "comment": "id,message,created_time,from",
    "photo": "id,name,created_time",
}
"""The fields that come where none are asked for."""

Result = dict[str, Any] | GraphProblem
DEFAULT_PAGE = "25"
Place = tuple[float, int]
"""Where a post stands in a list: its time, then its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a call may see: lists up to ``latest``, ``most`` entries a page, drafts if it may advertise.

    ``address`` is the call's own, without a query.
    """

    address: str
    latest: datetime
    most: int
    may_advertise: bool


class GraphReads:
    """Read from a Page's wall."""

    def __init__(self, page: FacebookPage, wall: Wall, names: GraphNames) -> None:
        self._page, self._wall, self._names = page, wall, names

    def read(self, call: Call, view: View) -> Result:
        """Answer one call."""
        if call.subject in (self._page.id, "me"):
            return self._of_page(call, view)
        post, photo = self._wall.find(call.subject), self._wall.photos.get(call.subject)
        if post is not None and call.edge in ("", "comments"):
            return self._post(call, post) if not call.edge else self._comments(call, post, view)
        if photo is not None and not call.edge:
            return self._with_fields(call, "photo", lambda fields: self._photo_json(photo, fields, view))
        return unknown_object(call.subject)

    def _of_page(self, call: Call, view: View) -> Result:
        own = [post for post in self._wall.live() if post.author is None]
        match call.edge:
            case "":
                return self._with_fields(call, "page", self._page_json)
            case "published_posts" | "posts":
                return self._posts(call, own, view)
            case "feed":
                return self._posts(call, self._wall.live(), view)
            case "scheduled_posts":
                return self._posts(call, [post for post in self._wall.drafts() if post.scheduled_at], view)
            case "ads_posts" if view.may_advertise:
                return self._posts(call, self._wall.drafts(), view)
            case "ads_posts":
                return errors.NO_ADVERTISING
            case "photos":
                return self._photos(call, view)
        return unknown_object(self._page.id)

    def _with_fields(self, call: Call, kind: str, write: Callable[[tuple[Field, ...]], Result]) -> Result:
        """Answer with the fields that the call asks for, or say which does not exist."""
        fields = self._names.read_fields(kind, call.text("fields") or DEFAULTS[kind])
        return fields if isinstance(fields, GraphProblem) else write(fields)

    def _page_json(self, fields: tuple[Field, ...]) -> dict[str, Any]:
        known = {"name": self._page.name, "access_token": self._page.access_token, "is_published": True}
        return {"id": self._page.id} | {f.name: known[f.name] for f in fields if f.name in known}

    def _posts(self, call: Call, posts: Iterable[PagePost], view: View, kind: str = "post") -> Result:
        by_now = [post for post in posts if post.created_at <= view.latest]
        return self._with_fields(
            call,
            kind,
            lambda fields: _list_page(
                by_now, call, view.address, lambda post: self._post_json(post, fields), view.most
            ),
        )

    def _post(self, call: Call, post: PagePost) -> Result:
        return self._with_fields(call, post.kind, lambda fields: self._post_json(post, fields))

    def _post_json(self, post: PagePost, fields: tuple[Field, ...]) -> dict[str, Any]:
        nested = {field.name: self._nested(post, field) for field in fields if field.name == "comments"}
        return post_json(post, [field.name for field in fields]) | nested

    def _comments(self, call: Call, post: PagePost, view: View) -> Result:
        found = self._wall.under(post)
        body = self._posts(call, found, view, "comment")
        asked = call.text("summary") not in ("", "0", "false")
        return body | summary(found) if asked and isinstance(body, dict) else body

    def _nested(self, post: PagePost, field: Field) -> dict[str, Any]:
        """Write the comments inside a post; their fields are those of ``_comments``, unchecked."""
        found = self._wall.under(post)
        size = int(limit) if (limit := field.arguments.get("limit", "25")).isdecimal() else 25
        names = (field.inner or DEFAULTS["comment"]).split(",")
        data = [post_json(comment, names) for comment in found[::-1][:size]]
        asked = field.arguments.get("summary", "false") not in ("0", "false")
        return {"data": data} | (summary(found) if asked else {})

    def _photos(self, call: Call, view: View) -> Result:
        """List what was uploaded; without ``type`` Graph lists profile pictures, of which there are none."""
        wanted = self._wall.shown_photos() if call.text("type") == "uploaded" else []
        by_now = [photo for photo in wanted if photo.created_at <= view.latest]
        return self._with_fields(
            call,
            "photo",
            lambda fields: _list_page(
                by_now, call, view.address, lambda photo: self._photo_json(photo, fields, view), view.most
            ),
        )

    def _photo_json(self, photo: PagePhoto, fields: tuple[Field, ...], view: View) -> dict[str, Any]:
        url = f"{view.address.partition('/graph/')[0]}/graph/pictures/{photo.id}"
        return photo_json(photo, [field.name for field in fields], url)


def summary(comments: list[PagePost]) -> dict[str, Any]:
    """Sum comments up as Graph does."""
    return {"summary": {"order": "chronological", "total_count": len(comments), "can_comment": True}}


class Listed(Protocol):
    """Stand in a list."""

    @property
    def created_at(self) -> datetime: ...
    @property
    def number(self) -> int: ...


Entry = TypeVar("Entry", bound=Listed)
Write = Callable[[Entry], dict[str, Any]]


def _list_page(
    entries: Sequence[Entry], call: Call, address: str, write: Write[Entry], most: int
) -> dict[str, Any] | GraphProblem:
    """Write the page of these that a call asks for, of ``most`` at most.

    Newest first; of comments Graph gives the oldest first, unless it is asked for reverse_chronological.
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
