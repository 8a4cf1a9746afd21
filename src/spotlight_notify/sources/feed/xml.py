"""Read RSS and Atom with feedparser. Runs where it can be killed."""

import io
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parseaddr
from typing import Any

import feedparser
from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.exceptions import CharacterEncodingOverride, NonXMLContentType

from spotlight_notify.sources.feed.dialects import ASIDE, CAPTIONS, NOT_A_LINK, in_known_spaces, keep_apart
from spotlight_notify.sources.feed.entries import Document, Drawing, Entry, newest, passed_over, too_many
from spotlight_notify.sources.feed.guards import NOTED, UNREADABLE, guard, limit_depth
from spotlight_notify.sources.feed.moments import Moments
from spotlight_notify.sources.feed.pages import what_answered
from spotlight_notify.sources.feed.pictures import is_picture, pictured
from spotlight_notify.sources.feed.shortcuts import take_shortcuts
from spotlight_notify.sources.feed.words import (
    MAX_CATEGORIES,
    MAX_CATEGORY,
    categories_from,
    guid_from,
    link_from,
    title_and_summary,
)
from spotlight_notify.text.html import short_title
from spotlight_notify.text.invisible import in_one_line

MOST_AUTHORS = 5
HARMLESS = (NonXMLContentType, CharacterEncodingOverride)
"""Complaints about a document that was read completely all the same."""
NO_DATE = time.struct_time((0,) * 9)
"""What keeps feedparser from trying its own readers of dates: they are read elsewhere."""
_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)


def prepare() -> None:
    """Set feedparser up for this process: dates and guids as they are written, handlers that may fail.

    feedparser makes relative guids absolute; then every guid would change with the feed's address.
    """
    take_shortcuts()
    feedparser.registerDateHandler(lambda written: NO_DATE)
    for reader in (StrictFeedParser, LooseFeedParser):
        reader.can_be_relative_uri.discard("id")
        keep_apart(reader)
        guard(reader)
    limit_depth(StrictFeedParser)


def read_xml(body: bytes, content_type: str, url: str, moments: Moments) -> Document:
    """Read a feed; ``url`` is where it came from, for relative links."""
    body = in_known_spaces(body)
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type, "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    damage = _damage(parsed)
    cut_short = bool(damage) and not _CLOSED.search(body[-4_096:])
    told = list(parsed.entries)
    if cut_short:  # the last entry may have lost its guid or link, and would be taken for another
        told = told[:-1]
    if error := _refusal(parsed, body, damage, told, cut_short, url):
        return Document(error=error)
    warnings = [f"the feed is not well-formed ({damage}); what could be read was read"] if damage else []
    if cut_short:
        warnings.append("the feed is cut short; its last entry was left for the next look")
    if noted := parsed.feed.get(NOTED):
        warnings.append(f"the feed holds what cannot be read ({noted}); the rest was read")
    warnings.extend(too_many(len(told)))
    kept = newest(told, lambda entry: _time(entry, moments))
    entries = tuple(_entries(kept, url, moments, warnings))
    return Document(
        entries=entries,
        site_link=_link(parsed.feed, url),
        older=_older(parsed.feed, url),
        warnings=tuple(warnings),
        cut_short=cut_short,
        unread=bool(noted) or len(entries) < len(kept) or bool(damage and _opened(body) != len(told)),
    )


def _damage(parsed: Any) -> str:
    problem = parsed.get("bozo_exception") if parsed.get("bozo") else None
    if problem is None or isinstance(problem, HARMLESS):
        return ""
    said = problem.getMessage() if hasattr(problem, "getMessage") else str(problem)
    return in_one_line(str(said))[:200] or "no reason is known"


def _opened(body: bytes) -> int:
    """Count where entries begin, so that one which damage has swallowed is missed; 0 in wide encodings."""
    return len(_ENTRY.findall(body))


def _refusal(parsed: Any, body: bytes, damage: str, told: list[Any], cut_short: bool, url: str) -> str:
    if not parsed.get("version"):
        return what_answered(body, url)
    if damage and not told and (cut_short or _ENTRY.search(body)):
        return f"the feed is damaged and no entry can be read: {damage}"
    return ""


def _entries(told: Iterable[Any], url: str, moments: Moments, warnings: list[str]) -> Iterator[Entry]:
    unreadable = 0
    for entry in told:
        try:
            yield _entry(entry, url, moments)
        except UNREADABLE:
            unreadable += 1
    warnings.extend(passed_over(unreadable))


