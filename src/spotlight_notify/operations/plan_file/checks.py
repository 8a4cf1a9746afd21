"""Check a plan file's rows against what is known and configured, and tell every mistake at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from spotlight_notify.model.aids import ON_DEMAND, Aid
from spotlight_notify.model.errors import Problem, SpotlightError
from spotlight_notify.model.records.standing import KnownAid
from spotlight_notify.operations.announce.digest_members import names_of
from spotlight_notify.operations.announce.orders import Place, When, places_for
from spotlight_notify.operations.announce.times import due_times, why_past
from spotlight_notify.operations.plan_file.entries import Entry, Parts, aid_entry, digest_entry, spot_of
from spotlight_notify.operations.plan_file.rows import Row
from spotlight_notify.text.clock_times import NoSuchTime
from spotlight_notify.text.names import folded_name

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A row whose places and times are known; ``names`` are what no other row may share there.

    ``known`` is None for a digest, and for an aid that nobody has seen yet.
    """

    row: Row
    places: tuple[Place, ...]
    when: When
    past: str | None
    known: KnownAid | None
    names: frozenset[str]


def check_rows(rows: Sequence[Row], parts: Parts) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Return what each row would do, and every mistake; where there is one, entries may be fewer."""
    problems: list[Problem] = []
    placed = [found for row in rows if (found := _placed(row, parts, problems))]
    problems += _twice(placed, parts)
    entries = [_tried(problems, each.row, parts, _entry_of(each, placed, parts)) for each in placed]
    return tuple(filter(None, entries)), tuple(sorted(problems, key=lambda problem: problem.line))


def _placed(row: Row, parts: Parts, problems: list[Problem]) -> Placed | None:
    """Find a row's aid, its places and times, each whether or not the others are found."""
    digest = row.wanted.is_digest
    found = None if digest else _tried(problems, row, parts, lambda: row.wanted.found(parts.ledger))
    source = found.source if found else ON_DEMAND
    places = _tried(problems, row, parts, lambda: places_for(source, parts.campaigns, row.to))
    somewhere = places or places_for(ON_DEMAND, parts.campaigns, ())
    due = _tried(problems, row, parts, lambda: due_times(row.at, somewhere, parts.tempos, parts.now))
    past = why_past(due, parts.now) if due else None
    if places is None or due is None or not (digest or found):
        problems += [Problem(str(parts.file), row.line, past)] if past else []
        return None
    known = _known(found, parts) if found else None
    names = _names(row, found, known)
    when = When(due=due, keeps=True, why=parts.why)
    return Placed(row=row, places=places, when=when, past=past, known=known, names=names)


def _known(found: Aid, parts: Parts) -> KnownAid | None:
    same = parts.ledger.find_aids(found.key)
    return next(
        (each for each in same if each.aid.source == found.source and each.aid.key == found.key), None
    )


def _names(row: Row, found: Aid | None, known: KnownAid | None) -> frozenset[str]:
    if known:
        return names_of(known)
    return frozenset(found.aliases) if found else frozenset({f"theme:{folded_name(str(row.wanted.theme))}"})


def _twice(placed: Sequence[Placed], parts: Parts) -> Iterator[Problem]:
    seen: dict[tuple[str, str, str], int] = {}
    for each in placed:
        told: dict[int, list[str]] = {}
        for campaign, channel in each.places:
            keys = [(campaign.name, channel.name, name) for name in each.names]
            for line in {seen[key] for key in keys if key in seen}:
                told.setdefault(line, []).append(channel.name)
            seen |= {key: seen.get(key, each.row.line) for key in keys}
        for line, channels in told.items():
            words = f"line {line} announces the same on {', '.join(channels)}"
            yield Problem(str(parts.file), each.row.line, words)


def _entry_of(each: Placed, placed: Sequence[Placed], parts: Parts) -> Callable[[], Entry]:
    if not each.row.wanted.is_digest:
        return lambda: aid_entry(each.row, each.places, each.when, each.past, each.known, parts)
    others = {
        spot_of(place): frozenset[str]().union(*(other.names for other in placed if place in other.places))
        for place in each.places
    }
    return lambda: digest_entry(each.row, each.places, each.when, each.past, others, parts)


def _tried(problems: list[Problem], row: Row, parts: Parts, call: Callable[[], Given]) -> Given | None:
    """Call, or note why that cannot be."""
    try:
        return call()
    except NoSuchTime as error:
        words = f"at: {error}"
    except SpotlightError as error:
        words = parts.word(error.said)
    problems.append(Problem(str(parts.file), row.line, words))
    return None
