"""Find an entry's pictures and the words for them. Runs where it can be killed."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from spotlight_notify.sources.feed.entries import Drawing
from spotlight_notify.sources.feed.words import link_from
from spotlight_notify.text.html import MAX_HTML, short_title

MAX_DRAWINGS = 4
"""More pictures than this fit on no network's post."""
TINY = 32
"""Pixels: smaller inline pictures are buttons and counters."""
SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp")
PORTRAITS = ("gravatar.com",)
"""Hosts of authors' portraits, which some blog software lists among the media."""


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
    """Tell whether something attached is a picture: by its medium or type, else by its name."""
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
            yield Drawing(url=url, alt=short_title(seen.get("alt") or ""))


def _is_tiny(size: str | None) -> bool:
    return size is not None and size.isdecimal() and int(size[:6]) <= TINY


def _is_portrait(url: str) -> bool:
    return (urlsplit(url).hostname or "").endswith(PORTRAITS)
