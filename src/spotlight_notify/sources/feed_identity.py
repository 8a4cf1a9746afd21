"""Tell which entries of a feed are which: keys, aliases, and what identifies nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spotlight_notify.sources.feed_entries import Entry
from spotlight_notify.text.links import link_alias, usable_link
from spotlight_notify.text.names import former_names, name_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Join an entry to its own link (which may be its guid), and to the names it is known by.

    The first name is its key.
    """

    entry: Entry
    link: str
    aliases: tuple[str, ...]

    @property
    def key(self) -> str:
        """Tell its identity within the source."""
        return self.aliases[0]


def named(entries: Sequence[Entry], site_link: str = "") -> tuple[Named, ...]:
    """Name a document's entries; those that are the same become one, the newest. Their order is kept.

    No two of the result share a name. A link that stands beside different guids (or titles, where there are
    no guids) identifies nothing, nor does the site's own, nor a guid that stands beside different links.
    """
    site = link_alias(site_link) if site_link else ""
    links = [_link(entry, site) for entry in entries]
    aliases = [link_alias(link) if link else "" for link in links]
    guids = [name_of("guid", entry.guid) if entry.guid else "" for entry in entries]
    owners = [guid or f"title:{entry.title.casefold()}" for guid, entry in zip(guids, entries, strict=True)]
    useless = _shared(zip(aliases, owners, strict=True)) | _shared(zip(guids, aliases, strict=True))
    useless |= {site} - {""}
    return _collapsed(
        [
            Named(entry=entry, link=link, aliases=_names(entry, guid, alias, useless))
            for entry, link, guid, alias in zip(entries, links, guids, aliases, strict=True)
        ]
    )


def _link(entry: Entry, site: str) -> str:
    """Give an entry's page: its guid's, where the entry links to nothing, or to the site as a whole."""
    guid = usable_link(entry.guid) or ""
    if not entry.link:
        return guid
    return guid if guid and entry.guid_is_link and link_alias(entry.link) == site else entry.link


def _shared(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Find the first halves that stand beside more than one second half."""
    beside: dict[str, set[str]] = defaultdict(set)
    for name, other in pairs:
        beside[name] |= {other} - {""}
    return frozenset(name for name, others in beside.items() if len(others) > 1)


def _names(entry: Entry, guid: str, link: str, useless: frozenset[str]) -> tuple[str, ...]:
    """List an entry's names. One without a guid of its own is also known by link and title together:
    that holds when another entry with its link comes or goes.
    """
    usable = [name for name in (guid, link) if name and name not in useless]
    if guid in usable:
        usable += former_names("guid", entry.guid)
    if link and guid not in usable:
        usable.append(_hashed(link, entry.title))
    return tuple(usable) or (_hashed(entry.title, entry.summary if entry.time is None else repr(entry.time)),)


def _hashed(*parts: str) -> str:
    return f"hash:{hashlib.sha256(chr(0).join(parts).encode('utf-8', 'replace')).hexdigest()[:32]}"


def _collapsed(listed: Sequence[Named]) -> tuple[Named, ...]:
    """Let the newest stand for all that share a name, under all their names."""
    kept: dict[str, Named] = {}
    for one in listed:
        same = [*(kept[name] for name in one.aliases if name in kept), one]
        newest = max(same, key=_age)  # of equals the first: feeds list the newest first
        names = dict.fromkeys((*newest.aliases, *(name for each in same for name in each.aliases)))
        kept |= dict.fromkeys(names, replace(newest, aliases=tuple(names)))
    return tuple({one.key: one for one in kept.values()}.values())


def _age(one: Named) -> float:
    return max((time for time in (one.entry.published, one.entry.updated) if time is not None), default=0.0)
