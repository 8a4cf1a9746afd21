"""Read what gives way when a post is too long: ``x.toml``, ``facebook.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spotlight_notify.errors import TemplateError
from spotlight_notify.templates.fields import BLANKS, SHRINKABLE, TITLES

_DEFAULT = 'shrink = ["summary"]'


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingWay:
    """Hold the settings of one file; Layout says what they mean."""

    shrink: tuple[str, ...]
    drop: tuple[str, ...]
    longest: Mapping[str, int]


def giving_way(file: str, text: str | None) -> GivingWay:
    """Read the settings; without a file the summary is cut. TemplateError says what is wrong."""
    table = _table(file, _DEFAULT if text is None else text)
    return GivingWay(
        shrink=_names(file, table, "shrink", SHRINKABLE),
        drop=_names(file, table, "drop", tuple(BLANKS)),
        longest=_lengths(file, table, "longest", (*SHRINKABLE, TITLES)),
    )


def _table(file: str, text: str) -> Mapping[str, Any]:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(file, 0, str(error)) from error
    unknown = sorted(set(table) - {"shrink", "drop", "longest"})
    if unknown:
        message = f"there is no setting {unknown[0]!r}; there are shrink, drop and longest"
        raise TemplateError(file, 0, message)
    return table


def _names(file: str, table: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    names = table.get(key, [])
    if not isinstance(names, list) or any(name not in allowed for name in names):
        raise TemplateError(file, 0, f"{key} must be a list of some of: {', '.join(allowed)}")
    return tuple(names)


def _lengths(file: str, table: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> Mapping[str, int]:
    lengths = table.get(key, {})
    if not isinstance(lengths, dict) or any(
        name not in allowed or type(most) is not int or most < 1 for name, most in lengths.items()
    ):
        raise TemplateError(file, 0, f"{key} must give a length above 0 for some of: {', '.join(allowed)}")
    return lengths
