"""Keep an aid's short summary, its language, its file's size, and whether its page says when it begins.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what they hold is seen at the source's next look."""
    op.add_column("aid", sa.Column("short", sa.Text, nullable=False, server_default=sa.text("''")))
    op.add_column("aid", sa.Column("language", sa.Text))
    op.add_column("aid", sa.Column("file_size", sa.BigInteger))
    found = sa.Column("event_found", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("aid", found)


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")
