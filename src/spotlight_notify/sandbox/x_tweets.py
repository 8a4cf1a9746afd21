"""Hold tweets and write them as X returns them: links behind t.co, text HTML-escaped."""

import hashlib
import html
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spotlight_notify.model import Network
from spotlight_notify.sandbox.counting import hashtags, urls
from spotlight_notify.sandbox.shown import ShownPost, Upload, show_image

EPOCH_MS = 1_288_834_974_657
"""The millisecond since 1970 from which snowflakes count."""
MAX_SHOWN = 27
"""How much of a link X shows before the ellipsis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tweet:
    """Hold a tweet with its text as its author wrote it; ``deleted_at`` is None while it is live.

    ``reply_to``: the id of the tweet that it replies to.
    """

    id: str
    text: str
    media: tuple[Upload, ...]
    created_at: datetime
    reply_to: str | None = None
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


def display_url(url: str) -> str:
    """Write a link as X shows it: no scheme, cut."""
    words = url.partition("://")[2].removeprefix("www.")
    return words if len(words) <= MAX_SHOWN else f"{words[:MAX_SHOWN]}…"


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
    keys = {"media_key": media_key(tweet.media[0])}
    return short, {"url": short, "expanded_url": expanded, "display_url": display, **keys}


def media_key(media: Upload) -> str:
    """Name a picture as attachments do: 3 is X's number for photos."""
    return f"3_{media.id}"


def tweet_json(tweet: Tweet, username: str, author_id: str, fields: set[str]) -> dict[str, Any]:
    """Write a tweet with the fields asked for; ``id``, ``text`` and the edit history always come."""
    text, entities = returned(tweet, username)
    optional: dict[str, Any] = {
        "created_at": f"{tweet.created_at:%Y-%m-%dT%H:%M:%S}.{tweet.created_at.microsecond // 1000:03d}Z",
        "author_id": author_id,
        "entities": entities,
        "attachments": {"media_keys": [media_key(media) for media in tweet.media]} if tweet.media else {},
        "in_reply_to_user_id": author_id if tweet.reply_to else "",
        "referenced_tweets": [{"type": "replied_to", "id": tweet.reply_to}] if tweet.reply_to else [],
    }
    value: dict[str, Any] = {"id": tweet.id, "text": text, "edit_history_tweet_ids": [tweet.id]}
    return value | {name: optional[name] for name in sorted(fields & set(optional)) if optional[name]}


def shown(tweet: Tweet) -> ShownPost:
    """Show a tweet as a follower sees it; its card is drawn from its last full link."""
    links = [url.text for url in urls(tweet.text) if "://" in url.text]
    return ShownPost(
        network=Network.X,
        id=tweet.id,
        text=tweet.text,
        link=links[-1] if links else None,
        images=tuple(show_image(media, "x") for media in tweet.media),
        posted_at=tweet.created_at,
        deleted_at=tweet.deleted_at,
        reply_to=tweet.reply_to,
    )
