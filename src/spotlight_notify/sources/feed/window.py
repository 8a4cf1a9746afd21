"""Find what left a feed's window of entries between two looks: aids that are gone, and older pages."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from urllib.parse import urlsplit

from spotlight_notify.model.aids import Aid
from spotlight_notify.ports.parts import Known
from spotlight_notify.sources.feed.document import MAX_ENTRIES, Document, Entry
from spotlight_notify.sources.feed.http_caching import Cursor

MOST_PAGES = 20
"""Pages that are read back: a feed that was not seen for so long has more to sort out than that."""
ReadDocument = Callable[[str], Document]
"""Fetch and read a document; SourceError when that fails."""
MakeAids = Callable[[Document], tuple[Aid, ...]]
"""Make the aids of a document, oldest first."""


def gone_from(
    document: Document, aids: Sequence[Aid], waiting: Sequence[Aid], left: Cursor
) -> frozenset[str]:
    """Return the keys of waiting aids that are missing from a whole document though nothing pushed them out.

    That is so if the document is shorter than the last one, if what stood at its old end still stands there
    somewhere, or if what stands at its old end now is older than the aid.
    """
    if document.cut_short or document.unread:
        return frozenset()
    names = {name for aid in aids for name in aid.names}
    missing = [aid for aid in waiting if names.isdisjoint(aid.names)]
    is_shorter = len(document.entries) < left.entries
    reaches_back = left.oldest != "" and left.oldest in map(_mark, document.entries)
    return frozenset(aid.key for aid in missing if is_shorter or reaches_back or _ends_before(document, aid))


def end_of(document: Document, left: Cursor) -> tuple[int, str]:
    """Return how many entries a document has, and a mark of the one at its old end, for its cursor.

    One that could not be read whole tells neither: what was known of the last one stays.
    """
    if document.cut_short or document.unread:
        return left.entries, left.oldest
    return len(document.entries), _mark(_oldest(document.entries)) if document.entries else ""


def _oldest(entries: Sequence[Entry]) -> Entry:
    """Return the entry at the old end: the last, unless more dates rise than fall on the way there.

    The least date may be that of an entry that is pinned to the top.
    """
    times = [entry.time for entry in entries if entry.time is not None]
    steps = [now - before for before, now in pairwise(times)]
    rises = sum(step > 0 for step in steps) > sum(step < 0 for step in steps)
    return entries[0] if rises else entries[-1]


def _ends_before(document: Document, aid: Aid) -> bool:
    dated_at = aid.published_at or aid.updated_at
    if not document.entries or dated_at is None:
        return False
    time = _oldest(document.entries).time
    return time is not None and time < dated_at.timestamp()


def _mark(entry: Entry) -> str:
    said = entry.guid or entry.link or entry.title
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def shows_nothing_known(aids: Sequence[Aid], known: Known) -> bool:
    """Return whether none of a feed's aids was seen before."""
    return bool(aids) and not known([name for aid in aids for name in aid.names])


def read_back(
    first: Document, url: str, read: ReadDocument, make: MakeAids, known: Known
) -> tuple[Aid, ...] | None:
    """Return the aids of a feed at ``url`` and of its older pages, as far as what was known; oldest first.

    None if no page shows anything that is known: then nobody can tell what of them is new. What is older than
    the newest that is known is left out, since it was there at an earlier look, or before the first.
    """
    whole, shown = first, {name for aid in make(first) for name in aid.names}
    for page in _older_pages(first, url, read):
        whole = replace(whole, entries=(*whole.entries, *page.entries)[:MAX_ENTRIES])
        aids = make(whole)
        seen = known([name for aid in aids for name in aid.names])
        old = [place for place, aid in enumerate(aids) if not seen.isdisjoint(aid.names)]
        if old:
            return _newer(aids, old[-1], shown)
    return None


def _newer(aids: Sequence[Aid], newest_known: int, shown: set[str]) -> tuple[Aid, ...]:
    """Choose what stands behind the newest that is known, and all that the feed itself shows."""
    return tuple(
        aid for place, aid in enumerate(aids) if place > newest_known or not shown.isdisjoint(aid.names)
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
    """Return whether two addresses have the same scheme, host and port."""
    return urlsplit(one)[:2] == urlsplit(other)[:2]
