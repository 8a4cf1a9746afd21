"""Make the calls that a Page needs; each raises as PageGraph does, or BadAnswer.

What writes asks for no fields: Graph would read them after it has written, and tell of an error when only
the reading failed.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from spotlight_notify.model.posts import Picture, Post, Receipt
from spotlight_notify.networks.facebook.errors import says_gone
from spotlight_notify.networks.facebook.graph import GraphFailure, PageGraph
from spotlight_notify.networks.facebook.results import (
    Hidden,
    comments_of,
    cursor_of,
    hidden_in,
    hidden_of,
    id_of,
    page_of,
    receipt_of,
)
from spotlight_notify.networks.failures import BadAnswer
from spotlight_notify.networks.timelines import PAGE_SIZE, SLACK, Page

FIELDS = "id,permalink_url,created_time"
READ_FIELDS = "id,message,created_time,permalink_url,is_published"
COMMENT_FIELDS = "id,message,created_time,permalink_url,from"
HIDDEN_FIELDS = "id,message,created_time,is_published,scheduled_publish_time"

T = TypeVar("T")


class PageCalls:
    """Call Graph on behalf of one Page."""

    def __init__(self, graph: PageGraph, page_id: str) -> None:
        self._graph, self._page_id = graph, page_id

    def upload(self, picture: Picture) -> str:
        """Upload a picture unpublished, with its alt text; returns its id."""
        name = "picture." + picture.media_type.removeprefix("image/")
        return _made(
            lambda: self._graph.put_photo(
                (name, picture.content, picture.media_type),
                f"{self._page_id}/photos",
                published=False,
                alt_text_custom=picture.alt or None,
            ),
            id_of,
        )

    def post(self, post: Post, photo_ids: Sequence[str]) -> Receipt:
        """Post at once."""
        return _made(lambda: self._feed(post, photo_ids), lambda made: receipt_of(_post_in(made)))

    def refresh_card(self, link: str) -> None:
        """Have Facebook read a page anew, so that the card which it draws from it is no stale one."""
        self._graph.request(f"{self._graph.version}/", post_args={"id": link, "scrape": True})

    def comment(self, post: Post) -> Receipt:
        """Comment, as the Page, on the post that this one replies to; the text holds the link."""
        return _made(lambda: self._graph.put_object(post.reply_to, "comments", message=post.text), receipt_of)

    def draft(self, post: Post, photo_ids: Sequence[str]) -> str:
        """Make a post that nobody sees; returns its id."""
        return _made(lambda: self._feed(post, photo_ids, published=False), lambda made: id_of(_post_in(made)))

    def make_public(self, post_id: str) -> Receipt:
        """Publish a draft; one that is public already stays as it is."""
        path = f"{self._graph.version}/{post_id}"
        return _made(
            lambda: self._graph.request(path, post_args={"is_published": True}),
            lambda made: _published(made, post_id),
        )

    def find(self, post_id: str) -> tuple[Receipt, bool]:
        """Read a post, and whether it is public."""
        found = self._graph.get_object(post_id, fields=f"{FIELDS},is_published")
        if not isinstance(found.get("is_published"), bool):
            raise BadAnswer("it does not say whether the post is public")
        return receipt_of(found), found["is_published"]

    def hidden(self, since: datetime) -> tuple[Hidden, ...]:
        """Read one page of unpublished posts; Graph asks for the permissions to advertise."""
        asked = {"fields": HIDDEN_FIELDS, "limit": PAGE_SIZE, "since": int(since.timestamp())}
        path = f"{self._graph.version}/{self._page_id}/ads_posts"
        return hidden_in(self._graph.request(path, args={**asked, "include_inline_create": True}))

    def find_hidden(self, post_id: str) -> Hidden | None:
        """Read a post if it is unpublished, and waits for no time of its own."""
        return hidden_of(self._graph.get_object(post_id, fields=HIDDEN_FIELDS))

    def delete(self, post_id: str) -> None:
        """Delete a post or a comment."""
        if self._graph.delete_object(post_id).get("success") is not True:
            raise BadAnswer("it does not say that the post is deleted")

    def is_there(self, post_id: str) -> bool:
        """Ask whether the token may see a post or a comment."""
        try:
            self._graph.get_object(post_id, fields="id")
        except GraphFailure as failure:
            if not says_gone(failure):
                raise
            return False
        return True

    def published(self, since: datetime, more: str | None) -> Page:
        """Read a page of what is public, newest first: the first one, or the one that ``more`` leads to."""
        begin = int((since - SLACK).timestamp())
        asked = {"fields": READ_FIELDS, "limit": PAGE_SIZE, "since": begin}
        path = f"{self._graph.version}/{self._page_id}/published_posts"
        return page_of(self._graph.request(path, args=asked | (cursor_of(more) if more else {})))

    def comments(self, post_id: str, more: str | None) -> Page:
        """Read a page of the comments on a post, those on comments too; as ``published``, in any order."""
        asked = {"fields": COMMENT_FIELDS, "limit": PAGE_SIZE, "filter": "stream"}
        asked["order"] = "reverse_chronological"
        path = f"{self._graph.version}/{post_id}/comments"
        found = self._graph.request(path, args=asked | (cursor_of(more) if more else {}))
        return comments_of(found, self._page_id, post_id)

    def who(self) -> tuple[str, str]:
        """Read whose token it is: id and name."""
        found = self._graph.get_object("me", fields="id,name")
        return id_of(found), str(found.get("name", ""))

    def _feed(self, post: Post, photo_ids: Sequence[str], **options: object) -> dict[str, Any]:
        """Send words with pictures, or with a link to draw a card from: one excludes the other."""
        shown: dict[str, Any] = {"link": post.link or None}
        if photo_ids:
            shown = {"attached_media": [{"media_fbid": photo_id} for photo_id in photo_ids]}
        made: dict[str, Any] = self._graph.put_object(
            self._page_id, "feed", message=post.text, **shown, **options
        )
        return made


def _made(write: Callable[[], Mapping[str, Any]], read: Callable[[Mapping[str, Any]], T]) -> T:
    """Write, and read what was made; from the error, where Graph wrote and could not read it back."""
    try:
        return read(write())
    except GraphFailure as failure:
        with suppress(BadAnswer):
            if failure.written is not None:
                return read(failure.written)
        raise


def _post_in(made: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put a post's own id first, where the id beside it is that of its photo."""
    return {**made, "id": made.get("post_id") or made.get("id")}


def _published(made: Mapping[str, Any], post_id: str) -> Receipt:
    if made.get("success") is not True and post_id not in (made.get("id"), made.get("post_id")):
        raise BadAnswer("does not say that the draft is public now")
    return receipt_of({**made, "id": post_id})
