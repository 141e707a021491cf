"""The rows of accepted documents: invoices, their lines, payments, what ends others.

Owns how a candidate is written into the books; what may be written is decided before
(:mod:`rappel.actions.acceptance`). Runs in the caller's transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rappel.core.judgement import rate_currency
from rappel.store import intake, payments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.actions.candidates import Books, Candidate
    from rappel.core.access import Viewer

TOLD: Final = "A table says so."
HANDED: Final = "It was said of the document that this one replaces."
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
    _pay(session, viewer, books, by_document, now=now)


def _pay(
    session: Session,
    viewer: Viewer,
    books: Books,
    by_document: Mapping[int, int],
    *,
    now: datetime,
) -> None:
    """Write what tables say of payments, and hand it on to what replaces an invoice.

    Rule: a table is heard only where nothing was said of a payment before.
    """
    said = {
        one.invoice.id or by_document[one.invoice.document]: one.on
        for one in reversed(books.paid)  # of two the first is heard
    }
    payments.tell(session, said, TOLD, person=viewer.person, now=now)
    handed = {
        invoice.id or by_document[invoice.document]: by_document[cause]
        for invoice, cause, event in books.events.values()
        if event == "replaced" and cause in by_document
    }
    payments.hand_on(session, handed, HANDED, person=viewer.person, now=now)


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
