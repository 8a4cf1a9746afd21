"""Remember everything: aids, deliveries, attempts, receipts, cursors, in SQLite or PostgreSQL."""
