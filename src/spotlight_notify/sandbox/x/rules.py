"""Judge what clients ask of X: each rule gives X's refusal, or None."""

from typing import Any

from spotlight_notify.sandbox.counting import weight
from spotlight_notify.sandbox.forms import picture_type
from spotlight_notify.sandbox.stand_in import Answer
from spotlight_notify.sandbox.x.problems import BAD_MEDIA, NO_SUCH_PARENT, TOO_LONG, invalid_request, problem

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
    """Refuse an upload that is no picture for a tweet, or too large."""
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
