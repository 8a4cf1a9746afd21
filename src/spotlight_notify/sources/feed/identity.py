"""Tell which entries of a feed are which: keys, aliases, and what identifies nothing."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spotlight_notify.sources.feed.entries import Entry
from spotlight_notify.text.aliases import former_names, name_of
from spotlight_notify.text.links import link_alias, place_alias, usable_link


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
    no guids) identifies nothing, nor does the site's own, nor a guid that stands beside different links, nor
    guid and link that entries with other titles share: then a place within the page does, or the title.
    """
    site = link_alias(site_link) if site_link else ""
    marked = [_marked(entry, site) for entry in entries]
    useless = _useless(marked) | {site} - {""}
    return _collapsed([Named(entry=one.entry, link=one.link, aliases=_names(one, useless)) for one in marked])


def sharing(entries: Sequence[Entry], site_link: str = "") -> int:
    """Count the entries that share guid and link with others under other titles."""
    site = link_alias(site_link) if site_link else ""
    marked = [_marked(entry, site) for entry in entries]
    twins = _twins(marked)
    return sum((one.guid, one.alias) in twins for one in marked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marked:
    """Hold an entry beside what may identify it; what it lacks is empty.

    ``alias``: that of its link. ``place``: that of a place within the page, where its link leads to one.
    """

    entry: Entry
    link: str
    guid: str
    alias: str
    place: str

    @property
    def owner(self) -> str:
        """Tell whose a link is: the guid's, else the title's."""
        return self.guid or f"title:{self.entry.title.casefold()}"


def _marked(entry: Entry, site: str) -> _Marked:
    link = _link(entry, site)
    return _Marked(
        entry=entry,
        link=link,
        guid=name_of("guid", entry.guid) if entry.guid else "",
        alias=link_alias(link) if link else "",
        place=place_alias(link) if link else "",
    )


def _link(entry: Entry, site: str) -> str:
    """Give an entry's page: its guid's, where the entry links to nothing, or to the site as a whole."""
    guid = usable_link(entry.guid) or ""
    if not entry.link:
        return guid
    return guid if guid and entry.guid_is_link and link_alias(entry.link) == site else entry.link


def _useless(marked: Sequence[_Marked]) -> frozenset[str]:
    """Find the names that stand for more than one entry."""
    pairs = [
        *((one.alias, one.owner) for one in marked),
        *((one.place, one.owner) for one in marked),
        *((one.guid, one.alias) for one in marked),
    ]
    return _shared(pairs) | {name for twin in _twins(marked) for name in twin}


def _shared(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Find the first halves that stand beside more than one second half."""
    beside: dict[str, set[str]] = defaultdict(set)
    for name, other in pairs:
        beside[name] |= {other} - {""}
    return frozenset(name for name, others in beside.items() if len(others) > 1)


def _twins(marked: Sequence[_Marked]) -> frozenset[tuple[str, str]]:
    """Find guids with links that stand beside several titles, unless those are versions of one entry."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for one in marked:
        if one.guid:
            groups[one.guid, one.alias].append(one.entry)
    titles = {pair: {entry.title.casefold() for entry in group} - {""} for pair, group in groups.items()}
    return frozenset(p for p, group in groups.items() if len(titles[p]) > 1 and not _are_versions(group))


def _are_versions(entries: Sequence[Entry]) -> bool:
    """Tell whether these are one entry as it was changed (RFC 4287, 4.1.1)."""
    times = {entry.updated for entry in entries} - {None}
    return len(times) == len(entries) and len({entry.published for entry in entries}) == 1


def _names(one: _Marked, useless: frozenset[str]) -> tuple[str, ...]:
    """List an entry's names. One without a guid of its own is also known by link and title together:
    that holds when another entry with its link comes or goes.
    """
    usable = [name for name in (one.guid, one.alias, one.place) if name and name not in useless]
    if one.guid in usable:
        usable += former_names("guid", one.entry.guid)
    if one.alias and one.guid not in usable:
        usable.append(_hashed(one.alias, one.entry.title))
    entry = one.entry
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
