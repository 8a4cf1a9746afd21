"""Canned answers of the Graph API, with what each of them proves about a post."""

import hashlib
import hmac

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

PAGE = "101010101010101"
TOKEN = "EAABpageToken0123456789"
APP_SECRET = "app-secret-0123456789abcdef"
PROOF = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
SECRETS = (TOKEN, APP_SECRET, PROOF)
FEED = f"/prefix/v26.0/{PAGE}/feed"
PHOTOS = f"/prefix/v26.0/{PAGE}/photos"
POST = Post(text="Read it https://agency.example/a #SpotlightOnSafety", link="https://agency.example/a")
PICTURE = Picture(content=b"\x89PNG\r\n\x1a\n\x00\xff", media_type="image/png", alt="An officer talks")
MADE = reply(200, {"id": f"{PAGE}_202"})
UPLOADED = reply(200, {"id": "77"})
HTML = b"<!DOCTYPE html><html><body>sorry</body></html>"


def refused(
    code: object, subcode: int | None = None, message: str = "Words", **more: object
) -> dict[str, object]:
    return {
        "error": {
            "message": message,
            "type": "OAuthException",
            "code": code,
            "error_subcode": subcode,
            "fbtrace_id": "Trace1",
            **more,
        }
    }


CONSENT = "Any of the pages_manage_posts… permission(s) must be granted before impersonating a user's page."
TABLE: list[tuple[int, object, type[PublishError], str]] = [
    *[(400, refused(code), OutcomeUnknown, f"code {code}") for code in (1, 2)],
    *[(500, refused(code), OutcomeUnknown, f"code {code}") for code in (1, 2, 190, 100, 4, 506)],
    (400, refused(100, is_transient=True), OutcomeUnknown, "Words"),
    *[(400, refused(code), Throttled, f"code {code}") for code in (4, 17, 32, 341, 613, 80001)],
    (403, refused(32, is_transient=True), Throttled, "code 32"),
    (400, refused(368, 1390008), Throttled, "subcode 1390008"),
    (400, refused(368, 4854002), Unauthorized, "identity"),
    (400, refused(368), Rejected, "blocked"),
    (400, refused(368, 99), Rejected, "blocked"),
    *[(400, refused(190, sub), Unauthorized, "log in to facebook.com") for sub in (459, 464)],
    (400, refused(190, 492), Unauthorized, "role"),
    *[(400, refused(190, sub), Unauthorized, "token is dead") for sub in (None, 458, 460, 463, 467, 7)],
    (401, refused(190), Unauthorized, "token is dead"),
    (400, refused(190, message=CONSENT), Unauthorized, "pages_manage_posts"),
    (400, refused(102), Unauthorized, "token is dead"),
    (400, refused(104), Unauthorized, "token is dead"),
    *[(403, refused(code), Unauthorized, "pages_manage_posts") for code in (3, 10, 200, 210, 283, 299)],
    (400, refused(100, message="Invalid appsecret_proof provided"), Unauthorized, "app_secret"),
    (400, refused(100, 33), Unauthorized, "page_id"),
    (404, refused(803), Unauthorized, "page_id"),
    (400, refused(2635), Unauthorized, "graph_version"),
    *[(400, refused(code), Rejected, f"code {code}") for code in (100, 197, 324, 1366046, 1609008)],
    (400, refused(100, 1366046), Rejected, "subcode 1366046"),
    (400, refused(100, 1609008), Rejected, "subcode 1609008"),
    (400, refused(100, 99), Rejected, "subcode 99"),
    (400, refused(1609005), Unreachable, "1609005"),
    (400, refused(100, 1609005, is_transient=True), Unreachable, "1609005"),
    (400, refused(99_999), OutcomeUnknown, "99999"),
    (400, refused(300), OutcomeUnknown, "300"),
    (400, refused(199), OutcomeUnknown, "199"),
    (400, refused("190"), Unauthorized, "token is dead"),
    (400, refused("190th"), OutcomeUnknown, "Words"),
    (400, refused(True), OutcomeUnknown, "Words"),
    (400, {"error": "oops"}, OutcomeUnknown, "400"),
    (400, {"error": {}}, OutcomeUnknown, "400"),
    (200, refused(190), Unauthorized, "token is dead"),
    (200, {"error": "oops"}, OutcomeUnknown, "200"),
    (429, {"message": "slow down"}, Throttled, "429"),
    (429, HTML, Throttled, "429"),
    (429, refused(4), Throttled, "429"),
    (429, refused(1), OutcomeUnknown, "429"),
    (500, {"message": "no error key"}, OutcomeUnknown, "500"),
    (500, HTML, OutcomeUnknown, "500"),
    (502, b"", OutcomeUnknown, "502"),
    (503, HTML, OutcomeUnknown, "503"),
    (301, b"", OutcomeUnknown, "301"),
    (302, b"", OutcomeUnknown, "302"),
    (307, {"id": "1_2"}, OutcomeUnknown, "307"),
    (401, HTML, OutcomeUnknown, "401"),
    (403, HTML, OutcomeUnknown, "403"),
    (404, b"", OutcomeUnknown, "404"),
    (201, {"id": "1_2"}, OutcomeUnknown, "201"),
    (200, {}, OutcomeUnknown, "id"),
    (200, {"id": ""}, OutcomeUnknown, "id"),
    (200, {"id": None}, OutcomeUnknown, "id"),
    (200, {"success": True}, OutcomeUnknown, "id"),
    (200, [{"id": "1_2"}], OutcomeUnknown, "200"),
    (200, True, OutcomeUnknown, "200"),
    (200, b"", OutcomeUnknown, "200"),
    (200, b"id=1_2", OutcomeUnknown, "200"),
    (200, b'{"id":', OutcomeUnknown, "200"),
    (200, b"[" * 100_000, OutcomeUnknown, "Facebook"),
    (200, HTML, OutcomeUnknown, "200"),
]
"""Status, body, the error it stands for, and words that must be in its message or its advice."""
PHOTO_TROUBLES: list[tuple[bytes, type[PublishError]]] = [
    (HANG_UP, Unreachable),
    (RESET, Unreachable),
    (BE_LATE, Unreachable),
    (reply(500, refused(1)), Unreachable),
    (reply(500, refused(2, is_transient=True)), Unreachable),
    (reply(503, HTML), Unreachable),
    (reply(302, b"", location="/"), Unreachable),
    (reply(200, b""), Unreachable),
    (reply(200, {}), Unreachable),
    (reply(400, refused(99_999)), Unreachable),
    (reply(400, refused(324)), Rejected),
    (reply(400, refused(100, 1366046)), Rejected),
    (reply(400, refused(506)), Rejected),
    (reply(403, refused(32)), Throttled),
    (reply(429, {}), Throttled),
    (reply(400, refused(190)), Unauthorized),
    (reply(403, refused(200)), Unauthorized),
]
"""Answers to an upload."""
