"""Keep with each source what is to be known of it as it stands, and with each aid its categories.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, JSON lists both; what they hold is seen at the source's next look."""
    op.add_column("source", sa.Column("notes", sa.Text, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("aid", sa.Column("categories", sa.Text, nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")
