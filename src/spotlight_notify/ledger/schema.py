"""Define the ledger's tables; ``migrations/`` builds the same ones step by step."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    and_,
    text,
)

from spotlight_notify.ledger.columns import UtcTime, one_of, row_id, word
from spotlight_notify.model import Access, Kind, Network, Outcome, State

REVISION = "0003"
"""The newest migration: what a ledger must be at for this program to use it."""

VERSION_TABLE = "ledger_version"
"""Not Alembic's usual name, so that a ledger can live in a database that somebody else migrates."""


MAX_PICTURE = 4 * 1024 * 1024
"""How many bytes a picture has at most: what Facebook takes, and X takes more."""

metadata = MetaData()

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
    PrimaryKeyConstraint("name", name="pk_source"),
)

channel = Table(
    "channel",
    metadata,
    Column("name", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("due_at", UtcTime),
    Column("paused_at", UtcTime),
    Column("paused_reason", Text),
    PrimaryKeyConstraint("name", name="pk_channel"),
    CheckConstraint(one_of("network", Network), name="ck_channel_network"),
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
    Column("access", Text, nullable=False),
    Column("images", Text, nullable=False),
    Column("published_at", UtcTime),
    Column("updated_at", UtcTime),
    Column("event_at", UtcTime),
    Column("expires_at", UtcTime),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("baseline", Boolean, nullable=False),
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

delivery = Table(
    "delivery",
    metadata,
    row_id(),
    Column("campaign", Text, nullable=False),
    Column("channel", Text, ForeignKey("channel.name", name="fk_delivery_channel"), nullable=False),
    Column("aid_id", BigInteger, ForeignKey("aid.id", name="fk_delivery_aid"), nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("due_at", UtcTime, nullable=False),
    Column("post", Text),
    Column("tries", Integer, nullable=False),
    Column("claimant", Text),
    Column("epoch", BigInteger),
    Column("leased_until_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("look_at", UtcTime),
    Column("absent_at", UtcTime),
    Column("resent", Integer, nullable=False, server_default=text("0")),
    Column("failed_looks", Integer, nullable=False, server_default=text("0")),
    Column("findings", Text, nullable=False, server_default=text("'[]'")),
    UniqueConstraint("campaign", "channel", "aid_id", name="uq_delivery_campaign_channel_aid"),
    CheckConstraint(one_of("state", State), name="ck_delivery_state"),
    CheckConstraint(
        "(state = 'sending') = (claimant IS NOT NULL) AND (state = 'sending') = (epoch IS NOT NULL)"
        " AND (state = 'sending') = (leased_until_at IS NOT NULL)",
        name="ck_delivery_claim",
    ),
    CheckConstraint(
        "post IS NOT NULL OR state IN ('proposed', 'failed', 'skipped', 'cancelled')", name="ck_delivery_post"
    ),
    Index("ix_delivery_aid", "aid_id"),
    Index("ix_delivery_state", "state", "id"),
)

PENDING = delivery.c.state == word(State.PENDING)
SENDING = delivery.c.state == word(State.SENDING)
UNSURE = delivery.c.state == word(State.UNSURE)
LOOKED_FOR = and_(UNSURE, delivery.c.look_at.is_not(None))

Index(
    "ix_delivery_pending",
    delivery.c.channel,
    delivery.c.due_at,
    delivery.c.id,
    sqlite_where=PENDING,
    postgresql_where=PENDING,
)
Index(
    "uq_delivery_sending",
    delivery.c.channel,
    unique=True,
    sqlite_where=SENDING,
    postgresql_where=SENDING,
)
Index(
    "ix_delivery_look",
    delivery.c.look_at,
    sqlite_where=LOOKED_FOR,
    postgresql_where=LOOKED_FOR,
)

attempt = Table(
    "attempt",
    metadata,
    row_id(),
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_attempt_delivery"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("claimant", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", Text),
    Column("detail", Text),
    UniqueConstraint("delivery_id", "number", name="uq_attempt_delivery_number"),
    CheckConstraint(f"outcome IS NULL OR {one_of('outcome', Outcome)}", name="ck_attempt_outcome"),
    CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ck_attempt_ended"),
)

receipt = Table(
    "receipt",
    metadata,
    row_id(),
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_receipt_delivery"), nullable=False),
    Column("attempt_id", BigInteger, ForeignKey("attempt.id", name="fk_receipt_attempt")),
    Column("post_id", Text, nullable=False),
    Column("url", Text),
    Column("posted_at", UtcTime),
    Column("recorded_at", UtcTime, nullable=False),
    UniqueConstraint("delivery_id", name="uq_receipt_delivery"),
    Index("ix_receipt_post", "post_id"),
)

look_up = Table(
    "look_up",
    metadata,
    row_id(),
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_look_up_delivery"), nullable=False),
    Column("looked_at", UtcTime, nullable=False),
    Column("found", Integer),
    Column("read", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_look_up_delivery", "delivery_id"),
)

change = Table(
    "change",
    metadata,
    row_id(),
    Column("changed_at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_change_delivery")),
    Column("channel", Text, ForeignKey("channel.name", name="fk_change_channel")),
    CheckConstraint("(delivery_id IS NULL) <> (channel IS NULL)", name="ck_change_subject"),
)

draft = Table(
    "draft",
    metadata,
    Column("channel", Text, ForeignKey("channel.name", name="fk_draft_channel"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("post_id", Text, nullable=False),
    PrimaryKeyConstraint("channel", "digest", name="pk_draft"),
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
