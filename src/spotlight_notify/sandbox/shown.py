"""Pictures as they were uploaded, and posts as a follower sees them, cut into words, hashtags and links."""

from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.networks import Network
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X
from spotlight_notify.text.entities import hashtags

STOOD_IN_FOR = {network.name: network for network in (FACEBOOK, X)}
"""The networks that have a stand-in here, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded picture; ``alt`` is None until words for it are sent."""

    id: str
    content: bytes
    media_type: str
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownImage:
    """A picture of a live post; ``path`` is where the sandbox serves it, ``size`` is in bytes."""

    path: str
    alt: str | None
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPost:
    """Show a post with its text as its author wrote it; ``link`` is the one a card is drawn from.

    ``deleted_at`` is None while it is live; ``reply_to`` is the post that it stands under, if any.
    """

    network: Network
    id: str
    text: str
    link: str | None
    images: tuple[ShownImage, ...]
    posted_at: datetime
    deleted_at: datetime | None = None
    reply_to: str | None = None


def show_image(upload: Upload, stand_in: str) -> ShownImage:
    """Show an upload to the stand-in of this name."""
    path = f"/{stand_in}/pictures/{upload.id}"
    return ShownImage(path=path, alt=upload.alt, media_type=upload.media_type, size=len(upload.content))


def bears(text: str, hashtag: str) -> bool:
    """Return whether a text holds the hashtag (with its ``#``) as a real one, in any letter case."""
    return any(tag.text.casefold() == hashtag.casefold() for tag in hashtags(text))
