"""Alembic's way in: the steps run on the connection and in the transaction of `store.migration`."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
# The transaction is the caller's: it holds the lock against other workers, too.
context.configure(connection=connection, transactional_ddl=False)
context.run_migrations()
