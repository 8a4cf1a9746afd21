"""Look through the posts that aids would get, and report what was found, entry by entry and rule by rule."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spotlight_notify.cli.findings import line_of
from spotlight_notify.cli.output import echo, print_table
from spotlight_notify.cli.previews import Preview, preview_of, previews_of
from spotlight_notify.cli.wanted import Wanted
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Level, State
from spotlight_notify.operations.announce.orders import places_for
from spotlight_notify.ports.parts import Source

if TYPE_CHECKING:
    from spotlight_notify.config.configuration import Config

MOST_LOOKS = 1_000
"""A source that always says there is more is left after this many looks."""
NO_POST = "no post"
"""Stands among the rules for aids that no post can be written for."""
LEVELS = tuple(Level)
Row = tuple[str, str]
"""A finding's level and rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Hold the posts that one aid would get."""

    aid: Aid
    posts: tuple[Preview, ...]

    @property
    def needs_a_person(self) -> bool:
        """Tell whether any of the posts would not go out by itself."""
        return any(post.state is State.PROPOSED for post in self.posts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold what was looked through; ``more``: there is more that was not."""

    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()
    more: bool = False


def report_on_aid(config: "Config", words: str) -> Report:
    """Look through a known aid's posts, with the pictures found for it; UnknownName if there is none."""
    previews = previews_of(config, Wanted(words=words), ())
    return Report(entries=(Entry(aid=previews.aid, posts=previews.posts),))


def report_on_source(config: "Config", name: str, limit: int) -> Report:
    """Look through the posts of at most so many entries that a source holds now; nothing else is fetched.

    Only its own pictures count, with the configuration's words for them.

    Raises SourceError when it cannot be read.
    """
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.sources import build_sources
    from spotlight_notify.app.wire import open_wire
    from spotlight_notify.app.writing import open_writing
    from spotlight_notify.operations.attach_pictures import worded

    if name not in config.sources:
        raise UnknownName(f"there is no source {name}; there is: {', '.join(sorted(config.sources))}")
    writing, places, now = open_writing(config), places_for(name, config.campaigns, ()), clock()
    with open_wire(config) as wire, ExitStack() as stack:
        aids, warnings, more = _held(build_sources(config, wire, stack)[name], limit)
    entries = (
        Entry(
            aid=aid, posts=tuple(preview_of(aid, c, channel, writing, config, now) for c, channel in places)
        )
        for aid in (worded(aid, config.alt_texts) for aid in aids)
    )
    return Report(entries=tuple(entries), warnings=warnings, more=more)


def _held(source: Source, limit: int) -> tuple[list[Aid], tuple[str, ...], bool]:
    """Read what a source holds, as at a first look, until there are enough; the last of them are taken."""
    aids: dict[str, Aid] = {}
    warnings: tuple[str, ...] = ()
    cursor = None
    for _ in range(MOST_LOOKS):
        look = source.look(cursor, lambda keys: frozenset())
        aids |= {aid.key: aid for aid in look.aids}
        warnings, cursor = warnings + look.warnings, look.cursor
        if not look.more or len(aids) >= limit:
            break
    return list(aids.values())[-limit:], warnings, look.more or len(aids) > limit


def summary_of(report: Report) -> dict[str, Any]:
    """Give what programs read."""
    return {
        "entries": [_shown(entry) for entry in report.entries],
        "rules": [{"rule": rule, "level": level, "entries": count} for (level, rule), count in _sums(report)],
        "need_a_person": sum(entry.needs_a_person for entry in report.entries),
        "more": report.more,
        "warnings": report.warnings,
    }


def _shown(entry: Entry) -> dict[str, Any]:
    posts = [
        {
            "campaign": post.campaign,
            "channel": post.channel,
            "network": post.network.name,
            "findings": post.findings,
            "trouble": post.trouble,
        }
        for post in entry.posts
    ]
    return {"aid": entry.aid.key, "title": entry.aid.title, "link": entry.aid.link, "posts": posts}


def print_report(report: Report) -> None:
    """Print what was found in each entry, then how many entries each rule found something in."""
    for entry in report.entries:
        lines = list(_lines(entry))
        if lines:
            echo(entry.aid.title or entry.aid.key)
            for line in lines:
                echo(f"  {line}")
            echo()
    if sums := _sums(report):
        print_table(
            ("ENTRIES", "LEVEL", "RULE"), [(str(count), level, rule) for (level, rule), count in sums]
        )
        echo()
    looked = len(report.entries)
    stuck = sum(entry.needs_a_person for entry in report.entries)
    rest = "; there is more, see --limit" if report.more else ""
    echo(f"{looked} looked through, {stuck} would need a person{rest}")


def _lines(entry: Entry) -> Iterator[str]:
    """Write each finding once, gravest first, with the channels it holds for unless it holds for all."""
    channels: dict[str, list[str]] = {}
    found = [(post.channel, finding) for post in entry.posts for finding in post.findings]
    lines = [(post.channel, f"{NO_POST}: {post.trouble}") for post in entry.posts if post.text is None]
    gravest_first = sorted(found, key=lambda pair: LEVELS.index(pair[1].level))
    lines += [(channel, line_of(finding)) for channel, finding in gravest_first]
    for channel, line in lines:
        channels.setdefault(line, []).append(channel)
    for line, names in channels.items():
        yield line if len(names) == len(entry.posts) else f"{line} ({', '.join(names)})"


def _sums(report: Report) -> list[tuple[Row, int]]:
    """Count the entries in which each rule found something, gravest and most frequent first."""
    counts = Counter(row for entry in report.entries for row in _rows(entry.posts))
    return sorted(counts.items(), key=lambda item: (LEVELS.index(Level(item[0][0])), -item[1], item[0]))


def _rows(posts: Iterable[Preview]) -> set[Row]:
    findings: list[Finding] = [finding for post in posts for finding in post.findings]
    refused = {(str(Level.ERROR), NO_POST) for post in posts if post.text is None}
    return {(str(finding.level), finding.rule) for finding in findings} | refused
