"""Remember everything: aids, deliveries, attempts, receipts, cursors, in SQLite or PostgreSQL."""

from spotlight_notify.ledger.opening import open_existing, open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger

__all__ = ["SqlLedger", "open_existing", "open_ledger"]
