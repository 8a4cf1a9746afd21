"""Run the migrations on the connection handed over by ``migrating.py``, inside its transaction."""

from alembic import context

from spotlight_notify.ledger.partial_indexes import metadata
from spotlight_notify.ledger.schema import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
)
with context.begin_transaction():
    context.run_migrations()
