"""Read a feed's older pages where more appeared between two looks than it shows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from spotlight_notify.model.aids import Aid
from spotlight_notify.ports.parts import Known
from spotlight_notify.sources.feed.document import MAX_ENTRIES, Document

MOST_PAGES = 20
"""Pages that are read back: a feed that was not seen for so long has more to sort out than that."""

ReadDocument = Callable[[str], Document]
"""Fetch and read a document; SourceError when it cannot be had."""
MakeAids = Callable[[Document], tuple[Aid, ...]]
"""Make the aids of a document, oldest first."""


def shows_nothing_known(aids: Sequence[Aid], known: Known) -> bool:
    """Tell whether none of a feed's aids was seen before."""
    return bool(aids) and not known([name for aid in aids for name in _names_of(aid)])


def read_back(
    first: Document, url: str, read: ReadDocument, make: MakeAids, known: Known
) -> tuple[Aid, ...] | None:
    """Give the aids of a feed at ``url`` and of its older pages, as far as what was known; oldest first.

    None if no page shows anything that is known: then nobody can tell what of them is new. What is older than
    the newest that is known is left out, since it was there at an earlier look, or before the first.
    """
    whole, shown = first, {name for aid in make(first) for name in _names_of(aid)}
    for page in _older_pages(first, url, read):
        whole = replace(whole, entries=(*whole.entries, *page.entries)[:MAX_ENTRIES])
        aids = make(whole)
        seen = known([name for aid in aids for name in _names_of(aid)])
        old = [place for place, aid in enumerate(aids) if not seen.isdisjoint(_names_of(aid))]
        if old:
            return _newer(aids, old[-1], shown)
    return None


def _newer(aids: Sequence[Aid], newest_known: int, shown: set[str]) -> tuple[Aid, ...]:
    """Choose what stands behind the newest that is known, and all that the feed itself shows."""
    return tuple(
        aid for place, aid in enumerate(aids) if place > newest_known or not shown.isdisjoint(_names_of(aid))
    )


def _older_pages(first: Document, url: str, read: ReadDocument) -> Iterator[Document]:
    """Follow the pages of one site, each once."""
    page, passed = first, {url}
    for _ in range(MOST_PAGES):
        if not page.older or page.older in passed or not is_same_site(page.older, url):
            return
        passed.add(page.older)
        page = read(page.older)
        yield page


def is_same_site(one: str, other: str) -> bool:
    """Tell whether two addresses have the same scheme, host and port."""
    return urlsplit(one)[:2] == urlsplit(other)[:2]


def _names_of(aid: Aid) -> tuple[str, ...]:
    return (aid.key, *aid.aliases)
