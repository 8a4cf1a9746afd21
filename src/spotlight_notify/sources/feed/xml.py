"""Read RSS and Atom with feedparser. Runs where it can be killed."""

import io
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parseaddr
from functools import partial
from typing import Any

import feedparser
from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.exceptions import CharacterEncodingOverride, NonXMLContentType
from selectolax.lexbor import LexborHTMLParser

from spotlight_notify.sources.feed.dates import DateReader
from spotlight_notify.sources.feed.document import Document, Drawing, Entry, newest, read_each, too_many
from spotlight_notify.sources.feed.feedparser_patches import (
    ASIDE,
    CAPTIONS,
    NOT_A_LINK,
    NOTED,
    guard,
    in_known_spaces,
    keep_apart,
    limit_depth,
    speed_up,
)
from spotlight_notify.sources.feed.fields import (
    MAX_CATEGORIES,
    MAX_CATEGORY,
    categories_from,
    guid_from,
    is_picture,
    link_from,
    pictured,
    size_from,
    title_and_summary,
)
from spotlight_notify.text.html import plain_title
from spotlight_notify.text.invisible import in_one_line

BEGINS = ("ev_startdate", "xcal_dtstart", "startdate", "dtstart")
"""What feedparser makes of an event's beginning: the RSS modules for events, xCal, and plain elements."""
ENDS = ("ev_enddate", "xcal_dtend", "enddate", "dtend", "expired", "validity_end")
"""The same of its end, or of when an entry expires."""
MOST_AUTHORS = 5
HARMLESS = (NonXMLContentType, CharacterEncodingOverride)
"""Complaints about a document that was read completely all the same."""
NO_DATE = time.struct_time((0,) * 9)
"""What keeps feedparser from trying its own readers of dates: they are read elsewhere."""
_ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
STARTS = (
    (b"\x1f\x8b", "packed with gzip, and the server does not say so (Content-Encoding)"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"BEGIN:VCALENDAR", "a calendar (iCalendar)"),
)
"""First bytes, and what they are the first of."""
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/json")
HEAD = 256 * 1024
"""Bytes of a page that are looked through: what it names stands near its start."""
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)


def prepare() -> None:
    """Set feedparser up for this process: dates and guids as they are written, handlers that may fail.

    feedparser makes relative guids absolute; then every guid would change with the feed's address.
    """
    speed_up()
    feedparser.registerDateHandler(lambda written: NO_DATE)
    for reader in (StrictFeedParser, LooseFeedParser):
        reader.can_be_relative_uri.discard("id")
        keep_apart(reader)
        guard(reader)
    limit_depth(StrictFeedParser)


def read_xml(body: bytes, content_type: str, url: str, dates: DateReader) -> Document:
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
    kept = newest(told, lambda entry: _time(entry, dates))
    entries = tuple(read_each(kept, partial(_entry, url=url, dates=dates), warnings))
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
        return _what_answered(body, url)
    if damage and not told and (cut_short or _ENTRY.search(body)):
        return f"the feed is damaged and no entry can be read: {damage}"
    return ""


def _entry(told: Any, url: str, dates: DateReader) -> Entry:
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
        file_size=_file_size(told, url),
        guid_is_link=NOT_A_LINK not in told,
        categories=categories_from(_categories(told)),
        drawings=pictured(
            _attached(told, captions, own or url),
            _thumbnails(told, captions, own or url),
            content or raw,
            base or own or url,
        ),
        published=_seconds(told, "published", dates),
        updated=_seconds(told, "updated", dates),
        begins=_first_of(told, BEGINS, dates),
        ends=_first_of(told, ENDS, dates),
    )


def _time(told: Any, dates: DateReader) -> float | None:
    published = _seconds(told, "published", dates)
    return published if published is not None else _seconds(told, "updated", dates)


def _first_of(told: Any, names: Iterable[str], dates: DateReader) -> float | None:
    return next((at for name in names if (at := _seconds(told, name, dates)) is not None), None)


def _seconds(told: Any, name: str, dates: DateReader) -> float | None:
    """Read a time; ``dict.get``, since feedparser's own puts published in place of updated."""
    return dates.read(_text(told, name))


def _text(told: Any, name: str) -> str:
    value = dict.get(told, name)
    return value if isinstance(value, str) else ""


def _content(told: Any) -> tuple[str, str]:
    """Return the whole text, and the address that its relative links start from."""
    parts = dict.get(told, "content", ())
    return next(((part.get("value") or "", part.get("base") or "") for part in parts), ("", ""))


def _aside(told: Any) -> Iterator[str]:
    """Return what stands in for a description: a podcast's, or a film's; a picture's is none."""
    pictures = any(is_picture(at) for at in dict.get(told, "media_content", ()))
    return (_text(told, name) for name in ASIDE if not (pictures and name == "media_description"))


def _authors(told: Any) -> list[str]:
    """List an entry's authors, by name and mail address; feedparser itself halves some of them."""
    people = [person for person in dict.get(told, "authors", ()) if isinstance(person, dict)][:MOST_AUTHORS]
    written = _text(told, "author")[:MAX_CATEGORY]
    return [*parseaddr(written), written, *(_text(one, name) for one in people for name in ("name", "email"))]


def _base(told: Any, detail: str) -> str:
    """Return the address that relative links start from (xml:base) where a detail stands."""
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


def _file_size(told: Any, url: str) -> int | None:
    """Return the size of the file attached to an entry, if that is where the entry leads."""
    link = _link(told, url)
    for at in dict.get(told, "links", ()):
        if at.get("rel") == "enclosure" and link_from(at.get("href") or "", url) == link:
            return size_from(at.get("length") or "")
    return None


def _thumbnails(told: Any, captions: Mapping[str, str], url: str) -> Iterator[Drawing]:
    for at in dict.get(told, "media_thumbnail", ()):
        yield from _drawing(at.get("url") or "", captions, url)


def _drawing(written: str, captions: Mapping[str, str], url: str) -> Iterator[Drawing]:
    if link := link_from(written, url):
        yield Drawing(url=link, alt=plain_title(captions.get(written) or captions.get("") or ""))


def _what_answered(body: bytes, url: str) -> str:
    """Return in one sentence what a document is that is no feed; a page's own feed is named."""
    if _PAGE.search(body[:4_096]):
        named = _named_feed(body, url)
        return "a web page answered, not a feed" + (f"; the feed it names is {named}" if named else "")
    kind = next((kind for start, kind in STARTS if body.startswith(start)), "")
    return f"what answered is {kind}, not a feed" if kind else "what answered is not a feed"


def _named_feed(page: bytes, url: str) -> str:
    """Find the feed that a page names first ("RSS Autodiscovery", RSS Advisory Board); empty if none."""
    for tag in LexborHTMLParser(page[:HEAD]).css("link[rel][type][href]"):
        told = {name: (value or "").strip() for name, value in tag.attributes.items()}
        is_feed = "alternate" in told["rel"].lower().split() and told["type"].lower() in FEED_TYPES
        if is_feed and (found := link_from(told["href"], url)) not in ("", url):
            return found
    return ""
