"""Remember look-ups for unsure deliveries, and what people changed.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Give deliveries what looking needs, then make the three new tables."""
    _widen_delivery()
    op.create_index("ix_receipt_post", "receipt", ["post_id"])
    _make_look_up()
    _make_change()
    _make_draft()


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")


def _widen_delivery() -> None:
    """Add the columns; what is unsure already is looked up at once."""
    op.add_column("delivery", sa.Column("look_at", UTC_TIME))
    op.add_column("delivery", sa.Column("absent_at", UTC_TIME))
    for name in ("resent", "failed_looks"):
        op.add_column("delivery", sa.Column(name, sa.Integer, nullable=False, server_default=sa.text("0")))
    op.execute("UPDATE delivery SET look_at = changed_at WHERE state = 'unsure'")
    looked_for = sa.text("state = 'unsure' AND look_at IS NOT NULL")
    op.create_index(
        "ix_delivery_look",
        "delivery",
        ["look_at"],
        sqlite_where=looked_for,
        postgresql_where=looked_for,
    )


def _make_look_up() -> None:
    op.create_table(
        "look_up",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column(
            "delivery_id",
            sa.BigInteger,
            sa.ForeignKey("delivery.id", name="fk_look_up_delivery"),
            nullable=False,
        ),
        sa.Column("looked_at", UTC_TIME, nullable=False),
        sa.Column("found", sa.Integer),
        sa.Column("read", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_look_up_delivery", "look_up", ["delivery_id"])


def _make_change() -> None:
    op.create_table(
        "change",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("changed_at", UTC_TIME, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("delivery_id", sa.BigInteger, sa.ForeignKey("delivery.id", name="fk_change_delivery")),
        sa.Column("channel", sa.Text, sa.ForeignKey("channel.name", name="fk_change_channel")),
        sa.CheckConstraint("(delivery_id IS NULL) <> (channel IS NULL)", name="ck_change_subject"),
    )


def _make_draft() -> None:
    op.create_table(
        "draft",
        sa.Column("channel", sa.Text, sa.ForeignKey("channel.name", name="fk_draft_channel"), nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("post_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("channel", "digest", name="pk_draft"),
    )
