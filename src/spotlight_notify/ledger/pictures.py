"""Keep the pictures of posts, by the SHA-256 of their bytes."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from spotlight_notify.ledger.polling import insert_missing
from spotlight_notify.ledger.schema import MAX_PICTURE
from spotlight_notify.ledger.schema import picture as kept_pictures
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import CleanPicture


def digest_of(clean: CleanPicture) -> str:
    """Return the name that a picture is kept by; LedgerError if it is too large to be kept, or empty."""
    size = len(clean.content)
    if not 0 < size <= MAX_PICTURE:
        raise LedgerError(f"a picture of {size} bytes cannot be kept: give it 1 to {MAX_PICTURE} bytes")
    return sha256(clean.content).hexdigest()


def keep(connection: Connection, picture: CleanPicture, now: datetime) -> str:
    """Write a picture, unless it is kept already, and return the name that it is kept by."""
    digest = digest_of(picture)
    connection.execute(
        insert_missing(connection, kept_pictures, ["digest"]).values(
            digest=digest,
            media_type=picture.media_type,
            width=picture.width,
            height=picture.height,
            content=picture.content,
            kept_at=now,
        )
    )
    return digest


def kept(connection: Connection, digest: str) -> CleanPicture | None:
    """Return the picture of this name; None when none is kept."""
    names = ("content", "media_type", "width", "height")
    columns = (kept_pictures.c[each] for each in names)
    row = connection.execute(select(*columns).where(kept_pictures.c.digest == digest)).first()
    return None if row is None else CleanPicture(**row._mapping)
