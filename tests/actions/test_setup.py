"""The first verbs: migrate, check, initialise."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa

from rappel.actions.keys import viewer_of
from rappel.actions.setup import check_books, check_schema, initialise, migrate
from rappel.core.access import SYSTEM, Role
from rappel.errors import Malformed, Refused, Unavailable
from rappel.store.audit import AuditRow
from rappel.store.base import connect
from rappel.store.consortium import consortium

if TYPE_CHECKING:
    from pathlib import Path

    from rappel.store.base import Database
    from rappel.store.embedded import Server

NOW = datetime(2026, 1, 2, tzinfo=UTC)
FIRST: dict[str, Any] = {
    "name": "Compras Unidas",
    "tax_id": "CUN-010203-AB1",
    "country": "MX",
    "address": "Reforma 1",
    "currency": "MXN",
    "locale": "es-MX",
    "administrator": "Ana",
    "email": "ana@example.org",
    "now": NOW,
}


def execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    assert migrate(empty_url) == migrate(empty_url)
    check_schema(empty_url)


def test_two_at_once_wait_for_each_other(empty_url: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(migrate, [empty_url, empty_url])
    assert first == second


def test_a_database_without_tables_names_the_command(empty_url: str) -> None:
    with pytest.raises(Unavailable) as refusal:
        check_schema(empty_url)
    assert refusal.value.code == "no_books"
    assert "rappel init" in refusal.value.repair


def test_tables_without_a_consortium_name_it_too(db: Database) -> None:
    with pytest.raises(Unavailable) as refusal:
        check_books(db)
    assert refusal.value.code == "no_books"
    initialise(db, **FIRST)
    check_books(db)


def test_an_older_revision_names_the_command(owner_url: str) -> None:
    execute(owner_url, "update alembic_version set version_num = '0001_parties'")
    with pytest.raises(Unavailable) as refusal:
        check_schema(owner_url)
    assert refusal.value.code == "schema_behind"
    assert refusal.value.repair == "rappel migrate"


def test_a_newer_database_is_neither_used_nor_migrated(owner_url: str) -> None:
    execute(owner_url, "update alembic_version set version_num = '9999_later'")
    for verb in (check_schema, migrate):
        with pytest.raises(Unavailable) as refusal:
            verb(owner_url)
        assert refusal.value.code == "schema_ahead"


def test_a_server_that_is_not_there_is_said_so() -> None:
    url = "postgres://nobody@127.0.0.1:1/none"
    for verb in (check_schema, migrate):
        with pytest.raises(Unavailable) as refusal:
            verb(url)
        assert refusal.value.code == "database_unreachable"


def test_a_login_that_may_not_make_roles_gets_the_sql_that_is_needed(
    cluster: Server, empty_url: str, template: str
) -> None:
    assert template  # it made the roles, which are the whole server's
    execute(empty_url, "create role poor login password 'poor'")
    name = empty_url.partition("@/")[2].partition("?")[0]
    url = cluster.url(database=name, user="poor", password="poor")
    try:
        with pytest.raises(Unavailable) as refusal:
            migrate(url)
        assert refusal.value.code == "roles_missing"
        assert "grant rappel_owner to poor;" in refusal.value.repair
        execute(
            empty_url, *refusal.value.repair.partition(": ")[2].rstrip(";").split("; ")
        )
        migrate(url)
        check_schema(url)
    finally:
        execute(
            empty_url,
            "revoke rappel_owner, rappel_app from poor",
            "drop owned by poor",
            "drop role poor",
        )


def test_the_first_key_is_an_administrators(db: Database) -> None:
    made = initialise(db, **FIRST)
    viewer = viewer_of(db, made.key)
    assert (viewer.role, viewer.person) == (Role.ADMINISTRATOR, made.person)
    with db.reading(viewer) as session:
        assert consortium(session, viewer).tax_id == "CUN010203AB1"
        verbs = session.scalars(sa.select(AuditRow.verb)).all()
    assert verbs == ["setup.initialise"]


def test_a_second_time_is_refused_and_leaves_no_trace(db: Database) -> None:
    initialise(db, **FIRST)
    with pytest.raises(Refused):
        initialise(db, **FIRST)
    with db.reading(SYSTEM) as session:
        assert session.scalar(sa.text("select count(*) from person")) == 1
        assert session.scalar(sa.text("select count(*) from audit_entry")) == 1


def test_every_fault_is_named_at_once(db: Database) -> None:
    wrong = {"name": " ", "country": "Mexico", "currency": "XXX", "locale": "fr"}
    with pytest.raises(Malformed) as refusal:
        initialise(db, **{**FIRST, **wrong, "email": "ana"})
    fields = [fault.field for fault in refusal.value.faults]
    assert fields == ["name", "country", "currency", "locale", "email"]


def test_connections_act_as_the_application(owner_url: str, tmp_path: Path) -> None:
    books = connect(owner_url, cache=tmp_path)
    with books.reading(SYSTEM) as session:
        assert session.scalar(sa.text("select current_user")) == "rappel_app"
    books.dispose()
