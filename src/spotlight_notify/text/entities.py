"""Find what X makes of a text: links, hashtags, mentions and cashtags.

Written from X's public documentation; what it does in every case is held against X's own cases in the tests.
Places are counted in characters of the text as given.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import regex

from spotlight_notify.text.hosts import PUNCTUATION, SPACES
from spotlight_notify.text.urls import LATIN, Spans, possible_links, url_spans

_YOUNG = """
558 560 588-58c 5c8-5c9 5ef 7fd 860-89f 8b3-8e3 9fc-9fe af9-aff b53-b55 c04 c3c c5a-c5d c80 cdc-cdd cf3-d00
d04 d3b-d3c d54-d56 d5f d81 e86 e89 e8c e8e-e93 e98 ea0 ea8-ea9 eac eba ece 13f5 13fd 170d 1715-171f 180f
1878 1abf-1af0 1b4c 1c89-1c8a 1cf7 1cfa 1df6-1dfb 208f 209d-209f 2c2f 2c5f 312e-312f 31bb-31bf 4db6-4dbf
9fcd-9fff a69e a78f a7af a7b4-a7c3 a7c7-a7ca a7cc-a7db a7dd-a7f6 a82c a8c5 a8fd-a8ff ab60-ab63 ab66-ab6d
fe2e-fe2f 1032d-1032f 104b0-104fb 10570-105f3 10780-107bf 108e0-108f5 10940-10959 10a34-10a35 10c80-10ff6
11070-11075 110c2 11144-11147 111c9-111cf 111dc 1123e-112a8 11300 1133b 11350 11380-11461 115d8-115dd 116b8
116d0-1183a 11900-11abf 11b0a-11fb0 12399-12ff0 1342f-16139 16a70-16ac9 16d40-16ed3 16f45-16f4f 16f7f-16f87
16fe0-1affe 1b002-1b2fb 1ccf0-1d128 1d250-1d281 1d6a6 1da00-1e7fe 1e900-1e959 1fbf0-1fbf9 2a6d7-2a6df
2b735-2b73f 2b81e-2ee5d 30000-3fc3f
"""
"""What became a letter, a mark or a digit after Unicode 7.0 (as of 18.0), in hexadecimal, first to last.

X's library (twitter-text 3.1.0, ``bmpLetterAndMarks``, ``astralLetterAndMarks``, ``bmpNumerals`` and
``astralNumerals``) lists them as they were in Unicode 7.0 (2014). What is younger, such as Adlam's U+1E900,
neither begins a hashtag nor continues one. Younger cases of older letters (Cherokee small letters, Georgian
capitals) do: it ignores case. Ranges reach over what is neither. The test that asks X's library about every
character finds what is missing.
"""


def _as_class(ranges: str) -> str:
    """Write ranges for the inside of a regular expression's class."""
    ends = (f"{part.partition('-')[0]} {part.rpartition('-')[2]}".split() for part in ranges.split())
    return "".join(rf"\U{first:0>8}-\U{last:0>8}" for first, last in ends)


_PRIVATE = r"\uf870-\uf87f\uf882\uf884-\uf89f\uf8b8\uf8c1-\uf8d6"
"""Private characters that Apple's regular expressions take for letters, and X's library lists too."""
LETTERS = rf"[[\p{{L}}\p{{M}}{_PRIVATE}]--[{_as_class(_YOUNG)}]]"
"""Letters and marks, a class for ``(?V1)``."""
DIGITS = rf"[\p{{Nd}}--[{_as_class(_YOUNG)}]]"
"""Decimal digits, a class for ``(?V1)``."""
_TAG_EXTRAS = (
    r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
)
_HASHTAG = regex.compile(
    rf"(?V1)(?:(?<=[\ufe0e\ufe0f])|(?<![{LETTERS}{DIGITS}{_TAG_EXTRAS}\&]))[#＃](?![\ufe0f\u20e3])"
    rf"(?=[{DIGITS}{_TAG_EXTRAS}]*+{LETTERS})[{LETTERS}{DIGITS}{_TAG_EXTRAS}]++"
)
_AFTER_HASHTAG = re.compile(r"[#＃]|://")
_RETWEET = r"(?<![A-Za-z0-9_+~.-])[rR][tT]"
_MENTION = re.compile(
    rf"(?:(?<![A-Za-z0-9_!#$%&*@＠])|(?<={_RETWEET}))"
    rf"[@＠][A-Za-z0-9_]{{1,20}}+(?:/[A-Za-z][A-Za-z0-9_-]{{0,24}}+)?+"
)
_AFTER_MENTION = re.compile(rf"[@＠{LATIN}]|://")
_WHITE = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""White space after a cashtag; before it, ``SPACES`` count."""
_CASHTAG = re.compile(
    rf"(?:^|(?<=[{SPACES}]))\$[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?(?=\Z|[{_WHITE}{PUNCTUATION}])"
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A part of a text: ``text`` is what stands from ``start`` to ``end`` (not included)."""

    text: str
    start: int
    end: int


