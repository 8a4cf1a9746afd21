"""Let a channel be on any network that the configuration knows.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Drop the check on a channel's network; SQLite drops no check, so there the table is new.

    Rows of other tables point at it, and do so again once its rows are back: by the end, which is when
    SQLite looks after ``defer_foreign_keys``.
    """
    if op.get_context().dialect.name == "postgresql":
        op.drop_constraint("ck_channel_network", "channel", type_="check")
        return
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE old_channel AS SELECT * FROM channel")
    op.drop_table("channel")
    _make_channel()
    op.execute("INSERT INTO channel SELECT * FROM old_channel")
    op.execute("DROP TABLE old_channel")


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")


def _make_channel() -> None:
    """Make the table with its columns in the order in which earlier versions added them."""
    op.create_table(
        "channel",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("network", sa.Text, nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("due_at", UTC_TIME),
        sa.Column("paused_at", UTC_TIME),
        sa.Column("paused_reason", sa.Text),
        sa.Column("known_until_at", UTC_TIME),
        sa.Column("behind_at", UTC_TIME),
        sa.PrimaryKeyConstraint("name", name="pk_channel"),
    )
