"""The tables: up from nothing, in any order of asking, and equal to the code's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from rappel.store.schema import METADATA, Standing, look, migrate

if TYPE_CHECKING:
    from collections.abc import Mapping

# What Alembic does not compare: (what there is in the database, by name).
OBJECTS: Final[Mapping[str, str]] = {
    "checks": "select conname, pg_get_constraintdef(oid) from pg_constraint"
    " where connamespace = 'public'::regnamespace and contype in ('c', 'x')",
    "identities": "select table_name || '.' || column_name, identity_generation"
    " from information_schema.columns where table_schema = 'public'"
    " and is_identity = 'YES'",
    "indexes": "select indexname, indexdef from pg_indexes"
    " where schemaname = 'public' and indexname not like 'alembic%'",
    "defaults": "select table_name || '.' || column_name, column_default"
    " from information_schema.columns where table_schema = 'public'"
    " and column_default is not null",
}
FUNCTIONS: Final = {
    "audit_tail",
    "claim_fiscal_key",
    "guard_audit",
    "guard_period",
    "refuse_change",
    "release_fiscal_key",
    "viewer_administers",
    "viewer_member",
    "viewer_person",
    "viewer_role",
    "viewer_supplier",
    "original_day",
}


def objects(url: str) -> dict[str, dict[str, str]]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = {
            kind: {
                str(row[0]): str(row[1]) for row in connection.execute(sa.text(query))
            }
            for kind, query in OBJECTS.items()
        }
    engine.dispose()
    return found


def test_the_migrations_make_exactly_the_tables_of_the_code(owner_url: str) -> None:
    engine = sa.create_engine(owner_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    assert differences == []


def test_checks_identities_indexes_and_defaults_are_those_of_the_code(
    owner_url: str, empty_url: str
) -> None:
    engine = sa.create_engine(empty_url)
    METADATA.create_all(engine)
    engine.dispose()
    made, wanted = objects(owner_url), objects(empty_url)
    assert made == wanted
    assert {kind: len(found) > 2 for kind, found in made.items()} == dict.fromkeys(
        OBJECTS, True
    )


def test_functions_and_triggers_are_the_ones_that_are_tested(owner_url: str) -> None:
    engine = sa.create_engine(owner_url)
    own = "not exists (select from pg_depend d where d.objid = p.oid and deptype = 'e')"
    with engine.connect() as connection:
        functions = connection.scalars(
            sa.text(
                "select proname from pg_proc p"
                f" where pronamespace = 'public'::regnamespace and {own}"
            )
        ).all()
        triggers = connection.execute(
            sa.text(
                "select tgname, count(*) from pg_trigger where not tgisinternal"
                " group by 1 order by 1"
            )
        ).all()
    engine.dispose()
    assert set(functions) == FUNCTIONS
    assert [tuple(row) for row in triggers] == [
        ("guard", 2),
        ("never_changed", 20),
        ("never_deleted", 1),
    ]


def test_an_empty_database_is_behind_and_then_ready(empty_url: str) -> None:
    assert look(empty_url).standing is Standing.BEHIND
    reached = migrate(empty_url)
    assert look(empty_url).standing is Standing.READY
    assert look(empty_url).revision == reached


def test_every_database_signs_its_pages_with_a_secret_of_its_own(
    empty_url: str, owner_url: str
) -> None:
    migrate(empty_url)
    secrets = set()
    for url in (empty_url, owner_url):
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            secrets.add(connection.scalar(sa.text("select key from page_key")))
        engine.dispose()
    assert len(secrets) == 2
    assert {len(secret) for secret in secrets} == {32}
