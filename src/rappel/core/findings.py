"""What can be wrong or odd in data: a value, never an exception.

Owns the shape of a finding and the catalogue of codes. A code is stable; its message
and repair are English templates here, translated by the catalogues at the rim and
filled from ``params``. Each ring adds its codes to the catalogue below, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

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


CATALOGUE: Final[dict[str, Kind]] = {
    # what a computation found
    "no_rate": Kind(
        Severity.ERROR,
        "There is no exchange rate from {currency} for {amount} {currency} in {lines} "
        "lines of {member} since {date}: {programme} is not computed for this member.",
        "Load the rate of that day, or correct the documents, and run again.",
    ),
    "no_weights": Kind(
        Severity.ERROR,
        "The {amount} {currency} that {programme} earned from {date} cannot be divided: "
        "the purchases of its members sum to zero, so {member} has no part.",
        "Divide it equally or by fixed parts in the agreement's next revision.",
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
}
