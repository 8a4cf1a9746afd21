"""Read the card that networks draw from a link: a page's og and twitter tags, found and decoded safely.

A parser of whole pages will not do: on 512 KiB of hostile nesting selectolax was seen to take 20 seconds, or
all of 24 GB. So the tags are found first, and only they are parsed.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser

from spotlight_notify.links.page_events import event_on
from spotlight_notify.text.html import short_title
from spotlight_notify.text.links import absolute_link

MAX_TAG = 8 * 1024
"""The longest tag taken, in characters."""
MAX_TAGS = 64 * 1024
"""The longest sum of all tags taken, in characters; real pages need a tenth of it."""
_OPENING = re.compile(
    r"<(?:(?P<comment>!--)|(?P<silent>script|style|textarea|title)(?=[\s/>])|(?:meta|base)(?=[\s/>]))",
    re.IGNORECASE,
)
_CLOSING = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
}
_TAG = re.compile(r"""<(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_PLAIN_TAG = re.compile(r"<[^>]*+>")
"""For tags with a quotation mark too many."""
_WANTED = re.compile(r"\A<base|og:title|og:image|twitter:image", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_DECLARED_WITHIN = 1_024
"""Bytes in which a page must name its encoding (HTML standard, 4.2.5.4)."""
_TAKEN = frozenset(
    {"big5", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "iso2022_jp", "koi8-r", "koi8-u", "shift_jis"}
    | {f"cp{number}" for number in (874, 932, 949, *range(1250, 1259))}
    | {f"iso8859-{number}" for number in range(2, 17)}
)
"""Python's names. It knows more, but those are none of the web's, and some are slow to undo."""
_WESTERN = frozenset({"ascii", "iso8859-1"})
"""What the web calls these is windows-1252 (Encoding standard, 4.2)."""
MAX_WORDS = 2_000
"""Characters of a title, or of words for a picture, that are looked at: twice what is taken."""
ADDRESSES = frozenset(
    {"og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"}
)
ALTS = frozenset({"og:image:alt", "twitter:image:alt"})
Told = tuple[str, str]
"""The name of a thing, in lower case, and what a page says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a page gives for its card: plain words, an absolute address; None where it gives nothing.

    ``event_at``: when the event begins that it tells of.
    """

    title: str | None = None
    image_url: str | None = None
    image_alt: str | None = None
    event_at: datetime | None = None


@dataclass(slots=True)
class _Picture:
    """What is told about one picture: its addresses, and the words for it."""

    addresses: list[str] = field(default_factory=list)
    alt: str = ""


def read_card(page: bytes, content_type: str, url: str) -> Card:
    """Read the card of an HTML page that was found at ``url``; never fails, and takes time like its length.

    The title is what og:title says and nothing else: the page's own title serves Facebook alone. Where
    there is no og:image, twitter:image stands in. A picture's words are those told after it, before the next.
    """
    html = _decoded(page, content_type)
    told, base = _read(_wanted_tags(html))
    title = next((said for name, said in told if name == "og:title" and said), "")
    image_url, alt = _chosen(_pictures(told), absolute_link(url, base) or url)
    event_at = event_on(html)
    return Card(title=_words(title), image_url=image_url, image_alt=_words(alt), event_at=event_at)


def _read(tags: str) -> tuple[list[Told], str]:
    """Read tags: what they tell, in their order, and the first base address."""
    told: list[Told] = []
    base = ""
    for tag in LexborHTMLParser(tags).css("base, meta"):
        attributes = {name: (value or "").strip() for name, value in tag.attributes.items()}
        if tag.tag == "base":
            base = base or attributes.get("href", "")
        else:  # many sites write name where property is meant, or the reverse
            name = attributes.get("property") or attributes.get("name") or ""
            told.append((name.lower(), attributes.get("content", "")))
    return told, base


def _pictures(told: Iterable[Told]) -> list[_Picture]:
    """Sort out which words belong to which picture; the one for X comes last."""
    pictures, for_x = [_Picture()], _Picture()
    for name, said in told:
        if name == "og:image" and pictures[-1].addresses:
            pictures.append(_Picture())
        picture = for_x if name.startswith("twitter:") else pictures[-1]
        if name in ADDRESSES:
            picture.addresses.append(said)
        elif name in ALTS:
            picture.alt = picture.alt or said
    return [*pictures, for_x]


def _chosen(pictures: Iterable[_Picture], base: str) -> tuple[str | None, str]:
    """Return the address of the first picture with a usable one, and the words for it."""
    for picture in pictures:
        for address in picture.addresses:
            url = absolute_link(base, address)
            if url:
                return url, picture.alt
    return None, ""


def _words(said: str) -> str | None:
    return short_title(said[:MAX_WORDS]) or None


def _wanted_tags(html: str) -> str:
    """Return a page's ``base`` tags and its ``meta`` tags about cards, one after the other.

    What stands in comments, scripts and the like is passed over; so is what is longer than the limits.
    However they were written, no other tag can come out of them.
    """
    found, room = [], MAX_TAGS
    for tag in _tags(html):
        if _WANTED.search(tag):
            found.append("<" + tag[1:].replace("<", "&lt;"))
            room -= len(found[-1])
        if room <= 0:
            break
    return "".join(found)


def _tags(html: str) -> Iterator[str]:
    """Yield the meta and base tags of a page, from its start; an empty one for one that is too long."""
    at = 0
    while opening := _OPENING.search(html, at):
        start, at = opening.span()
        if opening["comment"]:
            at = html.find("-->", start + 2)  # "<!-->" is one, too
        elif opening["silent"]:
            closing = _CLOSING[opening["silent"].lower()].search(html, at)
            at = closing.end() if closing else -1
        else:
            tag = _tag_at(html, start)
            at = start + (len(tag) or MAX_TAG)
            yield tag
        if at < 0:
            return


def _tag_at(html: str, start: int) -> str:
    end = min(len(html), start + MAX_TAG)
    tag = _TAG.match(html, start, end) or _PLAIN_TAG.match(html, start, end)
    return tag[0] if tag else ""


def _decoded(page: bytes, content_type: str) -> str:
    """Decode a page by its first bytes, else by what the server says, else by what it says itself.

    UTF-8 where nothing is said; what cannot be decoded is replaced.
    """
    for mark, encoding in _MARKS:
        if page.startswith(mark):
            return page[len(mark) :].decode(encoding, "replace")
    told = _CHARSET.search(content_type.encode("ascii", "replace"))
    named = told or _CHARSET.search(page, 0, _DECLARED_WITHIN)
    return page.decode(_encoding(named[1].decode("ascii")) if named else "utf-8", "replace")


def _encoding(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return "utf-8"
    if known in _WESTERN:
        return "cp1252"
    return known if known in _TAKEN else "utf-8"
