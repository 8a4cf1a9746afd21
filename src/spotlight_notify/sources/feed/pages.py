"""Say what answered instead of a feed. Runs where it can be killed."""

import re

from selectolax.lexbor import LexborHTMLParser

from spotlight_notify.sources.feed.fields import link_from

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


def what_answered(body: bytes, url: str) -> str:
    """Say in one sentence what a document is that is no feed; a page's own feed is named."""
    if _PAGE.search(body[:4_096]):
        named = named_feed(body, url)
        return "a web page answered, not a feed" + (f"; the feed it names is {named}" if named else "")
    kind = next((kind for start, kind in STARTS if body.startswith(start)), "")
    return f"what answered is {kind}, not a feed" if kind else "what answered is not a feed"


def named_feed(page: bytes, url: str) -> str:
    """Find the feed that a page names first ("RSS Autodiscovery", RSS Advisory Board); empty if none."""
    for tag in LexborHTMLParser(page[:HEAD]).css("link[rel][type][href]"):
        told = {name: (value or "").strip() for name, value in tag.attributes.items()}
        is_feed = "alternate" in told["rel"].lower().split() and told["type"].lower() in FEED_TYPES
        if is_feed and (found := link_from(told["href"], url)) not in ("", url):
            return found
    return ""
