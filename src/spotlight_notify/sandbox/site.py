"""The sample site: what it has published and what waits, its table, and its feed and pages over HTTP."""

import hashlib
import os
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from spotlight_notify.model.errors import Refused
from spotlight_notify.ports.parts import Clock
from spotlight_notify.sandbox.pages import Pages, asset, is_browser
from spotlight_notify.sandbox.samples import BANNER, SampleAid, SampleSite, read_files, read_pictures
from spotlight_notify.wire.http_dates import http_date
from spotlight_notify.wire.private_files import open_private

CREATE_TABLE = """
CREATE TABLE digital_aids (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, summary TEXT NOT NULL, url TEXT NOT NULL, kind TEXT NOT NULL,
    theme TEXT NOT NULL, access TEXT NOT NULL, image_url TEXT, image_alt TEXT, published_at TEXT NOT NULL,
    status TEXT NOT NULL
)"""
INSERT_ROW = """
INSERT INTO digital_aids
    (title, summary, url, kind, theme, access, image_url, image_alt, published_at, status)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'published')"""
FEED_TYPE = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAid:
    """An aid that is published.

    ``link`` is its public address; ``page`` and ``image_url`` are where its page and picture are served now;
    ``card_url`` is the picture on its card, its own or the site's.
    """

    aid: SampleAid
    theme: str
    link: str
    page: str
    image_url: str | None
    card_url: str
    published_at: datetime

    @property
    def categories(self) -> tuple[str, ...]:
        """Its kind, its theme, and whether one must sign in, as the feed marks them."""
        marks = (self.aid.kind, f"Theme: {self.theme}")
        return (*marks, "Sign-in required") if self.aid.sign_in else marks


class Shelves:
    """What is published and what waits. Safe from any thread.

    ``base_url`` is where the site is served. Aids' links are public addresses below the site's home instead:
    an address on loopback is no link to X, which counts only real domains as such.
    """

    def __init__(self, sample: SampleSite, base_url: str, clock: Clock) -> None:
        self.sample, self.base_url = sample, base_url
        self._clock, self._started_at = clock, clock()
        self._lock = threading.Lock()
        self._out = [self._dated(aid) for aid in sample.aids if aid.days_before is not None]
        self._waiting = [aid for aid in sample.aids if aid.days_before is None]
        self._database: Path | None = None

    @property
    def aids(self) -> tuple[PublishedAid, ...]:
        """Show all that is out, newest first, on the feed or in the table."""
        with self._lock:
            return tuple(sorted(self._out, key=lambda entry: entry.published_at)[::-1])

    @property
    def entries(self) -> tuple[PublishedAid, ...]:
        """Show what the feed holds, newest first."""
        return tuple(entry for entry in self.aids if entry.aid.on_feed)

    @property
    def waiting(self) -> tuple[str, ...]:
        """The titles that wait, in the order of ``publish_one``: rows only once there is a database."""
        with self._lock:
            entries = [aid.title for aid in self._waiting if aid.on_feed]
            rows = [aid.title for aid in self._waiting if not aid.on_feed and self._database]
        return (*entries, *rows)

    def find(self, link: str) -> PublishedAid | None:
        """Find what is out at a public address."""
        return next((entry for entry in self.aids if entry.link == link), None)

    def publish_next(self, count: int = 1) -> tuple[PublishedAid, ...]:
        """Put the next ``count`` waiting aids on the feed (fewer when fewer wait) and return them."""
        with self._lock:
            chosen = [aid for aid in self._waiting if aid.on_feed][:count]
            return tuple(self._bring_out(aid) for aid in chosen)

    def publish_titled(self, title: str) -> PublishedAid:
        """Put a new aid of this title on the feed and return it; its address is its own."""
        with self._lock:
            place = len(self._out) + len(self._waiting) + 1
            words = f"The sample site wrote this to try things out: {title}"
            aid = SampleAid(slug=f"aid-{place}", title=title, kind="Article", shelf="feed", summary=words)
            self._waiting.append(aid)
            return self._bring_out(aid)

    def write_database(self, path: Path) -> None:
        """Make a SQLite file whose table ``digital_aids`` holds what is out; Refused if the file is there."""
        if path.exists():
            raise Refused(f"{path} is there already: name a new file for the sample database")
        rows = [_row(entry) for entry in reversed(self.aids) if not entry.aid.on_feed]
        try:
            os.close(open_private(path, os.O_WRONLY | os.O_CREAT))
        except OSError as error:
            raise Refused(f"{path}: the sample database cannot be written: {error.strerror}") from error
        _write(path, rows, CREATE_TABLE)
        self._database = path

    def take_up_database(self, path: Path) -> None:
        """Go on with a file written here earlier: the rows in it are out; Refused if it cannot be read."""
        try:
            with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as database:
                links = {link for (link,) in database.execute("SELECT url FROM digital_aids")}
        except sqlite3.Error as error:
            raise Refused(f"{path}: the sample database cannot be read: {error}") from error
        with self._lock:
            for aid in [aid for aid in self._waiting if not aid.on_feed]:
                if self._entry(aid, self._clock()).link in links:
                    self._bring_out(aid)
        self._database = path

    def publish_row(self, path: Path) -> PublishedAid | None:
        """Add the next waiting row to that file's table and return it; None when none waits."""
        with self._lock:
            aid = next((aid for aid in self._waiting if not aid.on_feed), None)
            entry = self._bring_out(aid) if aid else None
        if entry is not None:
            _write(path, [_row(entry)])
        return entry

    def publish_one(self) -> PublishedAid | None:
        """Publish the next aid on the feed, or else in the database written here; None when none waits."""
        entries = self.publish_next()
        if entries or self._database is None:
            return entries[0] if entries else None
        return self.publish_row(self._database)

    def _dated(self, aid: SampleAid) -> PublishedAid:
        return self._entry(aid, self._started_at - timedelta(days=aid.days_before or 0))

    def _bring_out(self, aid: SampleAid) -> PublishedAid:
        entry = self._entry(aid, self._clock())
        self._waiting.remove(aid)
        self._out.append(entry)
        return entry

    def _entry(self, aid: SampleAid, published_at: datetime) -> PublishedAid:
        return PublishedAid(
            aid=aid,
            theme=self.sample.theme,
            link=f"{self.sample.home}/posters/{aid.file}"
            if aid.file
            else f"{self.sample.home}/aids/{aid.slug}",
            page=f"{self.base_url}/aids/{aid.slug}",
            image_url=f"{self.base_url}/pictures/{aid.image}" if aid.image else None,
            card_url=f"{self.base_url}/pictures/{aid.image or BANNER}",
            published_at=published_at.astimezone(UTC).replace(microsecond=0),
        )


