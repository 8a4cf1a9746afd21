"""Keep the pictures of posts, by the SHA-256 of their bytes."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from spotlight_notify.ledger.polling import insert_missing
from spotlight_notify.ledger.schema import MAX_PICTURE, picture
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import CleanPicture


def digest_of(clean: CleanPicture) -> str:
    """Return the name that a picture is kept by; LedgerError if it is too large to be kept, or empty."""
    size = len(clean.content)
    if not 0 < size <= MAX_PICTURE:
        raise LedgerError(f"a picture of {size} bytes cannot be kept: give it 1 to {MAX_PICTURE} bytes")
    return sha256(clean.content).hexdigest()


def keep(connection: Connection, digest: str, clean: CleanPicture, now: datetime) -> None:
    """Write a picture, unless it is kept already."""
    connection.execute(
        insert_missing(connection, picture, ["digest"]).values(
            digest=digest,
            media_type=clean.media_type,
            width=clean.width,
            height=clean.height,
            content=clean.content,
            kept_at=now,
        )
    )


def kept(connection: Connection, digest: str) -> CleanPicture | None:
    """Return the picture of this digest; None when none is kept."""
    columns = (picture.c.content, picture.c.media_type, picture.c.width, picture.c.height)
    row = connection.execute(select(*columns).where(picture.c.digest == digest)).first()
    return None if row is None else CleanPicture(**row._mapping)
