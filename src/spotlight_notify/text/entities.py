"""Find what X makes of a text: links, hashtags, mentions and cashtags.

Written from X's public documentation; what it does in every case is held against X's own cases in the tests.
Places are counted in characters of the text as given.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

from spotlight_notify.text.hosts import PUNCTUATION, SPACES
from spotlight_notify.text.letters import DIGITS, LETTERS
from spotlight_notify.text.urls import LATIN, Spans, readings, url_spans

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
    """Mark a part of a text: ``text`` is what stands from ``start`` to ``end`` (not included)."""

    text: str
    start: int
    end: int


def urls(text: str) -> tuple[Entity, ...]:
    """Find what X may turn into links, in order; bare host names such as ``CDC.gov`` are among them."""
    spans = {span for links in readings(text) for span in links}
    return _entities(text, _first_ones(sorted(spans, key=lambda span: (span[0], -span[1]))))


def hashtags(text: str) -> tuple[Entity, ...]:
    """Find hashtags, with their signs, in order: what X takes for one whatever domains it knows."""
    return _entities(text, sorted(set.intersection(*_readings(text, "#＃"))))


def mentions(text: str) -> tuple[Entity, ...]:
    """Find mentions of accounts (``@name``) and lists (``@name/list``), in order: what X may take for one."""
    if "@" not in text and "＠" not in text:
        return ()
    return _entities(text, _first_ones(sorted(set.union(*_readings(text, "@＠")))))


def cashtags(text: str) -> tuple[Entity, ...]:
    """Find cashtags such as ``$ABC``, in order."""
    return _entities(text, _winners(text, "$", tuple(url_spans(text))))


def _entities(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Entity, ...]:
    return tuple(Entity(text[start:end], start, end) for start, end in spans)


def _readings(text: str, signs: str) -> list[set[tuple[int, int]]]:
    return [set(_winners(text, signs, links)) for links in readings(text)]


def _winners(text: str, signs: str, links: Spans) -> Iterator[tuple[int, int]]:
    """Give what begins with one of these signs; where entities overlap, the one that begins first counts."""
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
    """Give what touches neither the span before it (given or not) nor what may not come after it."""
    last = 0
    for start, end in spans:
        touches, last = 0 < start == last, end
        if not touches and not forbidden.match(text, end):
            yield start, end
