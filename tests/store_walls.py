"""Books with a row of everything for two members and two suppliers, put in by hand.

Everything of the first member and supplier has id 1, of the second id 2. The first
member bought of the first supplier, the second of the second.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from rappel.core.access import SYSTEM, Role, Viewer
from rappel.store.schema import METADATA

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.store.base import Database

NOW: Final = datetime(2026, 1, 2, tzinfo=UTC)
DAY: Final = date(2026, 2, 1)

ADMINISTRATOR: Final = Viewer(role=Role.ADMINISTRATOR, person=3)
MEMBER_1: Final = Viewer(role=Role.MEMBER, person=1, member=1)
MEMBER_2: Final = Viewer(role=Role.MEMBER, person=2, member=2)
SUPPLIER_1: Final = Viewer(role=Role.SUPPLIER, person=4, supplier=1)
SUPPLIER_2: Final = Viewer(role=Role.SUPPLIER, person=5, supplier=2)
VIEWERS: Final = {
    "system": SYSTEM,
    "administrator": ADMINISTRATOR,
    "member 1": MEMBER_1,
    "member 2": MEMBER_2,
    "supplier 1": SUPPLIER_1,
    "supplier 2": SUPPLIER_2,
}

FILLINGS: Final[dict[type, Any]] = {
    str: "x",
    int: 1,
    datetime: NOW,
    date: DAY,
    bytes: b"x",
    bool: True,
    dict: {},
    list: [],
}


def fill(db: Database) -> None:
    """Put the rows in, as the system."""
    with db.writing(SYSTEM) as session:
        _parties(session)
        _terms(session)
        _books(session)
        _results(session)


def put(session: Session, table: str, **values: object) -> None:
    """Insert a row; columns that must have a value and are not given get any."""
    columns = METADATA.tables[table].columns
    row = {
        column.name: _any(column)
        for column in columns
        if not column.nullable and column.server_default is None and not column.identity
    }
    session.execute(sa.insert(METADATA.tables[table]).values(**row | values))


def _any(column: sa.Column[Any]) -> Any:
    kind = column.type.python_type
    return FILLINGS.get(kind, 1)


def _parties(session: Session) -> None:
    put(session, "consortium", id=1)
    put(session, "chapter", country="MX")
    for n in (1, 2):
        put(session, "member", id=n, code=f"member-{n}", country="MX")
        put(session, "supplier", id=n, code=f"supplier-{n}")
        put(session, "member_tax_id", tax_id=f"M{n}", member_id=n)
        put(session, "supplier_tax_id", tax_id=f"S{n}", supplier_id=n)
        put(session, "person", id=n, role="member", member_id=n)
        put(session, "person", id=n + 3, role="supplier", supplier_id=n)
    put(session, "person", id=3, role="administrator")
    for person in range(1, 6):
        put(session, "api_key", ref=f"key-{person}", person_id=person)
    put(session, "trusted_certificate")
    put(session, "audit_entry", id=1, previous=b"", hash=b"1")


def _terms(session: Session) -> None:
    put(session, "fx_rate")
    for n in (1, 2):
        put(session, "agreement", id=n, code=f"agreement-{n}")
        put(session, "revision", id=n, agreement_id=n)
        put(session, "programme", id=n, code=f"programme-{n}", agreement_id=n)
        put(session, "programme_supplier", programme_id=n, supplier_id=n)
        put(session, "catalogue_item", supplier_id=n)
        put(session, "baseline", programme_id=n, member_id=n)


def _books(session: Session) -> None:
    put(session, "period", id=1, code="2026-Q1", starts=DAY, ends=date(2026, 4, 1))
    for n in (1, 2):
        put(session, "original", sha256=bytes([n]))
        put(session, "upload", id=n, ref=f"u{n}", member_id=n)
        put(session, "upload_file", upload_id=n, sha256=bytes([n]))
        put(
            session,
            "document",
            id=n,
            ref=f"d{n}",
            upload_id=n,
            sha256=bytes([n]),
            member_id=n,
            state="accepted",
        )
        mine = {"member_id": n, "supplier_id": n}
        put(session, "invoice", id=n, ref=f"i{n}", document_id=n, upload_id=n, **mine)
        put(session, "line", invoice_id=n, **mine)
        put(session, "line_event", invoice_id=n, member_id=n, event="withdrawn")
        put(session, "payment", invoice_id=n, member_id=n)
        claimed = sa.func.claim_fiscal_key(f"key {n}", n, n)
        assert session.scalar(sa.select(claimed)) == "new"


def _results(session: Session) -> None:
    put(session, "run", id=1)
    put(session, "part", invoices="{[1,3)}")
    put(session, "accrual", id=1, policy="reached")
    put(session, "statement_series", code="MX-2026")
    for n in (1, 2):
        put(session, "volume", member_id=n, supplier_id=n, programme_id=n)
        put(session, "pool", programme_id=n)
        whose = {"programme_id": n, "supplier_id": n, "member_id": n}
        none = dict.fromkeys(("accrued", "received", "outstanding", "earlier"), 0)
        put(session, "accrual_line", **whose, **none, change=0)
        put(session, "rebate", ref=f"r{n}", member_id=n, programme_id=n, revision_id=n)
        put(
            session,
            "statement",
            number=f"MX-{n}",
            serial=n,
            series="MX-2026",
            member_id=n,
        )
