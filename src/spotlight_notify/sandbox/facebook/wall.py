"""Keep a Page's posts, comments and photos. One thread at a time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from spotlight_notify.ports.parts import Clock
from spotlight_notify.sandbox.facebook.objects import PagePhoto, PagePost
from spotlight_notify.sandbox.shown import Upload

FIRST_NUMBER = 122_100_000_000_000_001
"""Where post and photo numbers begin: as long as Facebook's own."""


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
