"""Alembic's entry: runs on the connection that `register.database` hands in."""

from alembic import context

from register.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
with context.begin_transaction():
    context.run_migrations()
