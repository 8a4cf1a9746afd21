"""Keep since when an aid is gone from its source, and under which title a delivery's post was written.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Add the columns; of what was written before nobody knows the title any more."""
    op.add_column("aid", sa.Column("gone_at", UTC_TIME))
    op.add_column("delivery", sa.Column("post_title", sa.Text))


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")
