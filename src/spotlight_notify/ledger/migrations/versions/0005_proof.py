"""Keep what proves a post public or absent, what people were asked about, and every theme of an aid.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Add the columns."""
    _keep_how_far_a_channel_is_known()
    _keep_what_people_were_asked_about()
    _keep_all_themes()


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")


def _keep_how_far_a_channel_is_known() -> None:
    """Add until when a channel was known: until its newest receipt, as far as that can be told now."""
    op.add_column("channel", sa.Column("known_until_at", UTC_TIME))
    op.add_column("channel", sa.Column("behind_at", UTC_TIME))
    newest = (
        "SELECT max(recorded_at) FROM receipt JOIN delivery ON delivery.id = receipt.delivery_id"
        " WHERE delivery.channel = channel.name"
    )
    op.execute(f"UPDATE channel SET known_until_at = ({newest})")  # noqa: S608


def _keep_what_people_were_asked_about() -> None:
    asked_about = sa.Column("asked_about", sa.Text, nullable=False, server_default=sa.text("'[]'"))
    op.add_column("delivery", asked_about)


def _keep_all_themes() -> None:
    """Add the themes beside the main one, as a JSON list; what is known already had no more than that one."""
    others = sa.Column("other_themes", sa.Text, nullable=False, server_default=sa.text("'[]'"))
    op.add_column("aid", others)
