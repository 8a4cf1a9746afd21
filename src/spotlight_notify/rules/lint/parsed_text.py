"""Read a post's text once for all rules: its words, links and hashtags."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import regex

from spotlight_notify.model.networks import Network
from spotlight_notify.text.entities import Entity, hashtags, mentions, urls

ADDRESS = regex.compile(r"(?:https?://|\bwww\.)\S++", regex.IGNORECASE)
"""What is a link beyond doubt, on every network. X makes links of more, but only where it knows the domain's
end."""
_MARK = regex.compile(r"\[[^\[\]\n]{1,40}+\]")
"""A mark that we or the source put in, such as [PODCAST], [PIC] or [Sign-in required]."""
_CASHTAG = regex.compile(r"\$\p{L}++")
"""A share's short name, or money in jest, and no acronym; X makes links of some."""
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]++(?:['’.&/-][\p{L}\p{M}\p{N}]++)*+")
_MASK = "\ufffc"
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True)
class Breach:
    """Where in the text a rule is broken, and how, for a person."""

    rule: str
    at: int
    message: str
    left_out: bool = False
    """The post goes without the picture that breaks the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedText:
    """A text and what is in it, each in the order of the text.

    ``links``: what the network makes links of. ``plain``: the text with a sign that is neither letter nor
    blank in place of links, hashtags, mentions, cashtags and marks; places are the same. ``words`` are those
    of the plain text: "De-Escalation", "U.S" and "Q&A" are one word each.
    """

    text: str
    hashtag: str
    links: tuple[Entity, ...]
    hashtags: tuple[Entity, ...]
    plain: str
    words: tuple[Entity, ...]


def parse_text(text: str, hashtag: str, network: Network | None) -> ParsedText:
    """Read a text that should hold the campaign's hashtag; without a network, as the strictest links it."""
    on_x, addresses, tags = urls(text), _matches(ADDRESS, text), hashtags(text)
    signed = (*mentions(text), *_matches(_CASHTAG, text))
    named = (*on_x, *addresses, *tags, *signed, *_matches(_MARK, text))
    plain = masked(text, sorted((each.start, each.end) for each in named))
    return ParsedText(
        text=text,
        hashtag=hashtag,
        links=on_x if network is None or network.links_bare_hosts else addresses,
        hashtags=tags,
        plain=plain,
        words=_matches(_WORD, plain),
    )


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Put a sign that says nothing in place of these parts of a text, which come in order and may overlap."""
    return "".join(_masked(text, spans))


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    at = 0
    for start, end in spans:
        start, end = max(start, at), max(end, at)
        yield text[at:start] + _MASK * (end - start)
        at = end
    yield text[at:]


def _matches(pattern: regex.Pattern[str], text: str) -> tuple[Entity, ...]:
    return tuple(Entity(match[0], match.start(), match.end()) for match in pattern.finditer(text))


def quoted(text: str) -> str:
    """Quote a part of a text in a message: on one line, cut short, nothing in it that cannot be printed."""
    line = " ".join(text[: 4 * _LONGEST_QUOTE].split())
    shown = "".join(c if c.isprintable() or c == "\u200d" else "\ufffd" for c in line)
    return f"“{shown}”" if len(shown) <= _LONGEST_QUOTE else f"“{shown[: _LONGEST_QUOTE - 1].rstrip()}…”"
