"""Read JSON Feed, versions 1 and 1.1. Runs where it can be killed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from spotlight_notify.sources.feed.dates import DateReader
from spotlight_notify.sources.feed.document import Document, Drawing, Entry, newest, read_each, too_many
from spotlight_notify.sources.feed.fields import (
    MAX_CATEGORIES,
    categories_from,
    guid_from,
    is_picture,
    link_from,
    pictured,
    size_from,
    title_and_summary,
)

VERSIONS = ("https://jsonfeed.org/version/1", "http://jsonfeed.org/version/1")


def looks_like_json(body: bytes) -> bool:
    """Return whether a document is JSON rather than XML."""
    return body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def read_json(body: bytes, url: str, dates: DateReader) -> Document:
    """Read a feed; ``url`` is where it came from, for relative links."""
    try:
        told = json.loads(body, parse_int=str, parse_float=str)  # numbers are names here, however long
    except (ValueError, RecursionError):
        return Document(error="the feed is damaged: it is not valid JSON")
    items = told.get("items") if str(told.get("version")).startswith(VERSIONS) else None
    if not isinstance(items, list):
        return Document(error="what answered is JSON, but not a JSON Feed")
    warnings = list(too_many(len(items)))
    kept = newest(items, partial(_published, dates))
    entries = tuple(read_each(kept, partial(_entry, url=url, dates=dates), warnings))
    return Document(
        entries=entries,
        site_link=link_from(_text(told, "home_page_url"), url),
        older=link_from(_text(told, "next_url"), url),
        warnings=tuple(warnings),
        unread=len(entries) < len(kept),
    )


def _entry(item: Mapping[str, Any], url: str, dates: DateReader) -> Entry:
    html = _text(item, "content_html")
    title, summary = title_and_summary(
        _text(item, "title"),
        html,
        plain=(_text(item, "summary"), _text(item, "content_text")),
        authors=_authors(item),
    )
    return Entry(
        guid=guid_from(_text(item, "id")),
        title=title,
        summary=summary,
        link=link_from(_text(item, "url"), url) or link_from(_text(item, "external_url"), url),
        file_size=_file_size(item, url),
        categories=categories_from(str(tag) for tag in _list(item, "tags")[:MAX_CATEGORIES]),
        drawings=pictured(_declared(item, url), (), html, url),
        published=dates.read(_text(item, "date_published")),
        updated=dates.read(_text(item, "date_modified")),
        begins=_of_event(item, ("start", "startDate", "start_date", "date_start"), dates),
        ends=_of_event(item, ("end", "endDate", "end_date", "date_end", "expires", "date_expires"), dates),
    )


def _file_size(item: Mapping[str, Any], url: str) -> int | None:
    """Return the size of the file attached to an item, if that is where the item leads."""
    link = link_from(_text(item, "url"), url) or link_from(_text(item, "external_url"), url)
    attached = [at for at in _list(item, "attachments") if isinstance(at, dict)]
    own = (at for at in attached if link and link_from(_text(at, "url"), url) == link)
    return next((size_from(_text(at, "size_in_bytes")) for at in own), None)


def _of_event(item: Mapping[str, Any], names: Iterable[str], dates: DateReader) -> float | None:
    """Read a time of the event that an extension tells of: an object under a name with an underscore."""
    told = (value for key, value in item.items() if key.startswith("_") and isinstance(value, dict))
    moments = (dates.read(_text(extension, name)) for extension in told for name in names)
    return next((at for at in moments if at is not None), None)


def _published(dates: DateReader, item: Any) -> float | None:
    return dates.read(_text(item, "date_published")) if isinstance(item, dict) else None


def _declared(item: Mapping[str, Any], url: str) -> Iterator[Drawing]:
    attached = [at for at in _list(item, "attachments") if isinstance(at, dict)]
    pictures = [_text(at, "url") for at in attached if is_picture({"type": _text(at, "mime_type")})]
    for written in (_text(item, "image") or _text(item, "banner_image"), *pictures):
        if link := link_from(written, url):
            yield Drawing(url=link)


def _text(told: Mapping[str, Any], name: str) -> str:
    """Read a text; a number, which many write as id, counts as one."""
    value = told.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _authors(item: Mapping[str, Any]) -> list[str]:
    people = [item.get("author"), *_list(item, "authors")]
    return [_text(person, "name") for person in people if isinstance(person, dict)]


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    value = told.get(name)
    return value if isinstance(value, list) else []
