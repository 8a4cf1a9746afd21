"""Remember everything: aids, deliveries, attempts, receipts, cursors, in SQLite or PostgreSQL."""

from spotlight_notify.ledger.opening import Purpose, open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger

__all__ = ["Purpose", "SqlLedger", "open_ledger"]
