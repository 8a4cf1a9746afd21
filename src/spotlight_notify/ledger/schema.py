"""The ledger's tables; ``migrations/`` builds the same ones step by step."""

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
    false,
    text,
)

from spotlight_notify.ledger.columns import UtcTime, one_of, row_id, word
from spotlight_notify.model.words import Access, Kind, Outcome, ScopeKind, State

metadata = MetaData()
"""Lists every table, and all of their indexes once ``partial_indexes`` is imported."""

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
    Column("short", Text, nullable=False, server_default=text("''")),  # a summary for want of room
    Column("language", Text),
    Column("file_size", BigInteger),  # of the file that the link leads to, in bytes
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
    Column("event_found", Boolean, nullable=False, server_default=false()),  # on its page, not at its source
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
    Column("digest_id", BigInteger),  # the delivery of the digest that tells of its aid instead
    Column("went_at", UtcTime),  # when it was claimed last, if it may be public since then
    Column("missed_at", UtcTime),  # when it could have gone, if that was earlier
    Column("asked_about", Text, nullable=False, server_default=text("'[]'")),  # what people were asked of
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

writer = Table(
    "writer",
    metadata,
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_writer_delivery"), nullable=False),
    Column("number", Integer, nullable=False),  # who wrote first has 1
    Column("who", Text, nullable=False),
    PrimaryKeyConstraint("delivery_id", "number", name="pk_writer"),
    UniqueConstraint("delivery_id", "who", name="uq_writer_delivery_who"),
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


hold = Table(
    "hold",
    metadata,
    row_id(),
    Column("scope_kind", Text, nullable=False),
    Column("scope_name", Text),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("until_at", UtcTime),
    Column("lifted_at", UtcTime),
    Column("lifted_by", Text),
    Column("lift_reason", Text),
    CheckConstraint(one_of("scope_kind", ScopeKind), name="ck_hold_scope_kind"),
    CheckConstraint("(scope_kind = 'all') = (scope_name IS NULL)", name="ck_hold_scope"),
    CheckConstraint(
        "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)",
        name="ck_hold_lifted",
    ),
)

approval = Table(
    "approval",
    metadata,
    row_id(),
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_approval_delivery"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("approved_at", UtcTime, nullable=False),
    Column("until_at", UtcTime),
    Column("ended_at", UtcTime),  # by another post or another approval; one that lapsed stays as it is
    Index("ix_approval_delivery", "delivery_id", "id"),
)

IN_FORCE = approval.c.ended_at.is_(None)

takedown = Table(
    "takedown",
    metadata,
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_takedown_delivery"), nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    PrimaryKeyConstraint("delivery_id", name="pk_takedown"),
)

SUBJECTS = ("delivery_id", "channel", "source", "hold_id")
"""What a change can be about: one of these columns is set."""

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
    Column("source", Text, ForeignKey("source.name", name="fk_change_source")),
    Column("hold_id", BigInteger, ForeignKey("hold.id", name="fk_change_hold")),
    Column("detail", Text),
    CheckConstraint(
        " + ".join(f"CASE WHEN {each} IS NULL THEN 0 ELSE 1 END" for each in SUBJECTS) + " = 1",
        name="ck_change_subject",
    ),
    Index("ix_change_delivery", "delivery_id", "id"),
)


REVISION = "0010"
"""The newest migration: what a ledger must be at for this program to use it."""

VERSION_TABLE = "ledger_version"
"""Not Alembic's usual name, so that a ledger can live in a database that somebody else migrates."""
