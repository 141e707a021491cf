"""The walls: viewer by table, which rows are reached; and that they cannot be passed.

The statements here carry no condition of their own: what they do not reach, the
database withholds.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
import pytest
import sqlalchemy as sa

from rappel.core.access import SYSTEM, Role, Viewer
from rappel.store.base import connect, show
from rappel.store.schema import METADATA
from store_walls import (
    ADMINISTRATOR,
    MEMBER_1,
    MEMBER_2,
    SUPPLIER_1,
    SUPPLIER_2,
    VIEWERS,
    fill,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.store.base import Database
    from rappel.store.embedded import Server

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
    "audit_entry": (1, 1, 0, 0),
    "agreement": (2, 2, 2, 1),
    "revision": (2, 2, 0, 0),
    "programme": (2, 2, 2, 1),
    "programme_supplier": (2, 2, 2, 1),
    "catalogue_item": (2, 2, 0, 1),
    "original": (2, 2, 1, 0),
    "upload": (2, 2, 1, 0),
    "upload_file": (2, 2, 1, 0),
    "document": (2, 2, 1, 0),
    "invoice": (2, 2, 1, 0),
    "line": (2, 2, 1, 0),
    "line_event": (2, 2, 1, 0),
    "run": (1, 1, 0, 0),
    "part": (1, 1, 0, 0),
    "volume": (2, 2, 1, 1),
    "pool": (2, 2, 0, 0),
    "rebate": (2, 2, 1, 0),
    "statement_series": (1, 1, 0, 0),
    "statement": (2, 2, 1, 0),
}
COLUMN: Final = {"system": 0, "administrator": 1, "member": 2, "supplier": 3}
OWNED: Final = ("member_id", "supplier_id")
APPEND_ONLY: Final = [
    "line",
    "invoice",
    "line_event",
    "rebate",
    "pool",
    "volume",
    "run",
    "statement",
    "audit_entry",
    "fx_rate",
    "catalogue_item",
    "original",
    "revision",
    "upload",
    "upload_file",
]


@pytest.fixture(scope="module")
def filled_url(cluster: Server, template: str) -> Iterator[str]:
    """One filled database for all of these: they leave it as it was."""
    cluster.create_database("filled", template=template)
    yield cluster.url(database="filled")
    cluster.drop_database("filled")


@pytest.fixture(scope="module")
def books(filled_url: str) -> Iterator[Database]:
    found = connect(filled_url, cache=Path("unused"))
    fill(found)
    yield found
    found.dispose()


@pytest.fixture
def own_books(db: Database) -> Database:
    """Return books of this test alone."""
    fill(db)
    return db


def example(books: Database, table: str) -> dict[str, object]:
    """Return a row that is there, without the number that it would be given."""
    columns = METADATA.tables[table].columns
    given = [column for column in columns if column.identity is None]
    with books.reading(SYSTEM) as session:
        return dict(session.execute(sa.select(*given)).mappings().first() or {})


def test_the_table_of_walls_names_every_table() -> None:
    assert set(REACH) | {"fiscal_key"} == set(METADATA.tables)


def test_every_viewer_reaches_just_its_rows(books: Database) -> None:
    found, expected = {}, {}
    for name, viewer in VIEWERS.items():
        with books.reading(viewer) as session:
            for table, counts in REACH.items():
                query = sa.select(sa.func.count()).select_from(METADATA.tables[table])
                found[name, table] = session.scalar(query)
                expected[name, table] = counts[COLUMN[viewer.role.value]]
    assert found == expected


def test_what_a_member_or_supplier_reaches_is_its_own(books: Database) -> None:
    seen = 0
    for viewer in (MEMBER_1, MEMBER_2, SUPPLIER_1, SUPPLIER_2):
        own = viewer.member or viewer.supplier
        with books.reading(viewer) as session:
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


def test_without_a_viewer_there_are_no_rows(books: Database) -> None:
    with books.engine.connect() as connection:
        for table in REACH:
            count = connection.scalar(sa.text(f"select count(*) from {table}"))
            assert count == 0, table


def test_the_viewer_ends_with_its_transaction(books: Database) -> None:
    with books.writing(SYSTEM) as session:
        assert session.scalar(sa.text("select count(*) from member")) == 2
        backend = session.scalar(sa.text("select pg_backend_pid()"))
    with books.engine.connect() as connection:
        assert connection.scalar(sa.text("select pg_backend_pid()")) == backend
        assert connection.scalar(sa.text("select count(*) from member")) == 0


@pytest.mark.parametrize("role", ["", "owner", "ADMINISTRATOR", "member", "supplier"])
def test_a_role_without_whose_it_is_reaches_nothing_owned(
    books: Database, role: str
) -> None:
    with books.engine.begin() as connection:
        connection.execute(sa.select(sa.func.set_config("rappel.role", role, True)))
        for table in ("invoice", "rebate", "member", "volume", "statement", "person"):
            assert connection.scalar(sa.text(f"select count(*) from {table}")) == 0


def test_a_supplier_is_no_member_of_the_same_number(books: Database) -> None:
    odd = Viewer(role=Role.SUPPLIER, person=4, supplier=1, member=2)
    with books.reading(odd) as session:
        assert session.scalar(sa.text("select count(*) from invoice")) == 0
        assert session.scalars(sa.text("select id from member")).all() == [1]


def test_the_application_owns_nothing_and_bypasses_nothing(books: Database) -> None:
    with books.engine.connect() as connection:
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


def test_every_table_stands_behind_forced_row_security(books: Database) -> None:
    query = (
        "select c.relname, c.relrowsecurity, c.relforcerowsecurity,"
        " (select count(*) from pg_policy p where p.polrelid = c.oid) as policies,"
        " pg_get_userbyid(c.relowner) as owner"
        " from pg_class c where c.relnamespace = 'public'::regnamespace"
        " and c.relkind in ('r', 'p', 'v', 'm', 'f')"
    )
    with books.engine.connect() as connection:
        rows = connection.execute(sa.text(query)).all()
    assert {row.relname for row in rows} == {*METADATA.tables, "alembic_version"}
    for row in rows:
        assert row.relrowsecurity, row.relname
        assert row.relforcerowsecurity, row.relname
        assert row.policies, row.relname
        assert row.owner == "rappel_owner", row.relname


def test_functions_of_the_owner_pin_their_path_and_are_not_for_everybody(
    books: Database,
) -> None:
    query = (
        "select proname, proconfig, array(select grantee::regrole::text"
        " from aclexplode(proacl) where grantee <> proowner) as granted"
        " from pg_proc where pronamespace = 'public'::regnamespace and prosecdef"
    )
    with books.engine.connect() as connection:
        rows = connection.execute(sa.text(query)).all()
    doors = {"claim_fiscal_key", "release_fiscal_key", "audit_tail"}
    assert {row.proname for row in rows} == doors | {"guard_audit"}
    for row in rows:
        assert row.proconfig == ["search_path=pg_catalog, pg_temp"], row.proname
        if row.proname in doors:
            assert row.granted == ["rappel_app"], row.proname


@pytest.mark.parametrize("viewer", [MEMBER_1, SUPPLIER_1], ids=["member", "supplier"])
@pytest.mark.parametrize("table", sorted({*REACH} - {"idempotency", "audit_entry"}))
def test_a_member_or_supplier_adds_nothing(
    books: Database, viewer: Viewer, table: str
) -> None:
    insert = sa.insert(METADATA.tables[table]).values(**example(books, table))
    with (
        pytest.raises(sa.exc.ProgrammingError, match=r"row-level security|denied"),
        books.writing(viewer) as session,
    ):
        session.execute(insert)


@pytest.mark.parametrize("viewer", [MEMBER_1, SUPPLIER_1], ids=["member", "supplier"])
@pytest.mark.parametrize(
    "change",
    [
        "update document set state = 'accepted'",
        "update member set left_on = null",
        "update person set role = role",
        "update period set state = 'closed'",
        "update supplier set name = 'x'",
        "update api_key set revoked_at = null",
        "update statement_series set last = 0",
        "delete from part",
    ],
)
def test_a_member_or_supplier_changes_no_row(
    books: Database, viewer: Viewer, change: str
) -> None:
    with books.writing(viewer) as session:
        changed = session.execute(sa.text(f"{change} returning 1")).all()
    assert changed == []


@pytest.mark.parametrize("table", ["run", "volume", "pool", "rebate"])
def test_only_the_system_adds_what_was_computed(
    own_books: Database, table: str
) -> None:
    values = example(own_books, table)
    if "ref" in values:
        values["ref"] = "another"
    insert = sa.insert(METADATA.tables[table]).values(**values)
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        own_books.writing(ADMINISTRATOR) as session,
    ):
        session.execute(insert)
    with own_books.writing(SYSTEM) as session:
        session.execute(insert)


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["update {t} set {c} = {c}", "delete from {t}"])
def test_money_rows_are_never_changed_by_the_application_or_their_owner(
    books: Database, filled_url: str, table: str, change: str
) -> None:
    column = next(iter(METADATA.tables[table].columns)).name
    statement = sa.text(change.format(t=table, c=column))
    with (
        pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
        books.writing(SYSTEM) as session,
    ):
        session.execute(statement)
    assert "never changed" in refusal(filled_url, f"{statement}")


def refusal(url: str, statement: str) -> str:
    """Return what the database answers to the owner of the tables."""
    with psycopg.connect(url) as connection:
        connection.execute("set role rappel_owner")
        with pytest.raises(psycopg.errors.RestrictViolation) as refused:
            connection.execute(statement.encode())
        return str(refused.value)


@pytest.mark.parametrize("table", [*APPEND_ONLY, "period"])
def test_emptying_a_table_is_refused_too(
    books: Database, filled_url: str, table: str
) -> None:
    assert books
    assert "never changed" in refusal(filled_url, f"truncate {table} cascade")


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
    books: Database,
) -> None:
    with books.writing(SYSTEM) as session:
        show(session, MEMBER_1)
        assert session.scalars(sa.text("select id from invoice")).all() == [1]
