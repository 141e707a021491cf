"""The rows of one invoice as a document.

Owns which rows make one invoice (fiscal key, else supplier and number) and what they
say together. Gives figures the sign of a document: positive, a credit note's too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rappel.core.findings import Finding
from rappel.core.invoices import (
    ZERO,
    Document,
    DocumentKind,
    Line,
    Party,
    Related,
    Verdict,
)
from rappel.ingest.judge import judge, near
from rappel.ingest.keys import normal_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from rappel.ingest.cells import Row
    from rappel.ingest.columns import ColumnMap

SCHEME: Final = "table"
PAYABLE: Final = frozenset({DocumentKind.INVOICE, DocumentKind.DEBIT_NOTE})


def findings_of(row: Row) -> tuple[Finding, ...]:
    """Return what is wrong with a row, and whether it is cancelled."""
    if row.cancelled:
        params = {"number": row.document or row.fiscal_key or ""}
        note = Finding(code="cancelled_row", row=row.number, params=params)
        return (*row.findings, note)
    return row.findings


def identity(row: Row) -> tuple[str, ...]:
    """Return what the rows of one invoice share: its key, else supplier and number."""
    if row.fiscal_key:
        return (row.fiscal_key,)
    if row.document is None:
        return ("row", str(row.number))
    supplier = row.supplier.tax_id or row.supplier.name or ""
    return (supplier, normal_number(row.document))


def invoice(
    file: str, rows: Sequence[Row], general: Sequence[Finding], given: ColumnMap
) -> Document:
    """Return the invoice, credit note or cancellation that rows make up.

    ``general`` are the errors of the whole table, which are those of each invoice.
    """
    first = rows[0]
    cancelled = [row for row in rows if row.cancelled]
    counted = [row for row in rows if not row.cancelled] or rows
    stated = _net(counted)
    kind = first.kind or DocumentKind.INVOICE
    credit = first.kind is DocumentKind.CREDIT_NOTE
    if first.kind is None and stated < 0 and given.sign == "negative_is_credit":
        kind, credit = DocumentKind.CREDIT_NOTE, True
    sign = -1 if credit and stated < 0 else 1
    related: tuple[Related, ...] = ()
    if len(cancelled) == len(rows):
        kind = DocumentKind.CANCELLATION
        related = _cancels(first)
    lines = _lines(counted, sign)
    original = first.original if kind is DocumentKind.CREDIT_NOTE else None
    paid = first.paid if kind in PAYABLE else None
    findings = [finding for row in rows for finding in findings_of(row)]
    document = Document(
        file=file,
        scheme=SCHEME,
        verdict=Verdict.ACCEPT,
        kind=kind,
        fiscal_key=None if kind is DocumentKind.CANCELLATION else first.fiscal_key,
        number=first.document,
        issuer=_party(row.supplier for row in rows),
        receiver=_party(row.receiver for row in rows),
        issued_at=first.issued_at,
        currency=first.currency,
        rate=first.rate,
        lines=lines,
        subtotal=sum((line.gross for line in lines), ZERO),
        discount=sum((line.discount for line in lines), ZERO),
        related=related,
        original_date=None if original is None else original.date(),
        paid_on=None if paid is None else paid.date(),
        findings=(*general, *findings, *_disagreements(rows)),
    )
    return judge(_totalled(document, counted, sign))


def _net(rows: Iterable[Row]) -> Decimal:
    return sum((row.line.net for row in rows), ZERO)


def _cancels(row: Row) -> tuple[Related, ...]:
    if row.fiscal_key is None:
        return ()
    return (Related(fiscal_key=row.fiscal_key, relation="cancels"),)


def _party(parties: Iterable[Party]) -> Party:
    every = list(parties)
    return next((party for party in every if party.tax_id), every[0])


def _lines(rows: Sequence[Row], sign: int) -> tuple[Line, ...]:
    return tuple(
        replace(
            row.line,
            position=position,
            quantity=row.line.quantity * sign,
            gross=row.line.gross * sign,
            discount=row.line.discount * sign,
            net=row.line.net * sign,
        )
        for position, row in enumerate(rows, start=1)
    )


def _totalled(document: Document, rows: Sequence[Row], sign: int) -> Document:
    """Fill tax and total: of the lines, or of the document if each row repeats it."""
    before = document.subtotal - document.discount
    taxes = [row.tax for row in rows if row.tax is not None]
    totals = [row.total for row in rows if row.total is not None]
    tax = sum(taxes, ZERO) * sign
    total = sum(totals, ZERO) * sign
    if not totals:
        return replace(document, tax=tax, total=before + tax)
    if not taxes:
        tax = total - before
    repeated = len(set(totals)) == 1 and len(totals) == len(rows)
    if taxes and repeated and near(before + tax, totals[0] * sign, len(rows)):
        total = totals[0] * sign
    return replace(document, tax=tax, total=total)


def _disagreements(rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield what the rows of one invoice tell differently of it."""
    facts: dict[str, set[object]] = {
        "issued_at": {row.issued_at for row in rows},
        "original_date": {row.original for row in rows},
        "paid_on": {row.paid for row in rows},
        "currency": {row.currency for row in rows},
        "rate": {row.rate for row in rows},
        "kind": {row.kind for row in rows},
        "supplier_tax_id": {row.supplier.tax_id for row in rows},
        "receiver_tax_id": {row.receiver.tax_id for row in rows},
        "number": {row.document for row in rows},
        "fiscal_key": {row.fiscal_key for row in rows},
        "status": {row.cancelled for row in rows},
    }
    differing = [name for name, values in facts.items() if len(values) > 1]
    if differing:
        params = {"names": ", ".join(differing)}
        yield Finding(code="rows_disagree", row=rows[0].number, params=params)
