"""Read themes where several are written as one text, and find one among them."""

import re
from collections.abc import Collection

from spotlight_notify.text.names import each_name_once, folded_name

_BETWEEN_LISTS = re.compile(r"[;|]")
_BETWEEN_NAMES = re.compile(r"[;|,]")


def listed_themes(text: str, whole: Collection[str] = ()) -> tuple[str, ...]:
    """Return the themes that a text lists, in order, each once: between semicolons, bars or commas.

    ``whole``: names that have a comma of their own.
    """
    kept = set(map(folded_name, whole))
    names: list[str] = []
    for part in [text] if folded_name(text) in kept else _BETWEEN_LISTS.split(text):
        names += [part] if folded_name(part) in kept else part.split(",")
    return each_name_once(names)


def has_theme(themes: Collection[str], name: str) -> bool:
    """Tell whether a theme is among these; one with commas is, too, where it was read as a list."""
    known = set(map(folded_name, themes))
    return folded_name(name) in known or {*map(folded_name, _BETWEEN_NAMES.split(name))} <= known
