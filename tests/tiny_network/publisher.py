"""Post to the board over HTTP, and read what hangs there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import requests

from spotlight_notify.model.errors import OutcomeUnknown, PublishError, Rejected, Unreachable
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import LivePost, Picture, Post, Receipt, Timeline
from spotlight_notify.ports.parts import Ready
from tiny_network.traits import BOARD


class BoardPublisher:
    """Publish to one board."""

    network: Network = BOARD

    def __init__(self, session: requests.Session, base_url: str, token: str) -> None:
        self._session, self._url, self._keys = session, f"{base_url}/notices", {"Authorization": token}

    def publish(self, post: Post, pictures: Sequence[Picture], ready: Ready, key: str = "") -> Receipt:
        ready()
        asked = {"text": post.text}
        try:
            answer = self._session.post(self._url, json=asked, headers=self._keys | {"Idempotency-Key": key})
        except requests.RequestException as error:
            raise OutcomeUnknown(f"the board's answer is missing: {error}") from None
        if answer.status_code != 201:
            raise Rejected(f"the board answered {answer.status_code}")
        return Receipt(post_id=answer.json()["id"], url=None)

    def remove(self, post_id: str) -> None:
        raise self._refused()

    def pace(self) -> timedelta | None:
        return None

    def timeline(self, since: datetime, under: str | None = None) -> Timeline:
        try:
            notices = self._session.get(f"{self._url}/all", headers=self._keys).json()
        except (requests.RequestException, ValueError):
            raise Unreachable("the board cannot be read") from None
        posts = tuple(_live(notice) for notice in notices)
        return Timeline(posts=posts, complete=True, read=len(posts))

    def probe(self) -> str:
        return "the board"

    def _refused(self) -> PublishError:
        return Rejected("notices hang on the board for good")


def _live(notice: dict[str, str]) -> LivePost:
    receipt = Receipt(post_id=notice["id"], url=None, posted_at=datetime.fromisoformat(notice["at"]))
    links = tuple(word for word in notice["text"].split() if word.startswith("http"))
    return LivePost(receipt=receipt, text=notice["text"], links=links)
