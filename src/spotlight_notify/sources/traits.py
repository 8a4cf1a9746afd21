"""Read an aid's kind, themes and access from what its source says, by the rules of the configuration."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from spotlight_notify.model.aids import Reading
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.text.invisible import without_invisible
from spotlight_notify.text.names import folded_name, unique_names
from spotlight_notify.text.press import asks_to_sign_in

Value = TypeVar("Value")
_SIGN_IN_PATH = re.compile(r"/(?:log-?in|sign-?in|members-only)(?:/|\.|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What was read; ``title`` has lost the prefixes that said it. The main theme comes first."""

    title: str
    kind: Kind
    themes: tuple[str, ...]
    access: Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a source tells about an aid: ``kind``, ``themes``, ``access`` outright, if at all.

    A kind or access in words of the source's own ("Flyer") counts as one more category.
    """

    title: str
    link: str | None
    categories: Sequence[str] = ()
    kind: str = ""
    themes: Sequence[str] = ()
    access: str = ""
    summary: str = ""


def read_traits(told: Told, reading: Reading) -> Traits:
    """Read kind, themes, access and the bare title, in the order that Reading tells."""
    title, prefixes = _without_prefixes(
        told.title, (*reading.kind_title_prefixes, *reading.sign_in_title_prefixes)
    )
    return Traits(
        title=title,
        kind=_kind(told, reading, prefixes),
        themes=_themes(told, reading),
        access=_access(told, reading, prefixes),
    )


def _kind(told: Told, reading: Reading, prefixes: Sequence[str]) -> Kind:
    stated = told.kind.strip().casefold()
    if stated in set(Kind):
        return Kind(stated)
    path = _path(told.link)
    return (
        _first(reading.kind_categories, (*told.categories, stated))
        or _first(reading.kind_title_prefixes, prefixes)
        or _within(reading.kind_link_paths, path)
        or next((k for end, k in reading.kind_link_suffixes.items() if path.endswith(end.casefold())), None)
        or reading.default_kind
    )


def _themes(told: Told, reading: Reading) -> tuple[str, ...]:
    """List all that the source states, else all that its categories name, else the one the link tells."""
    return (
        unique_names(told.themes)
        or unique_names(_categorised(told.categories, reading))
        or unique_names(filter(None, [_within(reading.theme_link_paths, _path(told.link))]))
        or unique_names(filter(None, [reading.default_theme]))
    )


def _categorised(categories: Sequence[str], reading: Reading) -> Iterator[str]:
    """Yield the themes that categories stand for, then those that they name behind the prefix."""
    yield from _all(reading.theme_categories, categories)
    if prefix := reading.theme_category_prefix:
        yield from (_behind(prefix, without_invisible(each)) for each in categories)


def _behind(prefix: str, category: str) -> str:
    """Return what follows a prefix, however that is spelt; empty where it is not the beginning."""
    begin = folded_name(prefix)
    if not folded_name(category).startswith(begin):
        return ""
    lengths = range(1, len(category) + 1)
    length = next((each for each in lengths if folded_name(category[:each]) == begin), len(category))
    return category[length:].strip()


def _access(told: Told, reading: Reading, prefixes: Sequence[str]) -> Access:
    stated = told.access.strip().casefold()
    if stated in set(Access):
        return Access(stated)
    signs = (
        _first(dict.fromkeys(reading.sign_in_categories, True), (*told.categories, stated)),
        _first(dict.fromkeys(reading.sign_in_title_prefixes, True), prefixes),
        _within(dict.fromkeys(reading.sign_in_link_paths, True), _path(told.link)),
        _SIGN_IN_PATH.search(_path(told.link)),
        asks_to_sign_in(told.title, told.summary),
    )
    return Access.SIGN_IN if any(signs) else Access.PUBLIC


def _without_prefixes(title: str, known: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Take known prefixes off a title, as many as there are; a title that is nothing else keeps its last."""
    taken: list[str] = []
    rest = title.strip()
    longest_first = sorted(filter(None, known), key=len, reverse=True)
    while prefix := next((p for p in longest_first if rest.casefold().startswith(p.casefold())), None):
        taken.append(prefix)
        bare = rest[len(prefix) :].lstrip(" :–—-")
        if not bare:
            break
        rest = bare
    return rest, tuple(taken)


def _first(rules: Mapping[str, Value], said: Iterable[str]) -> Value | None:
    return next(_all(rules, said), None)


def _all(rules: Mapping[str, Value], said: Iterable[str]) -> Iterator[Value]:
    folded = {folded_name(key): value for key, value in rules.items()}
    return (folded[word] for each in said if (word := folded_name(each)) in folded)


def _within(rules: Mapping[str, Value], path: str) -> Value | None:
    return next((value for part, value in rules.items() if part.casefold() in path), None)


def _path(link: str | None) -> str:
    return unquote(urlsplit(link or "").path).casefold()
