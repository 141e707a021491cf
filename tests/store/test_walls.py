"""The walls: viewer by table, which rows are reached; and that they cannot be passed.

The statements here carry no condition of their own: what they do not reach, the
database withholds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
import sqlalchemy as sa

from rappel.core.access import SYSTEM, Role, Viewer
from rappel.store.base import show
from rappel.store.schema import METADATA
from store_walls import (
    ADMINISTRATOR,
    MEMBER_1,
    MEMBER_2,
    SUPPLIER_1,
    SUPPLIER_2,
    VIEWERS,
)

if TYPE_CHECKING:
    from rappel.store.base import Database

# How many rows each reaches of: system, administrator, member, supplier. A member or
# supplier that reaches one reaches its own, which carries its number.
REACH: Final = {
    "consortium": (1, 1, 1, 1),
    "chapter": (1, 1, 1, 1),
    "period": (1, 1, 1, 1),
    "fx_rate": (1, 1, 1, 1),
    "page_key": (1, 1, 1, 1),
    "member": (2, 2, 1, 1),
    "member_tax_id": (2, 2, 1, 0),
    "supplier": (2, 2, 2, 1),
    "supplier_tax_id": (2, 2, 0, 1),
    "person": (5, 5, 1, 1),
    "api_key": (5, 5, 0, 0),
    "idempotency": (0, 0, 0, 0),
    "trusted_certificate": (1, 1, 0, 0),
    "audit_entry": (1, 1, 0, 0),
    "agreement": (2, 2, 2, 1),
    "revision": (2, 2, 0, 0),
    "programme": (2, 2, 2, 1),
    "programme_supplier": (2, 2, 2, 1),
    "catalogue_item": (2, 2, 0, 1),
    "baseline": (2, 2, 1, 0),
    "original": (2, 2, 1, 0),
    "upload": (2, 2, 1, 0),
    "upload_file": (2, 2, 1, 0),
    "document": (2, 2, 1, 0),
    "invoice": (2, 2, 1, 0),
    "line": (2, 2, 1, 0),
    "line_event": (2, 2, 1, 0),
    "payment": (2, 2, 1, 0),
    "run": (1, 1, 0, 0),
    "part": (1, 1, 0, 0),
    "volume": (2, 2, 1, 1),
    "pool": (2, 2, 0, 0),
    "rebate": (2, 2, 1, 0),
    "accrual": (1, 1, 0, 0),
    "accrual_line": (2, 2, 0, 0),
    "statement_series": (1, 1, 0, 0),
    "statement": (2, 2, 1, 0),
}
COLUMN: Final = {"system": 0, "administrator": 1, "member": 2, "supplier": 3}
OWNED: Final = ("member_id", "supplier_id")


def test_the_table_of_walls_names_every_table() -> None:
    assert set(REACH) | {"fiscal_key"} == set(METADATA.tables)


def test_every_viewer_reaches_just_its_rows(filled: Database) -> None:
    found, expected = {}, {}
    for name, viewer in VIEWERS.items():
        with filled.reading(viewer) as session:
            for table, counts in REACH.items():
                query = sa.select(sa.func.count()).select_from(METADATA.tables[table])
                found[name, table] = session.scalar(query)
                expected[name, table] = counts[COLUMN[viewer.role.value]]
    assert found == expected


def test_what_a_member_or_supplier_reaches_is_its_own(filled: Database) -> None:
    seen = 0
    for viewer in (MEMBER_1, MEMBER_2, SUPPLIER_1, SUPPLIER_2):
        own = viewer.member or viewer.supplier
        with filled.reading(viewer) as session:
            for table in METADATA.tables.values():
                for owner in OWNED:
                    shared = viewer.role is Role.MEMBER and owner == "supplier_id"
                    if owner not in table.columns or REACH.get(table.name) is None:
                        continue
                    if shared and table.name == "programme_supplier":
                        continue
                    for value in session.scalars(sa.select(table.c[owner])):
                        assert value in {own, None}, (viewer, table.name)
                        seen += 1
    assert seen > 40


def test_without_a_viewer_there_are_no_rows(filled: Database) -> None:
    with filled.engine.connect() as connection:
        for table in REACH:
            count = connection.scalar(sa.text(f"select count(*) from {table}"))
            assert count == 0, table


def test_the_viewer_ends_with_its_transaction(filled: Database) -> None:
    with filled.writing(SYSTEM) as session:
        assert session.scalar(sa.text("select count(*) from member")) == 2
        backend = session.scalar(sa.text("select pg_backend_pid()"))
    with filled.engine.connect() as connection:
        assert connection.scalar(sa.text("select pg_backend_pid()")) == backend
        assert connection.scalar(sa.text("select count(*) from member")) == 0


@pytest.mark.parametrize("role", ["", "owner", "ADMINISTRATOR", "member", "supplier"])
def test_a_role_without_whose_it_is_reaches_nothing_owned(
    filled: Database, role: str
) -> None:
    with filled.engine.begin() as connection:
        connection.execute(sa.select(sa.func.set_config("rappel.role", role, True)))
        for table in ("invoice", "rebate", "member", "volume", "statement", "person"):
            assert connection.scalar(sa.text(f"select count(*) from {table}")) == 0


def test_a_supplier_is_no_member_of_the_same_number(filled: Database) -> None:
    odd = Viewer(role=Role.SUPPLIER, person=4, supplier=1, member=2)
    with filled.reading(odd) as session:
        assert session.scalar(sa.text("select count(*) from invoice")) == 0
        assert session.scalars(sa.text("select id from member")).all() == [1]


def test_the_application_owns_nothing_and_bypasses_nothing(filled: Database) -> None:
    with filled.engine.connect() as connection:
        role = connection.execute(
            sa.text(
                "select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole"
                " from pg_roles where rolname = 'rappel_app'"
            )
        ).one()
        owned = connection.scalar(
            sa.text(
                "select count(*) from pg_class where relowner = 'rappel_app'::regrole"
            )
        )
        member_of = connection.scalar(
            sa.text("select pg_has_role('rappel_app', 'rappel_owner', 'member')")
        )
    assert tuple(role) == (False, False, False, False)
    assert (owned, member_of) == (0, False)


def test_every_table_stands_behind_forced_row_security(filled: Database) -> None:
    query = (
        "select c.relname, c.relrowsecurity, c.relforcerowsecurity,"
        " (select count(*) from pg_policy p where p.polrelid = c.oid) as policies,"
        " pg_get_userbyid(c.relowner) as owner"
        " from pg_class c where c.relnamespace = 'public'::regnamespace"
        " and c.relkind in ('r', 'p', 'v', 'm', 'f')"
    )
    with filled.engine.connect() as connection:
        rows = connection.execute(sa.text(query)).all()
    assert {row.relname for row in rows} == {*METADATA.tables, "alembic_version"}
    for row in rows:
        assert row.relrowsecurity, row.relname
        assert row.relforcerowsecurity, row.relname
        assert row.policies, row.relname
        assert row.owner == "rappel_owner", row.relname


def test_functions_of_the_owner_pin_their_path_and_are_not_for_everybody(
    filled: Database,
) -> None:
    query = (
        "select proname, proconfig, array(select grantee::regrole::text"
        " from aclexplode(proacl) where grantee <> proowner) as granted"
        " from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
    )
    with filled.engine.connect() as connection:
        rows = connection.execute(sa.text(query)).all()
    doors = {"claim_fiscal_key", "release_fiscal_key", "audit_tail"}
    assert {row.proname for row in rows} == doors | {"guard_audit"}
    for row in rows:
        assert row.proconfig == ["search_path=pg_catalog, pg_temp"], row.proname
        if row.proname in doors:
            assert row.granted == ["rappel_app"], row.proname


def test_idempotency_is_each_persons_own_also_for_administrators(
    own_books: Database,
) -> None:
    row = {"key": "k", "status": 201, "media_type": "m", "created_at": sa.func.now()}
    table = METADATA.tables["idempotency"]
    for viewer in (ADMINISTRATOR, MEMBER_1, SUPPLIER_1):
        with own_books.writing(viewer) as session:
            session.execute(
                sa.insert(table).values(
                    **row, person_id=viewer.person, request=b"", answer=b""
                )
            )
            assert session.scalars(sa.select(table.c.person_id)).all() == [
                viewer.person
            ]
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        own_books.writing(ADMINISTRATOR) as session,
    ):
        session.execute(
            sa.insert(table).values(**row, person_id=2, request=b"", answer=b"")
        )


def test_showing_another_viewer_in_one_transaction_replaces_the_first(
    filled: Database,
) -> None:
    with filled.writing(SYSTEM) as session:
        show(session, MEMBER_1)
        assert session.scalars(sa.text("select id from invoice")).all() == [1]
