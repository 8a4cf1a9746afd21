"""Weigh a text as X does (twitter-text configuration v3), and never lighter."""

import re
import unicodedata
from collections.abc import Iterable

from emoji import EMOJI_DATA, STATUS

from spotlight_notify.text.urls import is_mixed, possible_links

_URL_WEIGHT = 23
_HEAVY = re.compile(r"[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
"""Characters of weight 2."""
_EMOJI_WEIGHT = 2
_NEWEST_EMOJI = 11.0
"""X weighs a sequence as one emoji up to this version of the standard; later ones by their characters."""
_OWN_WAYS = {"©", "®", "\u267e\ufe0f", "\U0001f441\ufe0f\u200d\U0001f5e8\ufe0f"}
"""Old enough, and yet X weighs them by their characters: two signs unless they are marked as emoji, infinity,
eye-in-bubble."""
_MARKED = (
    "\u231a\u231b\u25fd\u25fe\u2614\u2615\u2648\u2649\u264a\u264b\u264c\u264d\u264e\u264f\u2650\u2651\u2652\u2653"
    "\u267f\u2693\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2757\u2b1b"
    "\u2b1c\u2b50\u2b55\U0001f004\U0001f21a\U0001f22f"
)
"""Emoji that need no mark (U+FE0F), and that X weighs as one with it too; phones write it."""
_EMOJI = frozenset(
    sequence
    for sequence, facts in EMOJI_DATA.items()
    if facts["E"] <= _NEWEST_EMOJI
    and (facts["status"] <= STATUS["fully_qualified"] or "\u200d" not in sequence)
    and sequence not in _OWN_WAYS
) | {f"{emoji}\ufe0f" for emoji in _MARKED}
"""Sequences as they should be written, and single emoji with and without their mark."""
_LONGEST_EMOJI = max(map(len, _EMOJI))
_EMOJI_FIRST = frozenset(sequence[0] for sequence in _EMOJI)
_EMOJI_START = re.compile(r"[#*0-9](?=\ufe0f?\u20e3)|[©®\u203c-\U0010ffff]")
"""Where a sequence may begin: a wide net of few ranges is far quicker than naming every first character."""


def weight(text: str) -> int:
    """Return the weighted length: every link 23, every emoji sequence 2, other characters 1 or 2.

    Where X may or may not link a domain, since it is young, the dearer way counts.
    """
    normal = unicodedata.normalize("NFC", text)
    return max(_weigh(normal, links) for links in possible_links(normal))


def _weigh(text: str, links: Iterable[tuple[int, int]]) -> int:
    total, at = 0, 0
    for start, end in links:
        total += _weigh_words(text[at:start]) + _weigh_link(text[start:end])
        at = end
    return total + _weigh_words(text[at:])


def _weigh_link(link: str) -> int:
    """Weigh a link; how much of a mixed one X weighs as words besides is unclear, so all of it is."""
    return _URL_WEIGHT + (_weigh_characters(link) if is_mixed(link) else 0)


def _weigh_words(text: str) -> int:
    total, at = 0, 0
    while start := _EMOJI_START.search(text, at):
        end = _emoji_end(text, start.start())
        if end:
            total += _weigh_characters(text[at : start.start()]) + _EMOJI_WEIGHT
        else:
            end = start.end()
            total += _weigh_characters(text[at:end])
        at = end
    return total + _weigh_characters(text[at:])


def _weigh_characters(text: str) -> int:
    return len(text) + len(_HEAVY.findall(text))


def _emoji_end(text: str, at: int) -> int:
    """Return where the longest emoji sequence that begins here ends, or 0."""
    if text[at] not in _EMOJI_FIRST:
        return 0
    for length in range(_LONGEST_EMOJI, 0, -1):
        if text[at : at + length] in _EMOJI:
            return min(at + length, len(text))
    return 0
