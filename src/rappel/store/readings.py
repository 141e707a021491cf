"""A document's reading as it is stored, and back into the value that it was.

Owns the way back from the JSON of ``rappel read``, so that a document that was held is
judged again from what was read at first; and how a finding is kept: by its code, place
and parameters, so that it is said later in any language.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rappel.core.findings import Finding
from rappel.core.invoices import (
    Document,
    DocumentKind,
    Evidence,
    Line,
    Party,
    Related,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FIGURES = ("quantity", "gross", "discount", "net")
TOTALS = ("subtotal", "discount", "charges", "tax", "total", "base")
TEXTS = ("file", "scheme", "version", "fiscal_key", "number", "environment", "currency")


def stored_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the findings as they are kept: no text, only what makes it."""
    return [
        {
            "code": finding.code,
            "row": finding.row,
            "column": finding.column,
            "params": dict(finding.params),
        }
        for finding in findings
    ]


def findings_from(stored: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return the findings that were kept."""
    return tuple(
        Finding(
            code=kept["code"],
            row=kept["row"],
            column=kept["column"],
            params=kept["params"],
        )
        for kept in stored
    )


def document_from(
    reading: Mapping[str, Any], findings: tuple[Finding, ...]
) -> Document:
    """Return the document of a stored reading; ``findings`` are the reader's own."""
    issued, rate = reading["issued_at"], reading["rate"]
    # which the first readings lack
    original, paid = reading.get("original_date"), reading.get("paid_on")
    by_buyer = reading.get("by_buyer", False)
    texts: dict[str, Any] = {name: reading[name] for name in TEXTS}
    totals: dict[str, Any] = {name: Decimal(reading[name]) for name in TOTALS}
    return Document(
        **texts,
        **totals,
        kind=DocumentKind(reading["kind"]),
        verdict=Verdict(reading["verdict"]),
        evidence=Evidence(reading["evidence"]),
        issuer=Party(**reading["issuer"]),
        receiver=Party(**reading["receiver"]),
        issued_at=None if issued is None else datetime.fromisoformat(issued),
        rate=None if rate is None else Decimal(rate),
        lines=tuple(_line(line) for line in reading["lines"]),
        related=tuple(Related(**related) for related in reading["related"]),
        original_date=None if original is None else date.fromisoformat(original),
        by_buyer=by_buyer,
        paid_on=None if paid is None else date.fromisoformat(paid),
        findings=findings,
    )


def _line(line: Mapping[str, Any]) -> Line:
    figures = {name: Decimal(line[name]) for name in FIGURES}
    return Line(**{**line, **figures})
