"""Read an aid's kind, theme and access from what its source says, by the rules of the configuration."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from spotlight_notify.model import Access, Kind, Reading

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """Hold what was read; ``title`` has lost the prefixes that said it."""

    title: str
    kind: Kind
    theme: str | None
    access: Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Hold what a source tells about an aid: ``kind``, ``theme``, ``access`` outright, if at all.

    A kind or access in words of the source's own ("Flyer") counts as one more category.
    """

    title: str
    link: str | None
    categories: Sequence[str] = ()
    kind: str = ""
    theme: str = ""
    access: str = ""


def read_traits(told: Told, reading: Reading) -> Traits:
    """Read kind, theme, access and the bare title, in the order that Reading tells."""
    title, prefixes = _without_prefixes(
        told.title, (*reading.kind_title_prefixes, *reading.sign_in_title_prefixes)
    )
    return Traits(
        title=title,
        kind=_kind(told, reading, prefixes),
        theme=_theme(told, reading),
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


def _theme(told: Told, reading: Reading) -> str | None:
    return (
        told.theme.strip()
        or _first(reading.theme_categories, told.categories)
        or _named_theme(told.categories, reading.theme_category_prefix)
        or _within(reading.theme_link_paths, _path(told.link))
        or reading.default_theme
    )


def _named_theme(categories: Iterable[str], prefix: str | None) -> str | None:
    if not prefix:
        return None
    begun = (c.strip() for c in categories if c.strip().casefold().startswith(prefix.casefold()))
    return next((name for c in begun if (name := c[len(prefix) :].strip())), None)


def _access(told: Told, reading: Reading, prefixes: Sequence[str]) -> Access:
    stated = told.access.strip().casefold()
    if stated in set(Access):
        return Access(stated)
    signs = (
        _first(dict.fromkeys(reading.sign_in_categories, True), (*told.categories, stated)),
        _first(dict.fromkeys(reading.sign_in_title_prefixes, True), prefixes),
        _within(dict.fromkeys(reading.sign_in_link_paths, True), _path(told.link)),
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
    folded = {key.strip().casefold(): value for key, value in rules.items()}
    return next((folded[word] for s in said if (word := s.strip().casefold()) in folded), None)


def _within(rules: Mapping[str, Value], path: str) -> Value | None:
    return next((value for part, value in rules.items() if part.casefold() in path), None)


def _path(link: str | None) -> str:
    return unquote(urlsplit(link or "").path).casefold()
