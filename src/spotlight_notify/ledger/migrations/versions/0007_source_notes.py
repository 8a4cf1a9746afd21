"""Keep with each source what is to be known of it as it stands.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: a JSON list of sentences; nothing is noted of a source before its next look."""
    op.add_column("source", sa.Column("notes", sa.Text, nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")
