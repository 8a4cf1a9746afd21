"""Turn a feed's entries into aids, oldest first, and say what had to be mended."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from spotlight_notify.model.aids import Aid, Image, Reading, with_said_event
from spotlight_notify.sources.feed.document import Document, Entry, filled
from spotlight_notify.sources.feed.identity import Named, named, sharing
from spotlight_notify.sources.traits import Told, read_traits

AHEAD = timedelta(hours=1)
"""A date this far in the future is worth a warning; less is a clock that is not quite right."""


def aids_from(
    document: Document, source: str, reading: Reading, zone: tzinfo | None = None
) -> tuple[Aid, ...]:
    """Make the aids of a whole feed, oldest first, unique by key.

    ``zone``: the one of times that an event's words name without one.
    """
    told = [entry for entry in document.entries if _says_anything(entry)]
    site = document.site_link
    aids = (_aid(one, site, source, reading) for one in _oldest_first(named(told, site)))
    return tuple(with_said_event(aid, zone) for aid in aids)


def warnings_about(document: Document, aids: Sequence[Aid], now: datetime) -> tuple[str, ...]:
    """Return a sentence for each kind of defect: how many entries have it, and which is the first."""
    found: dict[str, list[str]] = defaultdict(list)
    for aid in aids:
        for defect in _defects(aid, document.site_link, now):
            found[defect].append(aid.title or aid.key)
    empty = sum(not _says_anything(entry) for entry in document.entries)
    passed_over = (f"{empty} empty entries were passed over",) if empty else ()
    alike = sharing(document.entries, document.site_link)
    told_apart = (f"{alike} entries share guid and link: their titles tell them apart",) if alike else ()
    return (*document.warnings, *passed_over, *told_apart, *(_sentence(*defect) for defect in found.items()))


def _says_anything(entry: Entry) -> bool:
    return bool(entry.guid or entry.link or entry.title or entry.summary)


def _defects(aid: Aid, site_link: str, now: datetime) -> Iterator[str]:
    if not aid.title:
        yield "no title and no summary"
    if aid.link is None:
        yield "no usable link"
    elif aid.link == site_link and not aid.link_aliases:
        yield "no usable link of its own (the feed's site stands in)"
    if aid.event_at and aid.expires_at and aid.expires_at < aid.event_at:
        yield "an event that ends before it begins: nothing goes after its end"
    if max((at for at in (aid.published_at, aid.updated_at) if at), default=now) > now + AHEAD:
        yield "a date in the future"


def _sentence(defect: str, titles: list[str]) -> str:
    first = titles[0] if len(titles[0]) <= 80 else f"{titles[0][:79]}…"
    who = f"“{first}” has" if len(titles) == 1 else f"{len(titles)} entries, “{first}” among them, have"
    return f"{who} {defect}"


def _oldest_first(entries: Sequence[Named]) -> list[Named]:
    """Sort by date; an entry without one stays next to its older neighbour."""
    times = filled([one.entry.time for one in entries])
    ranked = sorted(range(len(entries)), key=lambda place: (times[place], -place))
    return [entries[place] for place in ranked]


def _aid(one: Named, site_link: str, source: str, reading: Reading) -> Aid:
    entry = one.entry
    told = Told(title=entry.title, link=one.link or None, categories=entry.categories, summary=entry.summary)
    traits = read_traits(told, reading)
    begins, ends = _moment(entry.begins), _moment(entry.ends)
    return Aid(
        source=source,
        key=one.key,
        title=traits.title,
        link=one.link or site_link or None,
        summary="" if entry.summary == traits.title else entry.summary,
        file_size=entry.file_size,
        kind=traits.kind,
        theme=next(iter(traits.themes), None),
        other_themes=traits.themes[1:],
        access=traits.access,
        images=tuple(Image(url=drawing.url, alt=drawing.alt or None) for drawing in entry.drawings),
        published_at=_moment(entry.published),
        updated_at=_moment(entry.updated),
        event_at=begins,
        expires_at=ends if begins is None or (ends and ends < begins) else None,
        aliases=one.aliases,
        categories=entry.categories,
    )


def _moment(seconds: float | None) -> datetime | None:
    """Turn seconds into a time; a year that no calendar has counts as not given."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None
