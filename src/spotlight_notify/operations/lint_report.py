"""Look through the posts that aids would get: what is found, entry by entry and rule by rule, and in sum."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from spotlight_notify.model.aids import ON_DEMAND, Aid
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Level, State
from spotlight_notify.operations.announce.orders import places_for
from spotlight_notify.operations.announce.request import AidRequest
from spotlight_notify.operations.attach_pictures import worded
from spotlight_notify.operations.preview.values import Preview
from spotlight_notify.operations.preview.writing import Previewing, Writers, preview_of, previews_of
from spotlight_notify.ports.parts import Source
from spotlight_notify.rules.lint.publication import CUT_SHORT
from spotlight_notify.rules.planning import why_called_off

MOST_LOOKS = 1_000
"""A source that always says there is more is left after this many looks."""
NO_POST = "no post"
"""Stands among the rules for aids that no post can be written for."""
ASKED, OVER, CUT, WHOLE = "asked", "over", "cut", "whole"
VERDICTS = (ASKED, OVER, CUT, WHOLE)
"""What becomes of a post: a person is asked first, it is over, it ends within a sentence, or it is whole."""
LEVELS = tuple(Level)
Row = tuple[str, str]
"""A finding's level and rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The posts that one aid would get."""

    aid: Aid
    posts: tuple[Preview, ...]

    @property
    def finds(self) -> str:
        """Return the gravest that was found in any of the posts, in a word."""
        verdicts = [verdict_on(post) for post in self.posts]
        return min(verdicts, key=VERDICTS.index) if verdicts else WHOLE

    @property
    def needs_a_person(self) -> bool:
        """Return whether any of the posts would not go out by itself."""
        return any(post.state is State.PROPOSED for post in self.posts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the posts on one network stand: each has one verdict, and may be warned besides."""

    network: str
    posts: int
    verdicts: Mapping[str, int]
    warned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked through; ``more``: there is more that was not."""

    entries: tuple[Entry, ...]
    warnings: tuple[str, ...] = ()
    more: bool = False


def report_on_aid(parts: Previewing, words: str) -> Report:
    """Look through a known aid's posts, with the pictures found for it; UnknownName if there is none."""
    previews = previews_of(parts, AidRequest(words=words), ())
    return Report(entries=(Entry(aid=previews.aid, posts=previews.posts),))


def report_on_source(
    source: Source, limit: int, writers: Writers, alt_texts: Mapping[str, str], *, unlisted: bool = False
) -> Report:
    """Look through the posts of at most so many entries that a source holds now; nothing else is fetched.

    Only its own pictures count, with the configuration's words for them. ``unlisted``: no campaign names the
    source, so its posts are written for all of them.

    Raises SourceError when it cannot be read.
    """
    places = places_for(ON_DEMAND if unlisted else source.name, writers.campaigns, ())
    aids, warnings, more = _held(source, limit)
    entries = (
        Entry(aid=aid, posts=tuple(_as_planned(preview_of(aid, place, writers), aid) for place in places))
        for aid in (worded(aid, alt_texts) for aid in aids)
    )
    return Report(entries=tuple(entries), warnings=warnings, more=more)


def joined(reports: Iterable[Report]) -> Report:
    """Return one report of several."""
    all_of_them = tuple(reports)
    return Report(
        entries=tuple(entry for report in all_of_them for entry in report.entries),
        warnings=tuple(warning for report in all_of_them for warning in report.warnings),
        more=any(report.more for report in all_of_them),
    )


def verdict_on(post: Preview) -> str:
    """Return what would become of a post."""
    if post.state is State.PROPOSED:
        return ASKED
    if post.state is State.SKIPPED:
        return OVER
    return CUT if any(finding.rule == CUT_SHORT for finding in post.findings) else WHOLE


def tallies(report: Report) -> tuple[Tally, ...]:
    """Count the posts of a report, network by network."""
    posts: dict[str, list[Preview]] = {}
    for entry in report.entries:
        for post in entry.posts:
            posts.setdefault(post.network.title, []).append(post)
    return tuple(
        Tally(
            network=network,
            posts=len(written),
            verdicts=Counter(map(verdict_on, written)),
            warned=sum(any(f.level is Level.WARNING for f in post.findings) for post in written),
        )
        for network, written in posts.items()
    )


def _as_planned(post: Preview, aid: Aid) -> Preview:
    """Ask about a post for which a person would be asked though its words are in order."""
    why = why_called_off(aid)
    if post.state is not State.PENDING or not why:
        return post
    return replace(post, state=State.PROPOSED, trouble=why)


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


def sums_of(report: Report) -> list[tuple[Row, int]]:
    """Count the entries in which each rule found something, gravest and most frequent first."""
    counts = Counter(row for entry in report.entries for row in _rows(entry.posts))
    return sorted(counts.items(), key=lambda item: (LEVELS.index(Level(item[0][0])), -item[1], item[0]))


def _rows(posts: Iterable[Preview]) -> set[Row]:
    findings: list[Finding] = [finding for post in posts for finding in post.findings]
    refused = {(str(Level.ERROR), NO_POST) for post in posts if post.text is None}
    return {(str(finding.level), finding.rule) for finding in findings} | refused
