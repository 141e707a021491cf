"""What nobody adds or changes: members and suppliers nothing, and money rows ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import psycopg
import pytest
import sqlalchemy as sa

from rappel.core.access import SYSTEM, Viewer
from rappel.store.schema import METADATA
from store_walls import ADMINISTRATOR, MEMBER_1, SUPPLIER_1

if TYPE_CHECKING:
    from rappel.store.base import Database

APPEND_ONLY: Final = [
    "line",
    "invoice",
    "line_event",
    "payment",
    "trusted_certificate",
    "rebate",
    "pool",
    "volume",
    "run",
    "statement",
    "audit_entry",
    "fx_rate",
    "catalogue_item",
    "baseline",
    "original",
    "revision",
    "upload",
    "upload_file",
]
TABLES: Final = sorted(
    {*METADATA.tables} - {"idempotency", "audit_entry", "fiscal_key"}
)


def example(books: Database, table: str) -> dict[str, object]:
    """Return a row that is there, without the number that it would be given."""
    columns = METADATA.tables[table].columns
    given = [column for column in columns if column.identity is None]
    with books.reading(SYSTEM) as session:
        return dict(session.execute(sa.select(*given)).mappings().first() or {})


@pytest.mark.parametrize("viewer", [MEMBER_1, SUPPLIER_1], ids=["member", "supplier"])
@pytest.mark.parametrize("table", TABLES)
def test_a_member_or_supplier_adds_nothing(
    filled: Database, viewer: Viewer, table: str
) -> None:
    insert = sa.insert(METADATA.tables[table]).values(**example(filled, table))
    with (
        pytest.raises(sa.exc.ProgrammingError, match=r"row-level security|denied"),
        filled.writing(viewer) as session,
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
    filled: Database, viewer: Viewer, change: str
) -> None:
    with filled.writing(viewer) as session:
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
    filled: Database, filled_url: str, table: str, change: str
) -> None:
    column = next(iter(METADATA.tables[table].columns)).name
    statement = sa.text(change.format(t=table, c=column))
    with (
        pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
        filled.writing(SYSTEM) as session,
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
    filled: Database, filled_url: str, table: str
) -> None:
    assert filled
    assert "never changed" in refusal(filled_url, f"truncate {table} cascade")
