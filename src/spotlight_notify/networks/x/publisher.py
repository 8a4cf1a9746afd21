"""Post to X through tweepy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import requests
import tweepy

from spotlight_notify.model.errors import Rejected, Unauthorized
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Picture, Post, Receipt, Timeline
from spotlight_notify.networks.failures import (
    BadAnswer,
    ErrorTranslator,
    Evidence,
    as_it_is,
    before_publishing,
    while_looking,
    while_removing,
)
from spotlight_notify.networks.redaction import Redactor, hush
from spotlight_notify.networks.timelines import PAGE_SIZE, SLACK, Page, read_timeline
from spotlight_notify.networks.x.errors import WRITE, says_gone, x_evidence, x_used_up_until
from spotlight_notify.networks.x.ids import FIRST_DAY, id_of, is_post_id, owner_of, post_url, posted_at
from spotlight_notify.networks.x.timeline import FIELDS, username_and_id, x_page
from spotlight_notify.networks.x.traits import X
from spotlight_notify.ports.parts import Clock, Ready
from spotlight_notify.wire.http_dates import answered_at
from spotlight_notify.wire.sessions import PublishingSession

X_URL = "https://api.x.com"
SDK_URL = "https://api.twitter.com"
"""What tweepy has built in."""
MOST_POSTS = 700
"""X ends a timeline without replies after 800 posts: its end is never taken for the beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XKeys:
    """The OAuth 1.0a keys of an app and of the account it posts for; they do not expire."""

    consumer_key: str = field(repr=False)
    consumer_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    access_token_secret: str = field(repr=False)

    def values(self) -> tuple[str, str, str, str]:
        """List them in the order tweepy takes them."""
        return self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret


class RebasedSession:
    """Send tweepy's requests to another address, and keep the last answer.

    Requests are signed afterwards, so signatures are made over the address they go to.
    """

    def __init__(self, session: requests.Session, base_url: str) -> None:
        self._session = session
        self._base_url = base_url.rstrip("/")
        self.answer: requests.Response | None = None

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send one request; redirects are answers."""
        self.answer = None
        url = self._base_url + url.removeprefix(SDK_URL)
        self.answer = self._session.request(method, url, **options, allow_redirects=False)
        return self.answer

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the last answer."""
        return {} if self.answer is None else self.answer.headers


