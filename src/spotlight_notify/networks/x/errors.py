"""Read X's refusals: which answer means what, and what a person must do about it.

Sources: X's v2 problem types, and its v1.1 error codes (still seen inside v2 answers), as issue threads and
other projects quoted them until 2026-11.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import requests

from spotlight_notify.networks.failures import (
    DUPLICATE,
    REJECTED,
    THROTTLED,
    UNKNOWN,
    UNREACHABLE,
    BadAnswer,
    Evidence,
    FailureKind,
    latest_reset,
    rest,
    suspect,
    unauthorized,
)
from spotlight_notify.wire.http_dates import answered_at, retry_at
from spotlight_notify.wire.sessions import NotSent

RESUME = "then resume the channel"
KEYS = unauthorized(
    "X does not accept the keys: copy all four again from the app's Keys and tokens page at console.x.com "
    f"(new ones if they were regenerated or revoked), {RESUME}"
)
WRITE = unauthorized(
    "The app may only read: set its user authentication to Read and write at console.x.com, generate the "
    f"access token and its secret anew, put them into the configuration, {RESUME}"
)
ENROL = unauthorized(
    "The app is not enrolled for this call: "
    f"attach it to a project or plan with posting at console.x.com, {RESUME}"
)
CREDITS = unauthorized(f"The X account is out of credits: buy some at console.x.com, {RESUME}")
CAP = unauthorized(
    f"The spending or usage cap is reached: raise it at console.x.com or wait for the next cycle, {RESUME}"
)
SUSPENDED = unauthorized(
    f"X has suspended the account: log in to x.com and appeal, {RESUME} once it is lifted"
)
LOCKED = unauthorized(f"X has locked the account: log in to x.com as the account, do what it asks, {RESUME}")
CLOCK = unauthorized(f"This machine's clock is wrong: set it (use a time service), {RESUME}")
ADDRESS = unauthorized(f"X does not know this call: check base_url in the channel's settings, {RESUME}")
STRAY = unauthorized(KEYS.advice, unexplained=True)
"""Keys that are refused without a reason: that was seen to pass."""
REFUSED = suspect(
    "X does not let this account or app post: log in to x.com as the account and look for notices, "
    f"check the app's permissions (Read and write) and plan at console.x.com, {RESUME}",
    unexplained=True,
)
DAILY = rest(hours=3)

WORDS: tuple[tuple[str, FailureKind], ...] = (
    ("duplicate content", DUPLICATE),
    ("status is a duplicate", DUPLICATE),
    ("/duplicate-rules", DUPLICATE),
    ("code=187;", DUPLICATE),
    ("your media ids are invalid", UNREACHABLE),
    ("text is too long", REJECTED),
    ("code=186;", REJECTED),
    ("potentially harmful", REJECTED),
    ("deleted or not visible to you", REJECTED),
    ("code=385;", REJECTED),
    ("only reply to or quote posts", REJECTED),
    ("reply to this conversation is not allowed", REJECTED),
    ("not permitted to reply", REJECTED),
    ("spendcapreached", CAP),
    ("creditsdepleted", CREDITS),
    ("usagecapexceeded", CAP),
    ("problems/usage-capped", CAP),
    ("problems/credits", CREDITS),
    ("oauth1-permissions", WRITE),
    ("oauth1 app permissions", WRITE),
    ("cannot perform write actions", WRITE),
    ("code=261;", WRITE),
    ("client-forbidden", ENROL),
    ("client-not-enrolled", ENROL),
    ("different access level", ENROL),
    ("code=453;", ENROL),
    ("bad authentication data", KEYS),
    ("code=215;", KEYS),
    ("unsupported-authentication", KEYS),
    ("expired token", KEYS),
    ("revoked", KEYS),
    ("code=89;", KEYS),
    ("timestamp out of bounds", CLOCK),
    ("code=135;", CLOCK),
    ("is suspended", SUSPENDED),
    ("code=64;", SUSPENDED),
    ("temporarily locked", LOCKED),
    ("code=326;", LOCKED),
    ("code=231;", LOCKED),
    ("daily limit", DAILY),
    ("daily status update limit", DAILY),
    ("code=185;", DAILY),
    ("code=344;", DAILY),
    ("code=88;", THROTTLED),
    ("might be automated", rest(hours=1)),
    ("code=226;", rest(hours=1)),
)
"""Words of refusals (lower-case, first match decides); they mean the same with any status from 400 to 499."""
OTHERWISE: dict[int, FailureKind] = {
    400: REJECTED,
    401: STRAY,
    402: CREDITS,
    403: REFUSED,
    404: ADDRESS,
    405: ADDRESS,
    410: ADDRESS,
    413: REJECTED,
    415: REJECTED,
    422: REJECTED,
    429: THROTTLED,
}
"""What a refusal means by its status, where no words are known; one that is not here is REFUSED."""
IN_ANY_WORDS = frozenset({401, 402, 429})
"""Statuses that mean what they mean whoever says so. All others come from something on the way as well (a
proxy, a firewall), and are believed in X's own words alone.
"""
NO_REFUSALS = frozenset({408, 409, 425, 499})
"""Statuses that tell of trouble with time or with another request: they prove nothing about the post."""


def x_evidence(error: Exception, answer: requests.Response | None, now: datetime) -> Evidence:
    """Read what a failed call proves: from the answer, whatever the SDK made of it, or its absence."""
    if answer is not None:
        body = _json_object(answer)
        words = f"X answered {answer.status_code} {_words(body) or answer.reason or ''}"
        words += f", but {error}" if isinstance(error, BadAnswer) else ""
        kind = classify(answer.status_code, body)
        return Evidence(kind=kind, words=words, until_at=x_reset_at(answer.headers, now))
    if isinstance(error, NotSent):
        return Evidence(kind=UNREACHABLE, words=f"X was not reached: {error}")
    return Evidence(kind=UNKNOWN, words=f"X's answer is missing: {type(error).__name__}: {error}")


def classify(status: int, body: dict[str, Any] | None) -> FailureKind:
    """Return what a status and a body (None when it is not a JSON object) mean for the post."""
    if not 400 <= status < 500 or status in NO_REFUSALS or (body and body.get("data")):
        return UNKNOWN
    if body is None or not _is_xs_own(body):
        return OTHERWISE[status] if status in IN_ANY_WORDS else UNKNOWN
    told = _told(body)
    return next((kind for needle, kind in WORDS if needle in told), OTHERWISE.get(status, REFUSED))


def says_gone(answer: requests.Response | None) -> bool:
    """Return whether X, in its own words, knows no post with the id asked for.

    X says so with a 404, or with a 200 that holds nothing but errors of that kind.
    """
    body = None if answer is None else _json_object(answer)
    if answer is None or body is None or not _is_xs_own(body):
        return False
    kinds = [str(error.get("type")) for error in _errors(body)]
    absent = bool(kinds) and all(kind.endswith("/resource-not-found") for kind in kinds)
    return answer.status_code == 404 or (answer.status_code == 200 and absent and "data" not in body)


def _json_object(answer: requests.Response) -> dict[str, Any] | None:
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _errors(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            yield error


def _problems(body: dict[str, Any]) -> list[dict[str, Any]]:
    """List what is told in X's three forms: a problem, a code with its message, and lists of either."""
    return [body, *_errors(body)]


