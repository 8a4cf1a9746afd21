"""Post to X through tweepy."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests
import tweepy

from spotlight_notify.errors import PublishError, Rejected
from spotlight_notify.model import Network, Picture, Post, Receipt
from spotlight_notify.ports import Clock
from spotlight_notify.publishers.rulings import Evidence, before_publishing, error_for
from spotlight_notify.publishers.secrecy import Secrecy, hush
from spotlight_notify.publishers.x_errors import x_evidence

X_URL = "https://api.x.com"
SDK_URL = "https://api.twitter.com"
"""What tweepy has built in."""
MAX_PICTURES = 4
SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
"""X's ids count milliseconds from 2010-11-04 in all but their lowest 22 bits."""
SNOWFLAKE_DIGITS = 19
"""What a number of 63 bits can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class XKeys:
    """Hold the OAuth 1.0a keys of an app and of the account it posts for; they do not expire."""

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


class XPublisher:
    """Publish to one X account. ``session`` comes from the wire; a prefix in ``base_url`` is kept."""

    def __init__(
        self, session: requests.Session, keys: XKeys, *, clock: Clock, base_url: str = X_URL
    ) -> None:
        hush("tweepy.client", "requests_oauthlib", "oauthlib")
        self._session = RebasedSession(session, base_url)
        self._keys, self._clock, self._secrecy = keys, clock, Secrecy(keys.values())
        self._client = tweepy.Client(None, *keys.values(), wait_on_rate_limit=False)
        self._client.session = self._session
        self._client.user_agent = str(session.headers.get("User-Agent", self._client.user_agent))

    @property
    def network(self) -> Network:
        """Name the network."""
        return Network.X

    def publish(self, post: Post, pictures: Sequence[Picture]) -> Receipt:
        """Upload the pictures with their alt texts, then post once."""
        if len(pictures) > MAX_PICTURES:
            raise Rejected(f"X takes {MAX_PICTURES} pictures in a post, not {len(pictures)}")
        media_ids = self._prepare(pictures)
        try:
            return self._post(post.text, media_ids)
        except Exception as error:  # tweepy slips on odd answers in ways of its own; none means "not sent"
            failed = self._error(self._evidence(error), error)
        raise failed

    def _prepare(self, pictures: Sequence[Picture]) -> list[str]:
        try:
            return [self._upload(picture) for picture in pictures]
        except Exception as error:  # as above; here every one of them means that nothing is public
            failed = self._error(before_publishing(self._evidence(error)), error)
        raise failed

    def _evidence(self, error: Exception) -> Evidence:
        return x_evidence(error, self._session.answer, self._clock())

    def _error(self, evidence: Evidence, cause: Exception) -> PublishError:
        return error_for(evidence, cause, secrecy=self._secrecy, now=self._clock())

    def _post(self, text: str, media_ids: Sequence[str]) -> Receipt:
        made = self._client.create_tweet(text=text, media_ids=media_ids or None, user_auth=True)
        post_id = id_in(made.data)
        return Receipt(
            post_id=post_id, url=f"https://x.com/i/web/status/{post_id}", posted_at=posted_at(post_id)
        )

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
    found = data.get("id") if isinstance(data, dict) else None
    if not isinstance(found, str | int) or not found:
        raise ValueError("the answer holds no id")
    return str(found)


def posted_at(post_id: str) -> datetime | None:
    """Read the time from a post's id; None if the id is none of X's."""
    if not post_id.isdecimal() or len(post_id) > SNOWFLAKE_DIGITS:
        return None
    return datetime.fromtimestamp(((int(post_id) >> 22) + SNOWFLAKE_EPOCH_MS) / 1000, UTC)
