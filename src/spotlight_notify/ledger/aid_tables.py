"""Define the tables of what is published: sources, aids and their aliases, pictures."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from spotlight_notify.ledger.columns import UtcTime, metadata, one_of, row_id
from spotlight_notify.model.words import Access, Kind

MAX_PICTURE = 4 * 1024 * 1024
"""How many bytes a picture has at most: what Facebook takes, and X takes more."""

source = Table(
    "source",
    metadata,
    Column("name", Text, nullable=False),
    Column("cursor", Text),
    Column("baseline_at", UtcTime),
    Column("next_poll_at", UtcTime, nullable=False),
    Column("polled_at", UtcTime),
    Column("succeeded_at", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("error", Text),
    Column("paused_reason", Text),
    Column("address", Text),  # a digest of where the source is; not known of older ledgers' sources
    Column("latest", Integer, nullable=False, server_default=text("0")),
    Column("since_at", UtcTime),
    Column("alarm", Text),
    Column("alarm_at", UtcTime),
    Column("notes", Text, nullable=False, server_default=text("'[]'")),  # sentences, as JSON
    PrimaryKeyConstraint("name", name="pk_source"),
)

aid = Table(
    "aid",
    metadata,
    row_id(),
    Column("source", Text, ForeignKey("source.name", name="fk_aid_source"), nullable=False),
    Column("key", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("link", Text),
    Column("summary", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("theme", Text),
    Column("other_themes", Text, nullable=False, server_default=text("'[]'")),  # beside the main one, as JSON
    Column(
        "categories", Text, nullable=False, server_default=text("'[]'")
    ),  # the source's own words, as JSON
    Column("access", Text, nullable=False),
    Column("images", Text, nullable=False),
    Column("published_at", UtcTime),
    Column("updated_at", UtcTime),
    Column("event_at", UtcTime),
    Column("expires_at", UtcTime),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("baseline", Boolean, nullable=False),
    Column("gone_at", UtcTime),  # since when its source surely shows it no more
    UniqueConstraint("source", "key", name="uq_aid_source_key"),
    CheckConstraint(one_of("kind", Kind), name="ck_aid_kind"),
    CheckConstraint(one_of("access", Access), name="ck_aid_access"),
    Index("ix_aid_first_seen", "first_seen_at", "id"),
)

alias = Table(
    "alias",
    metadata,
    Column("source", Text, ForeignKey("source.name", name="fk_alias_source"), nullable=False),
    Column("alias", Text, nullable=False),
    Column("aid_id", BigInteger, ForeignKey("aid.id", name="fk_alias_aid"), nullable=False),
    PrimaryKeyConstraint(
        "alias", "source", name="pk_alias"
    ),  # in this order it serves every source at once too
    Index("ix_alias_aid", "aid_id"),
)

picture = Table(
    "picture",
    metadata,
    Column("digest", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("kept_at", UtcTime, nullable=False),
    Column("content", LargeBinary, nullable=False),  # last: SQLite reads through it to what stands behind
    PrimaryKeyConstraint("digest", name="pk_picture"),
    CheckConstraint(f"length(content) BETWEEN 1 AND {MAX_PICTURE}", name="ck_picture_content"),
)
