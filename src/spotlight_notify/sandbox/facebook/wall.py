"""Keep a Page's posts, comments and photos, and write them as Graph does. One thread at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.ports.parts import Clock
from spotlight_notify.sandbox.facebook.errors import BAD_PICTURE, NO_PICTURE, GraphProblem
from spotlight_notify.sandbox.shown import ShownPost, Upload, show_image
from spotlight_notify.sandbox.stand_in import picture_type

MAX_BYTES = 4 * 1024 * 1024
FIRST_NUMBER = 122_100_000_000_000_001
"""Where post and photo numbers begin: as long as Facebook's own."""


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
        network=FACEBOOK,
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


class Wall:
    """What is on a Page, and what is to be. ``permalink_base``: the page on which posts are shown."""

    def __init__(self, page_id: str, clock: Clock, permalink_base: str) -> None:
        self._page_id, self._clock, self._permalink_base = page_id, clock, permalink_base
        self._posts: dict[str, PagePost] = {}
        self.photos: dict[str, PagePhoto] = {}
        self._number = FIRST_NUMBER + int(clock().timestamp())  # a later stand-in repeats none of these

    def add(
        self,
        message: str,
        *,
        link: str = "",
        photos: tuple[Upload, ...] = (),
        published: bool = True,
        scheduled_at: datetime | None = None,
        reply_to: str | None = None,
        author: str | None = None,
        age: timedelta = timedelta(),
    ) -> PagePost:
        """Keep a new post or comment, made so long ago."""
        number = self._next_number()
        post = PagePost(
            page_id=self._page_id,
            number=number,
            message=message,
            link=link,
            photos=photos,
            is_published=published,
            created_at=self._clock() - age,
            permalink_url=f"{self._permalink_base}#facebook-{number}",
            reply_to=reply_to,
            author=author,
            scheduled_at=scheduled_at,
        )
        self.put(post)
        return post

    def add_photo(self, content: bytes, media_type: str, alt: str | None, caption: str) -> PagePhoto:
        """Keep a new photo that stands in no post yet."""
        number = self._next_number()
        upload = Upload(id=str(number), content=content, media_type=media_type, alt=alt)
        photo = PagePhoto(
            page_id=self._page_id, number=number, upload=upload, caption=caption, created_at=self._clock()
        )
        self.photos[photo.id] = photo
        return photo

    def put(self, *posts: PagePost) -> None:
        """Put posts in the place of those of the same ids."""
        self._posts |= {post.id: post for post in posts}

    def bring_back(self, posts: Sequence[PagePost]) -> None:
        """Put posts of an earlier wall on this one, with their photos."""
        self.put(*posts)
        for post in posts:
            for upload in post.photos:
                self.photos[upload.id] = PagePhoto(
                    page_id=post.page_id,
                    number=int(upload.id),
                    upload=upload,
                    caption="",
                    created_at=post.created_at,
                )

    def ever(self) -> list[PagePost]:
        """Find all there ever was, once what is due has become public."""
        now = self._clock()
        self.put(*(_come_out(post) for post in self._posts.values() if _is_due(post, now)))
        return list(self._posts.values())

    def there(self) -> list[PagePost]:
        """Find what is not deleted."""
        return [post for post in self.ever() if post.deleted_at is None]

    def find(self, post_id: str) -> PagePost | None:
        """Find a post or comment that is not deleted."""
        return next((post for post in self.there() if post.id == post_id), None)

    def live(self) -> list[PagePost]:
        """Find the public posts, visitors' too, in the order in which they became so."""
        return oldest_first(post for post in self.there() if post.is_published and post.reply_to is None)

    def drafts(self) -> list[PagePost]:
        """Find what is not public, and what is not public yet."""
        return [post for post in self.there() if not post.is_published]

    def under(self, post: PagePost) -> list[PagePost]:
        """Find the comments on a post, and those on comments."""
        found = [other for other in self.there() if other.reply_to == post.id]
        return found + [deeper for comment in found for deeper in self.under(comment)]

    def delete(self, post: PagePost) -> None:
        """Delete a post and what stands under it."""
        now = self._clock()
        self.put(*(replace(gone, deleted_at=now) for gone in [post, *self.under(post)]))

    def shown_photos(self) -> list[PagePhoto]:
        """Find the photos that stand in a public post."""
        shown = {photo.id for post in self.live() for photo in post.photos}
        return [photo for photo in self.photos.values() if photo.id in shown]

    def _next_number(self) -> int:
        self._number += 1
        return self._number


def oldest_first(posts: Iterable[PagePost]) -> list[PagePost]:
    """Order posts by their time."""
    return sorted(posts, key=lambda post: post.created_at)


def _is_due(post: PagePost, now: datetime) -> bool:
    waits = post.scheduled_at is not None and not post.is_published and post.deleted_at is None
    return waits and post.scheduled_at is not None and post.scheduled_at <= now


def _come_out(post: PagePost) -> PagePost:
    assert post.scheduled_at is not None  # it is due
    return replace(post, is_published=True, created_at=post.scheduled_at)
