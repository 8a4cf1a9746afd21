"""Read what headers say of a feed's document: how to ask only for what is new, and when to ask again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.wire.http_dates import retry_at

WHOLE_EVERY = timedelta(days=1)
"""How old a document may be that a server calls unchanged: then it is asked for without conditions.

Some servers answer 304 by a date that never moves, whatever is new.
"""
MAX_VALIDATOR = 1_000
"""The longest validator kept, in characters; a server that sends longer ones is asked without."""
LONGEST_WAIT = timedelta(hours=24)
"""No wait that a server in trouble asks for is longer: a slip in a header must not silence a source."""
LONGEST_FRESH = timedelta(hours=1)
"""No answer counts as fresh for longer: caches are told "ten years" of what has news tomorrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a feed was left: its address (hashed, as it may hold a key), validators, the body's hash.

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
        """Return whether it is time to see the whole again; so it is where a clock has stepped back since."""
        return not 0 <= int(now.timestamp()) - self.whole_at < WHOLE_EVERY.total_seconds()

    def conditions(self, now: datetime) -> dict[str, str]:
        """Make the headers that ask for a document only if it has changed; none once a day."""
        if self.is_old(now):
            return {}
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


def read_cursor(text: str | None, url: str) -> Cursor:
    """Read a cursor; one of another address, or that is none, counts as not there."""
    try:
        told = json.loads(text or "{}")
        cursor = Cursor(**{**told, "notes": tuple(told.get("notes", ()))})
    except (ValueError, TypeError, AttributeError):
        return cursor_at(url)
    return cursor if cursor.address == cursor_at(url).address else cursor_at(url)


def cursor_at(url: str) -> Cursor:
    """Begin at an address, with nothing seen there yet."""
    return Cursor(address=sha256_of(url))


def without_validators(left: Cursor) -> Cursor:
    """Ask for the same document again, as if it had not been seen; what was known of the last one stays."""
    return replace(left, etag="", last_modified="", sha256="")


def sha256_of(text: str) -> str:
    """Hash a text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def write_cursor(cursor: Cursor) -> str:
    """Write a cursor as JSON."""
    return json.dumps(asdict(cursor))


def next_cursor(left: Cursor, headers: Mapping[str, str], sha256: str, now: datetime) -> Cursor:
    """Make the next cursor from an answer that came with a document, and of its headers alone."""
    etag, last_modified = (_validator(headers.get(name)) for name in ("ETag", "Last-Modified"))
    following = replace(left, etag=etag, last_modified=last_modified, sha256=sha256)
    if following == left and not left.is_old(now):
        return left
    return replace(following, whole_at=int(now.timestamp()))


def _validator(value: str | None) -> str:
    return value if value and len(value) <= MAX_VALIDATOR and value.isprintable() else ""


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read Retry-After, in seconds or as a date; None when it is missing, past or unreadable."""
    until = retry_at(headers.get("Retry-After", ""), now)
    return min(until - now, LONGEST_WAIT) if until and until > now else None


def fresh_for(headers: Mapping[str, str]) -> timedelta | None:
    """Read how long an answer stays fresh from now on; None when it does not say, or is stale already."""
    fresh = max_age(headers)
    spent = _bounded(headers.get("Age", "")) or timedelta()
    return min(fresh - spent, LONGEST_FRESH) if fresh and fresh > spent else None


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """Read how long an answer stays fresh from Cache-Control, since it left its server; None if not said."""
    directives = [part.strip().lower() for part in headers.get("Cache-Control", "").split(",")]
    if "no-cache" in directives or "no-store" in directives:
        return None
    ages = (part.partition("=")[2].strip('" ') for part in directives if part.startswith("max-age="))
    age = next((age for age in ages if age.isdecimal()), "")
    return _bounded(age) if age else None


def _bounded(seconds: str) -> timedelta | None:
    """Read whole seconds, more than none and at most LONGEST_WAIT."""
    if not (seconds.isascii() and seconds.isdecimal()):
        return None
    wait = timedelta(seconds=min(int(seconds[:12]), LONGEST_WAIT.total_seconds()))
    return wait or None
