"""Remember what a feed's server said about its document, to ask only for what is new."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

LONGEST = 1_000
"""The longest validator kept, in characters; a server that sends longer ones is asked without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Hold where a feed was left: its address (hashed, as it may hold a key), validators, the body's hash.

    ``entries``: how many the last whole document had; ``oldest``: a mark of the one at its old end.
    """

    address: str
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    entries: int = 0
    oldest: str = ""

    def conditions(self) -> dict[str, str]:
        """Make the headers that ask for a document only if it has changed."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


def read(text: str | None, url: str) -> Cursor:
    """Read a cursor; one of another address, or that is none, counts as not there."""
    try:
        told = json.loads(text or "{}")
        cursor = Cursor(**told)
    except (ValueError, TypeError):
        return at(url)
    return cursor if cursor.address == at(url).address else at(url)


def at(url: str) -> Cursor:
    """Begin at an address, with nothing seen there yet."""
    return Cursor(address=sha256_of(url))


def asking_anew(left: Cursor) -> Cursor:
    """Ask for the same document again, as if it had not been seen; what was known of the last one stays."""
    return replace(left, etag="", last_modified="", sha256="")


def sha256_of(text: str) -> str:
    """Hash a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def written(cursor: Cursor) -> str:
    """Write a cursor as JSON."""
    return json.dumps(asdict(cursor))


def moved(left: Cursor, headers: Mapping[str, str], sha256: str) -> Cursor:
    """Make the next cursor from an answer's headers.

    A 304 may leave its validators out, then those it confirmed stay.
    """
    same = sha256 == left.sha256
    return Cursor(
        address=left.address,
        etag=_validator(headers.get("ETag")) or (left.etag if same else ""),
        last_modified=_validator(headers.get("Last-Modified")) or (left.last_modified if same else ""),
        sha256=sha256,
        entries=left.entries,
        oldest=left.oldest,
    )


def _validator(value: str | None) -> str:
    return value if value and len(value) <= LONGEST and value.isprintable() else ""
