"""Read what Graph answers when it succeeds: ids, receipts, the pages of a timeline."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from spotlight_notify.model.posts import LivePost, Receipt
from spotlight_notify.networks.failures import BadAnswer
from spotlight_notify.networks.timelines import Page, links_in

CURSORS = ("after", "until", "__paging_token")
"""What leads to the next page, in the ways Graph turns pages; all else (a token!) is left where it was."""
_POST = re.compile(r"\d+(_\d+)+", re.ASCII)
_ID = re.compile(r"[1-9]\d{0,19}(_[1-9]\d{0,19}){0,2}", re.ASCII)
"""Numbers of 64 bits: of a thing, below its Page, and of a comment below its post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A post that Graph calls unpublished, and that waits for no time of its own."""

    post_id: str
    text: str
    made_at: datetime


def receipt_of(made: Mapping[str, Any]) -> Receipt:
    """Read the receipt; only the id must be there."""
    post_id, permalink = id_of(made), made.get("permalink_url")
    known = isinstance(permalink, str) and permalink.startswith(("https://", "http://"))
    url = str(permalink) if known else f"https://www.facebook.com/{post_id}"
    return Receipt(post_id=post_id, url=url, posted_at=_moment(made.get("created_time")))


def id_of(made: Mapping[str, Any]) -> str:
    """Read the id; BadAnswer when there is none, or one that Graph would not give."""
    found = made.get("id")
    words = str(found) if isinstance(found, str | int) else ""
    if not _ID.fullmatch(words):
        raise BadAnswer("the answer holds no id")
    return words


def is_post_id(words: str) -> bool:
    """Return whether words can be the id of a post or a comment: numbers joined by underscores.

    A single number could name anything, the Page too.
    """
    return _POST.fullmatch(words) is not None


def page_of(body: Mapping[str, Any]) -> Page:
    """Read one page of published posts; BadAnswer for all that is none."""
    data = _listed(body)
    posts = tuple(_live(post) for post in data if post.get("is_published") is not False)
    return Page(posts=posts, more=_more(body.get("paging")), read=len(data))


def comments_of(body: Mapping[str, Any], page_id: str, under: str) -> Page:
    """Read one page of the comments on a post, leaving out those of others; BadAnswer for all that is none.

    One whose author is not named counts as the Page's own: doubt must not lead to a second comment.
    """
    data = _listed(body)
    own = [comment for comment in data if _author(comment) in (page_id, None)]
    posts = tuple(replace(_live(comment), reply_to=under) for comment in own)
    return Page(posts=posts, more=_more(body.get("paging")), read=len(data))


def hidden_in(body: Mapping[str, Any]) -> tuple[Hidden, ...]:
    """Read a list of posts, without those that are public, scheduled or not clear; BadAnswer for no list."""
    data = body.get("data")
    if not isinstance(data, list):
        raise BadAnswer("it is no list of posts")
    return tuple(hidden for hidden in map(hidden_of, data) if hidden is not None)


def hidden_of(post: object) -> Hidden | None:
    """Read an unpublished post; None for one that is public, scheduled, or not clear."""
    match post:
        case {"id": str(post_id), "message": str(text), "is_published": False, **others} if post_id:
            made_at = _moment(others.get("created_time"))
            if made_at is not None and others.get("scheduled_publish_time") in (None, 0):
                return Hidden(post_id=post_id, text=text, made_at=made_at)
    return None


def cursor_of(more: str) -> dict[str, str]:
    """Read from the next page's address what leads there."""
    given = dict(parse_qsl(urlsplit(more).query))
    cursor = {name: given[name] for name in CURSORS if name in given}
    if not cursor:
        raise BadAnswer("it does not say where it goes on")
    return cursor


def _listed(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    data = body.get("data")
    if not isinstance(data, list) or not all(isinstance(post, dict) for post in data):
        raise BadAnswer("it is no list of posts")
    return data


def _author(comment: Mapping[str, Any]) -> str | None:
    match comment.get("from"):
        case {"id": str() | int() as author}:
            return str(author)
    return None


def _live(post: Mapping[str, Any]) -> LivePost:
    receipt, message = receipt_of(post), post.get("message") or ""
    if not isinstance(message, str) or receipt.posted_at is None:
        raise BadAnswer("a post in it has no time, or words that are none")
    return LivePost(receipt=receipt, text=message, links=links_in(message))


def _more(paging: object) -> str | None:
    more = (paging or {}).get("next") if isinstance(paging, dict | None) else ""
    if more == "" or not isinstance(more, str | None):
        raise BadAnswer("it does not say where it goes on")
    return more


def _moment(created_time: object) -> datetime | None:
    """Read Graph's ``2026-11-23T12:00:00+0000``; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(created_time))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
