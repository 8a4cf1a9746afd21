"""Take out or show what readers cannot see: it garbles words, hides words, or turns a text's direction."""

import json
import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

_GONE = r"\p{Default_Ignorable_Code_Point}\p{Cc}\p{Co}\p{Cs}\p{Noncharacter_Code_Point}\ufff9-\ufffc"
_KEPT_FOR_NOW = (
    r"\t-\r\x1e\x85\u200c\u200d\ufe00-\ufe0f\u180b-\u180d\u180f\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
"""White space (U+001E is a break here), and what has rules of its own below."""
_FLAG = r"\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
"""The flag of a region: a black flag, the region's code in tag characters, an end."""
_PICTURE = r"[\p{Extended_Pictographic}--[©®]]"
_JOINING = r"[[\u0600-\u109f\u1700-\u18af\u1900-\u1cff\ua800-\uabff]&&[\p{L}\p{M}]]"
"""Letters of Arabic, Indic and neighbouring scripts: a non-joiner between two of them changes their shape."""
_INVISIBLE = rf"""
(?P<flag>{_FLAG})
| [[{_GONE}]--[{_KEPT_FOR_NOW}]]
| [\U000e0020-\U000e007f]
| (?<!{_PICTURE}\ufe0f?+|\p{{Emoji_Modifier}}|\p{{ccc=9}})\u200d
| (?<!\p{{ccc=9}})\u200d(?!{_PICTURE})
| (?<!{_JOINING})\u200c
| \u200c(?!{_JOINING})
| (?<![\p{{Emoji}}--[0-9#*]]|[0-9#*](?=.\u20e3))[\ufe0e\ufe0f]
| (?<!\p{{Han}})[\ufe00-\ufe0d\U000e0100-\U000e01ef]
| (?<![\p{{Mongolian}}--[\u180b-\u180f]])[\u180b-\u180d\u180f]
"""
_SUSPECT = re.compile(
    r"[\x00-\x08\x0b-\x1d\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    r"\U00010000-\U0001efff\U0001fc00-\U0010ffff]"
)
"""A wide and quick net: most texts have nothing in it, and need no closer look."""
_BREAKS = re.compile(r"[\x0b-\r\x1c-\x1e\x85\u2028\u2029]")
"""Ends of lines that are no line feed."""
_HIDDEN = r"[[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\n]]"


def without_invisible(text: str) -> str:
    """Take out controls, marks of direction, soft hyphens, zero-width and private characters, and halves.

    A joiner stays inside an emoji and after an Indic sign that ends a vowel (U+094D and its like), a
    non-joiner inside Arabic and Indic words, a variation mark after what it varies, tag characters inside a
    region's flag. White space and U+001E stay.
    """
    return (
        text
        if not _SUSPECT.search(text)
        else _compiled(_INVISIBLE).sub(lambda found: found["flag"] or "", text)
    )


def in_one_line(text: str) -> str:
    """Make one line of a name, a reason or a stranger's words: nothing unseen, white space collapsed."""
    return " ".join(without_invisible(text).split())


def visible(text: str, *, of_lines: bool = False) -> str:
    r"""Write as escapes (``\x1b``, ``\u202e``) what ``without_invisible`` takes out, and odd ends of lines.

    For printing: a terminal or a page then shows all of the text, and obeys none of it. Tabs stay, and
    ``\n`` if it is ``of_lines``.
    """
    unhidden = text if not _SUSPECT.search(text) else _compiled(_INVISIBLE).sub(_escaped, text)
    shown = _BREAKS.sub(_escape, unhidden)
    return shown if of_lines else shown.replace("\n", r"\n")


def escaped_json(written: str) -> str:
    r"""Escape what nobody sees in JSON as ``\u...``: it says the same, and is safe to look at."""
    if written.isascii() and not _SUSPECT.search(written):
        return written
    return _compiled(_HIDDEN).sub(lambda found: json.dumps(found[0])[1:-1], written)


@cache
def _compiled(pattern: str) -> "regex.Pattern[str]":
    """Compile what knows the properties of letters, for the few texts that need it: it takes a while."""
    import regex

    return regex.compile(pattern, regex.V1 | regex.VERBOSE | regex.DOTALL)


def _escaped(found: "regex.Match[str]") -> str:
    return found["flag"] or _escape(found)


def _escape(found: "regex.Match[str] | re.Match[str]") -> str:
    return found[0].encode("unicode_escape").decode("ascii")
