"""What is there of a post before it is public: its pictures, and drafts on its network, by what they hold."""

import json
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select

from spotlight_notify.ledger.polling import insert_missing
from spotlight_notify.ledger.schema import MAX_PICTURE, aid, draft
from spotlight_notify.ledger.schema import picture as kept_pictures
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import CleanPicture


def remember_draft(connection: Connection, channel: str, digest: str, post_id: str) -> None:
    """Write a draft's id; it takes the place of an earlier one that says the same."""
    forget_draft(connection, channel, digest)
    connection.execute(insert(draft).values(channel=channel, digest=digest, post_id=post_id))


def recall_draft(connection: Connection, channel: str, digest: str) -> str | None:
    """Return the id of the draft that says this; None when none is remembered."""
    wanted = select(draft.c.post_id).where(draft.c.channel == channel, draft.c.digest == digest)
    return connection.scalar(wanted)


def forget_draft(connection: Connection, channel: str, digest: str) -> None:
    """Drop what is remembered, if anything."""
    connection.execute(delete(draft).where(draft.c.channel == channel, draft.c.digest == digest))


def digest_of(clean: CleanPicture) -> str:
    """Return the name that a picture is kept by; LedgerError if it is too large to be kept, or empty."""
    size = len(clean.content)
    if not 0 < size <= MAX_PICTURE:
        raise LedgerError(f"a picture of {size} bytes cannot be kept: give it 1 to {MAX_PICTURE} bytes")
    return sha256(clean.content).hexdigest()


def keep_picture(connection: Connection, picture: CleanPicture, now: datetime) -> str:
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


def kept_picture(connection: Connection, digest: str) -> CleanPicture | None:
    """Return the picture of this name; None when none is kept."""
    names = ("content", "media_type", "width", "height")
    columns = (kept_pictures.c[each] for each in names)
    row = connection.execute(select(*columns).where(kept_pictures.c.digest == digest)).first()
    return None if row is None else CleanPicture(**row._mapping)


def is_shown_elsewhere(connection: Connection, url: str, link: str) -> bool:
    """Return whether an aid with another link has the picture at this address; reads all aids."""
    named = aid.c.images.contains(json.dumps(url, ensure_ascii=False), autoescape=True)
    other = select(aid.c.id).where(named, aid.c.link.is_distinct_from(link))
    return connection.execute(other.limit(1)).first() is not None
