"""Page through what is public on a channel, the same way for every network."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from spotlight_notify.model.posts import LivePost, Timeline
from spotlight_notify.networks.failures import BadAnswer
from spotlight_notify.text.entities import urls

PAGE_SIZE = 100
"""The most that either network gives at once."""
MOST_PAGES = 100
"""Requests that one look may take: a network may give far fewer posts at once than it is asked for."""
SLACK = timedelta(minutes=1)
"""How far the network's clock may lie behind ours."""
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_NOT_ENDING = ".,;:!?'…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a timeline; ``more`` leads to the next one, None after the last.

    ``read`` posts came, those included that are none of ours; ``whole``: nothing was kept back.
    """

    posts: tuple[LivePost, ...]
    more: str | None
    read: int
    whole: bool = True


def read_timeline(
    ask: Callable[[str | None], Page], since: datetime, *, most: int, in_order: bool = True
) -> Timeline:
    """Ask for page after page until one lies before ``since``, there are no more, or a bound is hit.

    ``most``: how many posts are read before the list counts as cut. ``in_order``: the pages come newest
    first, so that nothing follows one that lies before.
    """
    found: dict[str, LivePost] = {}
    start, more, read, whole = since - SLACK, None, 0, True
    for _ in range(MOST_PAGES):
        page = ask(more)
        found |= {post.receipt.post_id: post for post in page.posts if not _before(post, start)}
        read, whole, more = read + page.read, whole and page.whole, page.more
        if more is None or (in_order and page.posts and all(_before(p, start) for p in page.posts)):
            return _timeline(found.values(), complete=whole, read=read)
        if read >= most:
            break
    return _timeline(found.values(), complete=False, read=read)


def links_in(text: str) -> tuple[str, ...]:
    """Find links in running text: all with a protocol, and bare host names as X and Facebook link them."""
    plain = [_ended(match[0]) for match in _LINK.finditer(text)]
    bare = [f"http://{url.text}" for url in urls(text) if "://" not in url.text]
    return tuple(dict.fromkeys([*plain, *bare]))


def _ended(link: str) -> str:
    """Take off what ends the sentence, not the link; a bracket that is opened in the link belongs to it."""
    link = link.rstrip(_NOT_ENDING)
    while link.endswith(")") and link.count(")") > link.count("("):
        link = link[:-1].rstrip(_NOT_ENDING)
    return link


def _before(post: LivePost, start: datetime) -> bool:
    return _time_of(post) < start


def _time_of(post: LivePost) -> datetime:
    if post.receipt.posted_at is None:
        raise BadAnswer("a post in it has no time")
    return post.receipt.posted_at


def _timeline(posts: Iterable[LivePost], *, complete: bool, read: int) -> Timeline:
    newest_first = sorted(posts, key=_time_of, reverse=True)
    return Timeline(posts=tuple(newest_first), complete=complete, read=read)
