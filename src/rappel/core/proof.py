"""Proof: what a statement's line proves of its measure and its tier.

Owns the check of measures that compare: growth, share, target, and those that count
other purchases; by arithmetic done anew from the steps of the working. Everything obeys
this: a quotient is stated with 18 places, and checked to twelve.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rappel.core.statements import Slice, StatementLine

EXACT: Final = Context(prec=120)
CLOSE: Final = Decimal("1e-12")
WRITTEN: Final = 12  # more decimals than this are those of a quotient
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A figure that does not follow: where it stands, what it is, what it should be."""

    place: str
    stated: str
    recomputed: str


def _steps(line: StatementLine) -> Mapping[str, Decimal]:
    return {step.step: step.amount for step in line.working}


def measure_of(place: str, line: StatementLine) -> Iterator[Fault]:
    """Check that the measure follows from the volume and what it is compared with."""
    steps = _steps(line)
    if line.measure is None or "other_purchases" in steps:
        return
    expected = _expected(line, steps)
    if abs(EXACT.subtract(line.measure, expected)) >= CLOSE:
        yield Fault(place=place, stated=str(line.measure), recomputed=str(expected))


def _expected(line: StatementLine, steps: Mapping[str, Decimal]) -> Decimal:
    """Return the measure of the line's own volume."""
    base = steps.get("baseline")
    figure = line.volume if base is None else EXACT.subtract(line.volume, base)
    if line.measured != "percent":
        return figure
    whole = base or steps.get("whole") or steps.get("target") or Decimal(0)
    return EXACT.divide(figure * HUNDRED, whole) if whole > 0 else Decimal(0)


def paid_of(
    place: str, line: StatementLine, left: Decimal, stated: Decimal
) -> Iterator[Fault]:
    """Check that what is paid on is all of the volume that is left.

    Rule: of an increment only what is beyond the baseline, and nothing below zero.
    """
    base = _steps(line).get("beyond")
    expected = left if base is None else max(left - base, Decimal(0))
    if abs(EXACT.subtract(stated, expected)) >= CLOSE:
        yield Fault(place=place, stated=str(expected), recomputed=str(stated))


def tier_of(line: StatementLine) -> Decimal | None:
    """Return the threshold that the measure reaches, or ``None``.

    Rule: the tier of a negative measure is that of its absolute value, but growth and
    share below zero reach none; before a gate that is not reached there is none; where
    nothing is measured the first one holds.
    """
    steps = _steps(line)
    thresholds = [row.threshold for row in line.tiers]
    if "closed_gate" in steps or line.measure is None:
        return None
    if "no_measure" in steps:
        return min(thresholds)
    compares = bool({"baseline", "whole", "target"} & steps.keys())
    size = line.measure if compares else abs(line.measure)
    strictly = line.boundary == "more_than"
    reached = [one for one in thresholds if (size > one if strictly else size >= one)]
    return max(reached, default=None)


def is_near(stated: Decimal, recomputed: Decimal, part: Slice) -> bool:
    """Whether two figures differ only as a quotient of 18 places does."""
    exponent = part.payable.as_tuple().exponent
    is_quotient = isinstance(exponent, int) and -exponent > WRITTEN
    return is_quotient and abs(EXACT.subtract(stated, recomputed)) < CLOSE
