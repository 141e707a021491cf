"""Invoices: the accepted documents, with their lines."""

from __future__ import annotations

from datetime import date, datetime

from litestar import Controller, Response
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Raw

from rappel.actions import invoices
from rappel.actions.payments import record_payment
from rappel.core.invoices import Line
from rappel.core.money import plain
from rappel.store import purchases as stored
from rappel.web.auth import ADMINISTRATOR, MEMBER
from rappel.web.given import Acting, Asking, Books, Now
from rappel.web.handlers import DONE, acts, reads
from rappel.web.idempotency import body_of
from rappel.web.shapes import (
    Because,
    Cursor,
    Given,
    Limit,
    Listing,
    Money,
    Shown,
    listing,
    money,
    optional,
)


class LineShown(Shown):
    """A row of an invoice; ``reason`` says why it does not qualify."""

    position: int
    code: str | None
    description: str
    quantity: str
    unit: str | None
    gross: str
    discount: str
    net: str
    free: bool
    qualifies: bool
    reason: str | None


class EventShown(Shown):
    """Something that happened to an invoice afterwards."""

    event: str
    because: str
    at: datetime


class Payment(Given):
    """The day on which an invoice was paid, null where it is not; and who says so."""

    paid_on: date | None
    because: str


class InvoiceShown(Shown):
    """An accepted document of purchase; figures are positive on credit notes too.

    ``late_for`` names the closed period of its date; ``stopped`` says why it no longer
    counts; ``paid_on`` is null while no payment is recorded.
    """

    invoice: str
    document: str
    member: str
    supplier: str
    scheme: str
    kind: str
    fiscal_key: str | None
    number: str
    invoice_date: date
    total: Money
    base: Money
    rate: str | None
    evidence: str
    late_for: str | None
    stopped: str | None
    paid_on: date | None
    received_at: datetime
    lines: list[LineShown] = []
    events: list[EventShown] = []


def line_shown(one: Line) -> LineShown:
    """Write a line."""
    return LineShown(
        position=one.position,
        code=one.code,
        description=one.description,
        quantity=plain(one.quantity),
        unit=one.unit,
        gross=plain(one.gross),
        discount=plain(one.discount),
        net=plain(one.net),
        free=one.free,
        qualifies=one.qualifies,
        reason=one.reason,
    )


def invoice_shown(one: stored.Invoice) -> InvoiceShown:
    """Write an invoice."""
    return InvoiceShown(
        invoice=one.ref,
        document=one.document,
        member=one.member,
        supplier=one.supplier,
        scheme=one.scheme,
        kind=one.kind,
        fiscal_key=one.fiscal_key,
        number=one.number,
        invoice_date=one.invoice_date,
        total=money(one.total, one.currency),
        base=money(one.base, one.currency),
        rate=optional(one.rate),
        evidence=one.evidence,
        late_for=one.late_for,
        stopped=one.stopped,
        paid_on=one.paid_on,
        received_at=one.received_at,
        lines=[line_shown(line) for line in one.lines],
        events=[
            EventShown(event=each.event, because=each.because, at=each.at)
            for each in one.events
        ],
    )


class Invoices(Controller):
    """The accepted documents."""

    path = "/v1/invoices"
    tags = ["Invoices"]

    @reads("/", MEMBER)
    def list_invoices(
        self,
        db: Books,
        viewer: Asking,
        period: FromQuery[str | None] = None,
        member: FromQuery[str | None] = None,
        supplier: FromQuery[str | None] = None,
        kind: FromQuery[str | None] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Listing[InvoiceShown]:
        """List invoices, without their lines."""
        with db.reading(viewer) as session:
            found = stored.list_invoices(
                session,
                viewer,
                period=period,
                member=member,
                supplier=supplier,
                kind=kind,
                cursor=cursor,
                limit=limit,
            )
        return listing(found, invoice_shown)

    @reads("/{invoice:str}", MEMBER)
    def show_invoice(
        self,
        invoice: FromPath[str],
        db: Books,
        viewer: Asking,
    ) -> InvoiceShown:
        """Show an invoice with its lines and what happened to it."""
        with db.reading(viewer) as session:
            return invoice_shown(stored.invoice(session, viewer, invoice))

    @acts(
        "/{invoice:str}/withdraw",
        ADMINISTRATOR,
        status=DONE,
        given={"because": "It was paid twice; the supplier cancels it."},
    )
    def withdraw_invoice(
        self,
        invoice: FromPath[str],
        data: JSONBody[Because],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[InvoiceShown | Raw]:
        """Let an invoice stop counting, with a reason."""

        def act() -> InvoiceShown:
            invoices.withdraw(db, viewer, invoice, because=data.because, now=now)
            with db.reading(viewer) as session:
                return invoice_shown(stored.invoice(session, viewer, invoice))

        return once(act, body_of(data), status=DONE)

    @acts(
        "/{invoice:str}/payments",
        ADMINISTRATOR,
        given={"paid_on": "2026-03-12", "because": "The bank statement of March."},
    )
    def pay_invoice(
        self,
        invoice: FromPath[str],
        data: JSONBody[Payment],
        db: Books,
        viewer: Asking,
        now: Now,
        once: Acting,
    ) -> Response[InvoiceShown | Raw]:
        """Record on which day an invoice was paid, or that it is not, with a reason."""

        def act() -> InvoiceShown:
            record_payment(
                db,
                viewer,
                invoice,
                paid_on=data.paid_on,
                because=data.because,
                now=now,
            )
            with db.reading(viewer) as session:
                return invoice_shown(stored.invoice(session, viewer, invoice))

        return once(act, body_of(data))
