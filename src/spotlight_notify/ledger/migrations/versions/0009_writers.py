"""Keep the writers of a post in a table of their own, and with each aid in a digest the digest's delivery.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DIGESTS = """
SELECT delivery.id, delivery.campaign, delivery.channel, aid.summary
    FROM delivery JOIN aid ON aid.id = delivery.aid_id
    WHERE aid.source = 'on-demand' AND aid.key LIKE 'digest:%' ORDER BY delivery.id
"""
TAKE_IN = """
UPDATE delivery SET digest_id = :digest_id
    WHERE campaign = :campaign AND channel = :channel AND aid_id = :aid_id
    AND digest_id IS NULL AND state = 'skipped' AND cause = 'digest'
"""


def upgrade() -> None:
    """Make the table, and take along who wrote and what digests told of."""
    op.create_table(
        "writer",
        sa.Column("delivery_id", sa.BigInteger, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name="fk_writer_delivery"),
        sa.PrimaryKeyConstraint("delivery_id", "number", name="pk_writer"),
        sa.UniqueConstraint("delivery_id", "who", name="uq_writer_delivery_who"),
    )
    writers = list(_writers())
    for row in writers:
        op.get_bind().execute(sa.text("INSERT INTO writer VALUES (:delivery_id, :number, :who)"), row)
    op.drop_column("delivery", "edited_by")
    for digest in op.get_bind().execute(sa.text(DIGESTS)).all():
        place = {"digest_id": digest.id, "campaign": digest.campaign, "channel": digest.channel}
        for number in re.findall(r"\d+", digest.summary):
            op.get_bind().execute(sa.text(TAKE_IN), {**place, "aid_id": int(number)})


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")


def _writers() -> Iterator[dict[str, object]]:
    """Yield a row for each who wrote on a post; they stood in one column, a line each."""
    wanted = "SELECT id, edited_by FROM delivery WHERE edited_by IS NOT NULL ORDER BY id"
    for row in op.get_bind().execute(sa.text(wanted)).all():
        for number, who in enumerate(dict.fromkeys(row.edited_by.splitlines()), start=1):
            yield {"delivery_id": row.id, "number": number, "who": who}
