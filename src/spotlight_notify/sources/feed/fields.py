"""Turn an entry's raw fields and pictures into plain values, within limits. Runs where it can be killed."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from spotlight_notify.sources.feed.document import Drawing
from spotlight_notify.text.boilerplate import without_title
from spotlight_notify.text.cutting import shortened
from spotlight_notify.text.html import MAX_HTML, plain_text, plain_title, short_title, tidy_text
from spotlight_notify.text.invisible import in_one_line
from spotlight_notify.text.links import absolute_link
from spotlight_notify.text.mojibake import repaired

MAX_STAND_IN = 100
"""The longest title made from a summary, in characters."""
MAX_NAME = 2_048
"""The longest guid taken as it is, in characters; a longer one is replaced by its hash."""
MAX_CATEGORIES = 50
MAX_CATEGORY = 200
_WWW = re.compile(r"www\.[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?")
MAX_DRAWINGS = 4
"""More pictures than this fit on no network's post."""
TINY = 32
"""Pixels: smaller inline pictures are buttons and counters."""
SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
PORTRAITS = ("gravatar.com",)
"""Hosts of authors' portraits, which some blog software lists among the media."""


def title_and_summary(
    raw_title: str, *raw_summaries: str, plain: Iterable[str] = (), authors: Sequence[str] = ()
) -> tuple[str, str]:
    """Make a title, and a summary of the first text that says more than it: ``plain`` ones before HTML.

    Lines that are but the name of one of the ``authors`` are left out. Without a title the summary's first
    line, or its first words, stand in; both empty when nothing is said.
    """
    title = short_title(raw_title)
    tidied = (tidy_text(text[:MAX_HTML], authors) for text in plain if text.strip())
    read = (plain_text(raw[:MAX_HTML], authors) for raw in raw_summaries if raw.strip())
    summary = next((more for said in chain(tidied, read) if (more := without_title(said, title))), "")
    title = title or shortened(summary.partition("\n")[0], MAX_STAND_IN)
    return title, "" if summary == title else summary


def guid_from(raw: str) -> str:
    """Make a guid that has a sane length and that every database takes."""
    guid = storable(raw).strip()
    return guid if len(guid) <= MAX_NAME else f"sha256-{hashlib.sha256(guid.encode()).hexdigest()}"


def categories_from(raw: Iterable[str]) -> tuple[str, ...]:
    """Make at most MAX_CATEGORIES names, each once."""
    names = (in_one_line(repaired(name[:MAX_CATEGORY])) for name in raw)
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_CATEGORIES]


def storable(text: str) -> str:
    """Replace what no database takes: NUL, and halves of characters."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def with_protocol(raw: str, base: str) -> str:
    """Put ``https://`` before a link that begins with a host: its base's own, or one that begins with www."""
    first = raw.strip().partition("/")[0].lower()
    try:
        own = (urlsplit(base).hostname or "").removeprefix("www.")
    except ValueError:
        return raw
    is_host = _WWW.fullmatch(first) or ("." in own and first.removeprefix("www.") == own)
    return f"https://{raw.strip()}" if is_host else raw


def link_from(raw: str, base: str) -> str:
    """Make a link absolute; empty when it is no http(s) link."""
    if not raw.strip() or len(raw) > MAX_NAME:
        return ""
    return absolute_link(base, with_protocol(raw, base).strip()) or ""


def pictured(
    declared: Iterable[Drawing], thumbnails: Iterable[Drawing], html: str, base: str
) -> tuple[Drawing, ...]:
    """Choose pictures: those declared, else the thumbnails, else the first one in the text that has words.

    A declared picture without words gets those that the text has for the same picture.
    """
    inline = {drawing.url: drawing.alt for drawing in _inline(html, base)}
    chosen = {d.url: d.alt or inline.get(d.url, "") for d in declared if not _is_portrait(d.url)}
    chosen = chosen or {d.url: d.alt or inline.get(d.url, "") for d in thumbnails}
    chosen = chosen or dict([(url, alt) for url, alt in inline.items() if alt][:1])
    return tuple(Drawing(url=url, alt=alt) for url, alt in chosen.items())[:MAX_DRAWINGS]


def is_picture(attached: Mapping[str, str]) -> bool:
    """Return whether something attached is a picture: by its medium or type, else by its name."""
    said = attached.get("medium") or (attached.get("type") or "").partition("/")[0]
    if said:
        return said.lower() == "image"
    address = attached.get("url") or attached.get("href") or ""
    try:
        return urlsplit(address).path.lower().endswith(SUFFIXES)
    except ValueError:
        return False


def _inline(html: str, base: str) -> Iterator[Drawing]:
    if "<img" not in html[:MAX_HTML].lower():
        return
    for node in LexborHTMLParser(html[:MAX_HTML]).css("img"):
        seen = node.attributes
        url = link_from(seen.get("src") or "", base)
        if url and not any(_is_tiny(seen.get(side)) for side in ("width", "height")):
            yield Drawing(url=url, alt=plain_title(seen.get("alt") or ""))


def _is_tiny(size: str | None) -> bool:
    return size is not None and size.isdecimal() and int(size[:6]) <= TINY


def _is_portrait(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(PORTRAITS)


def size_from(written: str) -> int | None:
    """Read a file's size in bytes; many write 0 or 1 where they do not know it."""
    return int(written) if re.fullmatch(r"[1-9][0-9]{3,11}", written.strip()) else None
