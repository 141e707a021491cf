"""Documents that may be accepted, and what is in the books around them.

Owns the values that :mod:`rappel.actions.acceptance` decides on; decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from rappel.core.invoices import DocumentKind
from rappel.core.judgement import VOLUME, State, ends
from rappel.ingest.keys import weak_key
from rappel.store.intake import invoice_ref
from rappel.store.standing import Standing

if TYPE_CHECKING:
    from datetime import date

    from rappel.core.findings import Finding
    from rappel.core.invoices import Document
    from rappel.core.judgement import Judgement
    from rappel.store.intake import Shut
    from rappel.store.standing import Waiting

CARRIES: Final = VOLUME | {DocumentKind.CANCELLATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A document with its row, and whose purchase from whom it would be.

    ``decided`` is an administrator's word: what it replaces may then be another
    member's, which otherwise holds it.
    """

    id: int
    upload: int
    document: Document
    member: int
    supplier: int
    findings: tuple[Finding, ...]
    decided: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is of a kind that carries volume."""
        return self.document.kind in VOLUME

    @property
    def day(self) -> date | None:
        """The day that decides its period: that of its own local time."""
        issued = self.document.issued_at
        return issued.date() if issued and self.counts else None

    @property
    def key(self) -> str | None:
        """The fiscal key that it would claim."""
        return self.document.fiscal_key if self.counts else None

    @property
    def weak(self) -> str | None:
        """What stands in for a fiscal key, and finds the same purchase in a table."""
        return weak_key(self.document)

    @property
    def ends(self) -> tuple[str, ...]:
        """The keys that stop counting by it."""
        return ends(self.document, self.weak)

    @property
    def event(self) -> str:
        """What happens to these."""
        return "replaced" if self.counts else "cancelled"


def candidate_of(
    number: int, upload: int, document: Document, judgement: Judgement
) -> Candidate | None:
    """Return the candidate of a judged document, ``None`` when nothing can count."""
    if judgement.state is not State.ACCEPTED or document.kind not in CARRIES:
        return None
    assert judgement.member is not None, "what counts is accepted for a member"
    assert judgement.supplier is not None, "what counts is accepted from a supplier"
    return Candidate(
        id=number,
        upload=upload,
        document=document,
        member=judgement.member,
        supplier=judgement.supplier,
        findings=judgement.findings,
    )


class Paid(NamedTuple):
    """The day on which an invoice was paid, as a table says it."""

    invoice: Standing
    on: date


class Event(NamedTuple):
    """What happens to an invoice, and the document that causes it."""

    invoice: Standing
    cause: int
    event: str


@dataclass(slots=True)
class Books:
    """What is in the books around these candidates; grows with each that enters."""

    by_key: dict[str, list[Standing]]
    waiting: list[Waiting]
    shut: tuple[Shut, ...]
    claims: dict[int, str]
    entering: dict[int, Standing] = field(default_factory=dict)
    events: dict[int, Event] = field(default_factory=dict)  # by document
    paid: list[Paid] = field(default_factory=list)
    freed: list[tuple[str, int]] = field(default_factory=list)
    moved: list[tuple[str, int, int]] = field(default_factory=list)

    def meets(self, key: str | None) -> list[Standing]:
        """Return the invoices of a key, fiscal or weak; withdrawn ones are gone."""
        found = self.by_key.get(key, []) if key else []
        return [invoice for invoice in found if invoice.event != "withdrawn"]

    def alike(self, candidate: Candidate) -> list[Standing]:
        """Return the invoices that may be the same purchase by their weak key.

        A credit note of the number, day and total of an invoice is not that invoice.
        """
        kind = candidate.document.kind.value
        return [each for each in self.meets(candidate.weak) if each.kind == kind]

    def enter(self, candidate: Candidate) -> None:
        """Let later candidates meet it."""
        invoice = _standing(candidate)
        self.entering[candidate.id] = invoice
        self.pay(candidate, invoice)
        for key in (invoice.fiscal_key, invoice.weak_key):
            if key:
                self.by_key.setdefault(key, []).append(invoice)

    def pay(self, candidate: Candidate, invoice: Standing) -> None:
        """Let what a candidate says of its payment be said of an invoice."""
        if candidate.document.paid_on is not None:
            self.paid.append(Paid(invoice, candidate.document.paid_on))

    def end(self, invoice: Standing, cause: int, event: str) -> None:
        """Let an invoice stop counting, once."""
        if invoice.counts:
            self.events.setdefault(invoice.document, Event(invoice, cause, event))

    def late_for(self, candidate: Candidate) -> Shut | None:
        """Return the period that is closed to the candidate's date."""
        day = candidate.day
        found = (shut for shut in self.shut if day and shut.starts <= day < shut.ends)
        return next(found, None)


def _standing(candidate: Candidate) -> Standing:
    assert candidate.day is not None, (
        "a document without a date is held before it comes here"
    )
    return Standing(
        id=0,
        ref=invoice_ref(
            candidate.id, candidate.key or candidate.weak, candidate.member
        ),
        document=candidate.id,
        member=candidate.member,
        supplier=candidate.supplier,
        scheme=candidate.document.scheme,
        kind=candidate.document.kind.value,
        fiscal_key=candidate.key,
        weak_key=candidate.weak,
        invoice_date=candidate.day,
    )
