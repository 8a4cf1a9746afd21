"""Tell which waiting aids a feed surely holds no more, and not because they slid out at its old end."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from spotlight_notify.model.aids import Aid
from spotlight_notify.sources.feed.document import Document, Entry
from spotlight_notify.sources.feed.http_caching import Cursor


def gone_from(
    document: Document, aids: Sequence[Aid], waiting: Sequence[Aid], left: Cursor
) -> frozenset[str]:
    """Name the waiting aids that are not among a whole document's ``aids`` though nothing pushed them out.

    That is so if the document is shorter than the last one, if what stood at its old end still stands there
    somewhere, or if what stands at its old end now is older than the aid.
    """
    if document.cut_short or document.unread:
        return frozenset()
    names = {name for aid in aids for name in (aid.key, *aid.aliases)}
    missing = [aid for aid in waiting if names.isdisjoint((aid.key, *aid.aliases))]
    is_shorter = len(document.entries) < left.entries
    reaches_back = left.oldest != "" and left.oldest in map(_mark, document.entries)
    return frozenset(aid.key for aid in missing if is_shorter or reaches_back or _ends_before(document, aid))


def end_of(document: Document, left: Cursor) -> tuple[int, str]:
    """Give how many entries a document has, and a mark of the one at its old end, for its cursor.

    One that could not be read whole tells neither: what was known of the last one stays.
    """
    if document.cut_short or document.unread:
        return left.entries, left.oldest
    return len(document.entries), _mark(_oldest(document.entries)) if document.entries else ""


def _oldest(entries: Sequence[Entry]) -> Entry:
    """Give the entry at the old end: the last, unless more dates rise than fall on the way there.

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
    return time is not None and time < (dated_at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()


def _mark(entry: Entry) -> str:
    said = entry.guid or entry.link or entry.title
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
