"""A document as the JSON of ``rappel read``: figures as text, findings in words.

Owns that shape, which people and programs rely on; it may grow, and no name in it
changes. Amounts are the document's own figures with its own decimals, never in
exponent notation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rappel.ingest.figures import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from rappel.core.findings import Finding
    from rappel.core.invoices import Document, Line, Party

    Json = str | int | bool | list["Json"] | dict[str, "Json"] | None


def document_json(
    document: Document, translate: Callable[[str], str] = str
) -> dict[str, Json]:
    """Return the JSON object of a document; ``translate`` takes the English texts."""
    issued, rate = document.issued_at, document.rate
    original, paid = document.original_date, document.paid_on
    return {
        "file": document.file,
        "scheme": document.scheme,
        "version": document.version,
        "fiscal_key": document.fiscal_key,
        "number": document.number,
        "kind": document.kind.value,
        "environment": document.environment,
        "issuer": _party(document.issuer),
        "receiver": _party(document.receiver),
        "issued_at": None if issued is None else issued.isoformat(),
        "currency": document.currency,
        "rate": None if rate is None else plain(rate),
        "lines": [_line(line) for line in document.lines],
        "subtotal": plain(document.subtotal),
        "discount": plain(document.discount),
        "charges": plain(document.charges),
        "tax": plain(document.tax),
        "total": plain(document.total),
        "base": plain(document.base),
        "related": [
            {
                "fiscal_key": item.fiscal_key,
                "relation": item.relation,
                "code": item.code,
            }
            for item in document.related
        ],
        "original_date": None if original is None else original.isoformat(),
        "by_buyer": document.by_buyer,
        "paid_on": None if paid is None else paid.isoformat(),
        "evidence": document.evidence.value,
        "verdict": document.verdict.value,
        "findings": [finding_json(item, translate) for item in document.findings],
    }


def finding_json(
    finding: Finding, translate: Callable[[str], str] = str
) -> dict[str, Json]:
    """Return the JSON object of a finding, its sentences filled and translated."""
    kind = finding.kind
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "row": finding.row,
        "column": finding.column,
        "message": translate(kind.message).format_map(dict(finding.params)),
        "repair": translate(kind.repair).format_map(dict(finding.params)),
    }


def _party(party: Party) -> dict[str, Json]:
    return {
        "tax_id": party.tax_id,
        "name": party.name,
        "foreign_id": party.foreign_id,
    }


def _line(line: Line) -> dict[str, Json]:
    return {
        "position": line.position,
        "code": line.code,
        "class_code": line.class_code,
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "gross": plain(line.gross),
        "discount": plain(line.discount),
        "net": plain(line.net),
        "free": line.free,
        "qualifies": line.qualifies,
        "reason": line.reason,
    }
