"""Remember when posts took their turn, what people hold, approve and take down, and where sources are.

Written out in full, not taken from ``schema.py``: a migration stays as it was when the schema moves on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UTC_TIME = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

OLD_COLUMNS = "id, changed_at, who, reason, action, delivery_id, channel"


def upgrade() -> None:
    """Widen sources, deliveries and changes, and make the three new tables; those pointed at come first."""
    _widen_source()
    _widen_delivery()
    _make_delivery_indexes()
    _make_hold()
    _make_approval()
    _widen_change()
    op.create_index("ix_change_delivery", "change", ["delivery_id", "id"])
    _make_takedown()


def downgrade() -> None:
    """Refuse: a ledger never forgets; restore a backup instead."""
    raise NotImplementedError("a ledger is not taken back a version: restore a backup instead")


def _widen_source() -> None:
    op.add_column("source", sa.Column("address", sa.Text))
    op.add_column("source", sa.Column("latest", sa.Integer, nullable=False, server_default=sa.text("0")))
    op.add_column("source", sa.Column("since_at", UTC_TIME))
    op.add_column("source", sa.Column("alarm", sa.Text))
    op.add_column("source", sa.Column("alarm_at", UTC_TIME))
    if op.get_context().dialect.name == "sqlite":
        _write_baselines_like_other_times()


def _write_baselines_like_other_times() -> None:
    """Give baselines their T and their Z, which were left out, so that they read as UTC everywhere."""
    lacking = "instr(baseline_at, ' ') > 0"
    op.execute(f"UPDATE source SET baseline_at = replace(baseline_at, ' ', 'T') || 'Z' WHERE {lacking}")  # noqa: S608


def _widen_delivery() -> None:
    """Add the columns; what went out already, or may have, keeps the time of its last such attempt."""
    any_hour = sa.Column("any_hour", sa.Boolean, nullable=False, server_default=sa.text("false"))
    op.add_column("delivery", sa.Column("cause", sa.Text))
    op.add_column("delivery", any_hour)
    op.add_column("delivery", sa.Column("edited_by", sa.Text))
    op.add_column("delivery", sa.Column("digest_id", sa.BigInteger))
    op.add_column("delivery", sa.Column("went_at", UTC_TIME))
    op.add_column("delivery", sa.Column("missed_at", UTC_TIME))
    op.execute(
        "UPDATE delivery SET went_at = (SELECT max(started_at) FROM attempt"
        " WHERE attempt.delivery_id = delivery.id"
        " AND (outcome IS NULL OR outcome IN ('sent', 'unknown', 'stranded')))"
    )


def _make_delivery_indexes() -> None:
    went, missed = sa.text("went_at IS NOT NULL"), sa.text("missed_at IS NOT NULL")
    in_digest = sa.text("digest_id IS NOT NULL")
    op.create_index(
        "ix_delivery_digest",
        "delivery",
        ["digest_id"],
        sqlite_where=in_digest,
        postgresql_where=in_digest,
    )
    op.create_index(
        "ix_delivery_went",
        "delivery",
        ["channel", "went_at", "campaign"],
        sqlite_where=went,
        postgresql_where=went,
    )
    op.create_index(
        "ix_delivery_missed",
        "delivery",
        ["channel", "missed_at"],
        sqlite_where=missed,
        postgresql_where=missed,
    )


def _make_hold() -> None:
    op.create_table(
        "hold",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("scope_kind", sa.Text, nullable=False),
        sa.Column("scope_name", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("placed_at", UTC_TIME, nullable=False),
        sa.Column("until_at", UTC_TIME),
        sa.Column("lifted_at", UTC_TIME),
        sa.Column("lifted_by", sa.Text),
        sa.Column("lift_reason", sa.Text),
        sa.CheckConstraint(
            "scope_kind IN ('all', 'campaign', 'channel', 'theme')", name="ck_hold_scope_kind"
        ),
        sa.CheckConstraint("(scope_kind = 'all') = (scope_name IS NULL)", name="ck_hold_scope"),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)",
            name="ck_hold_lifted",
        ),
    )


def _make_approval() -> None:
    op.create_table(
        "approval",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column(
            "delivery_id",
            sa.BigInteger,
            sa.ForeignKey("delivery.id", name="fk_approval_delivery"),
            nullable=False,
        ),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("approved_at", UTC_TIME, nullable=False),
        sa.Column("until_at", UTC_TIME),
        sa.Column("ended_at", UTC_TIME),
    )
    in_force = sa.text("ended_at IS NULL")
    op.create_index("ix_approval_delivery", "approval", ["delivery_id", "id"])
    op.create_index(
        "uq_approval_in_force",
        "approval",
        ["delivery_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )


def _widen_change() -> None:
    """Let a change be about a source or a hold too; SQLite changes no check, so there the table is new."""
    if op.get_context().dialect.name == "sqlite":
        op.rename_table("change", "old_change")
        _make_change()
        op.execute(f"INSERT INTO change ({OLD_COLUMNS}) SELECT {OLD_COLUMNS} FROM old_change")  # noqa: S608
        op.drop_table("old_change")
        return
    op.drop_constraint("ck_change_subject", "change", type_="check")
    for column in _new_columns():
        op.add_column("change", column)
    op.create_check_constraint("ck_change_subject", "change", _one_subject())


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
        *_new_columns(),
        sa.CheckConstraint(_one_subject(), name="ck_change_subject"),
    )


def _new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("source", sa.Text, sa.ForeignKey("source.name", name="fk_change_source")),
        sa.Column("hold_id", sa.BigInteger, sa.ForeignKey("hold.id", name="fk_change_hold")),
        sa.Column("detail", sa.Text),
    ]


def _one_subject() -> str:
    return (
        "CASE WHEN delivery_id IS NULL THEN 0 ELSE 1 END + CASE WHEN channel IS NULL THEN 0 ELSE 1 END"
        " + CASE WHEN source IS NULL THEN 0 ELSE 1 END + CASE WHEN hold_id IS NULL THEN 0 ELSE 1 END = 1"
    )


def _make_takedown() -> None:
    op.create_table(
        "takedown",
        sa.Column(
            "delivery_id",
            sa.BigInteger,
            sa.ForeignKey("delivery.id", name="fk_takedown_delivery"),
            nullable=False,
        ),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ordered_at", UTC_TIME, nullable=False),
        sa.Column("done_at", UTC_TIME),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_takedown"),
    )
