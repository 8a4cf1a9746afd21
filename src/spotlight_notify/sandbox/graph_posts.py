"""Hold a Page's posts and comments, and write them as Graph returns them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spotlight_notify.model import Network
from spotlight_notify.sandbox.shown import ShownPost, Upload, show_image


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePost:
    """Hold a post of the Page, or a comment by it; ``number`` is the half of its id that is its own.

    ``deleted_at`` is None while it is there. ``reply_to``: the id of what a comment stands under.
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

    @property
    def id(self) -> str:
        """Join the number to the Page's, or a comment's to that of its post."""
        above, _, number = (self.reply_to or "").partition("_")
        first = number if above == self.page_id else above
        return f"{first or self.page_id}_{self.number}"


def post_json(post: PagePost, fields: str) -> dict[str, Any]:
    """Write the fields asked for; ``id`` always comes, empty ones never."""
    optional = {
        "message": post.message,
        "created_time": f"{post.created_at:%Y-%m-%dT%H:%M:%S}+0000",
        "permalink_url": post.permalink_url,
        "is_published": post.is_published,
        "from": {"id": post.page_id},
    }
    asked = [name for name in fields.split(",") if name in optional]
    return {name: optional[name] for name in asked if optional[name] != ""} | {"id": post.id}


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
