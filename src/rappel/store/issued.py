"""Issued statements, their number series, and the documents they name: the queries.

Owns the rows of ``statement`` and ``statement_series``. Everything obeys this: a series
has no gap and no duplicate, because its row is locked by whoever takes numbers and
moves only with the statements that bear them; a statement is inserted once.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from rappel.core.statement_json import statement_from_json
from rappel.errors import NotFound
from rappel.store.invoices import InvoiceRow
from rappel.store.pages import Page, page
from rappel.store.parties import (
    ChapterRow,
    ConsortiumRow,
    MemberRow,
    MemberTaxIdRow,
    SupplierRow,
)
from rappel.store.periods import PeriodRow
from rappel.store.rebates import own
from rappel.store.statements import SeriesRow, StatementRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.core.statements import Statement

CHUNK: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A statement as listed; ``sha256`` is that of its PDF, in hexadecimal."""

    number: str
    period: str
    member: str
    currency: str
    total: Decimal
    locale: str
    sha256: str
    issued_at: datetime
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document as a statement names it."""

    ref: str
    fiscal_key: str | None
    number: str
    kind: str
    invoice_date: date
    supplier: str
    currency: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A member as its statements name it, and the series that numbers them."""

    id: int
    code: str
    name: str
    country: str
    address: str
    tax_ids: tuple[str, ...]
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The consortium as its statements name it."""

    name: str
    tax_id: str
    country: str
    address: str


def list_statements(
    session: Session,
    viewer: Viewer,
    *,
    period: str | None = None,
    member: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Issued]:
    """Return statements in the order they were issued: a member's own, or all."""
    query = _statements(viewer)
    if period is not None:
        query = query.where(PeriodRow.code == period)
    if member is not None:
        query = query.where(MemberRow.code == member)
    found = page(session, query, [StatementRow.id], cursor=cursor, limit=limit)
    return found.map(_issued)


def statements_of(session: Session, viewer: Viewer, period: str) -> tuple[Issued, ...]:
    """Return every statement of a period, in the order of series and serial."""
    query = _statements(viewer).where(PeriodRow.code == period)
    rows = session.execute(query.order_by(StatementRow.series, StatementRow.serial))
    return tuple(_issued(row) for row in rows)


def statement_of(
    session: Session, viewer: Viewer, number: str
) -> tuple[Issued, Statement]:
    """Return a statement and the value it was made from; ``NotFound`` if not one's."""
    row = _one(session, viewer, number)
    body = json.dumps(row[0].body, ensure_ascii=False).encode()
    return _issued(row), statement_from_json(body)


def pdf_of(session: Session, viewer: Viewer, number: str) -> bytes:
    """Return the very bytes that were issued; ``NotFound`` if not one's."""
    printed: bytes = _one(session, viewer, number)[0].pdf
    return printed


def last_number(session: Session, series: str) -> int:
    """Return the last serial given in a series, 0 when none was."""
    last = session.scalar(sa.select(SeriesRow.last).where(SeriesRow.code == series))
    return last or 0


def take_numbers(session: Session, series: str, count: int) -> int:
    """Take ``count`` serials and return the last; the series' row is locked by it."""
    last = session.scalar(
        sa.text(
            "insert into statement_series as s (code, last) values (:series, :count)"
            " on conflict (code) do update set last = s.last + :count returning last"
        ),
        {"series": series, "count": count},
    )
    assert isinstance(last, int)
    return last


def add_statements(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the statements of a period."""
    if rows:
        session.execute(sa.insert(StatementRow), list(rows))


def papers(session: Session, invoices: Sequence[int]) -> dict[int, Paper]:
    """Return the documents with these row ids; the viewer is the system."""
    found: dict[int, Paper] = {}
    for start in range(0, len(invoices), CHUNK):
        query = (
            sa.select(InvoiceRow, SupplierRow.name)
            .join(SupplierRow, SupplierRow.id == InvoiceRow.supplier_id)
            .where(InvoiceRow.id.in_(invoices[start : start + CHUNK]))
        )
        for row, supplier in session.execute(query):
            found[row.id] = Paper(
                ref=row.ref,
                fiscal_key=row.fiscal_key,
                number=row.number,
                kind=row.kind,
                invoice_date=row.invoice_date,
                supplier=supplier,
                currency=row.currency,
                evidence=row.evidence,
            )
    return found


def addressees(session: Session, members: Iterable[int]) -> dict[int, Addressee]:
    """Return members as statements name them; the viewer is the system.

    Rule: a statement's language is the member's, else its chapter's.
    """
    wanted = sorted(set(members))
    tax_ids: dict[int, list[str]] = {}
    query = sa.select(MemberTaxIdRow.member_id, MemberTaxIdRow.tax_id)
    for member, tax_id in session.execute(query.order_by(MemberTaxIdRow.tax_id)):
        tax_ids.setdefault(member, []).append(tax_id)
    rows = session.execute(
        sa.select(MemberRow, ChapterRow.locale)
        .join(ChapterRow, ChapterRow.country == MemberRow.country)
        .where(MemberRow.id.in_(wanted))
    )
    return {
        row.id: Addressee(
            id=row.id,
            code=row.code,
            name=row.name,
            country=row.country,
            address=row.address,
            tax_ids=tuple(tax_ids.get(row.id, ())),
            locale=row.locale or locale,
        )
        for row, locale in rows
    }


def issuer(session: Session) -> Issuer:
    """Return the consortium as statements name it."""
    row = session.scalar(sa.select(ConsortiumRow))
    if row is None:
        raise NotFound("There is no consortium yet: run `rappel init`.")
    return Issuer(
        name=row.name, tax_id=row.tax_id, country=row.country, address=row.address
    )


def supplier_names(session: Session) -> dict[str, str]:
    """Return the suppliers' names by code."""
    rows = session.execute(sa.select(SupplierRow.code, SupplierRow.name))
    return {code: name for code, name in rows}  # noqa: C416  rows are no pairs to mypy


ROWS: Final[tuple[Any, ...]] = (StatementRow, PeriodRow.code, MemberRow.code)


def _statements(viewer: Viewer) -> sa.Select[Any]:
    return (
        sa.select(*ROWS)
        .join(PeriodRow, PeriodRow.id == StatementRow.period_id)
        .join(MemberRow, MemberRow.id == StatementRow.member_id)
        .where(own(viewer, StatementRow))
    )


def _one(session: Session, viewer: Viewer, number: str) -> sa.Row[Any]:
    query = _statements(viewer).where(StatementRow.number == number)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no statement {number!r}.")
    return row


def _issued(row: sa.Row[Any]) -> Issued:
    statement, period, member = tuple(row)[:3]
    return Issued(
        number=statement.number,
        period=period,
        member=member,
        currency=statement.currency,
        total=statement.total,
        locale=statement.locale,
        sha256=statement.sha256.hex(),
        issued_at=statement.issued_at,
        due_on=statement.due_on,
    )