def urls(text: str) -> tuple[Entity, ...]:
    """Find what X may turn into links, in order; bare host names such as ``CDC.gov`` are among them."""
    spans = {span for links in possible_links(text) for span in links}
    return _entities(text, _first_ones(sorted(spans, key=lambda span: (span[0], -span[1]))))


def hashtags(text: str) -> tuple[Entity, ...]:
    """Find hashtags, with their signs, in order: what X takes for one whatever domains it knows."""
    return _entities(text, sorted(set.intersection(*_possible(text, "#＃"))))


def mentions(text: str) -> tuple[Entity, ...]:
    """Find mentions of accounts (``@name``) and lists (``@name/list``), in order: what X may take for one."""
    if "@" not in text and "＠" not in text:
        return ()
    return _entities(text, _first_ones(sorted(set.union(*_possible(text, "@＠")))))


def cashtags(text: str) -> tuple[Entity, ...]:
    """Find cashtags such as ``$ABC``, in order."""
    return _entities(text, _winners(text, "$", tuple(url_spans(text))))


def _entities(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Entity, ...]:
    return tuple(Entity(text[start:end], start, end) for start, end in spans)


def _possible(text: str, signs: str) -> list[set[tuple[int, int]]]:
    return [set(_winners(text, signs, links)) for links in possible_links(text)]


def _winners(text: str, signs: str, links: Spans) -> Iterator[tuple[int, int]]:
    """Return what begins with one of these signs; of entities that overlap the first one counts."""
    tags = _apart(text, (match.span() for match in _HASHTAG.finditer(text)), _AFTER_HASHTAG)
    names = _apart(text, (match.span() for match in _MENTION.finditer(text)), _AFTER_MENTION)
    stocks = (match.span() for match in _CASHTAG.finditer(text))
    found = _first_ones(sorted([*links, *tags, *names, *stocks]))
    return (span for span in found if text[span[0]] in signs)


def _first_ones(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Leave out of these, which are in order, what overlaps one before it."""
    last = 0
    for start, end in spans:
        if start >= last:
            last = end
            yield start, end


def _apart(
    text: str, spans: Iterable[tuple[int, int]], forbidden: re.Pattern[str]
) -> Iterator[tuple[int, int]]:
    """Yield what touches neither the span before it (given or not) nor what may not come after it."""
    last = 0
    for start, end in spans:
        touches, last = 0 < start == last, end
        if not touches and not forbidden.match(text, end):
            yield start, end


MAX_SHOWN = 27
"""How much of a link X shows before the ellipsis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A piece of text; ``kind`` is "words", "hashtag" or "link", ``href`` is for links alone."""

    kind: str
    text: str
    href: str = ""


def fragments(text: str) -> tuple[Fragment, ...]:
    """Cut a text; the pieces in order make the whole text again."""
    marked = [("link", url) for url in urls(text)] + [("hashtag", tag) for tag in hashtags(text)]
    pieces: list[Fragment] = []
    done = 0
    for kind, entity in sorted(marked, key=lambda pair: pair[1].start):
        pieces.append(Fragment(kind="words", text=text[done : entity.start]))
        href = entity.text if "://" in entity.text else f"https://{entity.text}"
        pieces.append(Fragment(kind=kind, text=entity.text, href=href if kind == "link" else ""))
        done = entity.end
    pieces.append(Fragment(kind="words", text=text[done:]))
    return tuple(piece for piece in pieces if piece.text)


def as_shown(piece: Fragment, *, shortens_links: bool) -> Fragment:
    """Return a piece as its network shows it: some show links without scheme, and cut."""
    return replace(piece, text=display_url(piece.href)) if shortens_links and piece.kind == "link" else piece


def display_url(url: str) -> str:
    """Write a link as X shows it: no scheme, cut."""
    words = url.partition("://")[2].removeprefix("www.")
    return words if len(words) <= MAX_SHOWN else f"{words[:MAX_SHOWN]}…"
