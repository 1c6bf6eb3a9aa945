"""Alembic's entry: runs the versions on the connection that `storage.engine.migrate` made."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="otklik_migrations",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
