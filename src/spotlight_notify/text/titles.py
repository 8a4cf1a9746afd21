"""Tell a corrected title from another one."""

import re
from collections import Counter
from difflib import SequenceMatcher

from spotlight_notify.text.names import folded_name

ALIKE = 0.8
"""How like the differing words must be (difflib's ratio): "belst" is "belts", but "rest" is not "test"."""

_WORD = re.compile(r"[^\W_]+")


def is_like_title(one: str, other: str) -> bool:
    """Tell whether one title may be the other with a slip corrected, or with words added or left out.

    Capitals, punctuation and the words' order make no difference; another number does.
    """
    ours, theirs = (Counter(_WORD.findall(folded_name(title))) for title in (one, other))
    left, right = sorted((ours - theirs).elements()), sorted((theirs - ours).elements())
    if not left or not right:
        return not any(map(_has_digit, left + right)) or not ours or not theirs
    return not any(map(_has_digit, left + right)) and _is_slip("".join(left), "".join(right))


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _is_slip(one: str, other: str) -> bool:
    return sorted(one) == sorted(other) or SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
