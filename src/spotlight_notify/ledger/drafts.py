"""Remember the posts that are made on a network but not public yet."""

from sqlalchemy import Connection, delete, insert, select

from spotlight_notify.ledger.schema import draft


def remember(connection: Connection, channel: str, digest: str, post_id: str) -> None:
    """Write a draft's id; it takes the place of an earlier one that says the same."""
    forget(connection, channel, digest)
    connection.execute(insert(draft).values(channel=channel, digest=digest, post_id=post_id))


def recall(connection: Connection, channel: str, digest: str) -> str | None:
    """Return the id of the draft that says this; None when none is remembered."""
    wanted = select(draft.c.post_id).where(draft.c.channel == channel, draft.c.digest == digest)
    return connection.scalar(wanted)


def forget(connection: Connection, channel: str, digest: str) -> None:
    """Drop what is remembered, if anything."""
    connection.execute(delete(draft).where(draft.c.channel == channel, draft.c.digest == digest))