def _entry(told: Any, url: str, moments: Moments) -> Entry:
    captions = dict.get(told, CAPTIONS, {})
    raw, (content, base) = _text(told, "summary"), _content(told)
    titles = (_text(told, "title"), _text(told, "media_title"))
    title, summary = title_and_summary(
        next(filter(None, titles), ""), raw, content, *_aside(told), authors=_authors(told)
    )
    base, own = base if content else _base(told, "summary_detail"), _base(told, "title_detail")
    return Entry(
        guid=guid_from(_text(told, "id")),
        title=title,
        summary=summary,
        link=_link(told, url),
        guid_is_link=NOT_A_LINK not in told,
        categories=categories_from(_categories(told)),
        drawings=pictured(
            _attached(told, captions, own or url),
            _thumbnails(told, captions, own or url),
            content or raw,
            base or own or url,
        ),
        published=_seconds(told, "published", moments),
        updated=_seconds(told, "updated", moments),
    )


def _time(told: Any, moments: Moments) -> float | None:
    published = _seconds(told, "published", moments)
    return published if published is not None else _seconds(told, "updated", moments)


def _seconds(told: Any, name: str, moments: Moments) -> float | None:
    """Read a time; ``dict.get``, since feedparser's own puts published in place of updated."""
    return moments.read(_text(told, name))


def _text(told: Any, name: str) -> str:
    value = dict.get(told, name)
    return value if isinstance(value, str) else ""


def _content(told: Any) -> tuple[str, str]:
    """Give the whole text, and the address that its relative links start from."""
    parts = dict.get(told, "content", ())
    return next(((part.get("value") or "", part.get("base") or "") for part in parts), ("", ""))


def _aside(told: Any) -> Iterator[str]:
    """Give what stands in for a description: a podcast's, or a film's; a picture's is none."""
    pictures = any(is_picture(at) for at in dict.get(told, "media_content", ()))
    return (_text(told, name) for name in ASIDE if not (pictures and name == "media_description"))


def _authors(told: Any) -> list[str]:
    """List an entry's authors, by name and mail address; feedparser itself halves some of them."""
    people = [person for person in dict.get(told, "authors", ()) if isinstance(person, dict)][:MOST_AUTHORS]
    written = _text(told, "author")[:MAX_CATEGORY]
    return [*parseaddr(written), written, *(_text(one, name) for one in people for name in ("name", "email"))]


def _base(told: Any, detail: str) -> str:
    """Tell the address that relative links start from (xml:base) where a detail stands."""
    found = dict.get(told, detail)
    return str(found.get("base") or "") if isinstance(found, dict) else ""


def _link(told: Any, url: str) -> str:
    """Find the page: of the alternates the first that is HTML, else the first."""
    alternates = [at for at in dict.get(told, "links", ()) if at.get("rel") == "alternate" and at.get("href")]
    alternates.sort(key=lambda at: at.get("type") not in ("text/html", "application/xhtml+xml"))
    return next((link for at in alternates if (link := link_from(at["href"], url))), "")


def _older(feed: Any, url: str) -> str:
    """Find the page with older entries (RFC 5005): an archive (section 4), or else the next page (3)."""
    links = [(at.get("rel"), at.get("href") or "") for at in dict.get(feed, "links", ())]
    wanted = [href for rel in ("prev-archive", "next") for kind, href in links if kind == rel]
    return link_from(wanted[0], url) if wanted else ""


def _categories(told: Any) -> Iterator[str]:
    for tag in dict.get(told, "tags", ())[:MAX_CATEGORIES]:
        yield from (name for name in (tag.get("term"), tag.get("label")) if name)


def _attached(told: Any, captions: Mapping[str, str], url: str) -> Iterator[Drawing]:
    enclosures = [at for at in dict.get(told, "links", ()) if at.get("rel") == "enclosure"]
    for at in (*dict.get(told, "media_content", ()), *enclosures):
        if is_picture(at):
            yield from _drawing(at.get("url") or at.get("href") or "", captions, url)


def _thumbnails(told: Any, captions: Mapping[str, str], url: str) -> Iterator[Drawing]:
    for at in dict.get(told, "media_thumbnail", ()):
        yield from _drawing(at.get("url") or "", captions, url)


def _drawing(written: str, captions: Mapping[str, str], url: str) -> Iterator[Drawing]:
    if link := link_from(written, url):
        yield Drawing(url=link, alt=short_title(captions.get(written) or captions.get("") or ""))
