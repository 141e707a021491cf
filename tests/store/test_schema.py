"""The tables: up from nothing, equal to the code's, and guarded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from rappel.store.base import Database
from rappel.store.schema import METADATA, Standing, look, migrate


def test_the_migrations_make_exactly_the_tables_of_the_code(owner_url: str) -> None:
    engine = sa.create_engine(owner_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True},
        )
        assert compare_metadata(context, METADATA) == []
    engine.dispose()


def test_an_empty_database_is_behind_and_then_ready(empty_url: str) -> None:
    assert look(empty_url).standing is Standing.BEHIND
    migrate(empty_url)
    assert look(empty_url).standing is Standing.READY


def test_smoke(db: Database) -> None:
    with db.engine.connect() as c:
        assert c.execute(sa.text("select current_user")).scalar_one() == "rappel_app"
