"""Write X's errors in X's own envelopes."""

from datetime import datetime, timedelta

from spotlight_notify.sandbox.faults import Fault
from spotlight_notify.sandbox.stand_in import Answer, Received, json_answer

PROBLEM = "application/problem+json"
WINDOW = timedelta(minutes=15)
"""The length of X's rate-limit windows."""
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length "
    "see https://github.com/twitter/twitter-text."
)
BAD_MEDIA = "Your media IDs are invalid."
NO_SUCH_PARENT = "You attempted to reply to a Tweet that is deleted or not visible to you."
NOT_PERMITTED = "You are not permitted to perform this action."
LOCKED = (
    "To protect our users from spam and other malicious activity, this account is temporarily locked. "
    "Please log in to https://twitter.com to unlock your account."
)
NO_CREDITS = "Your enrolled account does not have any credits to fulfill this request."
TITLES = {
    401: "Unauthorized",
    402: "CreditsDepleted",
    403: "Forbidden",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
OVER_CAPACITY = (
    b"<!DOCTYPE html><html><head><title>Over capacity</title></head><body>Over capacity</body></html>"
)
JSON = {"content-type": "application/json"}


def problem(status: int, detail: str | None = None, **headers: str) -> Answer:
    """Write a problem without a page of its own (``about:blank``)."""
    title = TITLES[status]
    value = {"title": title, "type": "about:blank", "status": status, "detail": detail or title}
    return json_answer(status, value, content_type=PROBLEM, **headers)


def invalid_request(message: str, **parameters: str) -> Answer:
    """Write the 400 for parameters that break the rules; ``parameters`` are those at fault, as sent."""
    error: dict[str, object] = {"message": message}
    if parameters:
        error = {"parameters": {name: [value] for name, value in parameters.items()}} | error
    value = {
        "errors": [error],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.twitter.com/2/problems/invalid-request",
    }
    return json_answer(400, value, content_type=PROBLEM)


def not_found(name: str, value: str) -> Answer:
    """Write X's 200 that holds nothing but an error for a thing that is not there."""
    error = {
        "value": value,
        "detail": f"Could not find {name} with id: [{value}].",
        "title": "Not Found Error",
        "resource_type": name,
        "parameter": "id",
        "resource_id": value,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }
    return json_answer(200, {"errors": [error]})


def false_answer(fault: Fault, received: Received, now: datetime) -> Answer | None:
    """Answer as X does in this trouble; None where nothing comes back."""
    root = received.url.partition("/x/")[0]
    answers = {
        Fault.ERROR_500_LIVE: problem(500),
        Fault.CODE_1_LIVE: problem(500),
        Fault.NOT_READ_BACK: problem(500),
        Fault.CODE_2_LIVE: problem(503),
        Fault.GARBAGE_LIVE: Answer(status=201, body=b'{"data":{"id":', headers=JSON),
        Fault.EMPTY_LIVE: Answer(status=200, body=b"", headers=JSON),
        Fault.THROTTLED: problem(429, **limit_headers(100, 0, now + WINDOW)),
        Fault.THROTTLED_NO_RESET: problem(429),
        Fault.NO_CREDITS: problem(402, NO_CREDITS),
        Fault.DUPLICATE: problem(403, DUPLICATE),
        Fault.DUPLICATE_LIVE: problem(403, DUPLICATE),
        Fault.SIGNED_OUT: problem(401),
        Fault.MISSING_PERMISSION: problem(403, NOT_PERMITTED),
        Fault.CHECKPOINT: problem(403, LOCKED),
        Fault.HTML_503: Answer(status=503, body=OVER_CAPACITY, headers={"content-type": "text/html"}),
        Fault.REDIRECT: Answer(status=302, body=b"", headers={"location": f"{root}/"}),
    }
    return answers.get(fault)


def limit_headers(limit: int, remaining: int, resets_at: datetime) -> dict[str, str]:
    """Write X's three rate-limit headers, names with underscores; the reset is in epoch seconds."""
    return {
        "x_rate_limit_limit": str(limit),
        "x_rate_limit_remaining": str(remaining),
        "x_rate_limit_reset": str(int(resets_at.timestamp())),
    }
