"""Define the tables of what goes out: channels, deliveries, attempts, receipts, look-ups, drafts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from spotlight_notify.ledger.columns import UtcTime, metadata, one_of, row_id, word
from spotlight_notify.model.words import Network, Outcome, State

channel = Table(
    "channel",
    metadata,
    Column("name", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("due_at", UtcTime),
    Column("paused_at", UtcTime),
    Column("paused_reason", Text),
    Column("known_until_at", UtcTime),  # until when the ledger knew of every post of its own
    Column("behind_at", UtcTime),  # when the channel first showed one that it did not know
    PrimaryKeyConstraint("name", name="pk_channel"),
    CheckConstraint(one_of("network", Network), name="ck_channel_network"),
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
    Column("cause", Text),
    Column("any_hour", Boolean, nullable=False, server_default=text("false")),
    Column("edited_by", Text),
    Column("digest_id", BigInteger),  # the delivery of the digest that tells of its aid instead
    Column("went_at", UtcTime),  # when it was claimed last, if it may be public since then
    Column("missed_at", UtcTime),  # when it could have gone, if that was earlier
    Column("asked_about", Text, nullable=False, server_default=text("'[]'")),  # live posts, by id
    Column("post_title", Text),  # its aid's, as its post was written; not known of older ledgers' posts
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

draft = Table(
    "draft",
    metadata,
    Column("channel", Text, ForeignKey("channel.name", name="fk_draft_channel"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("post_id", Text, nullable=False),
    PrimaryKeyConstraint("channel", "digest", name="pk_draft"),
)
