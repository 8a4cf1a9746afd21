"""Stand in for the Graph API on behalf of one Page."""

import json
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from spotlight_notify.ports import Clock, Jitter
from spotlight_notify.sandbox import graph_errors
from spotlight_notify.sandbox.accounts import FacebookPage
from spotlight_notify.sandbox.exchanges import Answer, Received, json_answer, with_headers
from spotlight_notify.sandbox.faults import Fault, Faults, Step
from spotlight_notify.sandbox.forms import picture_type
from spotlight_notify.sandbox.graph_errors import GraphProblem, refusal, unknown_object
from spotlight_notify.sandbox.graph_lists import DEFAULT_FIELDS, list_posts
from spotlight_notify.sandbox.graph_posts import PagePost, post_json, shown
from spotlight_notify.sandbox.graph_requests import Call, read_attached, read_call
from spotlight_notify.sandbox.graph_tokens import debug_token, refuse_token
from spotlight_notify.sandbox.limits import Windows
from spotlight_notify.sandbox.shown import ShownPost, Upload

MAX_MESSAGE = 63_206
MAX_BYTES = 4 * 1024 * 1024
FIRST_NUMBER = 122_100_000_000_000_001
"""Where post and photo numbers begin: as long as Facebook's own."""
CALLS_PER_HOUR = 4_800
"""What 100 percent means in the usage header: a Page's quota with one engaged user, taken as hourly."""

Result = dict[str, Any] | GraphProblem


