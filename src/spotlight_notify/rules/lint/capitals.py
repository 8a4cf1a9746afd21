"""Look at capitals: words that shout, and acronyms that nobody spelled out."""

import re
from collections.abc import Iterator
from itertools import islice

from spotlight_notify.rules.lint.acronyms import is_known, looks_like_one, singular
from spotlight_notify.rules.lint.parsed_text import Breach, Wording, quoted
from spotlight_notify.rules.lint.policy import Policy
from spotlight_notify.text.entities import Entity

FEWEST = 3
"""So many words in capitals in a row shout."""
MOST_NAMED = 10
"""Acronyms that are looked at: so many in one post are named, and a hostile text costs no more."""
_SMALL = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
"""Words that acronyms mostly pass over."""
_COMMON = _SMALL | {"all", "are", "be", "can", "do", "go", "is", "it", "not", "no", "new", "now", "our", "us"}
_COMMON |= {"see", "was", "we", "you"}
"""Short words that nobody takes for acronyms where they stand among capitals."""
_BREAK = re.compile(r"[\n,/+()|_=]")
"""Lists of acronyms are no sentences."""
_VOWEL = re.compile(r"[AEIOUY]|[^\x00-\x7f]")


def capitals(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find three or more words in capitals in a row, known acronyms not counted; the first such place."""
    for run in _shouts(wording, policy):
        shown = wording.text[run[0].start : run[-1].end]
        yield Breach(
            "capitals",
            run[0].start,
            f"{quoted(shown)} is all in capitals: write it in small letters, which are easier to read",
        )
        return


def acronym(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find acronyms whose words are not in the text either, all in one breach."""
    spelled = _initials(wording.words)
    found: dict[str, int] = {}
    for word in _alone(wording):
        if looks_like_one(word.text) and not is_known(word.text, policy):
            found.setdefault(singular(word.text), word.start)
    first = islice(found, MOST_NAMED)
    names = [name for name in first if not any(_letters(name) in each for each in spelled)]
    if names:
        yield Breach(
            "acronym",
            found[names[0]],
            f"say what {quoted(', '.join(names))} stands for when it first comes up, or name it among the "
            "acronyms that your followers know",
        )


def _alone(wording: Wording) -> list[Entity]:
    """Give the words in capitals whose neighbours are not: others shout rather than abbreviate."""
    bare = (singular(word.text) for word in wording.words)
    loud = [False, *(len(word) > 1 and word.isupper() for word in bare), False]
    return [
        word for at, word in enumerate(wording.words) if loud[at + 1] and not loud[at] and not loud[at + 2]
    ]


def _shouts(wording: Wording, policy: Policy) -> Iterator[list[Entity]]:
    """Give the runs of words in capitals that shout. What is neither large nor small breaks no run."""
    run: list[Entity] = []
    last = 0
    for word in wording.words:
        loud, apart = _loudness(word.text, policy), _BREAK.search(wording.text, last, word.start)
        last = word.end
        if apart or loud is False:
            if _is_shout(run):
                yield run
            run = []
        if loud:
            run.append(word)
    if _is_shout(run):
        yield run


def _is_shout(run: list[Entity]) -> bool:
    """Tell whether three words are there, two of them words rather than acronyms nobody knows."""
    return len(run) >= FEWEST and sum(_is_word(word.text) for word in run) >= 2


def _is_word(word: str) -> bool:
    return word.lower() in _COMMON or (len(word) >= 4 and bool(_VOWEL.search(word)))


def _loudness(word: str, policy: Policy) -> bool | None:
    """Tell whether a word is in capitals; None for one letter, a number, a code or a known acronym."""
    if sum(map(str.isalpha, word)) < 2 or word.lower() == word.upper():
        return None
    if not word.isupper():
        return False
    if word.lower() in _COMMON:
        return True
    return None if any(map(str.isdigit, word)) or is_known(word, policy) else True


def _initials(words: tuple[Entity, ...]) -> tuple[str, str]:
    """Join the first letters of all words, and of all but the small ones, as capitals."""
    parts = [part for word in words if not looks_like_one(word.text) for part in word.text.split("-") if part]
    every = "".join(part[0] for part in parts).upper()
    return every, "".join(part[0] for part in parts if part.lower() not in _SMALL).upper()


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name))
