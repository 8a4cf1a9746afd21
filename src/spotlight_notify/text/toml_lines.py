"""Find the line of every table and key in a TOML text, since tomllib keeps no positions."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Place = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\[\s\S])*?"""(?:"{0,2})'
    r"|'''[\s\S]*?'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[\]{}=,.\n]"
    r"|[^\s\[\]{}=,.#\"']+"
)
_SPACE = re.compile(r"[ \t\r]*")


@dataclass(slots=True, kw_only=True)
class _Walk:
    """Where the reading of one text is; lives only inside ``line_numbers``."""

    tokens: list[tuple[str, int]]
    at: int = 0
    table: Place = ()
    lists: dict[Place, int] = field(default_factory=dict)
    lines: dict[Place, int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> tuple[str, int]:
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *kinds: str) -> None:
        while self.kind and self.kind in kinds:
            self.at += 1

    def note(self, place: Place, line: int) -> None:
        """Remember a place that is written out, and the tables it implies where they are not."""
        self.lines[place] = line
        for length in range(1, len(place)):
            self.lines.setdefault(place[:length], line)


def line_numbers(text: str) -> dict[Place, int]:
    """Map the place of every table, key and list item to its line, counted from 1.

    The text must be one that tomllib accepts.
    """
    walk = _Walk(tokens=list(_tokens(text)))
    while walk.kind:
        _statement(walk)
    return walk.lines


def nearest_line(lines: Mapping[Place, int], place: Place) -> int:
    """Return the line of a place, or of the closest table around it; 0 when there is none."""
    for length in range(len(place), 0, -1):
        if place[:length] in lines:
            return lines[place[:length]]
    return 0


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    at, line = 0, 1
    while at < len(text):
        at = _SPACE.match(text, at).end()  # type: ignore[union-attr]  # matches the empty string too
        found = _TOKEN.match(text, at)
        if found is None:
            return
        if not found[0].startswith("#"):
            yield found[0], line
        line += found[0].count("\n")
        at = found.end()


def _statement(walk: _Walk) -> None:
    walk.skip("\n")
    if walk.kind == "[":
        _header(walk)
    elif walk.kind:
        _pair(walk, walk.table)


def _header(walk: _Walk) -> None:
    line = walk.take()[1]
    many = walk.kind == "["
    walk.skip("[")
    keys = _keys(walk)
    walk.skip("]")
    walk.table = _place_of(walk, keys, many=many)
    walk.note(walk.table, line)


def _place_of(walk: _Walk, keys: list[str], *, many: bool) -> Place:
    """Turn a header's keys into a place: inside a list of tables, its latest table is meant."""
    place: Place = ()
    for number, key in enumerate(keys, start=1):
        place = (*place, key)
        if many and number == len(keys):
            walk.lists[place] = walk.lists.get(place, -1) + 1
        if place in walk.lists:
            place = (*place, walk.lists[place])
    return place


def _pair(walk: _Walk, table: Place) -> None:
    line = walk.tokens[walk.at][1]
    place = (*table, *_keys(walk))
    walk.skip("=")
    walk.note(place, line)
    _value(walk, place)


def _keys(walk: _Walk) -> list[str]:
    keys = [_key(walk.take()[0])]
    while walk.kind == ".":
        walk.take()
        keys.append(_key(walk.take()[0]))
    return keys


def _key(token: str) -> str:
    return next(iter(tomllib.loads(f"{token} = 0"))) if token[0] in "\"'" else token


def _value(walk: _Walk, place: Place) -> None:
    if walk.kind == "[":
        _list(walk, place)
    elif walk.kind == "{":
        _inline_table(walk, place)
    else:
        while walk.kind and walk.kind not in (",", "]", "}", "\n"):
            walk.take()


def _list(walk: _Walk, place: Place) -> None:
    walk.take()
    number = 0
    walk.skip("\n", ",")
    while walk.kind != "]":
        walk.note((*place, number), walk.tokens[walk.at][1])
        _value(walk, (*place, number))
        walk.skip("\n", ",")
        number += 1
    walk.take()


def _inline_table(walk: _Walk, place: Place) -> None:
    walk.take()
    walk.skip("\n", ",")
    while walk.kind != "}":
        _pair(walk, place)
        walk.skip("\n", ",")
    walk.take()
