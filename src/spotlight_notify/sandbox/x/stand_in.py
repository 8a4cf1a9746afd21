"""Stand in for X API v2 on behalf of one account."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from spotlight_notify.ports.parts import Clock, Jitter
from spotlight_notify.sandbox.faults import Fault, Faults, Step
from spotlight_notify.sandbox.samples import XAccount
from spotlight_notify.sandbox.shown import ShownPost, Upload
from spotlight_notify.sandbox.stand_in import (
    MOST_ON_A_PAGE,
    Answer,
    DateHeader,
    Received,
    Windows,
    json_answer,
    json_object,
    with_headers,
)
from spotlight_notify.sandbox.x import rules
from spotlight_notify.sandbox.x.media import XMedia
from spotlight_notify.sandbox.x.rules import invalid_request, problem
from spotlight_notify.sandbox.x.signatures import SignatureCheck
from spotlight_notify.sandbox.x.timeline import FIELDS, TimelinePage, cut_page, refuse_query, refuse_unknown
from spotlight_notify.sandbox.x.tweets import Tweet, returned, shown, snowflake, tweet_json

DUPLICATE_FOR = timedelta(hours=24)
"""How long the same words are refused; X does not document its own window."""
ID = r"(\d{1,19})"

Handler = Callable[[Received, str], Answer]
"""Answer a request about a subject: the id in its path, or an empty string."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Pair an address with what answers there; ``limit`` counts requests per window."""

    method: str
    path: re.Pattern[str]
    limit: int
    step: Step
    handler: Handler


