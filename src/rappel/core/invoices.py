"""Documents of purchase as they were read, before any agreement looks at them.

Owns the values that readers answer: parties, lines, totals, relations, findings,
verdict. Figures are exactly those of the document, in its own currency, positive also
on a credit note; the sign is given by :mod:`rappel.core.eligibility`. ``issued_at`` is
the document's own local time and is never moved through UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date, datetime

    from rappel.core.findings import Finding

ZERO: Final = Decimal(0)


class DocumentKind(StrEnum):
    """What a document is to the volume."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    PAYMENT = "payment"
    CANCELLATION = "cancellation"
    REGISTER = "register"
    OTHER = "other"


class Verdict(StrEnum):
    """What becomes of a document."""

    ACCEPT = "accept"
    HOLD = "hold"  # a person must look
    REJECT = "reject"


class Evidence(StrEnum):
    """How well a document proves itself, best first."""

    A = "A"  # sealed, chained and stamped by the authority
    B = "B"  # sealed by its issuer, chain or stamp not verifiable here
    C = "C"  # key and arithmetic hold, no usable seal
    D = "D"  # a table, or typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Issuer or receiver, as the document names it; the ids are normalised.

    ``foreign_id`` is a foreigner's own tax id where ``tax_id`` is only the number that
    its country's scheme gives to every foreigner.
    """

    tax_id: str | None = None
    name: str | None = None
    foreign_id: str | None = None

    @property
    def identity(self) -> str | None:
        """The tax id by which the party is known: its own, wherever it stands."""
        return self.foreign_id or self.tax_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a document; ``net`` is before tax and after every discount.

    ``net`` carries the line's share of document discounts (largest remainder).
    ``reason`` is the finding code for which a line does not qualify, else ``None``.
    """

    position: int
    code: str | None = None
    class_code: str | None = None
    description: str = ""
    quantity: Decimal = ZERO
    unit: str | None = None
    gross: Decimal = ZERO
    discount: Decimal = ZERO
    net: Decimal = ZERO
    free: bool = False
    qualifies: bool = True
    reason: str | None = None


CORRECTS: Final = frozenset({"credits", "returns"})
"""Relations of a credit note to the invoice that it corrects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another document that this one points to: ``replaces``, ``credits``, ….

    ``code`` is the relation as the scheme itself writes it.
    """

    fiscal_key: str
    relation: str
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as read; the JSON of ``rappel read`` is this value, field by field.

    ``original_date`` is that of the invoice that a credit note corrects, where it says
    so itself; others point to their invoice with ``related``. ``by_buyer``: its issuer
    is who bought, as of goods that a Brazilian firm sends back with a note of its own.
    ``paid_on`` is the day on which an invoice was paid, where a table says it.
    """

    file: str
    scheme: str
    verdict: Verdict
    kind: DocumentKind = DocumentKind.OTHER
    version: str | None = None
    fiscal_key: str | None = None
    number: str | None = None
    environment: str = "production"
    issuer: Party = Party()
    receiver: Party = Party()
    issued_at: datetime | None = None
    currency: str | None = None
    rate: Decimal | None = None
    lines: tuple[Line, ...] = ()
    subtotal: Decimal = ZERO
    discount: Decimal = ZERO
    charges: Decimal = ZERO
    tax: Decimal = ZERO
    total: Decimal = ZERO
    base: Decimal = ZERO
    related: tuple[Related, ...] = ()
    original_date: date | None = None
    by_buyer: bool = False
    paid_on: date | None = None
    evidence: Evidence = Evidence.D
    findings: tuple[Finding, ...] = ()

    @property
    def seller(self) -> Party:
        """Who sold, whoever issued the document."""
        return self.receiver if self.by_buyer else self.issuer

    @property
    def buyer(self) -> Party:
        """Who bought, whoever issued the document."""
        return self.issuer if self.by_buyer else self.receiver

    @property
    def corrects(self) -> tuple[str, ...]:
        """The keys of the invoices that a credit note corrects, each once."""
        if self.kind is not DocumentKind.CREDIT_NOTE:
            return ()
        keys = (one.fiscal_key for one in self.related if one.relation in CORRECTS)
        return tuple(dict.fromkeys(keys))
