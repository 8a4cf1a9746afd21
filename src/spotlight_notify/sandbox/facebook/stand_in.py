"""Stand in for the Graph API on behalf of one Page, and check its tokens."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from spotlight_notify.ports.parts import Clock, Jitter
from spotlight_notify.sandbox.facebook import errors
from spotlight_notify.sandbox.facebook.errors import GraphProblem, refusal, unknown_object
from spotlight_notify.sandbox.facebook.reads import GraphReads, View
from spotlight_notify.sandbox.facebook.requests import Call, read_call, read_names
from spotlight_notify.sandbox.facebook.wall import PagePost, Wall, oldest_first, shown
from spotlight_notify.sandbox.facebook.writes import FindPicture, GraphWrites
from spotlight_notify.sandbox.faults import Fault, Faults, Step
from spotlight_notify.sandbox.samples import FacebookPage
from spotlight_notify.sandbox.shown import ShownPost, Upload
from spotlight_notify.sandbox.stand_in import (
    MOST_ON_A_PAGE,
    Answer,
    DateHeader,
    Form,
    Received,
    Windows,
    json_answer,
    with_headers,
)

CALLS_PER_HOUR = 4_800
"""What 100 percent means in the usage header: a Page's quota with one engaged user, taken as hourly."""
VISITOR = "100000000000009"
"""The id of whoever writes on the Page from outside."""
PERMISSIONS = (
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_engagement",
    "pages_show_list",
)
ADVERTISING = ("pages_manage_ads", "ads_management")


