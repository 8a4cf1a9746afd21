"""Hold a Page's photos, and write them as Graph returns them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spotlight_notify.sandbox.facebook.errors import BAD_PICTURE, NO_PICTURE, GraphProblem
from spotlight_notify.sandbox.facebook.objects import graph_time
from spotlight_notify.sandbox.forms import picture_type
from spotlight_notify.sandbox.shown import Upload

MAX_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePhoto:
    """Hold a photo of the Page; ``post_id`` is that of the post made of it alone, if there is one."""

    page_id: str
    number: int
    upload: Upload
    caption: str
    created_at: datetime
    post_id: str | None = None

    @property
    def id(self) -> str:
        return str(self.number)


def refuse_picture(content: bytes) -> GraphProblem | None:
    """Refuse what is no picture, or none that Facebook takes."""
    if not content:
        return NO_PICTURE
    wanted = picture_type(content) in ("image/png", "image/jpeg") and len(content) <= MAX_BYTES
    return None if wanted else BAD_PICTURE


def photo_json(photo: PagePhoto, names: Iterable[str], picture_url: str) -> dict[str, Any]:
    """Write the fields asked for; ``id`` always comes, empty ones never."""
    optional = {
        "created_time": graph_time(photo.created_at),
        "name": photo.caption,
        "alt_text": photo.upload.alt,
        "alt_text_custom": photo.upload.alt,
        "picture": picture_url,
        "images": [{"source": picture_url}],
        "page_story_id": photo.post_id,
        "from": {"id": photo.page_id},
    }
    return {name: optional[name] for name in names if optional.get(name)} | {"id": photo.id}
