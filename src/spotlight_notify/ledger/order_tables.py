"""Define the tables of what people order: holds, approvals, takedowns, and every change on record."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from spotlight_notify.ledger.columns import UtcTime, metadata, one_of, row_id
from spotlight_notify.model.words import ScopeKind

hold = Table(
    "hold",
    metadata,
    row_id(),
    Column("scope_kind", Text, nullable=False),
    Column("scope_name", Text),
    Column("reason", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("placed_at", UtcTime, nullable=False),
    Column("until_at", UtcTime),
    Column("lifted_at", UtcTime),
    Column("lifted_by", Text),
    Column("lift_reason", Text),
    CheckConstraint(one_of("scope_kind", ScopeKind), name="ck_hold_scope_kind"),
    CheckConstraint("(scope_kind = 'all') = (scope_name IS NULL)", name="ck_hold_scope"),
    CheckConstraint(
        "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lift_reason IS NULL)",
        name="ck_hold_lifted",
    ),
)

approval = Table(
    "approval",
    metadata,
    row_id(),
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_approval_delivery"), nullable=False),
    Column("digest", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("approved_at", UtcTime, nullable=False),
    Column("until_at", UtcTime),
    Column("ended_at", UtcTime),  # by another post or another approval; one that lapsed stays as it is
    Index("ix_approval_delivery", "delivery_id", "id"),
)

IN_FORCE = approval.c.ended_at.is_(None)

takedown = Table(
    "takedown",
    metadata,
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_takedown_delivery"), nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    PrimaryKeyConstraint("delivery_id", name="pk_takedown"),
)

SUBJECTS = ("delivery_id", "channel", "source", "hold_id")
"""What a change can be about: one of these columns is set."""

change = Table(
    "change",
    metadata,
    row_id(),
    Column("changed_at", UtcTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("delivery_id", BigInteger, ForeignKey("delivery.id", name="fk_change_delivery")),
    Column("channel", Text, ForeignKey("channel.name", name="fk_change_channel")),
    Column("source", Text, ForeignKey("source.name", name="fk_change_source")),
    Column("hold_id", BigInteger, ForeignKey("hold.id", name="fk_change_hold")),
    Column("detail", Text),
    CheckConstraint(
        " + ".join(f"CASE WHEN {each} IS NULL THEN 0 ELSE 1 END" for each in SUBJECTS) + " = 1",
        name="ck_change_subject",
    ),
    Index("ix_change_delivery", "delivery_id", "id"),
)
