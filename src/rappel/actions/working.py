"""Workings: how a line came about, step by step, in the order of the business.

Owns the steps' names, sentences and order; computes nothing. Everything obeys this: a
sentence is an English template, translated at the rim, whose parameters are plain
figures; a deduction is negative.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rappel.actions.comparisons import is_shut, measuring, unpaid
from rappel.actions.sentences import sentence
from rappel.core.limits import DIVIDED
from rappel.core.money import AMOUNT, places, plain
from rappel.core.money import EXACT as EXACT_FIGURES
from rappel.core.statements import Step
from rappel.core.terms import AllocationBy, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rappel.core.agreements import Programme
    from rappel.core.statements import StatementLine

ZERO: Final = Decimal(0)
UNITS: Final = tuple(Decimal(1).scaleb(-places) for places in range(AMOUNT.scale + 1))
VOLUME = "Own purchases that count, less credit notes"
TIER = "Tier reached, from {threshold}"
NO_TIER = "No tier is reached"
SHUT = "No tier holds: a gate is not reached"
EXACT = "Earned before rounding"
INBOUND = "What the supplier owes, each part rounded once"
ROUNDED = "Rounded once to the currency's minor unit ({rounding})"
SHARE = "Own share of the group's rebate, by largest remainder"
EQUAL = (
    "Equal share of {whole} among {members} members with purchases; the {left} left "
    "over is given out in the smallest unit, in the order of their codes"
)
EQUALLY = (
    "Equal share of the group's rebate; what is left over is given out in the "
    "smallest unit, in the order of the members' codes"
)
FEE = "Fee that the consortium keeps, {percent} %"
HOLDBACK = "Held back for later"
HELD = "Held back for later: {percent} % of what is earned"
SETTLED = "Settled before for this window"
DUE = "Due"
BROUGHT = "Brought forward from earlier periods"
PAYABLE = "Payable now"
CARRIED = "Carried forward"


def trimmed(value: Decimal, at_least: int = 0) -> Decimal:
    """Drop the zeros that a frame's scale adds; keep ``at_least`` so many places."""
    rounded = value.quantize(UNITS[at_least], context=EXACT_FIGURES)
    if rounded != value:
        return value.normalize(EXACT_FIGURES)
    return rounded or rounded.copy_abs()


def working(
    line: StatementLine,
    programme: Programme,
    row: Mapping[str, Any],
    changes: Sequence[Mapping[str, Any]] = (),
) -> tuple[Step, ...]:
    """Say in the order of the business how the line came about, down to ``due``.

    ``row`` is the line's of :data:`rappel.core.frames.REBATES`; ``changes`` are its
    rows of :data:`rappel.core.frames.STEPS`, in their order: those of a pool stand
    before the rounding, those of a member's part after it.
    """
    pooled = programme.shared is not Pool.MEMBER
    compared = [row for row in changes if row["position"] < 0]
    changed = [
        (_change(row, pooled=pooled), row["position"])
        for row in changes
        if row["position"] >= 0
    ]
    divided = [step for step, position in changed if position >= DIVIDED]
    shared = line.earned - sum((step.amount for step in divided), ZERO)
    if pooled:
        settled = _share(line, programme, row, shared)
    else:
        rounding = {"rounding": programme.rounding.value}
        settled = Step(step="rounded", amount=shared, text=ROUNDED, params=rounding)
    steps = [
        *_reached(
            line,
            programme,
            compared,
            [step for step, position in changed if position <= 0],
        ),
        Step(step="exact", amount=trimmed(row["exact"]), text=EXACT),
        *(step for step, position in changed if 0 < position < DIVIDED),
        settled,
        *divided,
    ]
    told = {"percent": plain(line.fee_percent)}
    steps.append(Step(step="fee", amount=-line.fee, text=FEE, params=told))
    if line.holdback:
        steps.append(_held(line, programme))
    if line.settled_before:
        before = -line.settled_before
        steps.append(Step(step="settled_before", amount=before, text=SETTLED))
    steps.append(Step(step="due", amount=line.due, text=DUE))
    return tuple(steps)


def _held(line: StatementLine, programme: Programme) -> Step:
    """Say what is held back; terms that hold nothing give back what others held."""
    if programme.holdback is None:
        return Step(step="holdback", amount=-line.holdback, text=HOLDBACK)
    told = {"percent": plain(programme.holdback.percent)}
    return Step(step="holdback", amount=-line.holdback, text=HELD, params=told)


def _share(
    line: StatementLine, programme: Programme, row: Mapping[str, Any], shared: Decimal
) -> Step:
    """Say how the pool's rebate was divided; of a withheld group no figure is told."""
    members, whole = row["contributors"], row["pool_earned"]
    if programme.allocation is not AllocationBy.EQUAL or members <= 1:
        return Step(step="share", amount=shared, text=SHARE)
    if line.measure is None:
        return Step(step="share", amount=shared, text=EQUALLY)
    money = places(row["currency"])
    unit = Decimal(1).scaleb(-money)
    left = EXACT_FIGURES.remainder(abs(whole), unit * members)
    told = {
        "whole": plain(whole, money),
        "members": str(members),
        "left": plain(left, money),
    }
    return Step(step="share", amount=shared, text=EQUAL, params=told)


def _reached(
    line: StatementLine,
    programme: Programme,
    compared: Sequence[Mapping[str, Any]],
    less: Sequence[Step],
) -> Iterator[Step]:
    """Say what was bought, what it measures, and which tier that reaches."""
    yield Step(step="volume", amount=line.volume, text=VOLUME)
    yield from measuring(line, programme, compared)
    yield from less
    yield from unpaid(compared)
    if line.threshold is None:
        text = SHUT if is_shut(compared) else NO_TIER
        yield Step(step="tier", amount=ZERO, text=text)
    else:
        told = {"threshold": plain(line.threshold)}
        yield Step(step="tier", amount=line.threshold, text=TIER, params=told)


def _change(row: Mapping[str, Any], *, pooled: bool) -> Step:
    """Say what a deduction, a promotion or a limit changes."""
    text = sentence(row["step"], row["of"], pooled=pooled)
    said = {
        name: plain(row[name]) if isinstance(row[name], Decimal) else row[name]
        for name in ("code", "figure", "payable")
        if f"{{{name}}}" in text
    }
    amount = trimmed(row["amount"])
    return Step(step=row["step"], amount=amount, text=text, params=said)


def claiming(
    supplied: Sequence[Mapping[str, Any]], inbound: Decimal
) -> tuple[Step, ...]:
    """Say how what a supplier owes came about, where members have their own terms.

    ``supplied`` are the rows of :data:`rappel.core.frames.INBOUND` of one window.
    """
    rounded = Step(step="inbound", amount=trimmed(inbound), text=INBOUND)
    return (
        *(
            Step(step="exact", amount=trimmed(row["amount"]), text=EXACT)
            if row["step"] == "exact"
            else _change(row, pooled=True)
            for row in supplied
        ),
        rounded,
    )


def settling(brought: Decimal, payable: Decimal, carried: Decimal) -> tuple[Step, ...]:
    """Say from ``due`` on how much is payable now, and what is carried."""
    steps = [Step(step="payable_now", amount=payable, text=PAYABLE)]
    if brought:
        steps.insert(0, Step(step="brought_forward", amount=brought, text=BROUGHT))
    if carried:
        steps.append(Step(step="carried", amount=carried, text=CARRIED))
    return tuple(steps)
