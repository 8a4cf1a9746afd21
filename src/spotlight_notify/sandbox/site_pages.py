"""Serve the sample site over HTTP: its feed, its pages, its pictures."""

import hashlib
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from spotlight_notify.sandbox.pages import Pages, asset
from spotlight_notify.sandbox.samples import read_files, read_pictures
from spotlight_notify.sandbox.site import Shelves

FEED_TYPE = "application/rss+xml; charset=utf-8"


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
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("./", status_code=303)
        return JSONResponse({"published": {"title": entry.aid.title, "link": entry.link} if entry else None})


def _unchanged(request: Request, etag: str, changed_at: datetime) -> bool:
    """Tell whether the client's copy is still good; an ETag outranks a date (RFC 9110, 13.2.2)."""
    tags, since = request.headers.get("if-none-match"), request.headers.get("if-modified-since")
    if tags is not None:
        return etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    try:
        return since is not None and changed_at <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
