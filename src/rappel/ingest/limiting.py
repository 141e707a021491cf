"""Limiting: what promotions, limits, holdbacks, parts and deductions need and go with.

Owns the refusal of those that contradict themselves or one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rappel.core.agreements import GROWTH
from rappel.core.deductions import deducted
from rappel.core.money import HUNDRED
from rappel.core.period import Unit
from rappel.core.terms import (
    AllocationBy,
    LimitOf,
    LimitPer,
    Measure,
    Payable,
    Pool,
    Reach,
)
from rappel.errors import Fault
from rappel.ingest.comparing import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rappel.core.agreements import Limit, Programme, Promotion

LIMITS: Final = ("cap", "minimum", "guarantee")
SHARED_BY_STACKED: Final = (
    "currency",
    "accumulate",
    "settle",
    "year_starts",
    "returns",
    "counts",
)


def limiting(one: Programme) -> Iterator[Doubt]:
    """Refuse promotions, limits, holdbacks and parts that cannot be."""
    yield from _limits(one)
    for index, promotion in enumerate(one.promotions):
        yield from _promotion(one, index, promotion)
    if one.holdback and one.holdback.percent > HUNDRED:
        yield Doubt(
            "holdback.percent",
            "percent_range",
            "More than 100 % is held back.",
            "Write 25 for 25 %.",
        )
    if one.shares and not sum(one.shares.values()):
        yield Doubt(
            "allocation.fixed",
            "no_weights",
            "The parts sum to nothing.",
            "Give at least one member a part above 0.",
        )
    alone = one.allocation in {AllocationBy.FIXED, AllocationBy.OWN_TIER}
    if alone and one.pool is Pool.MEMBER:
        yield Doubt(
            "allocation",
            "useless_field",
            f"Nothing is divided among members by {one.allocation.value}, as each "
            "is a pool of its own.",
            "Give pool family, segment or group, or leave it out.",
        )


def _limits(one: Programme) -> Iterator[Doubt]:
    for name in LIMITS:
        limit = getattr(one, name)
        if limit is None:
            continue
        if name == "guarantee" and limit.of is not LimitOf.EARNED:
            yield Doubt(
                "guarantee.of",
                "limit_of",
                "Only what is earned can be guaranteed.",
                "Write earned.",
            )
        if limit.of is LimitOf.PAYABLE and one.payable is Payable.NONE:
            yield Doubt(
                f"{name}.of",
                "limit_of",
                "These terms are paid on nothing that could be limited.",
                "Write earned or measure.",
            )
        yield from _measured(one, name, limit)
        if name == "minimum" and limit.carry:
            yield Doubt(
                "minimum.carry",
                "cannot_be_combined",
                "A minimum is a gate of its own window and leaves nothing to another.",
                "Leave carry out, or accumulate over a longer window.",
            )
        if limit.prorate and one.accumulate is Unit.LIFETIME:
            yield Doubt(
                f"{name}.prorate",
                "useless_field",
                "A lifetime has no days of which a part could be taken.",
                "Leave it out.",
            )


def _measured(one: Programme, name: str, limit: Limit) -> Iterator[Doubt]:
    """Refuse a limit of a measure that no part of what is paid on goes with.

    Rule: a cap leaves of the payable the part that it leaves of the measure, so the
    measure must be what was bought, or the increment that is paid on; and a member of a
    larger pool has a part of an amount or a quantity alone.
    """
    if limit.of is not LimitOf.MEASURE:
        return
    counted = {Measure.AMOUNT, Measure.QUANTITY}
    if name == "cap" and one.payable is Payable.INCREMENT:
        counted |= {Measure.GROWTH_AMOUNT}
    of_member = one.shared is not Pool.MEMBER and limit.per is LimitPer.MEMBER
    if one.measure in counted and not (of_member and one.measure in GROWTH):
        return
    if name == "cap" or of_member:
        whose = " of a member of a larger pool" if of_member else ""
        yield Doubt(
            f"{name}.of",
            "cannot_be_combined",
            f"The measure {one.measure.value}{whose} is no part of what is paid on.",
            "Limit what is earned or the payable, or measure amount or quantity.",
        )


def carrying(one: Programme) -> Iterator[Doubt]:
    """Refuse, of terms that are signed, to carry from windows that nobody can tell.

    Rule: what a limit leaves is carried from the terms' first day on, in the rates of
    the window itself.
    """
    units = list(Unit)
    if units.index(one.settle) > units.index(one.accumulate):
        return
    for name in LIMITS:
        limit = getattr(one, name)
        if limit is None or not limit.carry or (one.carries and one.in_force_from):
            continue
        yield Doubt(
            f"{name}.carry",
            "cannot_be_combined",
            "What is left of windows that were settled before is not told: the terms "
            "have no first day, or the rates of each period.",
            "Give in_force_from and rates by document or day, or settle less often.",
        )


def untold(
    programmes: Sequence[Programme], at: str = "programmes"
) -> tuple[Fault, ...]:
    """Return what terms that are signed ask of windows that nobody can tell."""
    return tuple(
        Fault(
            code=doubt.code,
            message=doubt.message,
            repair=doubt.repair,
            field=f"{at}[{index}].{doubt.field}",
        )
        for index, programme in enumerate(programmes)
        for doubt in carrying(programme)
    )


def capping(one: Programme) -> Iterator[Doubt]:
    """Refuse a cap of a tier that gives nothing by itself."""
    if one.reach is not Reach.LINEAR:
        return
    for index, tier in enumerate(one.tiers):
        if tier.cap is not None:
            yield Doubt(
                f"tiers[{index}].cap",
                "cannot_be_combined",
                "A point of a linear rate gives nothing by itself to be capped.",
                "Cap what is earned, or use another reach.",
            )


def _promotion(one: Programme, index: int, promotion: Promotion) -> Iterator[Doubt]:
    """Refuse a promotion without days, or that does not say what it gives."""
    at = f"promotions[{index}]"
    if promotion.start >= promotion.end:
        yield Doubt(
            f"{at}.end",
            "empty_interval",
            f"The promotion ends on {promotion.end}, not after it starts on "
            f"{promotion.start}.",
            "The last day is the one before end.",
        )
    codes = [other.code for other in one.promotions[:index]]
    if promotion.code in codes:
        yield Doubt(
            f"{at}.code",
            "duplicate_code",
            f"Another promotion of this programme is called {promotion.code}.",
            "Give every promotion a code of its own.",
        )
    multiplies = (promotion.multiplies is not None, promotion.by is not None)
    adds = promotion.adds is not None
    if multiplies not in {(True, True), (False, False)} or any(multiplies) == adds:
        yield Doubt(
            at,
            "one_value",
            "A promotion multiplies the rate or the reward by something, or adds a "
            "percent.",
            "Give multiplies and by, or adds.",
        )
    if promotion.adds is not None and promotion.adds > HUNDRED:
        yield Doubt(
            f"{at}.adds.percent",
            "percent_range",
            "More than 100 % is added.",
            "Write 1 for 1 %.",
        )
    if adds and one.payable is Payable.QUANTITY:
        yield Doubt(
            f"{at}.adds",
            "value_and_payable",
            "A percent is not added to what is paid by the piece.",
            "Multiply the rate.",
        )
    if one.payable is Payable.INCREMENT:
        yield Doubt(
            at,
            "cannot_be_combined",
            "A baseline has no days, so nobody can say how much of an increment lies "
            "inside a promotion.",
            "Pay on the amount, or give more in the tiers.",
        )
    if one.payable is Payable.NONE:
        yield Doubt(
            at,
            "value_and_payable",
            "Terms that are paid on nothing have no average rate to promote.",
            "Give payable amount or quantity.",
        )


def stacking(one: Programme, programmes: Sequence[Programme]) -> Iterator[Doubt]:
    """Refuse deductions of what is not there, counts otherwise or waits in turn."""
    named = {other.code: other for other in programmes}
    for index, code in enumerate(one.less):
        at = f"less[{index}]"
        other = named.get(code)
        if other is None or code == one.code:
            yield Doubt(
                at,
                "unknown_programme",
                f"There is no other programme {code} here.",
                "Name programmes of the same document.",
            )
            continue
        for name in SHARED_BY_STACKED:
            if getattr(one, name) != getattr(other, name):
                yield Doubt(
                    at,
                    "stacked_differ",
                    f"{one.code} and {code} differ in {name}.",
                    "Let both have the same, or do not deduct one from the other.",
                )
        if one.code in _waited_for(code, programmes) and code in deducted(
            one, programmes
        ):
            yield Doubt(
                at,
                "circular_less",
                f"{one.code} and {code} wait for each other.",
                "Give the one that is computed first the lower order.",
            )
    if one.less and one.payable is not Payable.AMOUNT:
        yield Doubt(
            "less",
            "value_and_payable",
            "Only a payable amount is reduced by what others earned: no rebate is "
            "taken off a quantity, nor off the baseline of an increment.",
            "Give payable amount, or leave it out.",
        )


def _waited_for(code: str, programmes: Sequence[Programme]) -> set[str]:
    """Return every programme that must be computed before this one."""
    found: set[str] = set()
    ahead = [code]
    while ahead:
        now = ahead.pop()
        for one in programmes:
            if one.code == now:
                new = set(deducted(one, programmes)) - found
                found |= new
                ahead += sorted(new)
    return found
