"""Workings: how a line came about, step by step, in the order of the business.

Owns the steps' names, sentences and order; computes nothing. Everything obeys this: a
sentence is an English template, translated at the rim, whose parameters are plain
figures; a deduction is negative.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rappel.core.money import plain
from rappel.core.statements import Step
from rappel.core.terms import Pool

if TYPE_CHECKING:
    from rappel.core.agreements import Programme
    from rappel.core.statements import StatementLine

ZERO: Final = Decimal(0)
VOLUME = "Own purchases that count, less credit notes"
MEASURED_MEMBER = "Measure: what climbs the tiers"
MEASURED_GROUP = "Measure of the group: what climbs the tiers"
WITHHELD = "The group's measure is withheld: too few members make it up"
TIER = "Tier reached, from {threshold}"
NO_TIER = "No tier is reached"
EXACT = "Earned before rounding"
ROUNDED = "Rounded once to the currency's minor unit ({rounding})"
SHARE = "Own share of the group's rebate, by largest remainder ({rounding})"
FEE = "Fee that the consortium keeps, {percent} %"
HOLDBACK = "Held back for later"
SETTLED = "Settled before for this window"
DUE = "Due"
BROUGHT = "Brought forward from earlier periods"
PAYABLE = "Payable now"
CARRIED = "Carried forward"


def trimmed(value: Decimal, at_least: int = 0) -> Decimal:
    """Drop the zeros that a frame's scale adds; keep ``at_least`` so many places."""
    return Decimal(plain(value, at_least))


def working(
    line: StatementLine, programme: Programme, exact: Decimal
) -> tuple[Step, ...]:
    """Say in the order of the business how the line came about, down to ``due``."""
    pooled = programme.pool is not Pool.MEMBER
    rounding = {"rounding": programme.rounding.value}
    steps = [Step(step="volume", amount=line.volume, text=VOLUME)]
    if line.measure is not None:
        text = MEASURED_GROUP if pooled else MEASURED_MEMBER
        steps.append(Step(step="measure", amount=line.measure, text=text))
    else:
        steps.append(Step(step="measure", amount=ZERO, text=WITHHELD))
    if line.threshold is None:
        steps.append(Step(step="tier", amount=ZERO, text=NO_TIER))
    else:
        told = {"threshold": plain(line.threshold)}
        steps.append(Step(step="tier", amount=line.threshold, text=TIER, params=told))
    steps.append(Step(step="exact", amount=trimmed(exact), text=EXACT))
    name, text = ("share", SHARE) if pooled else ("rounded", ROUNDED)
    steps.append(Step(step=name, amount=line.earned, text=text, params=rounding))
    told = {"percent": plain(line.fee_percent)}
    steps.append(Step(step="fee", amount=-line.fee, text=FEE, params=told))
    if line.holdback:
        steps.append(Step(step="holdback", amount=-line.holdback, text=HOLDBACK))
    if line.settled_before:
        before = -line.settled_before
        steps.append(Step(step="settled_before", amount=before, text=SETTLED))
    steps.append(Step(step="due", amount=line.due, text=DUE))
    return tuple(steps)


def settling(brought: Decimal, payable: Decimal, carried: Decimal) -> tuple[Step, ...]:
    """Say from ``due`` on how much is payable now, and what is carried."""
    steps = [Step(step="payable_now", amount=payable, text=PAYABLE)]
    if brought:
        steps.insert(0, Step(step="brought_forward", amount=brought, text=BROUGHT))
    if carried:
        steps.append(Step(step="carried", amount=carried, text=CARRIED))
    return tuple(steps)