class XPublisher:
    """Publish to one X account, and look at what is public there.

    ``session`` comes from the wire; a prefix in ``base_url`` is kept.
    """

    def __init__(
        self, session: PublishingSession, keys: XKeys, *, clock: Clock, base_url: str = X_URL
    ) -> None:
        hush("tweepy.client", "requests_oauthlib", "oauthlib")
        self._wire, self._session = session, RebasedSession(session, base_url)
        self._keys, self._clock = keys, clock
        self._translator = ErrorTranslator(self._evidence, Redactor(keys.values()), clock)
        self._client = tweepy.Client(None, *keys.values(), return_type=dict, wait_on_rate_limit=False)
        self._client.session = self._session
        self._client.user_agent = str(session.headers.get("User-Agent", self._client.user_agent))
        self._user_id = owner_of(keys.access_token)
        self._used_up_until: datetime | None = None

    @property
    def network(self) -> Network:
        """The network."""
        return X

    def publish(self, post: Post, pictures: Sequence[Picture], ready: Ready, key: str = "") -> Receipt:
        """Upload the pictures with their alt texts, then post once; X takes replies to one's own posts."""
        if len(pictures) > X.max_pictures:
            raise Rejected(f"X takes {X.max_pictures} pictures in a post, not {len(pictures)}")
        media_ids = self._translator.call(lambda: [self._upload(p) for p in pictures], before_publishing)
        self._wire.depart(ready)
        return self._translator.call(lambda: self._post(post, media_ids), as_it_is)

    def remove(self, post_id: str) -> None:
        """Delete a post; replies to it stay."""
        if not is_post_id(post_id):
            raise Rejected(f"{post_id!r} is no id of a post on X: take the post down by hand")
        if not self._translator.call(lambda: self._delete(post_id), while_removing):
            self.probe()  # a wrong address would be "not found" too

    def timeline(self, since: datetime, under: str | None = None) -> Timeline:
        """Read the account's own posts made since then; replies, to any post, come only with ``under``.

        Each post that is read costs money.
        """
        return self._translator.call(lambda: self._timeline(since, under), while_looking)

    def probe(self) -> str:
        """Ask X whom the keys speak for, and refuse keys that X says may only read."""
        username = self._translator.call(self._who, while_looking)[0]
        if self._session.headers.get("x-access-level") == "read":
            raise Unauthorized("X says that the keys may only read", advice=WRITE.advice)
        return f"@{username}"

    def pace(self) -> timedelta | None:
        """Return how long the limit lasts that the last post used up; None while there is some left."""
        left = self._used_up_until - self._clock() if self._used_up_until else timedelta()
        return left if left > timedelta() else None

    def _evidence(self, error: Exception, now: datetime) -> Evidence:
        return x_evidence(error, self._session.answer, now)

    def _post(self, post: Post, media_ids: Sequence[str]) -> Receipt:
        made = self._client.create_tweet(
            text=post.text,
            media_ids=media_ids or None,
            in_reply_to_tweet_id=post.reply_to,
            user_auth=True,
        )
        post_id = id_in(made["data"])
        self._used_up_until = x_used_up_until(self._session.headers, self._clock())
        return Receipt(post_id=post_id, url=post_url(post_id), posted_at=posted_at(post_id))

    def _delete(self, post_id: str) -> bool:
        """Delete a post; tells whether there was one, by what X says."""
        try:
            body = self._client.delete_tweet(post_id, user_auth=True)
            deleted = body["data"]["deleted"]
        except Exception:
            if says_gone(self._session.answer):
                return False
            raise
        if deleted is not True:
            raise BadAnswer("it does not say that the post is deleted")
        return True

    def _who(self) -> tuple[str, str]:
        return username_and_id(self._client.get_me(user_auth=True))

    def _timeline(self, since: datetime, under: str | None) -> Timeline:
        if self._user_id is None:
            self._user_id = self._who()[1]
        left_out = "retweets" if under else "replies,retweets"
        seen = read_timeline(lambda more: self._page(since, left_out, more), since, most=MOST_POSTS)
        return replace(seen, at=answered_at(self._session.headers))

    def _page(self, since: datetime, left_out: str, more: str | None) -> Page:
        body = self._client.get_users_tweets(
            self._user_id,
            start_time=max(since - SLACK, FIRST_DAY),
            exclude=left_out,
            tweet_fields=FIELDS,
            max_results=PAGE_SIZE,
            pagination_token=more,
            user_auth=True,
        )
        return x_page(body)

    def _upload(self, picture: Picture) -> str:
        """Upload a picture and describe it; tweepy has no call for either."""
        name = "picture." + picture.media_type.removeprefix("image/")
        answer = self._session.request(
            "POST",
            f"{SDK_URL}/2/media/upload",
            data={"media_category": "tweet_image"},
            files={"media": (name, picture.content, picture.media_type)},
            auth=tweepy.OAuth1UserHandler(*self._keys.values()).apply_auth(),
            headers={"User-Agent": self._client.user_agent},
        )
        if answer.status_code // 100 != 2:
            raise ValueError("the picture was not taken")
        media_id = id_in(answer.json()["data"])
        if picture.alt:
            described = {"id": media_id, "metadata": {"alt_text": {"text": picture.alt}}}
            self._client.request("POST", "/2/media/metadata", json=described, user_auth=True)
        return media_id


def id_in(data: object) -> str:
    """Return the id in an answer's ``data``; ValueError when it holds none."""
    found = id_of(data.get("id")) if isinstance(data, dict) else None
    if found is None:
        raise ValueError("the answer holds no id")
    return found
