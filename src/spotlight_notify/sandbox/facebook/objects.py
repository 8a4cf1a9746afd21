"""A Page's posts, comments and photos, and how Graph writes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from spotlight_notify.model.words import Network
from spotlight_notify.sandbox.facebook.errors import BAD_PICTURE, NO_PICTURE, GraphProblem
from spotlight_notify.sandbox.forms import picture_type
from spotlight_notify.sandbox.shown import ShownPost, Upload, show_image

MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePost:
    """A post of the Page, or a comment by it; ``number`` is the half of its id that is its own.

    ``deleted_at`` is None while it is there. ``reply_to``: the id of what a comment stands under. ``author``:
    the id of the visitor whose it is, None for the Page's own. ``scheduled_at``: when it is to become public.
    """

    page_id: str
    number: int
    message: str
    link: str
    photos: tuple[Upload, ...]
    is_published: bool
    created_at: datetime
    permalink_url: str
    deleted_at: datetime | None = None
    reply_to: str | None = None
    author: str | None = None
    scheduled_at: datetime | None = None

    @property
    def kind(self) -> str:
        return "post" if self.reply_to is None else "comment"

    @property
    def id(self) -> str:
        """Join the number to the Page's, or a comment's to that of its post."""
        above, _, number = (self.reply_to or "").partition("_")
        first = number if above == self.page_id else above
        return f"{first or self.page_id}_{self.number}"


def post_json(post: PagePost, names: Iterable[str]) -> dict[str, Any]:
    """Write the fields asked for; ``id`` always comes, empty ones never."""
    optional: dict[str, Any] = {
        "message": post.message,
        "created_time": graph_time(post.created_at),
        "updated_time": graph_time(post.created_at),
        "permalink_url": post.permalink_url,
        "is_published": post.is_published,
        "scheduled_publish_time": int(post.scheduled_at.timestamp()) if post.scheduled_at else "",
        "from": {"id": post.author or post.page_id},
        "attachments": _attachments(post),
    }
    return {name: optional[name] for name in names if optional.get(name, "") != ""} | {"id": post.id}


def graph_time(moment: datetime) -> str:
    """Write a time as Graph does."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+0000"


def _attachments(post: PagePost) -> dict[str, Any] | str:
    photos = [{"type": "photo", "target": {"id": photo.id}} for photo in post.photos]
    shares = [{"type": "share", "unshimmed_url": post.link, "url": post.link}] if post.link else []
    return {"data": photos + shares} if photos + shares else ""


def shown(post: PagePost) -> ShownPost:
    """Show a post as a follower sees it."""
    return ShownPost(
        network=Network.FACEBOOK,
        id=post.id,
        text=post.message,
        link=post.link or None,
        images=tuple(show_image(photo, "graph") for photo in post.photos),
        posted_at=post.created_at,
        deleted_at=post.deleted_at,
        reply_to=post.reply_to,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePhoto:
    """A photo of the Page; ``post_id`` is that of the post made of it alone, if there is one."""

    page_id: str
    number: int
    upload: Upload
    caption: str
    created_at: datetime
    post_id: str | None = None

    @property
    def id(self) -> str:
        return str(self.number)


def refuse_picture(content: bytes) -> GraphProblem | None:
    """Refuse what Facebook does not take as a picture."""
    if not content:
        return NO_PICTURE
    wanted = picture_type(content) in ("image/png", "image/jpeg") and len(content) <= MAX_BYTES
    return None if wanted else BAD_PICTURE


def photo_json(photo: PagePhoto, names: Iterable[str], picture_url: str) -> dict[str, Any]:
    """Write the fields asked for; ``id`` always comes, empty ones never."""
    optional = {
        "created_time": graph_time(photo.created_at),
        "name": photo.caption,
        "alt_text": photo.upload.alt,
        "alt_text_custom": photo.upload.alt,
        "picture": picture_url,
        "images": [{"source": picture_url}],
        "page_story_id": photo.post_id,
        "from": {"id": photo.page_id},
    }
    return {name: optional[name] for name in names if optional.get(name)} | {"id": photo.id}
