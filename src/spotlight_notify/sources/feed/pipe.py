"""Pass documents and answers through a pipe, each with its length before it."""

import json
import struct
from dataclasses import asdict
from typing import IO, Any

from spotlight_notify.sources.feed.document import Document, Drawing, Entry

MAX_FRAME = 64 * 1024 * 1024
"""The longest thing sent at once, in bytes: 500 entries at their limits stay below it."""
_LENGTH = struct.Struct(">Q")


class PipeBroken(Exception):
    """Say that the other end is gone."""


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
