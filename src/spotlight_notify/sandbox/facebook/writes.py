"""Carry out what clients write on a Page: posts, drafts, schedules, photos, comments, edits, deletions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from spotlight_notify.ports.parts import Clock
from spotlight_notify.sandbox.facebook import errors
from spotlight_notify.sandbox.facebook.errors import GraphProblem, unknown_object
from spotlight_notify.sandbox.facebook.requests import Call, GraphNames, read_attached
from spotlight_notify.sandbox.facebook.wall import PagePhoto, PagePost, Wall, post_json, refuse_picture
from spotlight_notify.sandbox.samples import FacebookPage
from spotlight_notify.sandbox.shown import Upload
from spotlight_notify.sandbox.stand_in import picture_type

MAX_MESSAGE = 63_206
SOONEST, LATEST = timedelta(minutes=10), timedelta(days=75)
"""How far ahead a post may be scheduled; Meta's own pages disagree on the latter (30 or 75 days)."""

Result = dict[str, Any] | GraphProblem
FindPicture = Callable[[str], bytes | None]


class GraphWrites:
    """Write on a Page's wall. ``find_picture`` gives the pictures that Facebook can fetch, by address."""

    def __init__(
        self, page: FacebookPage, wall: Wall, names: GraphNames, clock: Clock, find_picture: FindPicture
    ) -> None:
        self._page, self._wall, self._names = page, wall, names
        self._clock, self._find_picture = clock, find_picture

    def write(self, call: Call, *, strict: bool, again: bool) -> Result:
        """Carry out one call; ``strict``: refuse a post that repeats the one before it.

        ``again``: the call has just been carried out, so whatever repeats is refused.
        """
        refuse = self._names.refuse_parameters
        given = (*call.form.fields, *call.form.files)
        match call.subject in (self._page.id, "me"), call.edge:
            case True, "feed":
                return refuse("feed", given) or self._feed(call, strict=strict or again)
            case True, "photos":
                return refuse("photos", given) or self._photo(call, again=again)
            case False, "comments":
                return refuse("comments", given) or self._comment(call, again=again)
            case False, "":
                return refuse("post", given) or self._edit(call)
        return unknown_object(call.subject)

    def delete(self, call: Call) -> Result:
        """Delete a post or a comment, and what stands under it."""
        post = self._wall.find(call.subject)
        if post is None or call.edge:
            return unknown_object(call.subject)
        self._wall.delete(post)
        return {"success": True}

    def _feed(self, call: Call, *, strict: bool) -> Result:
        photos, due = self._attached(call), self._schedule(call)
        if isinstance(photos, GraphProblem):
            return photos
        if isinstance(due, GraphProblem):
            return due
        message, link = call.text("message"), call.text("link")
        problem = self._refuse_words(message, link, photos, strict=strict)
        if problem is not None:
            return problem
        published = call.flag("published", default=True)
        made = self._wall.add(message, link=link, photos=photos, published=published, scheduled_at=due)
        return self._read_back(call, made)

    def _attached(self, call: Call) -> tuple[Upload, ...] | GraphProblem:
        ids = read_attached(call)
        if ids is None:
            return errors.BAD_ATTACHMENT
        strangers = [photo_id for photo_id in ids if photo_id not in self._wall.photos]
        found = tuple(self._wall.photos[photo_id].upload for photo_id in ids if photo_id not in strangers)
        return unknown_object(strangers[0]) if strangers else found

    def _schedule(self, call: Call) -> datetime | GraphProblem | None:
        """Read when a draft is to become public, in seconds since 1970 or as ISO 8601."""
        words = call.text("scheduled_publish_time")
        if not words:
            return None
        due, now = _moment(words), self._clock()
        draft = not call.flag("published", default=True)
        fits = draft and due is not None and SOONEST <= due - now <= LATEST
        return due if fits else errors.BAD_SCHEDULE

    def _refuse_words(
        self, message: str, link: str, photos: tuple[Upload, ...], *, strict: bool
    ) -> GraphProblem | None:
        if not message.strip() and not link and not photos:
            return errors.EMPTY
        if len(message) > MAX_MESSAGE:
            return errors.TOO_LONG
        own = [post for post in self._wall.live() if post.author is None]
        repeated = any((post.message, post.link) == (message, link) for post in own[-1:])
        return errors.DUPLICATE if repeated and strict and (message or link) else None

    def _read_back(self, call: Call, made: PagePost) -> Result:
        """Answer a create with the fields it asks for, which are read when the post is there already."""
        fields = self._names.read_fields(made.kind, call.text("fields"))
        if isinstance(fields, GraphProblem):
            return replace(fields, written_id=made.id)
        return post_json(made, [field.name for field in fields])

    def _photo(self, call: Call, *, again: bool) -> Result:
        content = self._content(call)
        problem = content if isinstance(content, GraphProblem) else refuse_picture(content)
        if isinstance(content, GraphProblem) or problem is not None:
            return problem or errors.NO_PICTURE
        caption = call.text("caption") or call.text("message") or call.text("name")
        if again and any(post.message == caption for post in self._wall.live()[-1:]):
            return errors.DUPLICATE
        alt = call.text("alt_text_custom") or None
        photo = self._wall.add_photo(content, picture_type(content) or "", alt, caption)
        return self._stand(call, photo)

    def _content(self, call: Call) -> bytes | GraphProblem:
        url = call.text("url")
        if not url:
            return call.form.files.get("source", b"")
        return self._find_picture(url) or errors.NOT_OUR_PICTURE

    def _stand(self, call: Call, photo: PagePhoto) -> Result:
        """Put a photo into a post of its own, unless it is to wait for another's; answer with both ids."""
        if not call.flag("published", default=True):
            return {"id": photo.id}
        made = self._wall.add(photo.caption, photos=(photo.upload,))
        self._wall.photos[photo.id] = replace(photo, post_id=made.id)
        fields = self._names.read_fields("photo", call.text("fields"))
        if isinstance(fields, GraphProblem):
            return replace(fields, written_id=made.id)
        return {"id": photo.id, "post_id": made.id}

    def _comment(self, call: Call, *, again: bool) -> Result:
        post, message = self._wall.find(call.subject), call.text("message")
        if post is None:
            return unknown_object(call.subject)
        if not message.strip():
            return errors.EMPTY
        if again and any(comment.message == message for comment in self._wall.under(post)):
            return errors.DUPLICATE
        return self._read_back(call, self._wall.add(message, reply_to=post.id))

    def _edit(self, call: Call) -> Result:
        """Take over new words, and publish a draft; publishing what is public already changes nothing."""
        post = self._wall.find(call.subject)
        if post is None:
            return unknown_object(call.subject)
        edited = replace(post, message=call.text("message", post.message))
        if not post.is_published and call.flag("is_published", default=False):
            edited = replace(edited, is_published=True, created_at=self._clock(), scheduled_at=None)
        self._wall.put(edited)
        fields = self._names.read_fields(post.kind, call.text("fields"))
        return replace(fields, written_id=post.id) if isinstance(fields, GraphProblem) else {"success": True}


def _moment(words: str) -> datetime | None:
    try:
        if words.isdecimal():
            return datetime.fromtimestamp(int(words), UTC)
        moment = datetime.fromisoformat(words)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
