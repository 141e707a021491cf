"""Invoices as people look at them: what counts, its lines, and what happened to it.

Owns the reading of invoices and lines; nothing here is computed. The tables are in
:mod:`rappel.store.invoices`; what an invoice earned is in the rebates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from rappel.core.invoices import Line
from rappel.errors import NotFound
from rappel.store import payments
from rappel.store.invoices import DocumentRow, InvoiceRow, LineEventRow, LineRow
from rappel.store.pages import page
from rappel.store.parties import MemberRow, SupplierRow
from rappel.store.periods import PeriodRow
from rappel.store.uploads import seen_by

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.store.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What happened to an invoice after it was accepted."""

    event: str
    because: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A purchase that was accepted; figures positive, also on a credit note.

    ``member``, ``supplier`` and ``late_for`` (the period that was closed to its date)
    are codes; ``document`` and ``ref`` are references. It counts unless ``stopped``
    says what it is instead: ``replaced``, ``cancelled`` or ``withdrawn``. ``paid_on``
    is what was last said of its payment.
    """

    ref: str
    document: str
    member: str
    supplier: str
    scheme: str
    kind: str
    fiscal_key: str | None
    number: str
    invoice_date: date
    currency: str
    rate: Decimal | None
    rate_currency: str | None
    total: Decimal
    base: Decimal
    evidence: str
    late_for: str | None
    stopped: str | None
    paid_on: date | None
    received_at: datetime
    lines: tuple[Line, ...] = ()
    events: tuple[Happened, ...] = ()


def list_invoices(
    session: Session,
    viewer: Viewer,
    *,
    period: str | None = None,
    member: str | None = None,
    supplier: str | None = None,
    kind: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Invoice]:
    """Return the invoices the viewer may see, by date, without their lines.

    ``period``, ``member`` and ``supplier`` are codes; a period holds the invoices
    whose date is in it. An unknown code finds nothing.
    """
    query = _invoices(viewer)
    if period is not None:
        asked = aliased(PeriodRow)
        inside = sa.exists().where(
            asked.code == period,
            asked.starts <= InvoiceRow.invoice_date,
            InvoiceRow.invoice_date < asked.ends,
        )
        query = query.where(inside)
    if member is not None:
        query = query.where(MemberRow.code == member)
    if supplier is not None:
        query = query.where(SupplierRow.code == supplier)
    if kind is not None:
        query = query.where(InvoiceRow.kind == kind)
    keys = (InvoiceRow.invoice_date, InvoiceRow.id)
    return page(session, query, keys, cursor=cursor, limit=limit).map(_invoice)


def invoice(session: Session, viewer: Viewer, ref: str) -> Invoice:
    """Return an invoice with its lines and all that happened to it.

    Raises:
        NotFound: there is none of that reference, or it is not the viewer's to see.
    """
    query = _invoices(viewer).where(InvoiceRow.ref == ref)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no invoice {ref}.")
    number = row.InvoiceRow.id
    return _invoice(row, _lines(session, number), _events(session, number))


def of_document(session: Session, viewer: Viewer, document: str) -> str:
    """Return the reference of the invoice that a document became.

    Raises:
        NotFound: it became none, or it is not the viewer's to see.
    """
    query = _invoices(viewer).where(DocumentRow.ref == document)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no invoice of document {document}.")
    return str(row.InvoiceRow.ref)


def _invoices(viewer: Viewer) -> sa.Select[*tuple[Any, ...]]:
    newest = (
        sa.select(LineEventRow.event)
        .where(LineEventRow.invoice_id == InvoiceRow.id)
        .order_by(LineEventRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            InvoiceRow,
            DocumentRow.ref.label("document"),
            MemberRow.code.label("member"),
            SupplierRow.code.label("supplier"),
            PeriodRow.code.label("late_for"),
            sa.func.nullif(newest, "released").label("stopped"),
            payments.newest(InvoiceRow.id).label("paid_on"),
        )
        .join(DocumentRow, DocumentRow.id == InvoiceRow.document_id)
        .join(MemberRow, MemberRow.id == InvoiceRow.member_id)
        .join(SupplierRow, SupplierRow.id == InvoiceRow.supplier_id)
        .outerjoin(PeriodRow, PeriodRow.id == InvoiceRow.late_for)
        .where(seen_by(viewer, InvoiceRow.member_id))
    )


def _lines(session: Session, number: int) -> tuple[Line, ...]:
    query = (
        sa.select(LineRow)
        .where(LineRow.invoice_id == number)
        .order_by(LineRow.position)
    )
    return tuple(
        Line(
            position=row.position,
            code=row.code,
            class_code=row.class_code,
            description=row.description,
            quantity=row.quantity,
            unit=row.unit,
            gross=row.gross,
            discount=row.discount,
            net=row.net,
            free=row.free,
            qualifies=row.qualifies,
            reason=row.reason,
        )
        for row in session.execute(query).scalars()
    )


def _events(session: Session, number: int) -> tuple[Happened, ...]:
    query = (
        sa.select(LineEventRow)
        .where(LineEventRow.invoice_id == number)
        .order_by(LineEventRow.id)
    )
    return tuple(
        Happened(event=row.event, because=row.because, at=row.at)
        for row in session.execute(query).scalars()
    )


def _invoice(
    row: sa.Row[Any], lines: tuple[Line, ...] = (), events: tuple[Happened, ...] = ()
) -> Invoice:
    found: InvoiceRow = row.InvoiceRow
    return Invoice(
        ref=found.ref,
        document=row.document,
        member=row.member,
        supplier=row.supplier,
        scheme=found.scheme,
        kind=found.kind,
        fiscal_key=found.fiscal_key,
        number=found.number,
        invoice_date=found.invoice_date,
        currency=found.currency,
        rate=found.rate,
        rate_currency=found.rate_currency,
        total=found.total,
        base=found.base,
        evidence=found.evidence,
        late_for=row.late_for,
        stopped=row.stopped,
        paid_on=row.paid_on,
        received_at=found.received_at,
        lines=lines,
        events=events,
    )
