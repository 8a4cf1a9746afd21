"""Post to a Facebook Page through facebook-sdk."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import requests

from spotlight_notify.errors import PublishError, Rejected
from spotlight_notify.model import Network, Picture, Post, Receipt
from spotlight_notify.ports import Clock
from spotlight_notify.publishers.facebook_errors import facebook_evidence
from spotlight_notify.publishers.facebook_graph import GRAPH_URL, GRAPH_VERSION, PageGraph
from spotlight_notify.publishers.rulings import Evidence, before_publishing, error_for
from spotlight_notify.publishers.secrecy import Secrecy, proof_of_secret

MAX_PICTURES = 4
"""More work in principle, but five and more with long texts were seen to fail with code 1."""
FIELDS = "id,permalink_url,created_time"


class FacebookPublisher:
    """Publish to one Page. ``session`` comes from the wire; a prefix in ``base_url`` is kept."""

    def __init__(
        self,
        session: requests.Session,
        *,
        page_id: str,
        access_token: str,
        clock: Clock,
        app_secret: str | None = None,
        base_url: str = GRAPH_URL,
        graph_version: str = GRAPH_VERSION,
    ) -> None:
        self._graph = PageGraph(
            session, access_token, app_secret=app_secret, base_url=base_url, version=graph_version
        )
        proofs = (app_secret, proof_of_secret(access_token, app_secret)) if app_secret else ()
        self._secrecy = Secrecy((access_token, *proofs))
        self._page_id, self._clock = page_id, clock

    @property
    def network(self) -> Network:
        """Name the network."""
        return Network.FACEBOOK

    def publish(self, post: Post, pictures: Sequence[Picture]) -> Receipt:
        """Upload the pictures unpublished with their alt texts, then post once."""
        if len(pictures) > MAX_PICTURES:
            raise Rejected(f"a Facebook post takes {MAX_PICTURES} pictures here, not {len(pictures)}")
        photo_ids = self._prepare(pictures)
        try:
            return self._post(post, photo_ids)
        except Exception as error:  # whatever it is, it must not look like "not sent"
            failed = self._error(facebook_evidence(error, self._clock()), error)
        raise failed

    def _prepare(self, pictures: Sequence[Picture]) -> list[str]:
        try:
            return [self._upload(picture) for picture in pictures]
        except Exception as error:  # every one of them means that nothing is public
            evidence = before_publishing(facebook_evidence(error, self._clock()))
            failed = self._error(evidence, error)
        raise failed

    def _post(self, post: Post, photo_ids: Sequence[str]) -> Receipt:
        """Post words with pictures, or with a link to draw a card from: one excludes the other."""
        shown: dict[str, Any] = {"link": post.link or None}
        if photo_ids:
            shown = {"attached_media": [{"media_fbid": photo_id} for photo_id in photo_ids]}
        made = self._graph.put_object(self._page_id, "feed", message=post.text, fields=FIELDS, **shown)
        return _receipt(made)

    def _upload(self, picture: Picture) -> str:
        name = "picture." + picture.media_type.removeprefix("image/")
        made = self._graph.put_photo(
            (name, picture.content, picture.media_type),
            f"{self._page_id}/photos",
            published=False,
            alt_text_custom=picture.alt or None,
        )
        return _id(made)

    def _error(self, evidence: Evidence, cause: Exception) -> PublishError:
        return error_for(evidence, cause, secrecy=self._secrecy, now=self._clock())


def _receipt(made: Mapping[str, Any]) -> Receipt:
    """Read the receipt; only the id must be there."""
    post_id, permalink = _id(made), made.get("permalink_url")
    known = isinstance(permalink, str) and permalink.startswith(("https://", "http://"))
    url = str(permalink) if known else f"https://www.facebook.com/{post_id}"
    return Receipt(post_id=post_id, url=url, posted_at=_moment(made.get("created_time")))


def _id(made: Mapping[str, Any]) -> str:
    found = made.get("id")
    if not isinstance(found, str | int) or not found:
        raise ValueError("the answer holds no id")
    return str(found)


def _moment(created_time: object) -> datetime | None:
    """Read Graph's ``2026-11-23T12:00:00+0000``; None for anything else."""
    try:
        moment = datetime.fromisoformat(str(created_time))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
