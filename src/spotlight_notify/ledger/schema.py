"""Join the ledger's tables; ``migrations/`` builds the same ones step by step."""

from spotlight_notify.ledger.aid_tables import MAX_PICTURE, aid, alias, picture, source
from spotlight_notify.ledger.columns import metadata
from spotlight_notify.ledger.delivery_tables import (
    PENDING,
    SENDING,
    UNSURE,
    attempt,
    channel,
    delivery,
    draft,
    look_up,
    receipt,
)
from spotlight_notify.ledger.order_tables import IN_FORCE, approval, change, hold, takedown

__all__ = [
    "IN_FORCE",
    "MAX_PICTURE",
    "PENDING",
    "REVISION",
    "SENDING",
    "UNSURE",
    "VERSION_TABLE",
    "aid",
    "alias",
    "approval",
    "attempt",
    "change",
    "channel",
    "delivery",
    "draft",
    "hold",
    "look_up",
    "metadata",
    "picture",
    "receipt",
    "source",
    "takedown",
]

REVISION = "0007"
"""The newest migration: what a ledger must be at for this program to use it."""

VERSION_TABLE = "ledger_version"
"""Not Alembic's usual name, so that a ledger can live in a database that somebody else migrates."""
