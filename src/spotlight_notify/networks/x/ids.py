"""Read the ids of X: what a post's tells about it, and whose an access token is."""

import re
from datetime import UTC, datetime

SNOWFLAKE_EPOCH_MS = 1_288_834_974_657
"""X's ids count milliseconds from 2010-11-04 in all but their lowest 22 bits."""
SNOWFLAKE_DIGITS = 19
"""What a number of 63 bits can have."""
FIRST_DAY = datetime(2010, 11, 6, tzinfo=UTC)
"""The earliest time that X lets a timeline begin at."""
_POST = re.compile(r"[1-9]\d{0,18}", re.ASCII)
_OWNER = re.compile(r"(\d{1,19})-", re.ASCII)


def posted_at(post_id: str) -> datetime | None:
    """Read the time from a post's id; None if the id is none of X's."""
    if not post_id.isdecimal() or len(post_id) > SNOWFLAKE_DIGITS:
        return None
    return datetime.fromtimestamp(((int(post_id) >> 22) + SNOWFLAKE_EPOCH_MS) / 1000, UTC)


def is_post_id(words: str) -> bool:
    """Return whether words can be a post's id, and so may stand in an address."""
    return _POST.fullmatch(words) is not None


def id_of(value: object) -> str | None:
    """Read an id, of a post or a picture, from what an answer holds in its place; None when it is none."""
    words = str(value) if isinstance(value, str | int) else ""
    return words if is_post_id(words) else None


def post_url(post_id: str) -> str:
    """Return the address of a post, which needs no user name."""
    return f"https://x.com/i/web/status/{post_id}"


def owner_of(access_token: str) -> str | None:
    """Read the account's id from its access token (``ID-...``); None if the token has none."""
    found = _OWNER.match(access_token)
    return found[1] if found else None
