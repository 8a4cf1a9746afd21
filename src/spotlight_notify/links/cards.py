"""Read what a page says about itself for the cards that networks draw from a link."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from spotlight_notify.links.decoding import decoded
from spotlight_notify.links.tags import wanted_tags
from spotlight_notify.text.html import short_title
from spotlight_notify.text.links import usable_link

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
    """Hold what a page gives for its card: plain words, an absolute address; None where it gives nothing."""

    title: str | None = None
    image_url: str | None = None
    image_alt: str | None = None


@dataclass(slots=True)
class _Picture:
    """Gather what is told about one picture: the addresses it can be had from, the words for it."""

    addresses: list[str] = field(default_factory=list)
    alt: str = ""


def read_card(page: bytes, content_type: str, url: str) -> Card:
    """Read the card of an HTML page that was found at ``url``; never fails, and takes time like its length.

    The title is what og:title says and nothing else: the page's own title serves Facebook alone. Where
    there is no og:image, twitter:image stands in. A picture's words are those told after it, before the next.
    """
    told, base = _read(wanted_tags(decoded(page, content_type)))
    title = next((said for name, said in told if name == "og:title" and said), "")
    image_url, alt = _chosen(_pictures(told), _absolute(url, base) or url)
    return Card(title=_words(title), image_url=image_url, image_alt=_words(alt))


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
    """Choose the first picture that can be had, and tell where, and the words for it."""
    for picture in pictures:
        for address in picture.addresses:
            url = _absolute(base, address)
            if url:
                return url, picture.alt
    return None, ""


def _words(said: str) -> str | None:
    return short_title(said[:MAX_WORDS]) or None


def _absolute(base: str, address: str) -> str | None:
    """Make an address absolute; None when it is no http(s) address."""
    try:
        return usable_link(urljoin(base, address)) if address else None
    except ValueError:
        return None
