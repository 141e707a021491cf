"""Payments: what an administrator says of when an invoice was paid.

Owns :func:`record_payment`; tables say it too, where nobody has said anything yet
(:mod:`rappel.actions.entries`). What is said later holds, and nothing that was said is
changed: an invoice that is not paid after all is told so by one more row. Of a closed
period it is an adjustment in the next one, where an agreement counts what is paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rappel.actions.documents import said
from rappel.actions.permission import must_administer
from rappel.core.invoices import DocumentKind
from rappel.errors import NotFound, Refused
from rappel.store import audit, payments, standing
from rappel.store.payments import PaymentRow

if TYPE_CHECKING:
    from datetime import date, datetime

    from rappel.core.access import Viewer
    from rappel.store.base import Database


def record_payment(
    db: Database,
    viewer: Viewer,
    invoice: str,
    *,
    paid_on: date | None,
    because: str,
    now: datetime,
) -> None:
    """Say on which day an invoice was paid, or with ``None`` that it is not.

    A day still to come is a payment of the period in which it lies.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such invoice.
        Malformed: no reason is given.
        Refused: it is a credit note, which counts as its invoice does; or the day is
            before that of the invoice.
    """
    must_administer(viewer)
    reason = said(because)
    with db.writing(viewer) as session:
        found = standing.one(session, viewer, invoice)
        if found is None:
            raise NotFound(f"There is no invoice {invoice}.")
        if found.kind == DocumentKind.CREDIT_NOTE.value:
            raise Refused(
                "A credit note is not paid: it counts as its invoice does.",
                code="not_payable",
                repair="Record the payment of the invoice that it corrects.",
            )
        if paid_on is not None and paid_on < found.invoice_date:
            raise Refused(
                f"{paid_on} is before the day of the invoice, {found.invoice_date}.",
                code="paid_before_issued",
                repair="Correct it; of an advance give the day of the invoice.",
            )
        row = PaymentRow(
            invoice_id=found.id,
            member_id=found.member,
            paid_on=paid_on,
            because=reason,
            person_id=viewer.person,
            at=now,
        )
        payments.add(session, row)
        day = None if paid_on is None else paid_on.isoformat()
        detail = {"paid_on": day, "because": reason}
        audit.note(session, viewer, "invoices.pay", invoice, detail, at=now)