class StandInGraph:
    """Answer as the Graph API does, and keep what was posted. Safe from any thread.

    ``permalink_base``: the page on which posts are shown; a permalink is a place on it. Its settings are
    those of ``stand_in.StandIn``, and ``may_advertise``: whether the token may manage advertisements, and so
    list drafts. ``chance`` rolls its faults' dice. ``find_picture`` gives the pictures it knows by address.
    ``may_refresh_cards``: whether it may have pages read anew; ``refreshed``: which were.
    """

    name = "graph"

    def __init__(
        self,
        page: FacebookPage,
        clock: Clock,
        permalink_base: str,
        chance: Jitter | None = None,
        find_picture: FindPicture = lambda _url: None,
    ) -> None:
        self.page, self.faults = page, Faults(chance)
        self.lag, self.limits, self.refuses_duplicates = timedelta(), True, True
        self.page_size, self.skew, self.date = MOST_ON_A_PAGE, timedelta(), DateHeader()
        self.may_advertise = self.may_refresh_cards = True
        self.refreshed: list[str] = []
        self._clock, self._windows = clock, Windows(timedelta(hours=1))
        self._lock = threading.RLock()
        self._wall, names = Wall(page.id, self.now, permalink_base), read_names()
        self._reads = GraphReads(page, self._wall, names)
        self._writes = GraphWrites(page, self._wall, names, self.now, find_picture)

    @property
    def posts(self) -> tuple[ShownPost, ...]:
        """Show the live posts and comments, oldest first."""
        with self._lock:
            return _shown(post for post in self._wall.there() if post.is_published)

    @property
    def drafts(self) -> tuple[ShownPost, ...]:
        """Show the posts that are not published, oldest first."""
        with self._lock:
            return tuple(shown(post) for post in self._wall.drafts())

    @property
    def history(self) -> tuple[ShownPost, ...]:
        """Show all posts and comments that were ever published, deleted ones too, oldest first."""
        with self._lock:
            return _shown(post for post in self._wall.ever() if post.is_published)

    @property
    def page_posts(self) -> tuple[PagePost, ...]:
        """Return all posts, comments and drafts, deleted ones too."""
        with self._lock:
            return tuple(self._wall.ever())

    def bring_back(self, posts: tuple[PagePost, ...]) -> None:
        """Show posts of an earlier stand-in."""
        with self._lock:
            self._wall.bring_back(posts)

    def now(self) -> datetime:
        """Read Facebook's own clock."""
        return self._clock() + self.skew

    def picture(self, photo_id: str) -> Upload | None:
        """Find an uploaded photo."""
        with self._lock:
            photo = self._wall.photos.get(photo_id)
        return photo.upload if photo else None

    def post_by_hand(
        self, text: str, *, link: str = "", age: timedelta = timedelta(), reply_to: str | None = None
    ) -> str:
        """Post, or comment, as a person does who runs the Page, so long ago; returns the id."""
        with self._lock:
            return self._wall.add(text, link=link, age=age, reply_to=reply_to).id

    def post_by_visitor(self, text: str, *, age: timedelta = timedelta(), reply_to: str | None = None) -> str:
        """Write on the Page from outside; among a Page's lists only ``feed`` holds visitors' posts."""
        with self._lock:
            return self._wall.add(text, author=VISITOR, age=age, reply_to=reply_to).id

    def step(self, received: Received) -> Step:
        return read_call(received).step

    def answer(self, received: Received, *, again: bool = False) -> Answer:
        """Check the token and its proof, then do what is asked."""
        with self._lock:
            result = self._result(read_call(received), received, again=again)
            used = self._windows.count("calls", self.now()).used if self.limits else 0
        answer = refusal(result, received) if isinstance(result, GraphProblem) else json_answer(200, result)
        share = min(100, 100 * used // CALLS_PER_HOUR)
        usage = json.dumps({"call_count": share, "total_time": share, "total_cputime": 0})
        return with_headers(answer, facebook_api_version=errors.VERSION, x_app_usage=usage)

    def false_answer(self, fault: Fault, received: Received, done: Answer | None) -> Answer | None:
        return errors.false_answer(fault, received, self.page.id, done)

    def _result(self, call: Call, received: Received, *, again: bool) -> dict[str, Any] | GraphProblem:
        if call.subject == "debug_token":
            return _debug_token(self.page, call.form, may_advertise=self.may_advertise)
        problem = _refuse_token(self.page, call.form)
        if problem is not None:
            return problem
        match call.method:
            case "POST" if not call.subject:
                return self._read_anew(call)
            case "POST":
                return self._writes.write(call, strict=self.refuses_duplicates, again=again)
            case "DELETE":
                return self._writes.delete(call)
            case "GET":
                return self._reads.read(call, self._view(received))
        return unknown_object(call.subject)

    def _read_anew(self, call: Call) -> dict[str, Any] | GraphProblem:
        """Read a page anew for the cards that are drawn from it."""
        link = call.text("id")
        if not (call.flag("scrape", default=False) and link):
            return unknown_object(link)
        if not self.may_refresh_cards:
            return errors.NO_REFRESHING
        self.refreshed.append(link)
        return {"url": link, "type": "website", "updated_time": self.now().isoformat(), "id": "1"}

    def _view(self, received: Received) -> View:
        return View(
            address=received.url.partition("?")[0],
            latest=self.now() - self.lag,
            most=self.page_size,
            may_advertise=self.may_advertise,
        )


def _shown(posts: Iterable[PagePost]) -> tuple[ShownPost, ...]:
    return tuple(shown(post) for post in oldest_first(posts))


def _refuse_token(page: FacebookPage, form: Form) -> GraphProblem | None:
    """Refuse a token that is missing or wrong, and a proof (where one is sent) that does not fit it."""
    token, proof = form.fields.get("access_token"), form.fields.get("appsecret_proof")
    if not token:
        return errors.NO_TOKEN
    if token != page.access_token:
        return errors.BAD_TOKEN
    if proof is not None and not hmac.compare_digest(proof.encode(), _proof(page.app_secret, token)):
        return errors.BAD_PROOF
    return None


def _proof(secret: str, token: str) -> bytes:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest().encode()


def _debug_token(page: FacebookPage, form: Form, *, may_advertise: bool) -> dict[str, Any] | GraphProblem:
    """Return what an app or the Page may know about a token."""
    if form.fields.get("access_token") not in (f"{page.app_id}|{page.app_secret}", page.access_token):
        return errors.BAD_TOKEN
    if form.fields.get("input_token") != page.access_token:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return {"data": {"error": error, "is_valid": False, "scopes": []}}
    scopes = PERMISSIONS + (ADVERTISING if may_advertise else ())
    granular = [{"scope": scope, "target_ids": [page.id]} for scope in scopes]
    about = {"app_id": page.app_id, "application": "spotlight-notify sandbox", "type": "PAGE"}
    times = {"data_access_expires_at": 0, "expires_at": 0, "is_valid": True, "profile_id": page.id}
    return {"data": {**about, **times, "scopes": [*scopes], "granular_scopes": granular}}
