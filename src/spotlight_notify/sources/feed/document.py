"""A feed document as plain values, and how it passes through a pipe, each frame with its length before it."""

import json
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any, TypeVar

Raw = TypeVar("Raw")

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError)
"""What odd contents make their readers raise. Memory and nesting that run out are no such thing."""
MAX_ENTRIES = 20_000
"""Entries that are read, about as many as fit in 5 MiB: one left out would look new when it came back."""
MAX_FRAME = 64 * 1024 * 1024
"""The longest thing sent at once, in bytes: 500 entries at their limits stay below it."""
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture of an entry; ``alt`` is empty when nothing is said about it."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry in plain text; what is not given is empty.

    ``link`` is absolute http(s) and the entry's own. ``guid`` is just as it was written; ``guid_is_link`` is
    False where it says that it is none.
    ``published``, ``updated``, and of an event ``begins`` and ``ends`` (or when an entry expires) are seconds
    since 1970, UTC. ``file_size``: in bytes, of the file that ``link`` leads to.
    """

    guid: str = ""
    title: str = ""
    summary: str = ""
    link: str = ""
    guid_is_link: bool = True
    categories: tuple[str, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    published: float | None = None
    updated: float | None = None
    begins: float | None = None
    ends: float | None = None
    file_size: int | None = None

    @property
    def time(self) -> float | None:
        """When it appeared, or was changed if that is all that is known."""
        return self.published if self.published is not None else self.updated


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A feed: its entries in the order they stand there, its site's link, and what was mended.

    ``older``: the address of a page with older entries, absolute; empty where there is none.
    ``cut_short``: the end of the document is missing, so it must be fetched again.
    ``unread``: something in it could not be read, so what is not there may be there all the same.
    ``error``: why this is no feed; then there is nothing else.
    """

    entries: tuple[Entry, ...] = ()
    site_link: str = ""
    older: str = ""
    warnings: tuple[str, ...] = ()
    cut_short: bool = False
    unread: bool = False
    error: str = ""


def too_many(count: int) -> tuple[str, ...]:
    """Warn about entries that ``newest`` leaves out."""
    if count <= MAX_ENTRIES:
        return ()
    return (f"the feed holds {count} entries; only the newest {MAX_ENTRIES} were read",)


def read_each(told: Iterable[Raw], read: Callable[[Raw], Entry], warnings: list[str]) -> Iterator[Entry]:
    """Yield the entries that can be read; one of the ``warnings`` counts the others."""
    count = 0
    for one in told:
        try:
            yield read(one)
        except UNREADABLE:
            count += 1
    if count:
        who = "an entry could not be read and was"
        who = who if count == 1 else f"{count} entries could not be read and were"
        warnings.append(f"{who} passed over")


def newest(entries: Sequence[Raw], time_of: Callable[[Raw], float | None]) -> Sequence[Raw]:
    """Keep at most MAX_ENTRIES, in their order: the newest, of equals the first."""
    if len(entries) <= MAX_ENTRIES:
        return entries
    times = filled([time_of(entry) for entry in entries])
    ranked = sorted(range(len(entries)), key=times.__getitem__, reverse=True)
    return [entries[at] for at in sorted(ranked[:MAX_ENTRIES])]


def filled(times: Sequence[float | None]) -> list[float]:
    """Return the times, where one is missing that of the older neighbour, as feeds list the newest first."""
    found, last = [], float("-inf")
    for time in reversed(times):
        last = time if time is not None else last
        found.append(last)
    return found[::-1]


class PipeBroken(Exception):
    """The other end of a pipe is gone."""


def send(pipe: IO[bytes], data: bytes) -> None:
    """Write one frame."""
    try:
        pipe.write(_LENGTH.pack(len(data)) + data)
        pipe.flush()
    except OSError as error:
        raise PipeBroken from error


def receive(pipe: IO[bytes]) -> bytes:
    """Read one frame; PipeBroken when the other end is gone, also in the middle of it."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if length > MAX_FRAME:
        raise PipeBroken
    return _exactly(pipe, length)


def packed(document: Document, grown: int) -> bytes:
    """Write a document as JSON, and how much more memory (bytes) its reader holds than at its start."""
    return json.dumps({**asdict(document), "grown": grown}).encode("ascii")


def unpacked(data: bytes) -> tuple[Document, int]:
    """Read what ``packed`` wrote."""
    told: dict[str, Any] = json.loads(data)
    grown = int(told.pop("grown"))
    entries = tuple(_entry(entry) for entry in told.pop("entries"))
    return Document(entries=entries, warnings=tuple(told.pop("warnings")), **told), grown


def _entry(told: dict[str, Any]) -> Entry:
    drawings = tuple(Drawing(**drawing) for drawing in told.pop("drawings"))
    return Entry(drawings=drawings, categories=tuple(told.pop("categories")), **told)


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise PipeBroken
    return data
