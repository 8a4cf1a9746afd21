"""Judge what clients ask of X: each rule returns X's refusal, in its words, or None.

What counts as a character, a hashtag or a link is the product's own ``text``, which is proven on X's official
cases; a second set of rules here could only be a worse one.
"""

from datetime import datetime, timedelta
from typing import Any

from spotlight_notify.sandbox.faults import Fault
from spotlight_notify.sandbox.stand_in import Answer, Received, json_answer, picture_type
from spotlight_notify.text.weights import weight

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
MAX_WEIGHT = 280
MAX_IMAGES = 4
MAX_BYTES = 5 * 1024 * 1024
MAX_ALT = 1_000
MAX_SEGMENT = 999
"""The largest segment index that X's OpenAPI description names."""
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
TWEET_FIELDS = frozenset(
    {
        "text",
        "media",
        "reply",
        "quote_tweet_id",
        "poll",
        "geo",
        "direct_message_deep_link",
        "for_super_followers_only",
        "reply_settings",
        "nullcast",
        "card_uri",
        "community_id",
        "share_with_followers",
        "edit_options",
        "made_with_ai",
        "paid_partnership",
    }
)
"""The fields that X's OpenAPI description names for a new tweet; any other is refused."""


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


def refuse_words(asked: dict[str, Any]) -> Answer | None:
    """Refuse unknown fields, a text that is none, is empty, or weighs too much."""
    unknown = sorted(set(asked) - TWEET_FIELDS)
    if unknown:
        message = "is not defined in the schema and the schema does not allow additional properties"
        return invalid_request(f"$.{unknown[0]}: {message}")
    text = asked.get("text", "")
    if not isinstance(text, str):
        return invalid_request("$.text: is not a string")
    if not text.strip() and not asked.get("media"):
        return invalid_request("$.text: must be at least 1 characters long", text=text)
    return invalid_request(TOO_LONG) if weight(text) > MAX_WEIGHT else None


def refuse_media(asked: dict[str, Any], known: frozenset[str]) -> Answer | None:
    """Refuse media that are not one to four ids of pictures that were uploaded."""
    media = asked.get("media")
    if media is None:
        return None
    ids = media.get("media_ids") if isinstance(media, dict) else None
    if not isinstance(ids, list) or not 1 <= len(ids) <= MAX_IMAGES:
        return invalid_request(f"$.media.media_ids: there must be 1 to {MAX_IMAGES} items in the array")
    strangers = [media_id for media_id in ids if not isinstance(media_id, str) or media_id not in known]
    return invalid_request(BAD_MEDIA, **{"media.media_ids": str(ids)}) if strangers else None


def refuse_reply(asked: dict[str, Any], live: frozenset[str]) -> Answer | None:
    """Refuse a reply that names no tweet, or one that is not there."""
    if asked.get("reply") is None:
        return None
    above = asked["reply"].get("in_reply_to_tweet_id") if isinstance(asked["reply"], dict) else None
    if not isinstance(above, str) or not above.isdecimal():
        return invalid_request("$.reply.in_reply_to_tweet_id: is missing but it is required")
    return None if above in live else problem(403, NO_SUCH_PARENT)


def refuse_upload(category: str, content: bytes) -> Answer | None:
    """Refuse an upload that X does not take as a picture, or that is too large."""
    if category != "tweet_image":
        return invalid_request("$.media_category: is not one of the values allowed", media_category=category)
    if picture_type(content) is None:
        return invalid_request("Media type unrecognized.")
    return invalid_request(f"File size exceeds {MAX_BYTES} bytes.") if len(content) > MAX_BYTES else None


def refuse_beginning(asked: dict[str, Any]) -> Answer | None:
    """Refuse to begin an upload of no known kind or size."""
    category, total = str(asked.get("media_category", "")), str(asked.get("total_bytes", ""))
    if category != "tweet_image":
        return invalid_request("$.media_category: is not one of the values allowed", media_category=category)
    if asked.get("media_type") not in IMAGE_TYPES:
        return invalid_request("$.media_type: is not one of the values allowed")
    if not total.isdecimal() or not 1 <= int(total) <= MAX_BYTES:
        return invalid_request(f"$.total_bytes: must be 1 to {MAX_BYTES}", total_bytes=total)
    return None


def refuse_alt(text: object, media_id: str, known: frozenset[str]) -> Answer | None:
    """Refuse an alt text that is too long or for no picture."""
    if not isinstance(text, str) or not 1 <= len(text) <= MAX_ALT:
        return invalid_request(f"$.metadata.alt_text.text: must be 1 to {MAX_ALT} characters long")
    return None if media_id in known else invalid_request(BAD_MEDIA, id=media_id)
