"""Remember what a feed's server said about its document, to ask only for what is new."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

WHOLE_EVERY = timedelta(days=1)
"""How old a document may be that a server calls unchanged: then it is asked for without conditions.

Some servers answer 304 by a date that never moves, whatever is new.
"""
LONGEST = 1_000
"""The longest validator kept, in characters; a server that sends longer ones is asked without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Hold where a feed was left: its address (hashed, as it may hold a key), validators, the body's hash.

    ``entries``: how many the last whole document had; ``oldest``: a mark of the one at its old end.
    ``whole_at``: when a document last came with its answer, in seconds since 1970.
    ``notes``: what is wrong with that document, since it is not seen again until it changes.
    """

    address: str
    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    entries: int = 0
    oldest: str = ""
    whole_at: int = 0
    notes: tuple[str, ...] = ()

    def is_old(self, now: datetime) -> bool:
        """Tell whether it is time to see the whole again; so it is where a clock has stepped back since."""
        return not 0 <= int(now.timestamp()) - self.whole_at < WHOLE_EVERY.total_seconds()

    def conditions(self, now: datetime) -> dict[str, str]:
        """Make the headers that ask for a document only if it has changed; none once a day."""
        if self.is_old(now):
            return {}
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


def read(text: str | None, url: str) -> Cursor:
    """Read a cursor; one of another address, or that is none, counts as not there."""
    try:
        told = json.loads(text or "{}")
        cursor = Cursor(**{**told, "notes": tuple(told.get("notes", ()))})
    except (ValueError, TypeError, AttributeError):
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


def moved(left: Cursor, headers: Mapping[str, str], sha256: str, now: datetime) -> Cursor:
    """Make the next cursor from an answer that came with a document, and of its headers alone."""
    etag, last_modified = (_validator(headers.get(name)) for name in ("ETag", "Last-Modified"))
    following = replace(left, etag=etag, last_modified=last_modified, sha256=sha256)
    if following == left and not left.is_old(now):
        return left
    return replace(following, whole_at=int(now.timestamp()))


def _validator(value: str | None) -> str:
    return value if value and len(value) <= LONGEST and value.isprintable() else ""
