"""Read what gives way when a post is too long: ``x.toml``, ``facebook.toml``."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spotlight_notify.model.errors import Problem, TemplateError
from spotlight_notify.posts.templates.fields import BLANKS, SHRINKABLE, TITLES

_DEFAULT = 'shrink = ["summary"]'
_ALLOWED = {"shrink": SHRINKABLE, "drop": tuple(BLANKS), "longest": (*SHRINKABLE, TITLES)}
"""The settings, and what each may name."""
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingWay:
    """Hold the settings of one file; Layout says what they mean."""

    shrink: tuple[str, ...]
    drop: tuple[str, ...]
    longest: Mapping[str, int]


EVERYTHING = GivingWay(shrink=SHRINKABLE, drop=tuple(BLANKS), longest={})
"""Stands in for settings that cannot be read, while templates are tried."""


def giving_way(file: str, text: str | None) -> GivingWay:
    """Read the settings; without a file the summary is cut. TemplateError says all that is wrong."""
    table = _table(file, _DEFAULT if text is None else text)
    problems = [Problem(file, 0, words) for words in _mistakes(table)]
    if problems:
        first, *others = problems
        raise TemplateError(first.file, first.line, first.message, *others)
    return GivingWay(
        shrink=tuple(table.get("shrink", ())),
        drop=tuple(table.get("drop", ())),
        longest=table.get("longest", {}),
    )


def _table(file: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        line = int(found[1] or text.count("\n") + 1) if found else 0
        raise TemplateError(file, line, f"this is not TOML: {_POSITION.sub('', str(error))}") from error


def _mistakes(table: Mapping[str, Any]) -> Iterator[str]:
    for unknown in sorted(set(table) - set(_ALLOWED)):
        yield f"there is no setting {unknown!r}; there are shrink, drop and longest"
    for key in ("shrink", "drop"):
        names = table.get(key, [])
        if not isinstance(names, list) or any(name not in _ALLOWED[key] for name in names):
            yield f"{key} must be a list of some of: {', '.join(_ALLOWED[key])}"
    lengths = table.get("longest", {})
    if not isinstance(lengths, dict) or not all(map(_is_length, lengths, lengths.values())):
        yield f"longest must give a length above 0 for some of: {', '.join(_ALLOWED['longest'])}"


def _is_length(name: str, most: object) -> bool:
    return name in _ALLOWED["longest"] and type(most) is int and most > 0
