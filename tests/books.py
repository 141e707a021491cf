"""Books written row by row, for the tests of what happens after intake.

A purchase is a line of text (:mod:`buying`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from buying import NOW, purchase
from rappel.core.access import SYSTEM, Role, Viewer
from rappel.ingest.terms import agreement_from_toml
from rappel.store import rebates
from rappel.store.agreements import (
    AgreementRow,
    CatalogueRow,
    ProgrammeRow,
    ProgrammeSupplierRow,
    RateRow,
    RevisionRow,
)
from rappel.store.invoices import InvoiceRow, LineEventRow, UploadRow
from rappel.store.parties import (
    ChapterRow,
    ConsortiumRow,
    MemberRow,
    MemberTaxIdRow,
    PersonRow,
    SupplierRow,
)
from rappel.store.periods import PeriodRow

if TYPE_CHECKING:
    from rappel.store.base import Database

HOME = {"MX": "MXN", "CO": "COP", "GT": "GTQ"}
MEMBERS = {"norte": "MX", "sur": "MX", "centro": "CO"}
SUPPLIERS = ("andes", "boreal")
RETROACTIVE = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"

[[programmes]]
code = "andes-volumen"
fee_percent = "10"
tiers = [
    { from = "0", percent = "0" },
    { from = "100000", percent = "2" },
    { from = "250000", percent = "3.5" },
]
"""
GROUP = """
code = "boreal-2026"
supplier = "boreal"
currency = "MXN"

[[programmes]]
code = "boreal-grupo"
pool = "group"
reach = "marginal"
tiers = [
    { from = "0", percent = "1" },
    { from = "100000", percent = "2" },
]
"""
Q1 = (date(2026, 1, 1), date(2026, 4, 1))
Q2 = (date(2026, 4, 1), date(2026, 7, 1))


@dataclass(frozen=True, slots=True)
class Books:
    """A consortium in a database, and the way to write more into it."""

    db: Database
    members: dict[str, int]
    suppliers: dict[str, int]
    admin: Viewer
    viewers: dict[str, Viewer]
    numbers: Any = field(default_factory=lambda: count(1))

    def write(self, *rows: Any) -> None:
        with self.db.writing(SYSTEM) as session:
            session.add_all(rows)

    def member(self, code: str, country: str = "MX") -> None:
        with self.db.writing(SYSTEM) as session:
            self.members[code] = _member(session, code, country)

    def period(self, code: str, starts: date, ends: date) -> None:
        self.write(PeriodRow(code=code, starts=starts, ends=ends, state="open"))

    def sign(self, document: str, *, since: date | None = None) -> None:
        """Sign a revision; its programmes are those of the first."""
        agreement = agreement_from_toml(document)
        with self.db.writing(SYSTEM) as session:
            row = session.scalar(
                sa.select(AgreementRow).where(AgreementRow.code == agreement.code)
            )
            if row is None:
                row = AgreementRow(
                    code=agreement.code, currency=agreement.currency, created_at=NOW
                )
                session.add(row)
                session.flush()
            self._programmes(session, row.id, agreement)
            number = session.scalar(
                sa.select(sa.func.count()).where(RevisionRow.agreement_id == row.id)
            )
            session.add(
                RevisionRow(
                    agreement_id=row.id,
                    number=(number or 0) + 1,
                    in_force_from=since,
                    document=document,
                    sha256=hashlib.sha256(document.encode()).digest(),
                    signed_at=NOW,
                )
            )

    def _programmes(self, session: Any, agreement: int, signed: Any) -> None:
        known = set(session.scalars(sa.select(ProgrammeRow.code)))
        for programme in signed.programmes:
            if programme.code in known:
                continue
            row = ProgrammeRow(code=programme.code, agreement_id=agreement)
            session.add(row)
            session.flush()
            for code in programme.suppliers:
                session.add(
                    ProgrammeSupplierRow(
                        programme_id=row.id, supplier_id=self.suppliers[code]
                    )
                )

    def rate(self, source: str, target: str, day: date, rate: str) -> None:
        self.write(
            RateRow(
                from_currency=source,
                to_currency=target,
                rate_date=day,
                rate=Decimal(rate),
                source="test",
                received_at=NOW,
            )
        )

    def item(self, supplier: str, code: str, category: str) -> None:
        self.write(
            CatalogueRow(
                supplier_id=self.suppliers[supplier],
                code=code,
                category=category,
                received_at=NOW,
            )
        )

    def buy(self, *purchases: str) -> list[int]:
        """Write purchases as one upload; answer the ids of their invoices."""
        with self.db.writing(SYSTEM) as session:
            upload = UploadRow(ref=f"upl_{next(self.numbers)}", received_at=NOW)
            session.add(upload)
            session.flush()
            ids = {"members": self.members, "suppliers": self.suppliers}
            return [
                purchase(
                    session, next(self.numbers), upload=upload.id, text=text, ids=ids
                )
                for text in purchases
            ]

    def event(self, invoice: int, event: str) -> None:
        with self.db.writing(SYSTEM) as session:
            member = session.scalar(
                sa.select(InvoiceRow.member_id).where(InvoiceRow.id == invoice)
            )
            session.add(
                LineEventRow(
                    invoice_id=invoice,
                    member_id=member,
                    event=event,
                    because="test",
                    at=NOW,
                )
            )


