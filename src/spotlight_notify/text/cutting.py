"""Cut a text shorter and shorter, at the places where it hurts least.

``whole_forms``, ``later_sentences`` and ``clauses`` are for posts, in this order; ``cuts`` and ``shortened``
are for what must be short at any price, and cut between words too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import regex

from spotlight_notify.text.entities import urls
from spotlight_notify.text.sentences import sentence_ends

ELLIPSIS = "…"
_LONG_WORD = 30
"""A word of more characters than this may be cut within (scripts without spaces); others stay whole."""
_STUB = 12
"""Fewer characters than this before the ellipsis tell a reader nothing."""
FEWEST_WORDS = 4
"""What has fewer words is no sentence to cut at."""
_LEANING = regex.compile(
    r"(?:This|That|These|Those|It|Its|It['’]s|They|Their|Them|He|She|His|Her|Hers|We|Our|I|My"
    r"|However|But|And|Or|Nor"
    r"|So|Yet|Also|Then|Thus|Therefore|Such|Both|Another|Others?|Each|Either|Neither|Instead"
    r"|Meanwhile|Moreover"
    r"|Furthermore|Additionally|Afterwards?|Later|Earlier|Here|There|Once|Likewise|Similarly"
    r"|Nevertheless|Still"
    r"|Finally|Second|Third|In addition|As a result|For example|For instance|According to (?:him|her"
    r"|them|police)"
    r"|Among (?:them|these)|Because of (?:this|that)|At (?:that|the same) time|During (?:this|that)"
    r"|After (?:this|that)"
    r"|Anyone with|Est[aeo]s?|Es[aeo]s?|[EÉ]l|Ella|Ellos|Ellas|Adem[aá]s|Pero|Sin embargo|Y|O)\b"
)
"""How sentences begin that lean on the one before."""
_SUBORDINATE = regex.compile(
    r"(?:If|When|While|As|After|Before|Because|Since|Although|Though|Whether|Once|Until|Unless|With"
    r"|Without|In|On|By"
    r"|To|For|During|Under|From|At|Through|Following|According|Despite|Given|Among|Between|Starting"
    r"|Beginning|Based)\b"
)
"""Words that begin a sentence whose first comma ends no statement."""
_CLAUSE = regex.compile(
    r"(?:[,;:]|\s[–—]|—)(?=\s\p{Ll})(?!\s(?:and|or|nor)\b)|[;](?=\s)"
    r"|(?<![,;:–—-])\s(?=(?:because|although|though|while|whereas|unless|so that|but)\s\p{Ll})"
)
"""Where a clause ends: a small letter comes after it, so that it stands in no name, date or list of these."""
_DANGLING = " \t\n.,;:!?…·•|/\\([{<«“‘\"'–—-"
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
    """A part of a text, from ``begin`` to ``end``, with an ellipsis after it if it stops short."""

    end: int
    short: bool
    begin: int = 0

    def of(self, text: str) -> str:
        """Cut the text that this cut was made for."""
        return text[self.begin : self.end] + (ELLIPSIS if self.short else "")


def whole_forms(text: str) -> tuple[Cut, ...]:
    """List the whole text and fewer and fewer of its first sentences, longest first."""
    ends = [end for end in _ends_in(text) if _is_told(text[:end])]
    return tuple(Cut(end=end, short=False) for end in reversed([*ends, len(text)] if text else ends))


def _is_told(beginning: str) -> bool:
    """Return whether the first sentences of a text, up to here, tell enough and announce nothing more."""
    return not beginning.endswith((":", ",")) and len(_WORD.findall(beginning)) >= FEWEST_WORDS


def later_sentences(text: str) -> tuple[Cut, ...]:
    """List the sentences after the first that can stand alone, in their order."""
    ends = [*_ends_in(text), len(text)]
    found = (Cut(begin=_begin(text, begin), end=end, short=False) for begin, end in pairwise(ends))
    return tuple(cut for cut in found if _stands_alone(cut.of(text)))


def clauses(text: str) -> tuple[Cut, ...]:
    """List where the first sentence may be broken off at a clause's end, longest first.

    Not within a quotation, brackets, a name or a date, nor where what stands there has not said its verb.
    """
    first = (_ends_in(text) or [len(text)])[0]
    opening = _SUBORDINATE.match(text)
    places = [place.start() for place in _CLAUSE.finditer(text[:first]) if _is_closed(text[: place.start()])]
    kept = [place for place in places if not opening or place > text.find(",")]
    return tuple(Cut(end=place, short=True) for place in reversed(kept))


def _ends_in(text: str) -> list[int]:
    """Return where sentences end before the text does, between what readers see as characters."""
    boundaries = {match.end() for match in _GRAPHEME.finditer(_FLAGS.sub(_in_pairs, text))}
    return [end for end in sentence_ends(text) if end in boundaries and end < len(text)]


def _begin(text: str, at: int) -> int:
    return at + len(text[at:]) - len(text[at:].lstrip())


def _stands_alone(sentence: str) -> bool:
    """Return whether a reader who has seen nothing before it would understand a sentence."""
    words = _WORD.findall(sentence)
    return (
        len(words) > FEWEST_WORDS
        and sentence.endswith((".", "!", "?"))
        and sentence[0].isupper()
        and not _LEANING.match(sentence)
        and not any(sign in sentence for sign in '"“”:')
        and _is_closed(sentence)
    )


def _is_closed(text: str) -> bool:
    """Return whether every bracket and quotation in a text is closed."""
    pairs = (("(", ")"), ("[", "]"), ("“", "”"))
    return all(text.count(one) == text.count(other) for one, other in pairs) and text.count('"') % 2 == 0


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
    sentences = [end for end in sentence_ends(text) if end in boundaries and end < len(text)]
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
