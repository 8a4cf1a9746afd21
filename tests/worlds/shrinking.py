"""Make a failing script as small as it can be and still fail in the same way."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace
from typing import Any

from worlds.fairness import fair
from worlds.scripts import Script

PARTS = ("mishaps", "troubles", "events", "machines", "nets", "aids")
FEWEST = {"machines": 1, "nets": 1}
HALVED = ("amount", "lag", "slow", "skew")
MOST_TRIES = 400


def shrunk(script: Script, fails: Callable[[Script], bool]) -> Script:
    """Drop and simplify what can be, as long as ``fails`` holds; tries so many changes at most."""
    tries, better = 0, True
    while better:
        better = False
        for smaller in _smaller(script):
            tries += 1
            if tries > MOST_TRIES:
                return script
            if fails(smaller):
                script, better = smaller, True
                break
    return script


def _smaller(script: Script) -> Iterator[Script]:
    for name in PARTS:
        parts = getattr(script, name)
        spared = FEWEST.get(name, 0)
        for number in reversed(range(len(parts))):
            if len(parts) > spared and (name != "aids" or number == len(parts) - 1):
                yield fair(_with(script, name, (*parts[:number], *parts[number + 1 :])))
    for plainer in _plainer(script):
        yield fair(plainer)
    for name in ("nets", "aids", "machines", "events", "troubles", "mishaps"):
        parts = getattr(script, name)
        for number, part in enumerate(parts):
            for plainer in _plainer(part):
                yield fair(_with(script, name, (*parts[:number], plainer, *parts[number + 1 :])))


def _with(script: Script, name: str, parts: tuple[Any, ...]) -> Script:
    changes: dict[str, Any] = {name: parts}
    return replace(script, **changes)


def _plainer(value: Any) -> Iterator[Any]:
    """Yield a value with one of its fields as usual, or its numbers smaller."""
    for each in fields(value):
        found = getattr(value, each.name)
        if isinstance(found, tuple) or each.name in ("seed", "at", "aid", "words"):
            continue
        if each.default is not MISSING and found != each.default:
            yield replace(value, **{each.name: each.default})
            if each.name in HALVED and abs(found) > 9:
                yield replace(value, **{each.name: int(found / 2)})
