"""Pass a clean picture, or why there is none, through a pipe: a line of JSON, then the picture's bytes."""

import json

from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.model.posts import CleanPicture


def packed(picture: CleanPicture) -> bytes:
    """Write a picture."""
    told = {"media_type": picture.media_type, "width": picture.width, "height": picture.height}
    return json.dumps(told).encode("ascii") + b"\n" + picture.content


def packed_refusal(reason: str) -> bytes:
    """Write why there is no picture."""
    return json.dumps({"refused": reason}).encode("ascii") + b"\n"


def unpacked(answer: bytes) -> CleanPicture:
    """Read what was written; raises PictureRefused if that was a refusal."""
    line, _, content = answer.partition(b"\n")
    told = json.loads(line)
    if "refused" in told:
        raise PictureRefused(told["refused"])
    return CleanPicture(content=content, **told)
