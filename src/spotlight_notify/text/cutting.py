"""Cut a text shorter and shorter, at the places where it hurts least."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

from spotlight_notify.text.entities import urls

ELLIPSIS = "…"
_LONG_WORD = 30
"""A word of more characters than this may be cut within (scripts without spaces); others stay whole."""
_STUB = 12
"""Fewer characters than this before the ellipsis tell a reader nothing."""
_DANGLING = " \t\n.,;:!?…·•|/\\([{<«“‘\"'–—-"
_LIST = """
adm al approx apr art asst att aug ave blvd brig capt cf chap cmdr co col comdr corp cpl ct dec dept det dir
dist div dr e.g ed eds est etc ex feb fig figs fri ft gen gov govt hon hwy i.e inc incl insp jan jr jul jun
lt ltd maj mar messrs mon mr mrs ms mt nov oct off ofc p para pfc ph.d pl pp pres prof pub pvt rd ref reg
rep ret rev rm sat sec secs sen sens sept sep sgt sr st ste subsec sun supt supp tel thu thur thurs tue tues
univ v vol vols vs wed
"""
_ABBREVIATIONS = frozenset(_LIST.split())
"""Words whose full stop seldom ends a sentence: ranks, titles, months, citations."""
_NUMBERED = frozenset({"no", "nos", "fig", "figs", "vol", "sec", "pt", "ch", "p", "pp"})
"""Words whose full stop ends no sentence when a number follows."""

_STOP = regex.compile(r"""(?<![.!?])[.!?]++["'”’)\]]*+(?=\s)|[。！？]++[”’」』)]*+|\S(?=\s*\n)""")
_GAP = regex.compile(r"""\s*+["'“‘(\[]*+""")
_LAST_WORD = regex.compile(r"(?r)[\p{L}\p{M}\p{N}.]*+")
_WORD = regex.compile(r"\S++")
_GRAPHEME = regex.compile(r"\X")
_FLAGS = regex.compile(r"[\U0001F1E6-\U0001F1FF]{3,}+")
"""A run of the letters that flags are made of: ``\\X`` takes the square of its length."""
_CALLED = regex.compile(
    r"(?:(?<![A-Za-z0-9_])|(?<=[Rr][Tt]))[@＠][A-Za-z0-9_]{1,20}(?:/[A-Za-z][A-Za-z0-9_-]{0,24})?\Z"
)
"""The end of a text that calls an account: cut off there, ``@name@host`` would do so, too."""
_LONGEST_CALL = 47


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A place to cut: the text up to ``end``, with an ellipsis after it if it stops short."""

    end: int
    short: bool

    def of(self, text: str) -> str:
        """Cut the text that this cut was made for."""
        return text[: self.end] + (ELLIPSIS if self.short else "")


def cuts(text: str) -> tuple[Cut, ...]:
    """List where a text may be cut, longest form first: whole, fewer sentences, fewer words, nothing.

    Every cut is shorter than the one before it; words are cut off only within the first sentence. The first
    cut is the whole text, the last one is empty (they are the same for an empty text).
    """
    whole = Cut(end=len(text), short=False)
    if not text:
        return (whole,)
    read = _FLAGS.sub(_in_pairs, text)
    boundaries = {match.end() for match in _GRAPHEME.finditer(read)}
    sentences = [end for end in _sentence_ends(text) if end in boundaries and end < len(text)]
    first = sentences[0] if sentences else len(text)
    words = {end for end in _word_ends(text[:first], read) if end in boundaries and end < first - 1}
    return (
        whole,
        *(Cut(end=end, short=False) for end in reversed(sentences)),
        *(Cut(end=end, short=True) for end in sorted(words, reverse=True)),
        Cut(end=0, short=False),
    )


def shortened(text: str, limit: int) -> str:
    """Cut a text to a limit at the end of a sentence or a word."""
    if len(text) <= limit:
        return text
    forms = (cut.of(text) for cut in cuts(text[: 2 * limit])[1:])
    return next((form for form in forms if form and len(form) <= limit), text[:limit])


def _in_pairs(flags: regex.Match[str]) -> str:
    """Stand a plain letter and a mark on it for each flag of a run: a pair is one character to readers."""
    return ("f\u0301" * len(flags[0]))[: len(flags[0])]


def _sentence_ends(text: str) -> list[int]:
    return [stop.end() for stop in _STOP.finditer(text) if _ends_sentence(text, stop)]


def _ends_sentence(text: str, stop: regex.Match[str]) -> bool:
    gap = _GAP.match(text, stop.end())
    follows = text[gap.end() : gap.end() + 1] if gap else ""
    if stop[0][0] not in ".!?" or (gap and "\n" in gap[0]):
        return True
    if follows.islower():
        return False
    return stop[0][:2].rstrip("\"'”’)]") != "." or not _is_abbreviation(text, stop.start(), follows)


def _is_abbreviation(text: str, end: int, follows: str) -> bool:
    found = _LAST_WORD.match(text, endpos=end)
    word = found[0].lower().lstrip(".") if found else ""
    if word in _NUMBERED:
        return follows.isdigit()
    parts = word.split(".")
    initials = len(word) == 1 or (len(parts) > 1 and all(len(part) <= 2 for part in parts))
    return word in _ABBREVIATIONS or initials or (word.isdigit() and len(word) <= 2)


def _word_ends(text: str, read: str) -> Iterator[int]:
    """Yield where words end, and within long ones each character; ``read`` is the text with flags paired."""
    for word in _WORD.finditer(text):
        if len(word[0]) > _LONG_WORD and "://" not in word[0] and not urls(word[0]):
            yield from _trimmed(text, [g.end() for g in _GRAPHEME.finditer(read, *word.span())])
        yield from _trimmed(text, [word.end()])


def _trimmed(text: str, ends: Iterable[int]) -> Iterator[int]:
    for end in ends:
        window = text[max(0, end - _LONG_WORD) : end]
        kept = end - len(window) + len(window.rstrip(_DANGLING))
        if kept >= _STUB and not _CALLED.search(text, max(0, kept - _LONGEST_CALL), kept):
            yield kept
