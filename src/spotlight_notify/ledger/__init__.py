"""Remember everything: aids, deliveries, attempts, receipts, cursors, in SQLite or PostgreSQL."""

from typing import TYPE_CHECKING

from spotlight_notify.later import later

if TYPE_CHECKING:
    from spotlight_notify.ledger.glancing import glance_at_holds
    from spotlight_notify.ledger.opening import Purpose, open_ledger
    from spotlight_notify.ledger.sql_ledger import SqlLedger

__getattr__ = later(
    __name__,
    glancing="glance_at_holds",
    opening="Purpose open_ledger",
    sql_ledger="SqlLedger",
)
