"""Tell from titles whether one corrects another, and whether what it names is cancelled."""

import re
from collections import Counter
from difflib import SequenceMatcher

from spotlight_notify.text.names import folded_name

ALIKE = 0.8
"""How like the differing words must be (difflib's ratio): "belst" is "belts", but "rest" is not "test"."""
_WORD = re.compile(r"[^\W_]+")
_SAID = r"(?:cancell?ed|postponed|called off|cancelad[oa]s?|pospuest[oa]s?|aplazad[oa]s?|suspendid[oa]s?)"
_BEGINS = rf"\A\W*{_SAID}\s*(?:[:!|\])–—-]|\Z)"
_IN_BRACKETS = rf"[\[(]\s*{_SAID}\s*[\])]"
_ENDS = rf"(?:[:|–—-]|\b(?:is|are|was|were|been|está|ha sido|han sido))\s*{_SAID}\W*\Z"
_CANCELLED = re.compile(f"{_BEGINS}|{_IN_BRACKETS}|{_ENDS}", re.IGNORECASE)
_IN_CAPITALS = re.compile(rf"\b{_SAID.upper()}\b")


def is_similar_title(one: str, other: str) -> bool:
    """Return whether one title may be the other with a slip corrected, or with words added or left out.

    Capitals, punctuation and the words' order make no difference; another number does.
    """
    ours, theirs = (Counter(_WORD.findall(folded_name(title))) for title in (one, other))
    left, right = sorted((ours - theirs).elements()), sorted((theirs - ours).elements())
    if not left or not right:
        return not any(map(_has_digit, left + right)) or not ours or not theirs
    return not any(map(_has_digit, left + right)) and _is_slip("".join(left), "".join(right))


def is_cancelled_title(title: str) -> bool:
    """Return whether a title says cancelled or postponed of the whole, and not of something within it.

    That is at its beginning or end, set off from the rest, or in capitals where the rest is not.
    """
    shouted = not title.isupper() and _IN_CAPITALS.search(title)
    return bool(shouted or _CANCELLED.search(title))


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _is_slip(one: str, other: str) -> bool:
    return sorted(one) == sorted(other) or SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
