"""Find what X turns into links in running text: with a protocol, or a bare host name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spotlight_notify.text.hosts import (
    ALL_TLDS,
    SETTLED_TLDS,
    Run,
    host_end,
    is_halved,
    runs,
    second_half,
    starts,
    tld_end,
)

_MAX_URL = 4_096
"""Longer ones are no links to X; it counts the protocol twice, so in truth a few characters fewer."""
_MAX_LABEL = 63
_MAX_SLUG = 40
"""The longest slug of a t.co link."""
LATIN = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289"
    r"\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_LATIN = LATIN + (
    r"\u0260\u0269\u0275\u0280\u0283\u0288\u028a\u028c\u0292\u0399\u03b9\u1fbe\u2c65\u2c66\u2c7e\u2c7f"
)
"""In links letter case makes no difference, so these count too: their other case is Latin."""
_CYRILLIC = r"\u0400-\u04ff\u1c80-\u1c87"
_IN_PATH = rf"A-Za-z0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}{_CYRILLIC}"
_PROTOCOL = re.compile(r"https?://", re.IGNORECASE | re.ASCII)
_BEFORE_PROTOCOL = re.compile(r"[A-Za-z0-9@＠$#＃\ufffe\ufeff\uffff]")
_PORT = re.compile(r":[0-9]++")
_PATH_PIECE = re.compile(rf"([{_IN_PATH}]++)|\((?!\))[{_IN_PATH}]*+(?:\([{_IN_PATH}]++\)[{_IN_PATH}]*+)?+\)")
"""Plain characters, or something in parentheses that may have parentheses in it once more."""
_NOT_ENDING_PATH = "!*';:,.$%[]–~@|&"
_QUERY = re.compile(r"\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]++")
_NOT_ENDING_QUERY = "!?*'@();:+$%[].,~|"
_SHORT_LINK = re.compile(r"https?://t\.co/([A-Za-z0-9]++)", re.IGNORECASE | re.ASCII)
_LATIN_HOST = re.compile(rf"(?:[A-Za-z0-9{_LATIN}-]++\.)++")
_OTHER_DOTS = re.compile(r"[。．｡]")
_YOUNG_TLD = re.compile(rf"\.(?:{'|'.join(sorted(ALL_TLDS - SETTLED_TLDS))})", re.IGNORECASE)
Spans = tuple[tuple[int, int], ...]


def possible_links(text: str) -> tuple[Spans, ...]:
    """Return the links' places as X may see them: two readings where it may not know a domain yet, else one.

    The first reading is the one in which it does.
    """
    modern = tuple(url_spans(text))
    if not _YOUNG_TLD.search(text):
        return (modern,)
    return modern, tuple(url_spans(text, SETTLED_TLDS))


def is_mixed(link: str) -> bool:
    """Return whether a link without protocol has other letters between host and path: ``a.comの.jp/b``."""
    host, path, _ = link.partition("/")
    if not path or link[: len(host)].isascii():
        return False
    host = _PORT.sub("", host)
    return all(end != len(host) for _, end in _latin_hosts(host, ALL_TLDS))


def url_spans(text: str, tlds: frozenset[str] = ALL_TLDS) -> Iterator[tuple[int, int]]:
    """Yield the links' places from left to right.

    ``tlds`` are the top-level domains that count. What one match takes, no other
    can have, not even if it turns out to be no link.
    """
    free = 0
    for run in runs(text, tlds):
        for label in range(len(run.labels) - 1):
            match = _link_at(text, run, label, free)
            if match:
                free = match.end + 1
                yield from _accepted(text, match, tlds)


@dataclass(frozen=True, slots=True)
class _Match:
    """A link's places: its start, its host, the host's end, and the whole's end.

    ``joined``: the character before it is one after which X links nothing without a protocol.
    ``halved``: X sees only the second half (in UTF-16) of the host's first character.
    """

    start: int
    host: int
    host_end: int
    end: int
    has_path: bool
    joined: bool
    halved: bool


def _link_at(text: str, run: Run, label: int, free: int) -> _Match | None:
    """Match the first link whose host begins in this label; the character before it must be free."""
    begin = run.labels[label][0]
    protocol = _protocol_start(text, begin) if label == 0 else -1
    with_protocol = [(protocol, begin)] if protocol >= free else []
    for start, host in (*with_protocol, *((at, at) for at in starts(text, run, label, free))):
        end = host_end(text, run, label, host)
        if end >= 0:
            port = _PORT.match(text, end)
            path_end = _path_end(text, port.end() if port else end)
            tail = _query_end(text, path_end or (port.end() if port else end))
            joined = start >= max(free, 1) and text[start - 1] in "-_./"
            return _Match(start, host, end, tail, path_end > 0, joined, is_halved(text, start, free))
    return None


def _protocol_start(text: str, host: int) -> int:
    """Return where the protocol before a host begins, or -1."""
    for length in (7, 8):
        at = host - length
        if at >= 0 and _PROTOCOL.fullmatch(text, at, host):
            return -1 if at and _BEFORE_PROTOCOL.match(text, at - 1) else at
    return -1


def _path_end(text: str, at: int) -> int:
    """Return where the path ends, or 0 if there is none.

    It ends with a character that may end one, or with parentheses that follow upon such an end at once.
    """
    if not text.startswith("/", at):
        return 0
    end = reached = at + 1
    while piece := _PATH_PIECE.match(text, reached):
        kept = piece.end()
        if piece[1]:
            kept = reached + len(piece[1].rstrip(_NOT_ENDING_PATH))
        if kept > reached and (piece[1] or end == reached):
            end = kept
        reached = piece.end()
    return end


def _query_end(text: str, at: int) -> int:
    query = _QUERY.match(text, at)
    return at + len(query[0].rstrip(_NOT_ENDING_QUERY)) if query else at


def _accepted(text: str, match: _Match, tlds: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield the links in a match: one, or without a protocol those of its hosts that are in Latin letters."""
    host = text[match.host : match.host_end]
    seen = second_half(host) if match.halved else host
    tail = text[match.host_end : match.end]
    if not _is_within_limits(seen, tail, 2 * (match.host - match.start) or 8, tlds):
        return
    if match.start < match.host:
        yield from _unless_long_slug(text, match)
    elif not match.joined:
        found = [(match.host + start, match.host + end) for start, end in _latin_hosts(host, tlds)]
        yield from found[:-1]
        if found:
            start, end = found[-1]
            yield start, match.end if match.has_path else end


