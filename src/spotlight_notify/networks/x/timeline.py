"""Read X's timelines: what the author wrote, from escaped text and short links.

What is empty may be missing or null as well. What hides posts (a count without them, errors in their place,
a link that is not explained) is no timeline, or no whole one: nothing must look absent for it.
"""

import html
import re
from collections.abc import Mapping
from typing import Any

from spotlight_notify.model.posts import LivePost, Receipt
from spotlight_notify.networks.failures import BadAnswer
from spotlight_notify.networks.timelines import Page, links_in
from spotlight_notify.networks.x.ids import is_post_id, post_url, posted_at

FIELDS = "entities,referenced_tweets"
"""Text and id always come, and an id tells the time; the second names what a reply stands under.

X calls tweets posts since 2026-08, ``referenced_posts`` too; it answers in the words it was asked in.
"""
_SHORT = re.compile(r"https?://t\.co/[A-Za-z0-9]+", re.IGNORECASE)


def x_page(body: object) -> Page:
    """Read one page. BadAnswer for all that is no page; a timeline without posts has a count of 0 instead."""
    shown: dict[str, Any] = body if isinstance(body, dict) else {}
    match shown.get("data"), shown.get("meta"):
        case [_, *_] as data, dict(meta):
            posts = tuple(_live(tweet) for tweet in data)
        case (None | [], {"result_count": 0} as meta) | ([], None as meta) if not shown.get("errors"):
            posts = ()
        case _:
            raise BadAnswer("it is no timeline")
    more = (meta or {}).get("next_token")
    if not isinstance(more, str | None):
        raise BadAnswer("it does not say where it goes on")
    return Page(posts=posts, more=more, read=len(posts), whole=not shown.get("errors"))


def username_and_id(body: object) -> tuple[str, str]:
    """Read whom the keys speak for."""
    match body:
        case {"data": {"id": str(user_id), "username": str(username)}} if user_id.isdecimal() and username:
            return username, user_id
    raise BadAnswer("it names no account")


def _live(tweet: object) -> LivePost:
    match tweet:
        case {"id": str(post_id), "text": str(escaped), **others} if is_post_id(post_id):
            receipt = Receipt(post_id=post_id, url=post_url(post_id), posted_at=posted_at(post_id))
        case _:
            raise BadAnswer("a post in it has no id or no text")
    written = _written(others.get("entities") or {}, post_id)
    plain = html.unescape(escaped)
    text = _SHORT.sub(lambda short: _long(short, written, post_id), plain).rstrip()
    linked = [link for links in written.values() for link in links]
    links = tuple(dict.fromkeys([*linked, *links_in(text)]))
    above = _above(others.get("referenced_tweets") or others.get("referenced_posts") or [])
    return LivePost(receipt=receipt, text=text, links=links, reply_to=above)


def _above(referenced: object) -> str | None:
    """Read what a reply stands under; other posts may be referred to as well, those quoted for one."""
    if not isinstance(referenced, list):
        raise BadAnswer("it does not say what a post in it replies to")
    for reference in referenced:
        match reference:
            case {"type": "replied_to", "id": str(post_id)}:
                return post_id
            case {"type": "replied_to"}:
                raise BadAnswer("it does not say what a post in it replies to")
    return None


def _written(entities: object, post_id: str) -> dict[str, list[str]]:
    """Map short links to where they lead, the author's own words last; a picture's own link to nothing."""
    match entities:
        case {"urls": [_, *_] as found}:
            return dict(_leads(url, post_id) for url in found)
        case dict() if not entities.get("urls"):
            return {}
    raise BadAnswer("the links of a post in it cannot be read")


def _leads(url: object, post_id: str) -> tuple[str, list[str]]:
    match url:
        case {"url": str(short), "expanded_url": str(expanded), **others}:
            is_picture = bool(others.get("media_key")) or f"/status/{post_id}/" in expanded
            return short, [] if is_picture else _both(others.get("unwound_url"), expanded)
    raise BadAnswer("a link of a post in it cannot be read")


def _both(unwound: object, expanded: str) -> list[str]:
    return [unwound, expanded] if isinstance(unwound, str) and unwound != expanded else [expanded]


def _long(found: re.Match[str], written: Mapping[str, list[str]], post_id: str) -> str:
    """Put the author's words in a short link's place; one that is glued to a word before it is no link."""
    short = found[0]
    if short in written:
        return written[short][-1] if written[short] else ""
    if found.string[: found.start()][-1:].isalnum():
        return short
    raise BadAnswer(f"a short link in post {post_id} is not explained")
