"""Stand in for X API v2 on behalf of one account."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from spotlight_notify.ports import Clock, Jitter
from spotlight_notify.sandbox import x_problems, x_rules
from spotlight_notify.sandbox.accounts import XAccount
from spotlight_notify.sandbox.exchanges import Answer, Received, json_answer, json_object, with_headers
from spotlight_notify.sandbox.faults import Fault, Faults, Step
from spotlight_notify.sandbox.forms import picture_type, read_form
from spotlight_notify.sandbox.limits import Windows
from spotlight_notify.sandbox.shown import ShownPost, Upload
from spotlight_notify.sandbox.signing import SignatureCheck
from spotlight_notify.sandbox.x_problems import invalid_request, problem
from spotlight_notify.sandbox.x_timeline import TimelinePage, cut_page, refuse_query
from spotlight_notify.sandbox.x_tweets import Tweet, media_key, returned, shown, snowflake, tweet_json

DUPLICATE_FOR = timedelta(hours=24)
"""How long the same words are refused; X does not document its own window."""
MEDIA_SECONDS = 86_400
"""How long X keeps an upload that no tweet uses. The stand-in keeps it."""

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

    ``lag``, ``limits`` and ``refuses_duplicates`` are settings (see ``exchanges.StandIn``); ``chance`` rolls
    its faults' dice.
    """

    name = "x"

    def __init__(self, account: XAccount, clock: Clock, chance: Jitter | None = None) -> None:
        self.account, self.faults = account, Faults(chance)
        self.lag, self.limits, self.refuses_duplicates = timedelta(0), True, True
        self._clock, self._check, self._windows = clock, SignatureCheck(account), Windows(x_problems.WINDOW)
        self._lock = threading.RLock()
        self._tweets: list[Tweet] = []
        self._media: dict[str, Upload] = {}
        self._last_id = 0
        self._endpoints = (
            _endpoint("POST", "/2/tweets", 100, Step.PUBLISH, self._create),
            _endpoint("DELETE", r"/2/tweets/(\d+)", 50, Step.DELETE, self._delete),
            _endpoint("GET", "/2/users/me", 75, Step.READ, self._me),
            _endpoint("GET", r"/2/users/(\d+)/tweets", 900, Step.READ, self._timeline),
            _endpoint("POST", "/2/media/upload", 500, Step.PREPARE, self._upload),
            _endpoint("POST", "/2/media/metadata", 500, Step.PREPARE, self._describe),
        )

    @property
    def posts(self) -> tuple[ShownPost, ...]:
        """Show the live tweets, oldest first."""
        return tuple(post for post in self.history if post.deleted_at is None)

    @property
    def history(self) -> tuple[ShownPost, ...]:
        """Show all tweets, deleted ones too, oldest first."""
        with self._lock:
            tweets = tuple(self._tweets)
        return tuple(shown(tweet) for tweet in tweets)

    def picture(self, media_id: str) -> Upload | None:
        """Find an uploaded picture."""
        with self._lock:
            return self._media.get(media_id)

    def step(self, received: Received) -> Step:
        endpoint, _ = self._find(received)
        if endpoint is None:
            return Step.READ
        asked = json_object(received.body) if endpoint.step is Step.PUBLISH else None
        return Step.REPLY if asked and asked.get("reply") else endpoint.step

    def answer(self, received: Received) -> Answer:
        """Check the signature and the rate limit, then do what is asked."""
        endpoint, subject = self._find(received)
        if endpoint is None:
            return problem(404)
        with self._lock:
            return self._answer(endpoint, received, subject)

    def false_answer(self, fault: Fault, received: Received) -> Answer | None:
        return x_problems.false_answer(fault, received, self._clock())

    def _find(self, received: Received) -> tuple[Endpoint | None, str]:
        for endpoint in self._endpoints:
            match = endpoint.path.fullmatch(received.path)
            if match and endpoint.method == received.method:
                return endpoint, match.group(1) if match.groups() else ""
        return None, ""

    def _answer(self, endpoint: Endpoint, received: Received, subject: str) -> Answer:
        if not self._check.accepts(received):
            return problem(401)
        if not self.limits:
            return endpoint.handler(received, subject)
        window = self._windows.count(f"{endpoint.method} {endpoint.path.pattern}", self._clock())
        headers = x_problems.limit_headers(
            endpoint.limit, max(0, endpoint.limit - window.used), window.ends_at
        )
        within = window.used <= endpoint.limit
        return with_headers(endpoint.handler(received, subject) if within else problem(429), **headers)

    def _next_id(self) -> str:
        self._last_id = snowflake(self._clock(), self._last_id)
        return str(self._last_id)

    def _create(self, received: Received, _subject: str) -> Answer:
        asked = json_object(received.body)
        if asked is None:
            return invalid_request("The request body is not a JSON object.")
        return self._refuse(asked) or self._publish(asked)

    def _refuse(self, asked: dict[str, Any]) -> Answer | None:
        live = frozenset(tweet.id for tweet in self._live())
        return (
            x_rules.refuse_words(asked)
            or x_rules.refuse_media(asked, frozenset(self._media))
            or x_rules.refuse_reply(asked, live)
            or self._refuse_duplicate(asked)
        )

    def _refuse_duplicate(self, asked: dict[str, Any]) -> Answer | None:
        since = self._clock() - DUPLICATE_FOR
        texts = {tweet.text for tweet in self._live() if tweet.created_at >= since} - {""}
        repeated = self.refuses_duplicates and asked.get("text") in texts
        return problem(403, x_problems.DUPLICATE) if repeated else None

    def _live(self) -> list[Tweet]:
        return [tweet for tweet in self._tweets if tweet.deleted_at is None]

    def _publish(self, asked: dict[str, Any]) -> Answer:
        media = [self._media[media_id] for media_id in (asked.get("media") or {}).get("media_ids", ())]
        tweet = Tweet(
            id=self._next_id(),
            text=asked.get("text", ""),
            media=tuple(media),
            created_at=self._clock(),
            reply_to=(asked.get("reply") or {}).get("in_reply_to_tweet_id"),
        )
        self._tweets.append(tweet)
        text, _ = returned(tweet, self.account.username)
        return json_answer(
            201, {"data": {"edit_history_tweet_ids": [tweet.id], "id": tweet.id, "text": text}}
        )

    def _delete(self, _received: Received, tweet_id: str) -> Answer:
        now = self._clock()
        self._tweets = [
            replace(tweet, deleted_at=now) if tweet.id == tweet_id and tweet.deleted_at is None else tweet
            for tweet in self._tweets
        ]
        return json_answer(200, {"data": {"deleted": True}})

    def _me(self, _received: Received, _subject: str) -> Answer:
        account = self.account
        return json_answer(
            200, {"data": {"id": account.id, "name": account.name, "username": account.username}}
        )

    def _timeline(self, received: Received, user_id: str) -> Answer:
        if user_id != self.account.id:
            return x_problems.not_found("user", user_id)
        query = received.query
        refusal = refuse_query(query)
        if refusal is not None:
            return refusal
        latest = self._clock() - self.lag
        visible = [tweet for tweet in reversed(self._live()) if tweet.created_at <= latest]
        return self._page(cut_page(visible, query), query)

    def _page(self, page: TimelinePage, query: dict[str, str]) -> Answer:
        found = page.tweets
        if not found:
            return json_answer(200, {"meta": {"result_count": 0}})
        fields = set(query.get("tweet.fields", "").split(","))
        data = [tweet_json(tweet, self.account.username, self.account.id, fields) for tweet in found]
        meta = {"result_count": len(found), "newest_id": found[0].id, "oldest_id": found[-1].id}
        if page.next_token:
            meta["next_token"] = page.next_token
        return json_answer(200, {"data": data, "meta": meta})

    def _upload(self, received: Received, _subject: str) -> Answer:
        form = read_form(received)
        return x_rules.refuse_upload(form) or self._keep(form.files["media"])

    def _keep(self, content: bytes) -> Answer:
        media = Upload(id=self._next_id(), content=content, media_type=picture_type(content) or "")
        self._media[media.id] = media
        value = {"id": media.id, "media_key": media_key(media), "size": len(content)}
        return json_answer(200, {"data": value | {"expires_after_secs": MEDIA_SECONDS}})

    def _describe(self, received: Received, _subject: str) -> Answer:
        asked = json_object(received.body) or {}
        media_id = str(asked.get("id", ""))
        try:
            text = asked["metadata"]["alt_text"]["text"]
        except (KeyError, TypeError):
            return invalid_request("$.metadata.alt_text.text: is missing but it is required")
        refusal = x_rules.refuse_alt(text, media_id, frozenset(self._media))
        if refusal is not None:
            return refusal
        self._media[media_id] = replace(self._media[media_id], alt=text)
        metadata = {"alt_text": {"text": text}}
        return json_answer(200, {"data": {"id": media_id, "associated_metadata": metadata}})


def _endpoint(method: str, path: str, limit: int, step: Step, handler: Handler) -> Endpoint:
    return Endpoint(method=method, path=re.compile(path), limit=limit, step=step, handler=handler)
