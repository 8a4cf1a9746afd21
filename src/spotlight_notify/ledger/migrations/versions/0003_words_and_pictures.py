"""Keep what was found in a post, and the pictures that go out.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Give deliveries their findings, then make the table of pictures."""
    findings = sa.Column("findings", sa.Text, nullable=False, server_default=sa.text("'[]'"))
    op.add_column("delivery", findings)
    _make_picture()


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")


def _make_picture() -> None:
    op.create_table(
        "picture",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("kept_at", UTC_TIME, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_picture"),
        sa.CheckConstraint("length(content) BETWEEN 1 AND 4194304", name="ck_picture_content"),
    )
