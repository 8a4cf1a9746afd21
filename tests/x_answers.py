"""Canned answers of X, with what each of them proves about a post."""

from canned import BE_LATE, HANG_UP, RESET, reply
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.posts import Picture, Post
from spotlight_notify.networks.x.publisher import XKeys

KEYS = XKeys(
    consumer_key="consumer-key-0123456789",
    consumer_secret="consumer-secret-0123456789",
    access_token="1234-access-token-0123456789",
    access_token_secret="access-token-secret/0123456789",
)
POST = Post(text="Read it https://agency.example/a #SpotlightOnSafety", link="https://agency.example/a")
PICTURE = Picture(content=b"\x89PNG\r\n\x1a\n\x00\xff", media_type="image/png", alt="An officer talks")
MADE = reply(201, {"data": {"id": "1541815603606036480", "text": "…"}})
UPLOADED = reply(200, {"data": {"id": "77", "media_key": "3_77"}})
PROBLEM = "https://api.twitter.com/2/problems/"
HTML = b"<!DOCTYPE html><html><body>over capacity</body></html>"


def forbidden(detail: str, kind: str = "about:blank", title: str = "Forbidden") -> dict[str, object]:
    return {"title": title, "status": 403, "detail": detail, "type": kind}


def invalid(message: str) -> dict[str, object]:
    detail = "One or more parameters to your request was invalid."
    return {
        "errors": [{"message": message, "parameters": {"text": ["your media ids are invalid"]}}],
        "title": "Invalid Request",
        "detail": detail,
        "type": PROBLEM + "invalid-request",
    }