class StandInX:
    """Answer as X API v2 does, and keep what was posted. Safe from any thread.

    Its settings are those of ``stand_in.StandIn``; ``chance`` rolls its faults' dice.
    """

    name = "x"

    def __init__(self, account: XAccount, clock: Clock, chance: Jitter | None = None) -> None:
        self.account, self.faults = account, Faults(chance)
        self.lag, self.limits, self.refuses_duplicates = timedelta(), True, True
        self.page_size, self.skew, self.date = MOST_ON_A_PAGE, timedelta(), DateHeader()
        self._clock, self._check, self._windows = clock, SignatureCheck(account), Windows(rules.WINDOW)
        self._lock = threading.RLock()
        self._tweets: list[Tweet] = []
        self._media = XMedia(self._next_id)
        self._last_id = 0
        self._endpoints = (
            _endpoint("POST", "/2/tweets", 100, Step.PUBLISH, self._create),
            _endpoint("GET", f"/2/tweets/{ID}", 900, Step.READ, self._tweet),
            _endpoint("DELETE", f"/2/tweets/{ID}", 50, Step.DELETE, self._delete),
            _endpoint("GET", "/2/users/me", 75, Step.READ, self._me),
            _endpoint("GET", f"/2/users/{ID}/tweets", 900, Step.READ, self._timeline),
            _endpoint("POST", "/2/media/upload", 500, Step.PREPARE, self._media.upload),
            _endpoint("POST", "/2/media/upload/initialize", 1_875, Step.PREPARE, self._media.initialize),
            _endpoint("POST", f"/2/media/upload/{ID}/append", 1_875, Step.PREPARE, self._media.append),
            _endpoint("POST", f"/2/media/upload/{ID}/finalize", 1_875, Step.PREPARE, self._media.finalize),
            _endpoint("POST", "/2/media/metadata", 500, Step.PREPARE, self._media.describe),
        )

    @property
    def posts(self) -> tuple[ShownPost, ...]:
        """Show the live tweets, oldest first."""
        return tuple(post for post in self.history if post.deleted_at is None)

    @property
    def history(self) -> tuple[ShownPost, ...]:
        """Show all tweets, deleted ones too, oldest first."""
        return tuple(shown(tweet) for tweet in self.tweets)

    @property
    def tweets(self) -> tuple[Tweet, ...]:
        """Return all tweets, deleted ones too, oldest first."""
        with self._lock:
            return tuple(self._tweets)

    def bring_back(self, tweets: tuple[Tweet, ...]) -> None:
        """Show tweets of an earlier stand-in."""
        with self._lock:
            self._tweets = [*tweets, *self._tweets]
            self._last_id = max(int(tweet.id) for tweet in self._tweets) if self._tweets else self._last_id
            self._media.bring_back(media for tweet in tweets for media in tweet.media)

    def picture(self, media_id: str) -> Upload | None:
        """Find an uploaded picture."""
        with self._lock:
            return self._media.find(media_id)

    def step(self, received: Received) -> Step:
        endpoint, _ = self._find(received)
        if endpoint is None:
            return Step.READ
        asked = json_object(received.body) if endpoint.step is Step.PUBLISH else None
        return Step.REPLY if asked and asked.get("reply") else endpoint.step

    def answer(self, received: Received, *, again: bool = False) -> Answer:
        """Check the signature and the rate limit, then do what is asked."""
        endpoint, subject = self._find(received)
        if endpoint is None:
            return problem(404)
        with self._lock:
            return self._answer(endpoint, received, subject, again=again)

    def false_answer(self, fault: Fault, received: Received, done: Answer | None) -> Answer | None:
        return rules.false_answer(fault, received, self.now())

    def now(self) -> datetime:
        """Read X's own clock."""
        return self._clock() + self.skew

    def post_by_hand(self, text: str, *, age: timedelta = timedelta(), reply_to: str | None = None) -> str:
        """Post as a person does who has the account, so long ago; returns the tweet's id."""
        with self._lock:
            return self._keep(text, age=age, reply_to=reply_to)

    def repost_a_strangers(self, text: str, *, age: timedelta = timedelta()) -> str:
        """Repeat somebody else's words on the account's timeline, as people do; returns the tweet's id."""
        with self._lock:
            return self._keep(f"RT @somebody: {text}", age=age, repost_of=self._next_id(age))

    def _find(self, received: Received) -> tuple[Endpoint | None, str]:
        for endpoint in self._endpoints:
            match = endpoint.path.fullmatch(received.path)
            if match and endpoint.method == received.method:
                return endpoint, match.group(1) if match.groups() else ""
        return None, ""

    def _answer(self, endpoint: Endpoint, received: Received, subject: str, *, again: bool) -> Answer:
        if not self._check.accepts(received, again=again):
            return problem(401)
        if again and endpoint.step is Step.PUBLISH and self._repeats(json_object(received.body) or {}):
            return problem(403, rules.DUPLICATE)
        if not self.limits:
            return endpoint.handler(received, subject)
        window = self._windows.count(f"{endpoint.method} {endpoint.path.pattern}", self.now())
        headers = rules.limit_headers(endpoint.limit, max(0, endpoint.limit - window.used), window.ends_at)
        within = window.used <= endpoint.limit
        return with_headers(endpoint.handler(received, subject) if within else problem(429), **headers)

    def _next_id(self, age: timedelta = timedelta()) -> str:
        """Make an id from the time; what is made to look old has an old one."""
        taken = {int(tweet.id) for tweet in self._tweets} if age else set()
        made = snowflake(self.now() - age, 0 if age else self._last_id)
        while made in taken:
            made += 1
        self._last_id = max(made, self._last_id)
        return str(made)

    def _create(self, received: Received, _subject: str) -> Answer:
        asked = json_object(received.body)
        if asked is None:
            return invalid_request("The request body is not a JSON object.")
        return self._refuse(asked) or self._publish(asked)

    def _refuse(self, asked: dict[str, Any]) -> Answer | None:
        live = frozenset(tweet.id for tweet in self._live())
        return (
            rules.refuse_words(asked)
            or rules.refuse_media(asked, self._media.known)
            or rules.refuse_reply(asked, live)
            or self._refuse_duplicate(asked)
        )

    def _refuse_duplicate(self, asked: dict[str, Any]) -> Answer | None:
        repeated = self.refuses_duplicates and self._repeats(asked)
        return problem(403, rules.DUPLICATE) if repeated else None

    def _repeats(self, asked: dict[str, Any]) -> bool:
        since = self.now() - DUPLICATE_FOR
        return asked.get("text") in {tweet.text for tweet in self._live() if tweet.created_at >= since} - {""}

    def _live(self) -> list[Tweet]:
        return [tweet for tweet in self._tweets if tweet.deleted_at is None]

    def _publish(self, asked: dict[str, Any]) -> Answer:
        ids = (asked.get("media") or {}).get("media_ids", ())
        media = tuple(found for found in map(self._media.find, ids) if found)
        reply_to = (asked.get("reply") or {}).get("in_reply_to_tweet_id")
        tweet_id = self._keep(asked.get("text", ""), media=media, reply_to=reply_to)
        text, _ = returned(self._tweets[-1], self.account.username)
        return json_answer(
            201, {"data": {"edit_history_tweet_ids": [tweet_id], "id": tweet_id, "text": text}}
        )

    def _keep(
        self,
        text: str,
        *,
        media: tuple[Upload, ...] = (),
        age: timedelta = timedelta(),
        reply_to: str | None = None,
        repost_of: str | None = None,
    ) -> str:
        tweet = Tweet(
            id=self._next_id(age),
            text=text,
            media=media,
            created_at=self.now() - age,
            reply_to=reply_to,
            repost_of=repost_of,
        )
        self._tweets = sorted([*self._tweets, tweet], key=lambda kept: int(kept.id))
        return tweet.id

    def _tweet(self, received: Received, tweet_id: str) -> Answer:
        query = received.query
        found = [tweet for tweet in self._live() if tweet.id == tweet_id]
        refusal = refuse_unknown(query, FIELDS)
        if refusal is not None or not found:
            return refusal or rules.not_found("tweet", tweet_id)
        return json_answer(200, {"data": self._written(found[0], query)})

    def _written(self, tweet: Tweet, query: dict[str, str]) -> dict[str, Any]:
        return tweet_json(tweet, self.account.username, self.account.id, query)

    def _delete(self, _received: Received, tweet_id: str) -> Answer:
        place = next((n for n, t in enumerate(self._tweets) if t.id == tweet_id and not t.deleted_at), None)
        if place is None:
            return rules.not_found("tweet", tweet_id)
        self._tweets[place] = replace(self._tweets[place], deleted_at=self.now())
        return json_answer(200, {"data": {"deleted": True}})

    def _me(self, _received: Received, _subject: str) -> Answer:
        account = self.account
        return json_answer(
            200, {"data": {"id": account.id, "name": account.name, "username": account.username}}
        )

    def _timeline(self, received: Received, user_id: str) -> Answer:
        if user_id != self.account.id:
            return rules.not_found("user", user_id)
        query = received.query
        refusal = refuse_query(query)
        if refusal is not None:
            return refusal
        latest = self.now() - self.lag
        visible = [tweet for tweet in reversed(self._live()) if tweet.created_at <= latest]
        return self._page(cut_page(visible, query, self.page_size), query)

    def _page(self, page: TimelinePage, query: dict[str, str]) -> Answer:
        found = page.tweets
        if not found:
            return json_answer(200, {"meta": {"result_count": 0}})
        data = [self._written(tweet, query) for tweet in found]
        meta = {"result_count": len(found), "newest_id": found[0].id, "oldest_id": found[-1].id}
        if page.next_token:
            meta["next_token"] = page.next_token
        return json_answer(200, {"data": data, "meta": meta})


def _endpoint(method: str, path: str, limit: int, step: Step, handler: Handler) -> Endpoint:
    return Endpoint(method=method, path=re.compile(path), limit=limit, step=step, handler=handler)
