"""Read a timeline's query as X does, and cut what it asks for out of the tweets, page by page."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from spotlight_notify.sandbox.stand_in import Answer
from spotlight_notify.sandbox.x.rules import invalid_request
from spotlight_notify.sandbox.x.tweets import Tweet

FIELDS = (
    "post.fields",
    "tweet.fields",
    "expansions",
    "media.fields",
    "poll.fields",
    "user.fields",
    "place.fields",
)
"""What may be asked for about a tweet; ``tweet.fields`` is the former name of ``post.fields``."""
QUERY = (
    "since_id",
    "until_id",
    "max_results",
    "pagination_token",
    "exclude",
    "start_time",
    "end_time",
    *FIELDS,
)
"""The parameters that X's OpenAPI description names for a user's tweets; any other is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """One page, newest first; ``next_token`` is None on the last."""

    tweets: tuple[Tweet, ...]
    next_token: str | None


def refuse_query(query: dict[str, str]) -> Answer | None:
    """Refuse a timeline's query that cannot be read."""
    return (
        refuse_unknown(query, QUERY) or _refuse_numbers(query) or _refuse_times(query) or _refuse_token(query)
    )


def cut_page(newest_first: Sequence[Tweet], query: dict[str, str], most: int) -> TimelinePage:
    """Find the page, of ``most`` tweets at most, that a query (one that was not refused) asks for."""
    token, size = query.get("pagination_token"), min(most, int(query.get("max_results", "10")))
    before = _read_token(token) if token else None
    found = [
        tweet
        for tweet in newest_first
        if asked_for(tweet, query) and (before is None or int(tweet.id) < before)
    ]
    page = tuple(found[:size])
    more = len(found) > size
    return TimelinePage(tweets=page, next_token=_write_token(page[-1].id) if more else None)


def asked_for(tweet: Tweet, query: dict[str, str]) -> bool:
    """Return whether a query (one that was not refused) covers a tweet; ``end_time`` and ids exclude."""
    start, end = read_time(query.get("start_time", "")), read_time(query.get("end_time", ""))
    in_time = (start is None or tweet.created_at >= start) and (end is None or tweet.created_at < end)
    until = query.get("until_id")
    in_ids = int(tweet.id) > int(query.get("since_id", "0")) and (until is None or int(tweet.id) < int(until))
    return in_time and in_ids and not _is_excluded(tweet, query.get("exclude", "").split(","))


def _is_excluded(tweet: Tweet, kinds: Sequence[str]) -> bool:
    reply, repost = tweet.reply_to is not None, tweet.repost_of is not None
    return (reply and "replies" in kinds) or (repost and "retweets" in kinds)


def read_time(words: str) -> datetime | None:
    """Read an RFC 3339 time, UTC where it does not say; None when it is none."""
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def refuse_unknown(query: dict[str, str], names: Sequence[str]) -> Answer | None:
    """Refuse a query that has parameters of other names than these."""
    unknown = next((name for name in query if name not in names), None)
    if unknown is None:
        return None
    message = f"The query parameter [{unknown}] is not one of [{','.join(sorted(names))}]"
    return invalid_request(message, **{unknown: query[unknown]})


def _refuse_numbers(query: dict[str, str]) -> Answer | None:
    size = query.get("max_results", "10")
    if not size.isdecimal() or not 5 <= int(size) <= 100:
        message = f"The `max_results` query parameter value [{size}] is not between 5 and 100"
        return invalid_request(message, max_results=size)
    for name in ("since_id", "until_id"):
        if not query.get(name, "0").isdecimal():
            return invalid_request(f"The `{name}` query parameter is not a number", **{name: query[name]})
    return None


def _refuse_times(query: dict[str, str]) -> Answer | None:
    for name in ("start_time", "end_time"):
        words = query.get(name)
        if words is not None and read_time(words) is None:
            return invalid_request(f"The `{name}` query parameter is not a date-time", **{name: words})
    return None


def _refuse_token(query: dict[str, str]) -> Answer | None:
    token = query.get("pagination_token")
    if token is None or _read_token(token) is not None:
        return None
    return invalid_request("The `pagination_token` query parameter is invalid", pagination_token=token)


def _write_token(tweet_id: str) -> str:
    """Return the token of the place after a tweet; X's tokens are opaque, lower-case letters and digits."""
    return base64.b32hexencode(tweet_id.encode()).decode().rstrip("=").lower()


def _read_token(token: str) -> int | None:
    padded = token.upper() + "=" * (-len(token) % 8)
    try:
        return int(base64.b32hexdecode(padded))
    except (binascii.Error, ValueError):
        return None
