"""What becomes of a document: arithmetic, parties, what may earn, evidence, verdict.

Owns the rules that hold for every scheme once its reader has filled a document. It
knows no consortium: whether the receiver is a member is asked later, by the actions.
Nothing is graded better than C here: what the bytes prove is said by
:mod:`rappel.ingest.evidence`.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
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
from rappel.ingest.figures import plain
from rappel.ingest.texts import NOBODY, doubtful, is_tax_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WITH_VOLUME: Final = frozenset(
    {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.DEBIT_NOTE}
)
HOLDS: Final = frozenset(
    {
        "ambiguous_attachment",
        "arithmetic",
        "buyer_issued",
        "certificate_ended",
        "certificate_of_another",
        "chain_broken",
        "currency_mixed",
        "date_ambiguous",
        "decimal_mark_ambiguous",
        "encoding_ambiguous",
        "key_date",
        "key_digit",
        "key_issuer",
        "key_number",
        "key_stamp",
        "line_arithmetic",
        "negative_invoice",
        "no_currency",
        "no_foreign_amount",
        "no_lines",
        "no_number",
        "no_receiver_tax_id",
        "no_replaced",
        "no_supplier_tax_id",
        "not_acknowledged",
        "not_stamped",
        "party_is_nobody",
        "rows_disagree",
        "seal_unknown_complement",
        "unknown_currency",
        "unknown_kind",
    }
)
# a table's signs say what a row is; a line of EN 16931 may take goods back
_SIGNED_LINES: Final = frozenset({"table", "ubl", "cii"})
_CENT: Final = Decimal("0.01")
_TOLERANCE: Final = Decimal("0.001")


def judge(document: Document) -> Document:
    """Return the document with its lines, base, findings, evidence and verdict."""
    lines = tuple(_qualified(line, document.kind) for line in document.lines)
    document = replace(document, lines=lines)
    whole = verdict(document.findings) is not Verdict.REJECT
    findings = (
        *document.findings,
        # a figure that could not be read adds up to nothing and is no free good
        *(_arithmetic(document) if whole else ()),
        *_signs(document),
        *_parties(document),
        *(_left_out(document) if whole else ()),
    )
    return replace(
        document,
        base=sum((line.net for line in lines if line.qualifies), ZERO),
        evidence=_evidence(document, findings),
        findings=findings,
        verdict=verdict(findings),
    )


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Return reject for an error, hold for one that a person may overrule."""
    errors = {
        finding.code for finding in findings if finding.severity is Severity.ERROR
    }
    if errors - HOLDS:
        return Verdict.REJECT
    return Verdict.HOLD if errors else Verdict.ACCEPT


def cents(count: int) -> Decimal:
    """Return the rounding a document is allowed: a cent a line."""
    return _CENT * count


def near(one: Decimal, other: Decimal, lines: int) -> bool:
    """Whether two figures agree within 0.1 % or a cent a line, whichever is more."""
    return abs(one - other) <= max(cents(lines), _TOLERANCE * abs(other))


def _qualified(line: Line, kind: DocumentKind) -> Line:
    free = line.free or line.net == 0
    if kind not in WITH_VOLUME:
        reason: str | None = "carries_no_volume"
    else:
        reason = "free_goods" if free else line.reason
    return replace(line, free=free, qualifies=reason is None, reason=reason)


def _arithmetic(document: Document) -> Iterator[Finding]:
    count = len(document.lines)
    gross = sum((line.gross for line in document.lines), ZERO)
    discount = sum((line.discount for line in document.lines), ZERO)
    total = document.subtotal - document.discount + document.tax + document.charges
    checks = (
        (
            "SubTotal",
            gross,
            document.subtotal,
            # without lines it is held for that
            not count or near(gross, document.subtotal, count),
        ),
        ("Total", total, document.total, near(total, document.total, count)),
        (
            "Descuento",
            discount,
            document.discount,
            # more may be discounted on the document than on its lines, not less
            discount <= document.discount or near(discount, document.discount, count),
        ),
    )
    for name, computed, stated, holds in checks:
        if not holds:
            params = {"name": name, "computed": plain(computed)}
            params["stated"] = plain(stated)
            yield Finding(code="arithmetic", column=name, params=params)


def _signs(document: Document) -> Iterator[Finding]:
    figures = [document.total, document.discount, document.subtotal]
    if document.scheme not in _SIGNED_LINES:
        figures += [line.gross for line in document.lines]
        figures += [line.discount for line in document.lines]
        figures += [line.quantity for line in document.lines]
        figures += [line.net for line in document.lines]
    if any(figure < 0 for figure in figures):
        yield Finding(code="negative_invoice")


def _parties(document: Document) -> Iterator[Finding]:
    for role, party in (("issuer", document.issuer), ("receiver", document.receiver)):
        if party.tax_id is None:
            continue
        params = {"value": party.tax_id[:40]}
        if party.identity in NOBODY:
            yield Finding(code="party_is_nobody", column=role, params=params)
        elif not is_tax_id(party.tax_id) and document.scheme != "table":
            yield Finding(code="bad_tax_id", column=role, params=params)
        elif doubtful(party.tax_id):
            yield Finding(code="tax_id_check_digit", column=role, params=params)


def _left_out(document: Document) -> Iterator[Finding]:
    if document.kind not in WITH_VOLUME:
        yield Finding(code="carries_no_volume")
        return
    out = [line for line in document.lines if line.reason]
    for reason in sorted({line.reason for line in out if line.reason}):
        lines = [line for line in out if line.reason == reason]
        net = sum((line.net for line in lines), ZERO)
        params = {"lines": str(len(lines)), "amount": plain(net)}
        yield Finding(code=reason, params=params)


def _evidence(document: Document, findings: Sequence[Finding]) -> Evidence:
    """Return C for a key whose arithmetic holds, D for all that proves less."""
    weak = document.scheme == "table" or document.fiscal_key is None
    wrong = any(finding.code == "arithmetic" for finding in findings)
    refused = verdict(findings) is Verdict.REJECT
    return Evidence.D if weak or wrong or refused else Evidence.C