def _member(session: Any, code: str, country: str) -> int:
    row = MemberRow(
        code=code, name=f"{code.title()} S.A.", country=country, created_at=NOW
    )
    session.add(row)
    session.flush()
    tax_id = MemberTaxIdRow(tax_id=f"TAX-{code}", country=country, member_id=row.id)
    session.add(tax_id)
    return row.id


def consortium(db: Database, *agreements: str) -> Books:
    """Write a consortium with three members, two suppliers and an open quarter."""
    with db.writing(SYSTEM) as session:
        session.add(
            ConsortiumRow(
                id=1,
                name="Consorcio de Prueba",
                tax_id="CPR010101AA1",
                country="MX",
                address="Calle 1\nMonterrey",
                currency="MXN",
                locale="es-MX",
            )
        )
        for country, currency in HOME.items():
            session.add(
                ChapterRow(
                    country=country, name=country, currency=currency, locale="es-MX"
                )
            )
        session.flush()
        members = {
            code: _member(session, code, country) for code, country in MEMBERS.items()
        }
        suppliers = {}
        for code in SUPPLIERS:
            row = SupplierRow(
                code=code, name=f"{code.title()} Ltda.", country="MX", created_at=NOW
            )
            session.add(row)
            session.flush()
            suppliers[code] = row.id
        admin = PersonRow(name="Ada", role="administrator", created_at=NOW)
        session.add(admin)
        session.flush()
        admin_id = admin.id
    viewers = {
        code: Viewer(role=Role.MEMBER, member=row_id)
        for code, row_id in members.items()
    } | {
        code: Viewer(role=Role.SUPPLIER, supplier=row_id)
        for code, row_id in suppliers.items()
    }
    books = Books(
        db,
        members,
        suppliers,
        Viewer(role=Role.ADMINISTRATOR, person=admin_id),
        viewers,
    )
    books.period("2026-Q1", *Q1)
    for document in agreements or (RETROACTIVE,):
        books.sign(document)
    return books


def posted(books: Books, period: str = "2026-Q1") -> list[str]:
    """Write each rebate as a line: whose, window, volume, threshold, earned … paid."""
    with books.db.reading(SYSTEM) as session:
        found = rebates.rebates_of(session, SYSTEM, period)
    return [
        f"{one.member} {one.line.window:%m-%d} {one.line.volume} {one.line.threshold}"
        f" {one.line.earned} -{one.line.fee} -{one.line.settled_before}"
        f" = {one.line.due} pays {one.line.payable_now} carries {one.line.carried}"
        + (f" adjusts {one.line.adjusts}" if one.line.adjusts else "")
        for one in found
    ]
