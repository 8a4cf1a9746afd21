"""Read a response's body, unpacked, within a limit."""

import zlib
from collections.abc import Iterator
from http.client import HTTPException
from typing import TYPE_CHECKING

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from zlib import _Decompress

PIECE = 65_536
"""Bytes read, and unpacked, at a time."""
GZIP_START = 0x1F
MOST_DIGITS = 18
"""Digits of a Content-Length that are read: with more it is too large, whatever the limit."""
BROKEN = (HTTPError, HTTPException, OSError, ValueError)
"""What urllib3 and http.client raise for an answer that breaks off or makes no sense."""


class BodyRefused(Exception):
    """Why a body is not taken: too large, or not unpackable."""


class BodyTooLarge(BodyRefused):
    """Say that an answer is larger than is read."""


def read_body(response: BaseHTTPResponse, max_bytes: int) -> bytes:
    """Read the whole body, unpacked; memory stays near ``max_bytes`` however tightly it was packed.

    Raises BodyRefused, or one of BROKEN when the connection breaks or time is up.
    """
    declared = response.headers.get("content-length", "").lstrip("0")
    if declared.isdecimal() and (len(declared) > MOST_DIGITS or int(declared) > max_bytes):
        raise BodyTooLarge(f"the answer is larger than {max_bytes:,} bytes")
    body = bytearray()
    for piece in _pieces(response):
        body += piece
        if len(body) > max_bytes:
            raise BodyTooLarge(f"the answer is larger than {max_bytes:,} bytes")
    return bytes(body)


def read_start(response: BaseHTTPResponse, max_bytes: int) -> bytes:
    """Read the first ``max_bytes``, unpacked; what comes after them, or cannot be unpacked, is left out.

    Raises one of BROKEN when the connection breaks or time is up before.
    """
    body = bytearray()
    try:
        for piece in _pieces(response):
            body += piece
            if len(body) >= max_bytes:
                break
    except BodyRefused:
        pass  # what came before it is good
    return bytes(body[:max_bytes])


def _pieces(response: BaseHTTPResponse) -> Iterator[bytes]:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    return _unpacked(response.stream(PIECE, decode_content=False), encoding)


def _unpacked(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Undo a Content-Encoding, a piece at a time."""
    if encoding in ("", "identity"):
        return chunks
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise BodyRefused(f"the answer is packed as {encoding[:40]!r}, which was not asked for")
    return _inflated(chunks)


def _inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    inflater = None
    for chunk in chunks:
        while chunk:
            if inflater is None or inflater.eof:
                if inflater is not None and chunk[0] != GZIP_START:
                    return  # padding after the end
                inflater = _inflater(chunk[0])
            yield _inflate(inflater, chunk)
            chunk = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if inflater is not None and not inflater.eof:
        raise BodyRefused("the packed answer is cut short")


def _inflater(first: int) -> "_Decompress":
    """Choose by the first byte: gzip, zlib, or the bare deflate that some servers call deflate."""
    wrapped = first == GZIP_START or first & 0x0F == zlib.DEFLATED
    return zlib.decompressobj(32 + zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)


def _inflate(inflater: "_Decompress", chunk: bytes) -> bytes:
    try:
        return inflater.decompress(chunk, PIECE)
    except zlib.error as error:
        raise BodyRefused("the packed answer is damaged") from error
