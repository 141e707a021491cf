"""The reconciliation: from earned, step by step, down to payable now.

Owns its figures and signs, for one line and for the statement. Convention: deductions
are negative, so that each column simply adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rappel.core.statements import StatementLine
    from rappel.paper.words import Words

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """A reconciliation: earned down to payable now, for a line or the statement."""

    earned: str
    fee: str
    fee_percent: str
    holdback: str
    settled_before: str
    due: str
    brought_forward: str  # empty when there is none
    carried: str  # empty when there is none
    payable_now: str


def deducted(*lines: StatementLine) -> Decimal:
    """Sum what lies between earned and due: zero or, as printed, negative."""
    return -sum((it.fee + it.holdback + it.settled_before for it in lines), ZERO)


def sums_of(words: Words, lines: tuple[StatementLine, ...]) -> Sums:
    """Write the reconciliation of lines, summed; one line is a sum of one.

    What was brought forward follows from what is due, carried and payable.
    """

    def total(name: str) -> Decimal:
        return sum((getattr(line, name) for line in lines), ZERO)

    due, carried, payable = total("due"), total("carried"), total("payable_now")
    brought = payable + carried - due
    percents = {line.fee_percent for line in lines}
    alone = percents.pop() if len(percents) == 1 else None
    return Sums(
        earned=words.amount(total("earned")),
        fee=words.amount(-total("fee")),
        fee_percent="" if alone is None else words.form.percent(alone, 0),
        holdback=words.amount(-total("holdback")),
        settled_before=words.amount(-total("settled_before")),
        due=words.amount(due),
        brought_forward=words.amount(brought) if brought else "",
        carried=words.amount(-carried) if carried else "",
        payable_now=words.amount(payable),
    )