def _is_xs_own(body: dict[str, Any]) -> bool:
    """Return whether a body has one of X's forms; a message alone is what gateways write."""
    return any(True for _ in _errors(body)) or bool(body.keys() & {"title", "detail", "type", "code"})


def _words(body: dict[str, Any] | None) -> str:
    """Return X's own words: titles, details and messages, each once."""
    if body is None:
        return ""
    said = [body.get(name) for name in ("title", "detail", "error", "message")]
    said += [error.get("message") or error.get("detail") or error.get("title") for error in _errors(body)]
    return ": ".join(dict.fromkeys(word for word in said if isinstance(word, str) and word))


def _told(body: dict[str, Any]) -> str:
    """Return all that is searched for words, in lower case; parameters that X echoes are left out."""
    named = "".join(
        f"{problem.get('type')} {problem.get('reason')} code={problem.get('code')}; "
        for problem in _problems(body)
    )
    return f"{named}{_words(body)}".lower()


LIMITS = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
"""The first is documented; the others are seen in the field and may be absent."""


def x_reset_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the limits that are used up begin anew, the latest of them; None when nothing says so."""
    named = [_reset(headers, name, now) for name in _used_up(headers) or LIMITS[:1]]
    return latest_reset([*named, retry_at(headers.get("retry-after", ""), now)], now)


def x_used_up_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the limits begin anew that the call used up, though it was carried out; else None."""
    return latest_reset([_reset(headers, name, now) for name in _used_up(headers)], now)


def _used_up(headers: Mapping[str, str]) -> list[str]:
    return [name for name in LIMITS if headers.get(f"{name}-remaining", "").strip() == "0"]


def _reset(headers: Mapping[str, str], name: str, now: datetime) -> datetime | None:
    """Read when a limit begins anew, by our clock: X tells it by its own, which its Date header shows."""
    told, there = _epoch(headers.get(f"{name}-reset")), answered_at(headers)
    return told + (now - there) if told and there else told


def _epoch(seconds: str | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
