"""Read Graph's refusals: which code means what, and what a person must do about it.

Sources: Meta's error reference, also that of the feed; subcodes, 21, 33, 803, 1705 and 2635 from dated notes
and issue threads until 2026-11; the permissions from Meta's guides to posts and to comments (2026-04).
"""

from dataclasses import replace
from datetime import datetime

from spotlight_notify.networks.facebook.graph import GraphFailure
from spotlight_notify.networks.facebook.rate_limits import facebook_reset_at
from spotlight_notify.networks.failures import (
    DUPLICATE,
    REJECTED,
    THROTTLED,
    UNKNOWN,
    UNREACHABLE,
    BadAnswer,
    Evidence,
    FailureKind,
    rest,
    suspect,
    unauthorized,
    while_looking,
    while_removing,
)
from spotlight_notify.wire.sessions import NotSent

RESUME = "put it into the configuration, then resume the channel"
TOKEN = unauthorized(f"The Page token is dead: make a new long-lived Page token, {RESUME}")
STRAY = unauthorized(TOKEN.advice, unexplained=True)
"""A token that is refused without a reason: that was seen to pass."""
CHECKPOINT = unauthorized(
    "Facebook wants to check the person behind the token: log in to facebook.com as that person, "
    "do what it asks, then resume the channel"
)
ROLE = unauthorized(
    "The person behind the token no longer has a role on the Page: give it back "
    f"(with the task to create content), make a new Page token, {RESUME}"
)
PERMISSION = unauthorized(
    "The token may not post to the Page: give the app pages_manage_posts and pages_read_engagement again, "
    f"and the person behind the token the task to create content; make a new Page token, {RESUME}"
)
COMMENTING = unauthorized(
    "The token may not comment on the Page's posts: give the app pages_manage_engagement and "
    "pages_read_engagement, and the person behind the token the tasks to moderate and to create content; "
    f"make a new Page token, {RESUME}"
)
REMOVING = unauthorized(
    "The token may not take this off the Page: give the app pages_manage_posts for posts and "
    "pages_manage_engagement for comments, and the person behind the token the tasks to moderate and to "
    f"create content; make a new Page token, {RESUME}"
)
IDENTITY = unauthorized(
    "Facebook wants the identity of a person who runs the Page confirmed: log in to facebook.com, "
    "open the Page's Support Inbox, do what it asks, then resume the channel"
)
BLOCKED = unauthorized(
    "Facebook has blocked the Page or the app from posting for now: open the Page's Support Inbox "
    "on facebook.com, settle what it says, then resume the channel"
)
CONTENT = suspect(BLOCKED.advice)
"""Words or a link that Facebook will not have; the Page itself, if it will not have the next ones either."""
SECRET = unauthorized(
    "The app secret is missing or is not that of the app the token was made with: set app_secret right, "
    "then resume the channel"
)
PAGE = unauthorized(
    "The Page is not there or the token may not see it: check page_id, and that the token is this Page's "
    "own, then resume the channel"
)
VERSION = unauthorized(
    "Graph no longer serves this version: set graph_version to a newer one, then resume the channel"
)
MOVED = unauthorized(
    "The Page has another id now: set page_id to the one that Facebook names, make a new Page token if it is "
    f"refused, {RESUME}"
)
SERVER = unauthorized(
    "The app takes calls from the addresses on its list alone: add this machine's in the app's advanced "
    "settings on developers.facebook.com, then resume the channel"
)
PATH = unauthorized(
    "Graph does not know this call: check base_url, graph_version and page_id, then resume the channel"
)

RATE_LIMITS = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
"""Codes that prove the call was not carried out, even where Graph calls them transient.

The last are those of business use; 80001 is that of Pages.
"""
NUMBERS: dict[int, FailureKind] = {
    1390008: rest(hours=6),
    4854002: IDENTITY,
    1404082: DUPLICATE,
    1366051: DUPLICATE,
    1346003: CONTENT,
    1366046: REJECTED,
    1609008: REJECTED,
    1609005: UNREACHABLE,
}
"""Numbers that mean the same as a code and as a subcode of any code."""
PAIRS: dict[tuple[int, int], FailureKind] = {
    (100, 33): PAGE,
    (190, 459): CHECKPOINT,
    (190, 464): CHECKPOINT,
    (190, 492): ROLE,
}
_DEAD = (
    *("expired", "invalidated", "revoked", "password", "logged out", "not authorized application"),
    *("malformed", "cannot parse", "could not be decrypted", "deleted", "disabled"),
)
"""Words that say why a token is dead, where no subcode does."""
WORDS: dict[int, tuple[tuple[str, FailureKind], ...]] = {
    100: (("appsecret_proof", SECRET),),
    104: (("appsecret_proof", SECRET),),
    190: (
        ("impersonating a user's page", PERMISSION),
        ("appsecret_proof", SECRET),
        *((word, TOKEN) for word in _DEAD),
    ),
    368: (
        ("already posted", DUPLICATE),
        ("duplicate", DUPLICATE),
        ("how often you can post", rest(hours=6)),
        ("going too fast", rest(hours=6)),
        ("temporarily blocked", BLOCKED),
    ),
}
"""Code -> words in its message (lower-case) that say more than the code."""
CODES: dict[int, FailureKind] = {
    1: UNKNOWN,
    2: UNKNOWN,
    3: PERMISSION,
    5: SERVER,
    10: PERMISSION,
    12: VERSION,
    21: MOVED,
    100: REJECTED,
    102: TOKEN,
    104: TOKEN,
    105: REJECTED,
    190: STRAY,
    194: REJECTED,
    197: REJECTED,
    283: PERMISSION,
    324: REJECTED,
    368: CONTENT,
    506: DUPLICATE,
    803: PAGE,
    1500: REJECTED,
    1705: PAGE,
    2500: PATH,
    2635: VERSION,
    **dict.fromkeys(range(200, 300), PERMISSION),
}
"""What is left; a code that is not here proves nothing about the post."""