class StandInGraph:
    """Answer as the Graph API does, and keep what was posted. Safe from any thread.

    ``permalink_base``: the page on which posts are shown; a permalink is a place on it. ``lag``, ``limits``
    and ``refuses_duplicates`` are settings (see ``exchanges.StandIn``), and so is ``may_advertise``: whether
    the token may manage advertisements, and so list drafts. ``chance`` rolls its faults' dice.
    """

    name = "graph"

    def __init__(
        self, page: FacebookPage, clock: Clock, permalink_base: str, chance: Jitter | None = None
    ) -> None:
        self.page, self.faults = page, Faults(chance)
        self.lag, self.limits, self.refuses_duplicates = timedelta(0), True, True
        self.may_advertise = True
        self._clock, self._permalink_base = clock, permalink_base
        self._windows = Windows(timedelta(hours=1))
        self._lock = threading.RLock()
        self._posts: dict[str, PagePost] = {}
        self._photos: dict[str, Upload] = {}
        self._number = FIRST_NUMBER

    @property
    def posts(self) -> tuple[ShownPost, ...]:
        """Show the live posts and comments, oldest first."""
        with self._lock:
            public = [post for post in self._there() if post.is_published]
        return tuple(shown(post) for post in _oldest_first(public))

    @property
    def drafts(self) -> tuple[ShownPost, ...]:
        """Show the posts that are not published, oldest first."""
        with self._lock:
            return tuple(shown(post) for post in self._drafts())

    @property
    def history(self) -> tuple[ShownPost, ...]:
        """Show all posts and comments that were ever published, deleted ones too, oldest first."""
        with self._lock:
            published = [post for post in self._posts.values() if post.is_published]
        return tuple(shown(post) for post in _oldest_first(published))

    def picture(self, photo_id: str) -> Upload | None:
        """Find an uploaded photo."""
        with self._lock:
            return self._photos.get(photo_id)

    def step(self, received: Received) -> Step:
        return read_call(received).step

    def answer(self, received: Received) -> Answer:
        """Check the token and its proof, then do what is asked."""
        with self._lock:
            result = self._result(read_call(received), received)
            used = self._windows.count("calls", self._clock()).used if self.limits else 0
        answer = refusal(result, received) if isinstance(result, GraphProblem) else json_answer(200, result)
        share = min(100, 100 * used // CALLS_PER_HOUR)
        usage = json.dumps({"call_count": share, "total_time": share, "total_cputime": 0})
        return with_headers(answer, facebook_api_version=graph_errors.VERSION, x_app_usage=usage)

    def false_answer(self, fault: Fault, received: Received) -> Answer | None:
        return graph_errors.false_answer(fault, received, self.page.id)

    def _result(self, call: Call, received: Received) -> Result:
        if call.subject == "debug_token":
            return debug_token(self.page, call.form, may_advertise=self.may_advertise)
        problem = refuse_token(self.page, call.form)
        if problem is not None:
            return problem
        address = received.url.partition("?")[0]
        of_page = call.subject in (self.page.id, "me")
        return self._of_page(call, address) if of_page else self._of_post(call, address)

    def _of_page(self, call: Call, address: str) -> Result:
        match call.method, call.edge:
            case "POST", "feed":
                return self._feed(call)
            case "POST", "photos":
                return self._photo(call)
            case "GET", "published_posts" | "posts" | "feed":
                return list_posts(self._by_now(self._live()), call, address)
            case "GET", "ads_posts":
                return self._ads_posts(call, address)
            case "GET", "":
                return {"id": self.page.id, "name": self.page.name}
        return unknown_object(self.page.id)

    def _ads_posts(self, call: Call, address: str) -> Result:
        if not self.may_advertise:
            return graph_errors.NO_ADVERTISING
        return list_posts(self._by_now(self._drafts()), call, address)

    def _feed(self, call: Call) -> Result:
        photos = self._attached(call.text("attached_media", "[]"))
        if isinstance(photos, GraphProblem):
            return photos
        message, link = call.text("message"), call.text("link")
        return self._refuse_words(message, link, photos) or self._keep(call, message, link, photos)

    def _attached(self, words: str) -> tuple[Upload, ...] | GraphProblem:
        ids = read_attached(words)
        if ids is None:
            return graph_errors.BAD_ATTACHMENT
        strangers = [photo_id for photo_id in ids if photo_id not in self._photos]
        return (
            unknown_object(strangers[0]) if strangers else tuple(self._photos[photo_id] for photo_id in ids)
        )

    def _refuse_words(self, message: str, link: str, photos: tuple[Upload, ...]) -> GraphProblem | None:
        if not message.strip() and not link and not photos:
            return graph_errors.EMPTY
        if len(message) > MAX_MESSAGE:
            return graph_errors.TOO_LONG
        latest = self._live()[-1:] if message or link else []
        repeated = any((post.message, post.link) == (message, link) for post in latest)
        return graph_errors.DUPLICATE if repeated and self.refuses_duplicates else None

    def _keep(
        self,
        call: Call,
        message: str,
        link: str,
        photos: tuple[Upload, ...],
        reply_to: str | None = None,
    ) -> dict[str, Any]:
        number = self._next_number()
        post = PagePost(
            page_id=self.page.id,
            number=number,
            message=message,
            link=link,
            photos=photos,
            is_published=call.flag("published", default=True),
            created_at=self._clock(),
            permalink_url=f"{self._permalink_base}#facebook-{number}",
            reply_to=reply_to,
        )
        self._posts[post.id] = post
        return post_json(post, call.text("fields"))

    def _photo(self, call: Call) -> Result:
        content, caption = call.form.files.get("source", b""), call.text("caption")
        media_type = picture_type(content)
        if not content:
            return graph_errors.NO_PICTURE
        if media_type not in ("image/png", "image/jpeg") or len(content) > MAX_BYTES:
            return graph_errors.BAD_PICTURE
        alt = call.text("alt_text_custom") or None
        photo = Upload(id=str(self._next_number()), content=content, media_type=media_type, alt=alt)
        self._photos[photo.id] = photo
        if not call.flag("published", default=True):
            return {"id": photo.id}
        return {"id": photo.id, "post_id": self._keep(call, caption, "", (photo,))["id"]}

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _there(self) -> list[PagePost]:
        return [post for post in self._posts.values() if post.deleted_at is None]

    def _live(self) -> list[PagePost]:
        """Find the posts that are public, in the order in which they became so."""
        return _oldest_first(p for p in self._there() if p.is_published and p.reply_to is None)

    def _drafts(self) -> list[PagePost]:
        return [post for post in self._there() if not post.is_published]

    def _by_now(self, posts: list[PagePost]) -> list[PagePost]:
        """Keep what lists show by now."""
        latest = self._clock() - self.lag
        return [post for post in posts if post.created_at <= latest]

    def _of_post(self, call: Call, address: str) -> Result:
        post = self._posts.get(call.subject)
        if post is None or post.deleted_at is not None:
            return unknown_object(call.subject)
        match call.method, call.edge:
            case "GET", "":
                return post_json(post, call.text("fields", DEFAULT_FIELDS))
            case "GET", "comments":
                return list_posts(self._by_now(self._under(post)), call, address)
            case "POST", "comments":
                message = call.text("message")
                return self._keep(call, message, "", (), post.id) if message.strip() else graph_errors.EMPTY
            case "POST", "":
                return self._replace(self._changed(post, call))
            case "DELETE", "":
                now = self._clock()
                return self._replace(*(replace(gone, deleted_at=now) for gone in [post, *self._under(post)]))
        return unknown_object(call.subject)

    def _replace(self, *posts: PagePost) -> Result:
        self._posts |= {post.id: post for post in posts}
        return {"success": True}

    def _under(self, post: PagePost) -> list[PagePost]:
        """Find the comments on a post, and those on comments."""
        found = [other for other in self._there() if other.reply_to == post.id]
        return found + [deeper for comment in found for deeper in self._under(comment)]

    def _changed(self, post: PagePost, call: Call) -> PagePost:
        """Take over new words, and publish a draft; publishing what is public already changes nothing."""
        edited = replace(post, message=call.text("message", post.message))
        if post.is_published or not call.flag("is_published", default=False):
            return edited
        return replace(edited, is_published=True, created_at=self._clock())


def _oldest_first(posts: Iterable[PagePost]) -> list[PagePost]:
    return sorted(posts, key=lambda post: post.created_at)
