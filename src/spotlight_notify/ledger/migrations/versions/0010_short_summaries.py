"""Keep the short summary that a source gives of an aid, its language, and the size of its file.

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


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")