def _unless_long_slug(text: str, match: _Match) -> Iterator[tuple[int, int]]:
    """Yield a link with a protocol; one to t.co ends after its slug."""
    short = _SHORT_LINK.match(text, match.start, match.end)
    if not short:
        yield match.start, match.end
    elif len(short[1]) <= _MAX_SLUG:
        yield match.start, _query_end(text, short.end())


def _latin_hosts(host: str, tlds: frozenset[str]) -> Iterator[tuple[int, int]]:
    for chain in _LATIN_HOST.finditer(host):
        ends = (tld_end(host, chain.start() + dot.end(), tlds) for dot in re.finditer(r"\.", chain[0]))
        end = max(ends, default=-1)
        if end >= 0:
            yield chain.start(), end


def _is_within_limits(host: str, tail: str, protocol: int, tlds: frozenset[str]) -> bool:
    """Return whether lengths are such as X links; it counts in UTF-16 and sees labels in punycode."""
    if len((host + tail).encode("utf-16-le", "surrogatepass")) // 2 + protocol > _MAX_URL:
        return False
    if host.startswith("xn--") and not any(_latin_hosts(host, tlds)):
        return False
    return all(_ascii_length(label) <= _MAX_LABEL for label in host.split("."))


def _ascii_length(label: str) -> int:
    """Return a label's length in punycode; a label that is too long as it stands is not worked out."""
    if label.isascii() or len(label) > _MAX_LABEL:
        return len(label)
    parts = _OTHER_DOTS.split(label)
    encoded = (part if part.isascii() else "xn--" + part.encode("punycode").decode("ascii") for part in parts)
    return len(".".join(encoded))