def facebook_evidence(error: Exception, now: datetime) -> Evidence:
    """Read what a failed call proves from Graph's answer, or from there being none."""
    if isinstance(error, GraphFailure):
        until_at = facebook_reset_at(error.headers, now)
        return Evidence(kind=classify(error), words=_words(error), until_at=until_at)
    if isinstance(error, NotSent):
        return Evidence(kind=UNREACHABLE, words=f"Facebook was not reached: {error}")
    if isinstance(error, BadAnswer):
        return Evidence(kind=UNKNOWN, words=f"Facebook answered 200, but {error}")
    return Evidence(kind=UNKNOWN, words=f"Facebook's answer is missing: {type(error).__name__}: {error}")


def while_commenting(evidence: Evidence) -> Evidence:
    """Read evidence of a failed comment: its post may be gone, or a permission of its own missing."""
    if evidence.kind is PAGE:
        words = f"the post that it should stand under is not there: {evidence.words}"
        return replace(evidence, kind=REJECTED, words=words)
    return _lacking(evidence, COMMENTING)


def while_reading_comments(evidence: Evidence) -> Evidence:
    """Read evidence of a failed look at comments: as of a comment, but it tells nothing of what is public."""
    return while_looking(while_commenting(evidence))


def while_deleting(evidence: Evidence) -> Evidence:
    """Read evidence of a failed removal: a permission of its own may be missing."""
    return while_removing(_lacking(evidence, REMOVING))


def _lacking(evidence: Evidence, permissions: FailureKind) -> Evidence:
    """Name the permissions that a call needs, where posting needs others."""
    return replace(evidence, kind=permissions) if evidence.kind is PERMISSION else evidence


def says_gone(failure: GraphFailure) -> bool:
    """Return whether Graph says that there is no such thing, or that the token may not see it."""
    return classify(failure) is PAGE


def classify(failure: GraphFailure) -> FailureKind:
    """Return what an answer means for the post; the order of the questions matters.

    A post can go live though Graph answers 5xx, code 1 or 2, calls the error transient, or tells of something
    that was made.
    """
    if failure.status >= 500 or failure.written is not None:
        return UNKNOWN
    if failure.code in RATE_LIMITS:
        return THROTTLED
    numbered = NUMBERS.get(failure.subcode or 0) or NUMBERS.get(failure.code or 0)
    if numbered or failure.is_transient:
        return numbered or UNKNOWN
    return _by_code(failure) or (THROTTLED if failure.status == 429 else UNKNOWN)


def _by_code(failure: GraphFailure) -> FailureKind | None:
    code, subcode = failure.code or 0, failure.subcode or 0
    message = str(failure.error.get("message")).lower()
    said = next((kind for needle, kind in WORDS.get(code, ()) if needle in message), None)
    kind = PAIRS.get((code, subcode)) or said or CODES.get(code)
    if kind is STRAY and subcode:
        return TOKEN
    return STRAY if kind is None and failure.status == 401 and failure.told else kind


def _words(failure: GraphFailure) -> str:
    """Return Graph's own words, with the numbers that its support asks for."""
    error = failure.error
    said = [error.get(name) for name in ("message", "error_user_title", "error_user_msg")]
    words = ": ".join(dict.fromkeys(word for word in said if isinstance(word, str) and word))
    numbers = {"code": failure.code, "subcode": failure.subcode, "fbtrace_id": failure.fbtrace_id}
    told = ", ".join(f"{name} {value}" for name, value in numbers.items() if value)
    return f"Facebook answered {failure.status} {words}" + (f" ({told})" if told else "")
