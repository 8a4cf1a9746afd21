"""Write a script so that a person sees what happens in it."""

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields
from enum import StrEnum
from typing import Any

from worlds.scripts import Script


def told(script: Script) -> str:
    """Write a whole script, a line for each part, leaving out what is as usual."""
    return "\n".join(_lines(script))


def _lines(script: Script) -> Iterator[str]:
    yield f"Script({', '.join(_shown(script))},"
    for each in fields(script):
        parts = getattr(script, each.name)
        if isinstance(parts, tuple) and parts:
            yield f"  {each.name}=("
            for part in parts:
                yield f"    {type(part).__name__}({', '.join(_shown(part))}),"
            yield "  ),"
    yield ")"


def _shown(value: Any) -> Iterator[str]:
    for each in fields(value):
        found = getattr(value, each.name)
        if not isinstance(found, tuple) and not _is_usual(each, found):
            yield f"{each.name}={_name(found)}"


def _is_usual(each: "Field[Any]", found: object) -> bool:
    return each.default is not MISSING and bool(found == each.default)


def _name(found: object) -> str:
    return f"{type(found).__name__}.{found.name}" if isinstance(found, StrEnum) else repr(found)
