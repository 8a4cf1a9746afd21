"""Find host names in running text, as X does.

A *run* is a stretch of labels joined by single dots. A host is some of its labels in a row, the last of them
a top-level domain. Everything here takes time in proportion to the text, whatever the text is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spotlight_notify.text.tlds import SETTLED, YOUNG

SPACES = r"\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
_OUTSIDE = rf"{PUNCTUATION}{SPACES}\ufffe\ufeff\uffff\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
"""What no label has in it: punctuation, spaces, characters that are none, marks of direction."""

_RUN = re.compile(rf"(?<![^.{_OUTSIDE}])(?<![_-])(?:[^{_OUTSIDE}]|[_-])++(?:\.(?:[^{_OUTSIDE}]|[_-])++)++")
_WHOLE_START = re.compile(rf"(?<![A-Za-z0-9@＠$#＃\ufffe\ufeff\uffff])[^{_OUTSIDE}]")
_START = re.compile(rf"{_WHOLE_START.pattern}|[\U00010000-\U0010ffff]")
"""Where a host may begin. X sees characters beyond U+FFFF in halves, so they may follow anything."""
_PLAIN_TLD = re.compile(r"([0-9A-Za-z]++)(?![@+-])|xn--[0-9A-Za-z-]++", re.IGNORECASE | re.ASCII)
_NOT_AFTER_TLD = re.compile(r"[0-9A-Za-z@+-]")
SETTLED_TLDS = frozenset(SETTLED.split())
ALL_TLDS = SETTLED_TLDS | frozenset(YOUNG.split())
_LONGEST_TLD = max(len(name) for name in ALL_TLDS if not name.isascii())


@dataclass(frozen=True, slots=True)
class Run:
    """A run's labels, as places in the text, and where each's top-level domain ends (-1 if it has none).

    ``reach[i]`` is the last label that a host beginning with the whole of label ``i`` can end with, or -1.
    """

    labels: tuple[tuple[int, int], ...]
    tld_ends: tuple[int, ...]
    reach: tuple[int, ...]


def runs(text: str, tlds: frozenset[str]) -> Iterator[Run]:
    """Find the runs that hold a top-level domain, in order."""
    for match in _RUN.finditer(text):
        labels = tuple(_labels(match[0], match.start()))
        tld_ends = (-1, *(tld_end(text, start, tlds) for start, _ in labels[1:]))
        if max(tld_ends) >= 0:
            yield Run(labels=labels, tld_ends=tld_ends, reach=_reach(text, labels, tld_ends))


def host_end(text: str, run: Run, label: int, start: int) -> int:
    """Return where the longest host from ``start`` (within that label) ends, or -1."""
    end = run.labels[label][1]
    if label + 1 == len(run.labels) or not _is_label(text, start, end):
        return -1
    further = run.reach[label + 1]
    if further >= 0:
        return run.tld_ends[further]
    return run.tld_ends[label + 1] if text.find("_", start, end) < 0 else -1


def starts(text: str, run: Run, label: int, after: int) -> Iterator[int]:
    """Find where in a label a host may begin, not before ``after``: only a few places can matter.

    They are the first, and the first after the last underscore (the label before the top-level domain may
    have none). At the very beginning X takes the second character rather than the first; and the character
    just before ``after`` will do if it has two halves.
    """
    begin, end = run.labels[label]
    if begin == after == 0 and text[0] <= "\uffff" and end > 1 and _START.match(text, 1):
        yield 1
    if begin < after <= end and text[after - 1] > "\uffff":
        yield after - 1
    first = _START.search(text, max(begin, after), end)
    if first:
        yield first.start()
        underscore = text.rfind("_", first.start(), end)
        second = _START.search(text, underscore + 1, end) if underscore >= 0 else None
        if second:
            yield second.start()


def is_halved(text: str, start: int, after: int) -> bool:
    """Return whether a host at ``start`` begins with the second half (in UTF-16) of that character.

    X needs a free character before a host; where there is none, the first half of such a one will do.
    """
    return text[start] > "\uffff" and (start == 0 or start < after or not _WHOLE_START.match(text, start))


def second_half(host: str) -> str:
    """Return a host whose first character has lost its first half."""
    return host[0].encode("utf-16-le")[2:].decode("utf-16-le", "surrogatepass") + host[1:]


def tld_end(text: str, start: int, tlds: frozenset[str]) -> int:
    """Return where the top-level domain that begins here ends, or -1."""
    plain = _PLAIN_TLD.match(text, start)
    if plain and (plain[1] is None or plain[1].lower() in tlds):
        return plain.end()
    for end in range(min(start + _LONGEST_TLD, len(text)), start, -1):
        name = text[start:end].upper().lower()
        if not name.isascii() and name in tlds and not _NOT_AFTER_TLD.match(text, end):
            return end
    return -1


def _labels(run: str, offset: int) -> Iterator[tuple[int, int]]:
    for label in run.split("."):
        yield offset, offset + len(label)
        offset += len(label) + 1


def _is_label(text: str, start: int, end: int) -> bool:
    return text[start] not in "-_" and text[end - 1] not in "-_"


def _reach(text: str, labels: tuple[tuple[int, int], ...], tld_ends: tuple[int, ...]) -> tuple[int, ...]:
    """Work out ``Run.reach`` from the last label to the first, so that each is looked at once."""
    reach = [-1] * (len(labels) + 1)
    for at in range(len(labels) - 2, -1, -1):
        start, end = labels[at]
        if not _is_label(text, start, end):
            continue
        if reach[at + 1] >= 0:
            reach[at] = reach[at + 1]
        elif tld_ends[at + 1] >= 0 and text.find("_", start, end) < 0:
            reach[at] = at + 1
    return tuple(reach)
