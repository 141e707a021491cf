"""What can be wrong or odd in data: a value, never an exception.

Owns the shape of a finding and the catalogue of codes. A code is stable; its message
and repair are English templates here, translated by the catalogues at the rim and
filled from ``params``. Each ring adds its codes to the catalogue below, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from rappel.core.document_findings import DOCUMENTS
from rappel.core.evidence_findings import EVIDENCE
from rappel.core.term_findings import TERMS
from rappel.core.upload_findings import UPLOADS

if TYPE_CHECKING:
    from collections.abc import Mapping


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # what it concerns does not count
    WARNING = "warning"  # it counts, and somebody should look
    INFO = "info"  # worth knowing


@dataclass(frozen=True, slots=True)
class Kind:
    """What a code means: its severity, and its two sentences in English."""

    severity: Severity
    message: str
    repair: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: a code of the catalogue, its place, and what fills the text."""

    code: str
    row: int | None = None
    column: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """The catalogue's entry; a code outside it is our own mistake."""
        return CATALOGUE[self.code]

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self.kind.severity


FILES: Final = EVIDENCE | DOCUMENTS | UPLOADS
CATALOGUE: Final[dict[str, Kind]] = {
    # why a document earned nothing
    "evidence_below_minimum": Kind(
        Severity.WARNING,
        "The agreement asks for better evidence than this document gives.",
        "Upload the e-invoice itself in the place of a table.",
    ),
    "programme_stopped": Kind(
        Severity.ERROR,
        "The programme was not computed for this member: something that it needs is "
        "missing.",
        "Complete what the run names as missing; the next one pays the difference.",
    ),
    "not_qualifying": Kind(
        Severity.INFO,
        "By its structure this line is no purchase that earns.",
        "Nothing is to be done.",
    ),
    # what readers find in files
    **{
        code: Kind(Severity(severity), message, repair)
        for code, (severity, message, repair) in FILES.items()
    },
    # what a computation found
    "no_rate": Kind(
        Severity.ERROR,
        "There is no exchange rate from {currency} for {amount} {currency} in {lines} "
        "lines of {member}: {programme} is not computed for this member.",
        "Give the rates that the agreement asks for from {date} on (fx: on the "
        "documents, of their days, or of the period), and run again.",
    ),
    "no_fixed_rate": Kind(
        Severity.ERROR,
        "{programme} fixes no exchange rate from {currency} for {amount} {currency} in "
        "{lines} lines of {member} since {date}: it is not computed for this member.",
        "Name the rate of each currency in fx_rate of the agreement's next revision.",
    ),
    "no_original": Kind(
        Severity.ERROR,
        "Credit notes of {member} for {amount} {currency} in {lines} lines since "
        "{date} do not say the date of their invoice: {programme} is not computed for "
        "this member.",
        "Give the date of the invoice that each of them corrects, and run again.",
    ),
    "no_quantity": Kind(
        Severity.ERROR,
        "Purchases of {member} for {amount} {currency} in {lines} lines since {date} "
        "state no quantity, and {programme} counts pieces: it is not computed for this "
        "member.",
        "State their quantities, and run again.",
    ),
    "no_weights": Kind(
        Severity.ERROR,
        "What {programme} earned from {date} cannot be divided: what its "
        "members are paid on sums to zero, so {member} has no part.",
        "Divide it equally or by fixed parts in the agreement's next revision.",
    ),
    "no_baseline": Kind(
        Severity.ERROR,
        "There is no baseline of {member} for {programme} from {date}: its {amount} "
        "{currency} in {lines} lines earn nothing there.",
        "State the baseline, or say in the agreement what its absence means.",
    ),
    "zero_baseline": Kind(
        Severity.ERROR,
        "The baseline of {member} for {programme} from {date} is not above zero: its "
        "{amount} {currency} in {lines} lines earn nothing there.",
        "Correct the baseline, or say in the agreement what zero means.",
    ),
    "part_baseline": Kind(
        Severity.ERROR,
        "The baseline of {member} for {programme} from {date} covers a part of its "
        "year: the {amount} {currency} in {lines} lines earn nothing there.",
        "Say in the agreement what a part of a year means.",
    ),
    "no_target": Kind(
        Severity.ERROR,
        "{programme} names no target of {member} from {date}: its {amount} {currency} "
        "in {lines} lines earn nothing there.",
        "Name its target in the agreement's next revision.",
    ),
    "unmapped_code": Kind(
        Severity.WARNING,
        "The code {code} of {supplier} has no category: {amount} {currency} in {lines} "
        "lines cannot count for programmes that ask for one.",
        "Map the code in the supplier's catalogue.",
    ),
    "outside_every_window": Kind(
        Severity.WARNING,
        "The purchase of {date} by {member} lies in no window that the period settles.",
        "Check the date, or simulate the period it belongs to.",
    ),
    "uncounted_supplier": Kind(
        Severity.WARNING,
        "No programme counts what {member} bought from {supplier}.",
        "Check the supplier's code, or add it to a programme.",
    ),
    "before_joining": Kind(
        Severity.INFO,
        "The purchase of {date} does not count: {member} had not joined yet.",
        "Correct the day, or when it joined, if that is wrong.",
    ),
    "after_leaving": Kind(
        Severity.INFO,
        "The purchase of {date} does not count: {member} had left.",
        "Correct the day, or when it left, if that is wrong.",
    ),
    "not_in_force": Kind(
        Severity.INFO,
        "The purchase of {date} by {member} does not count: no terms of its supplier "
        "were in force.",
        "Correct the day, or from when and until when the terms hold, if that is "
        "wrong.",
    ),
    "nothing_to_divide": Kind(
        Severity.INFO,
        "What the members of {programme} are paid on sums to zero from {date}: there "
        "was nothing to divide, and nothing to divide it by.",
        "Nothing to do.",
    ),
    # what the linter says of terms
    **{
        code: Kind(Severity(severity), message, repair)
        for code, (severity, message, repair) in TERMS.items()
    },
    # what intake found, beside the readers
    "receiver_not_member": Kind(
        Severity.ERROR,
        "The receiver's tax id {tax_id} is no member's.",
        "Ask an administrator to add the tax id or to reassign the document.",
    ),
    "receiver_not_yours": Kind(
        Severity.ERROR,
        "The document was billed to another tax id, {tax_id}.",
        "Upload your own purchases; if this one is yours, ask an administrator.",
    ),
    "receiver_not_stated": Kind(
        Severity.ERROR,
        "The document does not say who bought.",
        "Upload it for a member, or map the column of the receiver's tax id.",
    ),
    "supplier_unknown": Kind(
        Severity.ERROR,
        "The issuer {name} with tax id {tax_id} is no supplier with an agreement.",
        "If it is one, ask an administrator to add the tax id; else remove the "
        "document.",
    ),
    "document_incomplete": Kind(
        Severity.ERROR,
        "The document lacks what a purchase needs: {what}.",
        "Upload a complete document.",
    ),
    "already_claimed": Kind(
        Severity.ERROR,
        "This purchase cannot be counted here: it is in the books already.",
        "An administrator must look at it.",
    ),
    "replaces_not_yours": Kind(
        Severity.ERROR,
        "It replaces or cancels a document that is not among the same purchases.",
        "An administrator must look at it.",
    ),
    "known_already": Kind(
        Severity.INFO,
        "The same purchase is in the books already: {invoice}.",
        "Nothing to do: it counts once.",
    ),
    "late_invoice": Kind(
        Severity.WARNING,
        "The period {period} is closed to this date: it is late.",
        "Nothing to do: it will be an adjustment in the next open period.",
    ),
    "replaced_already": Kind(
        Severity.WARNING,
        "A later or better document replaces this one: it does not count.",
        "Nothing to do if the other document is right.",
    ),
    "cancelled_already": Kind(
        Severity.WARNING,
        "The supplier cancelled this document: it does not count.",
        "Nothing to do if the cancellation is right.",
    ),
    # end of intake
}