def _row(entry: PublishedAid) -> tuple[str | None, ...]:
    aid = entry.aid
    access = "sign-in" if aid.sign_in else "public"
    words = (aid.title, aid.summary, entry.link, aid.kind.lower(), entry.theme, access)
    alt = aid.alt if aid.image else None
    return (*words, entry.image_url, alt, f"{entry.published_at:%Y-%m-%d %H:%M:%SZ}")


def _write(path: Path, rows: list[tuple[str | None, ...]], create: str = "") -> None:
    try:
        with closing(sqlite3.connect(path)) as database, database:
            database.executescript(create)
            database.executemany(INSERT_ROW, rows)
    except sqlite3.Error as error:
        raise Refused(f"{path}: the sample database cannot be written: {error}") from error


class SitePages:
    """Answer for the site's addresses, from what is on its shelves now."""

    def __init__(self, shelves: Shelves, pages: Pages) -> None:
        self._shelves, self._pages = shelves, pages
        self._pictures = read_pictures(shelves.sample)
        self._files = read_files(shelves.sample)

    def routes(self) -> list[Route]:
        """List the site's addresses, below its own root."""
        return [
            Route("/", self._home),
            Route("/feed.xml", self._feed),
            Route("/aids/{slug}", self._aid),
            Route("/pictures/{name}", self._picture),
            Route("/posters/{name}", self._file),
            Route("/publish", self._publish, methods=["POST"]),
        ]

    async def _feed(self, request: Request) -> Response:
        entries = self._shelves.entries
        changed_at = max(entry.published_at for entry in entries)
        body = self._pages.text(
            "feed.xml",
            sample=self._shelves.sample,
            base_url=self._shelves.base_url,
            host=urlsplit(self._shelves.sample.home).hostname,
            entries=entries,
            changed_at=changed_at,
            sizes={name: len(content) for name, content in self._pictures.items()},
        ).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"etag": etag, "last-modified": format_datetime(changed_at, usegmt=True)}
        if _unchanged(request, etag, changed_at):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=FEED_TYPE, headers=headers)

    async def _home(self, request: Request) -> Response:
        shelves = self._shelves
        return self._pages.html(
            "site.html", sample=shelves.sample, aids=shelves.aids, waiting=shelves.waiting
        )

    async def _aid(self, request: Request) -> Response:
        slug = request.path_params["slug"]
        entry = next((entry for entry in self._shelves.aids if entry.aid.slug == slug), None)
        if entry is None:
            return asset(None, "text/html")
        return self._pages.html("aid.html", sample=self._shelves.sample, entry=entry)

    async def _picture(self, request: Request) -> Response:
        return asset(self._pictures.get(request.path_params["name"]), "image/png")

    async def _file(self, request: Request) -> Response:
        return asset(self._files.get(request.path_params["name"]), "application/pdf")

    async def _publish(self, request: Request) -> Response:
        """Publish the next aid, or with a ``title`` (form field or query) a new one of that title.

        Programs, which do not ask for HTML, are told its title and link in JSON; null when none waited.
        """
        form = await request.form()
        title = str(form.get("title") or request.query_params.get("title") or "").strip()
        entry = self._shelves.publish_titled(title) if title else self._shelves.publish_one()
        if is_browser(request):
            return RedirectResponse("./", status_code=303)
        return JSONResponse({"published": {"title": entry.aid.title, "link": entry.link} if entry else None})


def _unchanged(request: Request, etag: str, changed_at: datetime) -> bool:
    """Return whether the client's copy is still good; an ETag outranks a date (RFC 9110, 13.2.2)."""
    tags, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if tags is not None:
        return etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    copied_at = http_date(since or "")
    return copied_at is not None and changed_at <= copied_at
