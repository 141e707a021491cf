"""What Alembic runs: the migrations, on the connection that it is given.

There is no ``alembic.ini``: :mod:`rappel.store.schema` opens the connection, takes the
owner's role and the lock, and hands both over. Migrations go forward only.
"""

from __future__ import annotations

from alembic import context

from rappel.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA
)
with context.begin_transaction():
    context.run_migrations()
