"""Make the first ledger's tables.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table; those that are pointed at come first."""
    _make_source()
    _make_channel()
    _make_aid()
    _make_alias()
    _make_delivery()
    _make_delivery_indexes()
    _make_attempt()
    _make_receipt()


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")


def _make_source() -> None:
    op.create_table(
        "source",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("cursor", sa.Text),
        sa.Column("baseline_at", UTC_TIME),
        sa.Column("next_poll_at", UTC_TIME, nullable=False),
        sa.Column("polled_at", UTC_TIME),
        sa.Column("succeeded_at", UTC_TIME),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("paused_reason", sa.Text),
        sa.PrimaryKeyConstraint("name", name="pk_source"),
    )


def _make_channel() -> None:
    op.create_table(
        "channel",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("due_at", UTC_TIME),
        sa.Column("paused_at", UTC_TIME),
        sa.Column("paused_reason", sa.Text),
        sa.PrimaryKeyConstraint("name", name="pk_channel"),
        sa.CheckConstraint("network IN ('facebook', 'x')", name="ck_channel_network"),
    )


def _make_aid() -> None:
    op.create_table(
        "aid",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("source", sa.Text, sa.ForeignKey("source.name", name="fk_aid_source"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("theme", sa.Text),
        sa.Column("access", sa.Text, nullable=False),
        sa.Column("images", sa.Text, nullable=False),
        sa.Column("published_at", UTC_TIME),
        sa.Column("updated_at", UTC_TIME),
        sa.Column("event_at", UTC_TIME),
        sa.Column("expires_at", UTC_TIME),
        sa.Column("first_seen_at", UTC_TIME, nullable=False),
        sa.Column("baseline", sa.Boolean, nullable=False),
        sa.UniqueConstraint("source", "key", name="uq_aid_source_key"),
        sa.CheckConstraint(
            "kind IN ('article', 'poster', 'publication', 'webinar', 'podcast', 'training')",
            name="ck_aid_kind",
        ),
        sa.CheckConstraint("access IN ('public', 'sign-in')", name="ck_aid_access"),
    )
    op.create_index("ix_aid_first_seen", "aid", ["first_seen_at", "id"])


def _make_alias() -> None:
    op.create_table(
        "alias",
        sa.Column("source", sa.Text, sa.ForeignKey("source.name", name="fk_alias_source"), nullable=False),
        sa.Column("alias", sa.Text, nullable=False),
        sa.Column("aid_id", sa.BigInteger, sa.ForeignKey("aid.id", name="fk_alias_aid"), nullable=False),
        sa.PrimaryKeyConstraint("alias", "source", name="pk_alias"),
    )
    op.create_index("ix_alias_aid", "alias", ["aid_id"])


def _make_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("campaign", sa.Text, nullable=False),
        sa.Column(
            "channel", sa.Text, sa.ForeignKey("channel.name", name="fk_delivery_channel"), nullable=False
        ),
        sa.Column("aid_id", sa.BigInteger, sa.ForeignKey("aid.id", name="fk_delivery_aid"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("due_at", UTC_TIME, nullable=False),
        sa.Column("post", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("claimant", sa.Text),
        sa.Column("epoch", sa.BigInteger),
        sa.Column("leased_until_at", UTC_TIME),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("changed_at", UTC_TIME, nullable=False),
        sa.UniqueConstraint("campaign", "channel", "aid_id", name="uq_delivery_campaign_channel_aid"),
        sa.CheckConstraint(
            "state IN ('proposed', 'pending', 'sending', 'sent', 'unsure', 'failed', 'skipped', 'cancelled')",
            name="ck_delivery_state",
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (claimant IS NOT NULL) AND (state = 'sending') = (epoch IS NOT NULL)"
            " AND (state = 'sending') = (leased_until_at IS NOT NULL)",
            name="ck_delivery_claim",
        ),
        sa.CheckConstraint(
            "post IS NOT NULL OR state IN ('proposed', 'failed', 'skipped', 'cancelled')",
            name="ck_delivery_post",
        ),
    )


def _make_delivery_indexes() -> None:
    pending, sending = sa.text("state = 'pending'"), sa.text("state = 'sending'")
    op.create_index("ix_delivery_aid", "delivery", ["aid_id"])
    op.create_index("ix_delivery_state", "delivery", ["state", "id"])
    op.create_index(
        "ix_delivery_pending",
        "delivery",
        ["channel", "due_at", "id"],
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.create_index(
        "uq_delivery_sending",
        "delivery",
        ["channel"],
        unique=True,
        sqlite_where=sending,
        postgresql_where=sending,
    )


def _make_attempt() -> None:
    op.create_table(
        "attempt",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column(
            "delivery_id",
            sa.BigInteger,
            sa.ForeignKey("delivery.id", name="fk_attempt_delivery"),
            nullable=False,
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("claimant", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("started_at", UTC_TIME, nullable=False),
        sa.Column("ended_at", UTC_TIME),
        sa.Column("outcome", sa.Text),
        sa.Column("detail", sa.Text),
        sa.UniqueConstraint("delivery_id", "number", name="uq_attempt_delivery_number"),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('sent', 'rejected', 'throttled', 'unauthorized', 'unreachable',"
            " 'unknown', 'stranded')",
            name="ck_attempt_outcome",
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (outcome IS NULL)", name="ck_attempt_ended"),
    )


def _make_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column(
            "delivery_id",
            sa.BigInteger,
            sa.ForeignKey("delivery.id", name="fk_receipt_delivery"),
            nullable=False,
        ),
        sa.Column("attempt_id", sa.BigInteger, sa.ForeignKey("attempt.id", name="fk_receipt_attempt")),
        sa.Column("post_id", sa.Text, nullable=False),
        sa.Column("url", sa.Text),
        sa.Column("posted_at", UTC_TIME),
        sa.Column("recorded_at", UTC_TIME, nullable=False),
        sa.UniqueConstraint("delivery_id", name="uq_receipt_delivery"),
    )
