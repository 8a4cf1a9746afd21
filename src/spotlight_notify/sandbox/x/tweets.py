"""Keep tweets, and write them as X returns them: links behind t.co, text HTML-escaped."""

import hashlib
import html
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from spotlight_notify.networks.x.traits import X
from spotlight_notify.sandbox.shown import ShownPost, Upload, show_image
from spotlight_notify.text.entities import display_url, hashtags, urls

EPOCH_MS = 1_288_834_974_657
"""The millisecond since 1970 from which snowflakes count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweet:
    """A tweet with its text as its author wrote it; ``deleted_at`` is None while it is live.

    ``reply_to``: the id of the tweet that it replies to; ``repost_of``: that of a stranger's that it repeats.
    """

    id: str
    text: str
    media: tuple[Upload, ...]
    created_at: datetime
    reply_to: str | None = None
    repost_of: str | None = None
    deleted_at: datetime | None = None


def snowflake(now: datetime, after: int) -> int:
    """Make an id from the time, larger than ``after``."""
    moment = round(now.timestamp() * 1000) - EPOCH_MS
    return max(moment << 22, after + 1)


def returned(tweet: Tweet, username: str) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """Write a tweet's text as X returns it, and its entities, whose places count in that text.

    t.co links stand in place of links, and one more at the end for the pictures; the rest is escaped.
    """
    text, done = "", 0
    entities: dict[str, list[dict[str, Any]]] = {"urls": [], "hashtags": []}
    found = [("urls", url) for url in urls(tweet.text)] + [("hashtags", tag) for tag in hashtags(tweet.text)]
    for name, entity in sorted(found, key=lambda pair: pair[1].start):
        text += html.escape(tweet.text[done : entity.start], quote=False)
        piece, details = _url(entity.text) if name == "urls" else (entity.text, {"tag": entity.text[1:]})
        entities[name].append({"start": len(text), "end": len(text) + len(piece), **details})
        text, done = text + piece, entity.end
    text += html.escape(tweet.text[done:], quote=False)
    if tweet.media:
        text = f"{text} " if text else ""
        piece, details = _picture_url(tweet, username)
        entities["urls"].append({"start": len(text), "end": len(text) + len(piece), **details})
        text += piece
    return text, {name: entries for name, entries in entities.items() if entries}


def _short(url: str) -> str:
    return f"https://t.co/{hashlib.sha256(url.encode()).hexdigest()[:10]}"


def _url(url: str) -> tuple[str, dict[str, Any]]:
    expanded = url if "://" in url else f"http://{url}"
    details = {"url": _short(expanded), "expanded_url": expanded, "display_url": display_url(expanded)}
    return _short(expanded), {**details, "status": 200, "unwound_url": expanded}


def _picture_url(tweet: Tweet, username: str) -> tuple[str, dict[str, Any]]:
    expanded = f"https://x.com/{username}/status/{tweet.id}/photo/1"
    short = _short(expanded)
    display = f"pic.x.com/{short[-10:]}"
    keys = {"media_key": media_key(tweet.media[0].id)}
    return short, {"url": short, "expanded_url": expanded, "display_url": display, **keys}


def media_key(media_id: str) -> str:
    """Return a picture's key as attachments name it: 3 is X's number for photos."""
    return f"3_{media_id}"


class Dialect(StrEnum):
    """Return what a request calls tweets, and so its answer; ``tweet`` is X's own name until 2026-08."""

    POST = "post"
    TWEET = "tweet"


def dialect(query: Mapping[str, str]) -> Dialect:
    """Return the dialect that a query speaks."""
    return Dialect.POST if "post.fields" in query else Dialect.TWEET


def tweet_json(tweet: Tweet, username: str, author_id: str, query: Mapping[str, str]) -> dict[str, Any]:
    """Write a tweet with the fields that a query asks for; unknown ones are dropped.

    ``id``, ``text`` and the edit history always come.
    """
    text, entities = returned(tweet, username)
    spoken = dialect(query)
    fields = set(query.get(f"{spoken}.fields", "").split(","))
    optional: dict[str, Any] = {
        "created_at": f"{tweet.created_at:%Y-%m-%dT%H:%M:%S}.{tweet.created_at.microsecond // 1000:03d}Z",
        "author_id": author_id,
        "conversation_id": tweet.reply_to or tweet.id,
        "entities": entities,
        "attachments": {"media_keys": [media_key(media.id) for media in tweet.media]} if tweet.media else {},
        "in_reply_to_user_id": author_id if tweet.reply_to else "",
        f"referenced_{spoken}s": _referenced(tweet),
    }
    value: dict[str, Any] = {"id": tweet.id, "text": text, f"edit_history_{spoken}_ids": [tweet.id]}
    return value | {name: optional[name] for name in sorted(fields & set(optional)) if optional[name]}


def _referenced(tweet: Tweet) -> list[dict[str, str]]:
    replied = [{"type": "replied_to", "id": tweet.reply_to}] if tweet.reply_to else []
    return replied + ([{"type": "retweeted", "id": tweet.repost_of}] if tweet.repost_of else [])


def shown(tweet: Tweet) -> ShownPost:
    """Show a tweet as a follower sees it; its card is drawn from its last full link."""
    links = [url.text for url in urls(tweet.text) if "://" in url.text]
    return ShownPost(
        network=X,
        id=tweet.id,
        text=tweet.text,
        link=links[-1] if links else None,
        images=tuple(show_image(media, "x") for media in tweet.media),
        posted_at=tweet.created_at,
        deleted_at=tweet.deleted_at,
        reply_to=tweet.reply_to,
    )
