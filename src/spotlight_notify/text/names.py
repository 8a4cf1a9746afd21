"""Compare names and themes as readers do, however they were typed."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

Found = TypeVar("Found")

_QUOTES = "'\"`´‘’‚‛“”„‟‹›«»′″‴‵‶‷ʹʺʻʼʽʾʿˈˊˋ՚׳״＇＂｀〝〞〟❛❜❝❞「」『』ꞌ"
_DASHES = "-‐‑‒–—―⁃−˗־᠆⸺⸻〜〰﹘﹣－➖"
_ALIKE = str.maketrans(dict.fromkeys(_QUOTES, "'") | dict.fromkeys(_DASHES, "-") | {"\u2800": " "})
"""Before compatibility forms are taken: an acute accent would become a blank with an accent on it."""
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs"})
_UNSEEN = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufdd0-\ufdef\ufe00-\ufe0f\uffa0\ufff0-\uffff"
    r"\U000e0000-\U000e0fff]"
)
"""What is not seen though Unicode counts it among letters and marks, or not at all yet."""
_BETWEEN_LISTS = re.compile(r"[;|]")
_BETWEEN_NAMES = re.compile(r"[;|,]")


def folded_name(name: str) -> str:
    """Fold a name to what is left of it for a reader, to be compared and never shown.

    Capitals, composition, full-width and other compatibility forms make no difference, nor does which dash
    or quotation mark it is, how many blanks there are, and what cannot be seen.
    """
    folded = _composed(_composed(_seen(name.translate(_ALIKE))).casefold()).translate(_ALIKE)
    return " ".join(re.sub(r"([-'])\1+", r"\1", _seen(folded)).split())


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names of a theme, campaign or channel are the same."""
    return folded_name(one) == folded_name(other)


def theme_key(theme: str | None) -> str | None:
    """Return the form in which all spellings of one theme are equal; None for no theme."""
    return None if theme is None else folded_name(theme)


def find_theme(themes: Mapping[str, Found], name: str | None) -> Found | None:
    """Return what stands under a theme's name, however it is spelt; None if nothing does."""
    return next((found for known, found in themes.items() if theme_key(known) == theme_key(name)), None)


def is_same_unspaced(one: str, other: str) -> bool:
    """Return whether two names are the same in which blanks say nothing: a person's, or a scope's."""
    return "".join(folded_name(one).split()) == "".join(folded_name(other).split())


def unique_names(names: Iterable[str]) -> tuple[str, ...]:
    """Keep the first spelling of every name, in order; names that show nothing are dropped."""
    spelt: dict[str, str] = {}
    for name in names:
        spelt.setdefault(folded_name(name), name.strip())
    spelt.pop("", None)
    return tuple(spelt.values())


def listed_themes(text: str, whole: Collection[str] = ()) -> tuple[str, ...]:
    """Return the themes that a text lists, in order, each once: between semicolons, bars or commas.

    ``whole``: names that have a comma of their own.
    """
    kept = set(map(theme_key, whole))
    names: list[str] = []
    for part in [text] if theme_key(text) in kept else _BETWEEN_LISTS.split(text):
        names += [part] if theme_key(part) in kept else part.split(",")
    return unique_names(names)


def has_theme(themes: Collection[str], name: str) -> bool:
    """Return whether a theme is among these; one with commas is, too, where it was read as a list."""
    known = set(map(theme_key, themes))
    return theme_key(name) in known or {*map(theme_key, _BETWEEN_NAMES.split(name))} <= known


def _composed(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _seen(text: str) -> str:
    """Take out what is not seen; white space stays, whatever its category."""
    left = _UNSEEN.sub("", text)
    if left.isprintable():
        return left
    return "".join(c for c in left if c.isspace() or unicodedata.category(c) not in _UNSEEN_CATEGORIES)
