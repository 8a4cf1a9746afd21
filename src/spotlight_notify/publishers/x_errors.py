"""Read X's refusals: which answer means what, and what a person must do about it.

Sources: X's v2 problem types, and its v1.1 error codes (still seen inside v2 answers), as issue threads and
other projects quoted them until 2026-11.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import requests

from spotlight_notify.publishers.resets import x_reset_at
from spotlight_notify.publishers.rulings import (
    DUPLICATE,
    REJECTED,
    THROTTLED,
    UNKNOWN,
    UNREACHABLE,
    BadAnswer,
    Evidence,
    Ruling,
    rest,
    unauthorized,
)
from spotlight_notify.wire import NotSent

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
FORBIDDEN = unauthorized(
    "X does not let this account or app post: log in to x.com as the account and look for notices, "
    f"check the app's permissions (Read and write) and plan at console.x.com, {RESUME}"
)

Words = tuple[tuple[str, Ruling], ...]

MONEY: Words = (
    ("spendcapreached", CAP),
    ("creditsdepleted", CREDITS),
    ("usagecapexceeded", CAP),
    ("problems/usage-capped", CAP),
    ("problems/credits", CREDITS),
)
RULINGS: dict[int, tuple[Words, Ruling]] = {
    400: (
        (
            ("your media ids are invalid", UNREACHABLE),
            ("bad authentication data", KEYS),
            ("code=215;", KEYS),
        ),
        REJECTED,
    ),
    401: ((("timestamp out of bounds", CLOCK), ("code=135;", CLOCK)), KEYS),
    402: (MONEY, CREDITS),
    403: (
        (
            ("duplicate content", DUPLICATE),
            ("status is a duplicate", DUPLICATE),
            ("code=187;", DUPLICATE),
            ("text is too long", REJECTED),
            ("code=186;", REJECTED),
            ("potentially harmful", REJECTED),
            ("deleted or not visible to you", REJECTED),
            ("code=385;", REJECTED),
            ("only reply to or quote posts", REJECTED),
            ("reply to this conversation is not allowed", REJECTED),
            ("not permitted to reply", REJECTED),
            *MONEY,
            ("oauth1-permissions", WRITE),
            ("oauth1 app permissions", WRITE),
            ("cannot perform write actions", WRITE),
            ("code=261;", WRITE),
            ("client-forbidden", ENROL),
            ("client-not-enrolled", ENROL),
            ("different access level", ENROL),
            ("code=453;", ENROL),
            ("unsupported-authentication", KEYS),
            ("is suspended", SUSPENDED),
            ("code=64;", SUSPENDED),
            ("temporarily locked", LOCKED),
            ("code=326;", LOCKED),
            ("code=231;", LOCKED),
            ("daily status update limit", rest(hours=3)),
            ("code=185;", rest(hours=3)),
            ("might be automated", rest(hours=1)),
            ("code=226;", rest(hours=1)),
        ),
        FORBIDDEN,
    ),
    404: ((), ADDRESS),
    405: ((), ADDRESS),
    410: ((), ADDRESS),
    413: ((), REJECTED),
    415: ((), REJECTED),
    422: ((), REJECTED),
    429: (MONEY, THROTTLED),
}
"""Status -> words to look for (lower-case, first match decides) and what holds without any.

A status that is not here proves nothing about the post. A refusal for a reason unknown to us (403) pauses the
channel: if it is the account's, no delivery is used up on it.
"""
JSON_ONLY = frozenset({400, 403, 404, 405, 410, 413, 415, 422})
"""Statuses that also come from something on the way (a proxy, a firewall): believed only in X's own words."""


def x_evidence(error: Exception, answer: requests.Response | None, now: datetime) -> Evidence:
    """Read what a failed call proves: from the answer, whatever the SDK made of it, or its absence."""
    if answer is not None:
        body = _json_object(answer)
        words = f"X answered {answer.status_code} {_words(body) or answer.reason or ''}"
        words += f", but {error}" if isinstance(error, BadAnswer) else ""
        ruling = ruling_for(answer.status_code, body)
        return Evidence(ruling=ruling, words=words, until_at=x_reset_at(answer.headers, now))
    if isinstance(error, NotSent):
        return Evidence(ruling=UNREACHABLE, words=f"X was not reached: {error}")
    return Evidence(ruling=UNKNOWN, words=f"X's answer is missing: {type(error).__name__}: {error}")


def ruling_for(status: int, body: dict[str, Any] | None) -> Ruling:
    """Return what a status and a body (None when it is not a JSON object) mean for the post."""
    words, otherwise = RULINGS.get(status, ((), UNKNOWN))
    if body is None:
        return UNKNOWN if status in JSON_ONLY else otherwise
    told = _told(body)
    return next((ruling for needle, ruling in words if needle in told), otherwise)


def says_gone(answer: requests.Response | None) -> bool:
    """Tell whether X, in its own words, knows no post with the id asked for.

    X says so with a 404, or with a 200 that holds nothing but errors of that kind.
    """
    body = None if answer is None else _json_object(answer)
    if answer is None or body is None:
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


def _words(body: dict[str, Any] | None) -> str:
    """Return X's own words: title, detail and messages, each once."""
    if body is None:
        return ""
    said = [body.get("title"), body.get("detail"), body.get("error")]
    said += [error.get("message") or error.get("detail") for error in _errors(body)]
    return ": ".join(dict.fromkeys(word for word in said if isinstance(word, str) and word))


def _told(body: dict[str, Any]) -> str:
    """Return everything that rulings look for, in lower case; parameters that X echoes are left out."""
    codes = "".join(f" code={error['code']};" for error in _errors(body) if "code" in error)
    return f"{body.get('type')} {body.get('reason')} {_words(body)}{codes}".lower()
