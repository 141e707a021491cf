"""A table as one register, and the invoices its rows make up.

Owns both views. :func:`register` answers for every row but the header and keeps the
signs of the file: it is what a person compares with the table. :func:`invoices` groups
the rows (:mod:`rappel.ingest.grouping`). Nothing of a table is better evidence than D.
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
    Verdict,
)
from rappel.ingest.cells import Role, Row
from rappel.ingest.figures import plain
from rappel.ingest.grouping import SCHEME, findings_of, identity, invoice
from rappel.ingest.judge import verdict
from rappel.ingest.rows import rows_of
from rappel.ingest.texts import doubtful

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rappel.ingest.columns import ColumnMap
    from rappel.ingest.table import Table

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
        groups.setdefault(identity(row), []).append(row)
    return tuple(invoice(file, group, errors, given) for group in groups.values())


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
    every = [finding for row in rows for finding in findings_of(row)]
    yield from every[:SHOWN]
    if len(every) > SHOWN:
        params = {"count": str(len(every) - SHOWN)}
        yield Finding(code="findings_left_off", params=params)


def _left_out(lines: Sequence[Line]) -> Iterator[Finding]:
    told = {role.value for role in Role if role is not Role.DATA}
    told |= {"advance", "financing", "free_goods", "freight", "insurance", "tip"}
    counts = Counter(line.reason for line in lines if line.reason in told)
    for reason in sorted(told & counts.keys()):
        net = sum((line.net for line in lines if line.reason == reason), ZERO)
        params = {"lines": str(counts[reason]), "amount": plain(net)}
        yield Finding(code=reason, params=params)