TABLE: list[tuple[int, object, type[PublishError], str]] = [
    (400, invalid("$.text: must be at least 1 characters long"), Rejected, "at least 1"),
    (400, invalid("Your media IDs are invalid."), Unreachable, "media IDs"),
    (400, {"errors": [{"code": 215, "message": "Bad Authentication data."}]}, Unauthorized, "keys"),
    (401, {"title": "Unauthorized", "type": "about:blank", "status": 401}, Unauthorized, "keys"),
    (401, b"", Unauthorized, "keys"),
    (401, {"errors": [{"code": 89, "message": "Invalid or expired token."}]}, Unauthorized, "keys"),
    (401, {"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}, Unauthorized, "clock"),
    (402, {"title": "CreditsDepleted", "type": PROBLEM + "credits"}, Unauthorized, "credits"),
    (402, b"", Unauthorized, "credits"),
    (
        403,
        forbidden("Blocked until next cycle.", PROBLEM + "credits", "SpendCapReached"),
        Unauthorized,
        "cap",
    ),
    (
        403,
        forbidden(
            "not configured with the appropriate oauth1 app permissions", PROBLEM + "oauth1-permissions"
        ),
        Unauthorized,
        "Read and write",
    ),
    (403, {"errors": [{"code": 261, "message": "Application…"}]}, Unauthorized, "Read and write"),
    (
        403,
        {**forbidden("must use keys from an App in a Project", PROBLEM + "client-forbidden")},
        Unauthorized,
        "project",
    ),
    (403, {"errors": [{"code": 453, "message": "a subset of X API V2"}]}, Unauthorized, "project"),
    (403, forbidden("Unsupported", PROBLEM + "unsupported-authentication"), Unauthorized, "keys"),
    (
        403,
        forbidden("Your account is suspended and is not permitted to access this feature."),
        Unauthorized,
        "suspended",
    ),
    (403, {"errors": [{"code": 64, "message": "Suspended"}]}, Unauthorized, "suspended"),
    (403, forbidden("this account is temporarily locked. Please log in"), Unauthorized, "locked"),
    (403, {"errors": [{"code": 326, "message": "Locked"}]}, Unauthorized, "locked"),
    (403, {"errors": [{"code": 231, "message": "User must verify login"}]}, Unauthorized, "locked"),
    (403, forbidden("You are not permitted to perform this action."), Rejected, "does not let"),
    (403, forbidden("A reason nobody has heard of."), Rejected, "does not let"),
    (403, forbidden("Your Tweet text is too long. For more…"), Rejected, "too long"),
    (403, {"errors": [{"code": 186, "message": "Tweet needs to be shorter"}]}, Rejected, "shorter"),
    (403, forbidden("a link identified as being potentially harmful"), Rejected, "harmful"),
    (403, forbidden("User is over daily status update limit"), Throttled, "daily"),
    (403, {"errors": [{"code": 185, "message": "Over"}]}, Throttled, "Over"),
    (403, forbidden("This request looks like it might be automated."), Throttled, "automated"),
    (403, {"errors": [{"code": 226, "message": "Automated"}]}, Throttled, "Automated"),
    (403, HTML, OutcomeUnknown, "403"),
    (404, {"title": "Not Found", "status": 404}, Unauthorized, "base_url"),
    (404, HTML, OutcomeUnknown, "404"),
    (405, {"title": "Method Not Allowed"}, Unauthorized, "base_url"),
    (408, b"", OutcomeUnknown, "408"),
    (409, {"title": "Conflict"}, OutcomeUnknown, "Conflict"),
    (410, {"title": "Gone"}, Unauthorized, "base_url"),
    (413, {"title": "Too large"}, Rejected, "Too large"),
    (415, {"title": "Unsupported"}, Rejected, "Unsupported"),
    (422, {"title": "Unprocessable"}, Rejected, "Unprocessable"),
    (429, {"title": "Too Many Requests", "detail": "Too Many Requests"}, Throttled, "Too Many"),
    (429, {"title": "UsageCapExceeded", "type": PROBLEM + "usage-capped"}, Unauthorized, "cap"),
    (429, [], Throttled, "429"),
    (429, HTML, Throttled, "429"),
    (500, {"title": "Internal Server Error"}, OutcomeUnknown, "500"),
    (500, forbidden("duplicate content"), OutcomeUnknown, "500"),
    (502, HTML, OutcomeUnknown, "502"),
    (503, HTML, OutcomeUnknown, "503"),
    (504, b"", OutcomeUnknown, "504"),
    (301, b"", OutcomeUnknown, "301"),
    (302, b"", OutcomeUnknown, "302"),
    (307, b"", OutcomeUnknown, "307"),
    (200, {"errors": [{"title": "Forbidden", "detail": "No."}]}, OutcomeUnknown, "No"),
    (200, {}, OutcomeUnknown, "200"),
    (200, {"data": {"id": ""}}, OutcomeUnknown, "200"),
    (200, {"data": {"text": "no id"}}, OutcomeUnknown, "200"),
    (200, {"data": None}, OutcomeUnknown, "200"),
    (200, {"data": ["id"]}, OutcomeUnknown, "200"),
    (200, [], OutcomeUnknown, "200"),
    (200, b"", OutcomeUnknown, "200"),
    (201, b'{"data":{"id":', OutcomeUnknown, "201"),
    (201, b"[" * 100_000, OutcomeUnknown, "201"),
    (200, HTML, OutcomeUnknown, "200"),
    (204, b"", OutcomeUnknown, "204"),
]
"""Status, body, the error it stands for, and words that must be in its message or its advice."""
MEDIA_TROUBLES: list[tuple[bytes, type[PublishError]]] = [
    (HANG_UP, Unreachable),
    (RESET, Unreachable),
    (BE_LATE, Unreachable),
    (reply(500, {"title": "Internal"}), Unreachable),
    (reply(503, HTML), Unreachable),
    (reply(302, b"", location="/"), Unreachable),
    (reply(200, b""), Unreachable),
    (reply(200, {"data": {}}), Unreachable),
    (reply(500, {"data": {"id": "77"}}), Unreachable),
    (reply(302, {"data": {"id": "77"}}, location="/"), Unreachable),
    (reply(200, {"errors": [{"title": "No"}]}), Unreachable),
    (reply(413, HTML), Unreachable),
    (reply(400, invalid("Media type unrecognized.")), Rejected),
    (reply(415, {"title": "Unsupported"}), Rejected),
    (reply(429, {"title": "Too Many Requests"}), Throttled),
    (reply(401), Unauthorized),
    (reply(403, forbidden("You are not permitted to perform this action.")), Rejected),
    (reply(402), Unauthorized),
]
"""Answers to an upload or an alt text."""
