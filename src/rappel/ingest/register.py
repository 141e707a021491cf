"""A table as one register, and the invoices its rows make up.

Owns both views. :func:`register` answers for every row but the header and keeps the
signs of the file: it is what a person compares with the table. :func:`invoices` groups
the rows by fiscal key, else by supplier and number, and gives figures the sign of a
document: positive, a credit note's too. Nothing of a table is better evidence than D.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rappel.core.findings import Finding, Severity
from rappel.core.invoices import (
    ZERO,
    Document,
    DocumentKind,
    Evidence,
    Line,
    Party,
    Related,
    Verdict,
)
from rappel.ingest.cells import Role, Row
from rappel.ingest.figures import plain
from rappel.ingest.judge import judge, near, verdict
from rappel.ingest.keys import normal_number
from rappel.ingest.rows import rows_of
from rappel.ingest.texts import doubtful

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from rappel.ingest.columns import ColumnMap
    from rappel.ingest.table import Table

SCHEME: Final = "table"
SHOWN: Final = 1_000
_NETS: Final = ("net", "net_foreign", "gross")


def register(file: str, table: Table, given: ColumnMap) -> Document:
    """Return the table as one document of kind ``register``."""
    rows = rows_of(table, given)
    general = _general(table, rows, given)
    lines = tuple(_register_line(row) for row in rows)
    currencies = {row.currency for row in _data(rows)}
    currency = currencies.pop() if len(currencies) == 1 else None
    return Document(
        file=file,
        scheme=SCHEME,
        kind=DocumentKind.REGISTER,
        verdict=_register_verdict(general, rows),
        currency=currency,
        lines=lines,
        base=sum((line.net for line in lines if line.qualifies), ZERO),
        evidence=Evidence.D,
        findings=(*general, *_row_findings(rows), *_left_out(lines)),
    )


def invoices(file: str, table: Table, given: ColumnMap) -> tuple[Document, ...]:
    """Return the invoices and credit notes of a table, in the order of their rows.

    A table that cannot be read at all answers its rejected register instead, so that
    no file is without an answer. A cancelled invoice answers as a ``cancellation``
    that carries no volume and points to the key it cancels.
    """
    rows = rows_of(table, given)
    general = _general(table, rows, given)
    if verdict(general) is Verdict.REJECT:
        return (register(file, table, given),)
    errors = [item for item in general if item.severity is Severity.ERROR]
    if any(item.code == "currency_not_stated" for item in general):
        errors.append(Finding(code="no_currency"))
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in _data(rows):
        groups.setdefault(_identity(row), []).append(row)
    return tuple(_invoice(file, group, errors, given) for group in groups.values())


def _data(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.role is Role.DATA]


def _general(table: Table, rows: Sequence[Row], given: ColumnMap) -> list[Finding]:
    """Return what concerns the table as a whole."""
    layout = table.layout
    known = layout.places.keys() | given.defaults.keys()
    findings = list(table.findings)
    if layout.twice:
        findings.append(_about("column_twice", headings=layout.twice))
    missing = [*layout.absent, *_missing(known, rows)]
    if missing:
        headings = [heading for heading in layout.headings if heading]
        findings.append(_about("missing_columns", missing=missing, headings=headings))
    elif not _data(rows):
        findings.append(Finding(code="empty_table"))
    if not known & {"number", "fiscal_key"}:
        findings.append(Finding(code="no_number"))
    if "supplier_tax_id" not in known and "supplier_tax_id" not in missing:
        findings.append(Finding(code="no_supplier_tax_id"))
    if "currency" not in known:
        findings.append(Finding(code="currency_not_stated"))
    ids = {row.supplier.tax_id for row in rows} | {row.receiver.tax_id for row in rows}
    wrong = sorted(value for value in ids if value and doubtful(value))
    doubts = [_about("tax_id_check_digit", value=[value]) for value in wrong]
    return [*findings, *doubts]


def _about(code: str, **lists: Iterable[str]) -> Finding:
    return Finding(
        code=code, params={name: ", ".join(items) for name, items in lists.items()}
    )


def _missing(known: Iterable[str], rows: Iterable[Row]) -> list[str]:
    fields = set(known)
    missing = []
    if "issued_at" not in fields:
        missing.append("issued_at")
    if not (fields & set(_NETS) or {"quantity", "price"} <= fields):
        missing.append("net")
    grouped = any(row.role is Role.GROUP for row in rows)
    if not (fields & {"supplier_tax_id", "supplier_name"} or grouped):
        missing.append("supplier_tax_id")
    return missing


def _register_line(row: Row) -> Line:
    if row.role is not Role.DATA:
        reason: str | None = row.role.value
    elif row.cancelled:
        reason = "cancelled_row"
    elif row.kind is DocumentKind.PAYMENT:
        reason = "carries_no_volume"
    else:
        free = "free_goods" if row.line.free else row.line.reason
        reason = row.wrong or free
    return replace(row.line, qualifies=reason is None, reason=reason)


def _register_verdict(general: Sequence[Finding], rows: Sequence[Row]) -> Verdict:
    """Reject a table of which nothing can be used, hold one with rows that are wrong.

    A row alone never refuses its neighbours.
    """
    whole = verdict(general)
    verdicts = {verdict(row.findings) for row in _data(rows)}
    if whole is Verdict.REJECT or verdicts == {Verdict.REJECT}:
        return Verdict.REJECT
    wrong = verdicts - {Verdict.ACCEPT}
    return Verdict.HOLD if whole is Verdict.HOLD or wrong else Verdict.ACCEPT


def _row_findings(rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield the findings of the rows, the first thousand, and how many more."""
    every = [finding for row in rows for finding in _findings_of(row)]
    yield from every[:SHOWN]
    if len(every) > SHOWN:
        params = {"count": str(len(every) - SHOWN)}
        yield Finding(code="findings_left_off", params=params)


def _findings_of(row: Row) -> tuple[Finding, ...]:
    if row.cancelled:
        params = {"number": row.document or row.fiscal_key or ""}
        note = Finding(code="cancelled_row", row=row.number, params=params)
        return (*row.findings, note)
    return row.findings


def _left_out(lines: Sequence[Line]) -> Iterator[Finding]:
    told = {role.value for role in Role if role is not Role.DATA}
    told |= {"advance", "financing", "free_goods", "freight", "insurance", "tip"}
    counts = Counter(line.reason for line in lines if line.reason in told)
    for reason in sorted(told & counts.keys()):
        net = sum((line.net for line in lines if line.reason == reason), ZERO)
        params = {"lines": str(counts[reason]), "amount": plain(net)}
        yield Finding(code=reason, params=params)


def _identity(row: Row) -> tuple[str, ...]:
    if row.fiscal_key:
        return (row.fiscal_key,)
    if row.document is None:
        return ("row", str(row.number))
    supplier = row.supplier.tax_id or row.supplier.name or ""
    return (supplier, normal_number(row.document))


def _invoice(
    file: str, rows: Sequence[Row], general: Sequence[Finding], given: ColumnMap
) -> Document:
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
    findings = [finding for row in rows for finding in _findings_of(row)]
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
