"""The rows of accepted documents: invoices, their lines, and what happens to others.

Owns how a candidate is written into the books; what may be written is decided before
(:mod:`rappel.actions.acceptance`). Runs in the caller's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rappel.core.judgement import rate_currency
from rappel.store import intake

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.actions.candidates import Books, Candidate
    from rappel.core.access import Viewer

BECAUSE: Final = {
    "replaced": "A later or better document replaces this one.",
    "cancelled": "The supplier cancelled it.",
}
LINE_FIELDS: Final = (
    "position",
    "code",
    "class_code",
    "description",
    "quantity",
    "unit",
    "gross",
    "discount",
    "net",
    "free",
    "qualifies",
    "reason",
)


def write(
    session: Session,
    viewer: Viewer,
    accepted: Sequence[Candidate],
    books: Books,
    *,
    now: datetime,
) -> None:
    """Write accepted candidates as invoices with their lines, and what they end."""
    counting = [each for each in accepted if each.counts]
    home = intake.home_currencies(session, {each.member for each in counting})
    invoices = [
        _invoice(each, books, home=home.get(each.member), now=now) for each in counting
    ]
    ids = intake.add_invoices(session, invoices)
    by_document = {each.id: row for each, row in zip(counting, ids, strict=True)}
    intake.add_lines(
        session,
        [row for each in counting for row in _lines(each, by_document[each.id])],
    )
    intake.add_events(
        session,
        [
            {
                "invoice_id": invoice.id or by_document[invoice.document],
                "member_id": invoice.member,
                "event": event,
                "because": BECAUSE[event],
                "cause_document_id": cause,
                "person_id": viewer.person,
                "at": now,
            }
            for invoice, cause, event in books.events.values()
        ],
    )


def _invoice(
    candidate: Candidate, books: Books, *, home: str | None, now: datetime
) -> dict[str, Any]:
    document, invoice = candidate.document, books.entering[candidate.id]
    late = books.late_for(candidate)
    return {
        "ref": invoice.ref,
        "document_id": candidate.id,
        "upload_id": candidate.upload,
        "member_id": candidate.member,
        "supplier_id": candidate.supplier,
        "scheme": document.scheme,
        "fiscal_key": invoice.fiscal_key,
        "weak_key": invoice.weak_key,
        "number": document.number or document.fiscal_key,
        "kind": document.kind.value,
        "invoice_date": invoice.invoice_date,
        "issued_at": document.issued_at,
        "currency": document.currency,
        "rate": document.rate,
        "rate_currency": rate_currency(document, home),
        "total": document.total,
        "base": document.base,
        "evidence": document.evidence.value,
        "late_for": late.id if late else None,
        "received_at": now,
        "originals": list(document.corrects),
        "original_date": document.original_date,
    }


def _lines(candidate: Candidate, invoice: int) -> Iterator[dict[str, Any]]:
    for line in candidate.document.lines:
        yield {
            "invoice_id": invoice,
            "member_id": candidate.member,
            "supplier_id": candidate.supplier,
            **{name: getattr(line, name) for name in LINE_FIELDS},
        }
