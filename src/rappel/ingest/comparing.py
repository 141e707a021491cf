"""Comparing: what measures of growth, share and target need, and go with.

Owns the refusal of a comparison without its other side, or with one that nothing uses.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from rappel.core.agreements import GROWTH
from rappel.core.period import Unit
from rappel.core.terms import (
    BaselinePolicy,
    GrowthOf,
    Measure,
    MeasureOver,
    Payable,
    Reach,
)
from rappel.core.views import PREVIOUS_YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rappel.core.agreements import Programme

ALONE: Final = frozenset({Reach.RETROACTIVE, Reach.HIGHEST_FIXED, Reach.EACH_FIXED})
GOES_WITH: Final = {
    Measure.GROWTH_AMOUNT: ALONE | {Reach.MARGINAL},
    Measure.GROWTH_PERCENT: ALONE,
    Measure.SHARE: ALONE,
    Measure.TARGET_PERCENT: ALONE,
    Measure.NONE: ALONE,
}
"""The reaches that a measure goes with; those of amount and quantity are all."""


class Doubt(NamedTuple):
    """What is wrong at a field of one programme."""

    field: str
    code: str
    message: str
    repair: str


def reaching(one: Programme) -> Iterator[Doubt]:
    """Refuse a measure with a reach that it does not go with."""
    if one.reach not in GOES_WITH.get(one.measure, frozenset(Reach)):
        marginal = one.measure is Measure.GROWTH_AMOUNT
        yield Doubt(
            "reach",
            "reach_and_measure",
            f"The measure {one.measure.value} goes with retroactive or fixed reach"
            f"{' or marginal' if marginal else ''}.",
            "Use retroactive, highest_fixed or each_fixed.",
        )


def comparing(one: Programme) -> Iterator[Doubt]:
    """Refuse measures with a wrong reach, and comparisons without their other side."""
    yield from reaching(one)
    yield from amiss(_sides(one))
    yield from _baselines(one)
    yield from _targets(one)


def amiss(fields: Iterable[tuple[str, bool, bool]]) -> Iterator[Doubt]:
    """Refuse a field that is needed and not given, or given and of no use."""
    for name, needed, given in fields:
        if needed != given:
            yield Doubt(
                name,
                "missing_field" if needed else "useless_field",
                f"{name} is {'missing' if needed else 'given'}, and these terms "
                f"{'need' if needed else 'have no use for'} it.",
                "Give it." if needed else "Leave it out.",
            )


def _sides(one: Programme) -> Iterator[tuple[str, bool, bool]]:
    """Yield a field, whether it is needed, and whether it is given."""
    measures = {one.measure, *(gate.measure for gate in one.gates)}
    if one.share_of is not None:
        yield "share_of", Measure.SHARE in measures, True
    yield "targets", one.needs_target, bool(one.targets)
    if one.baseline is not None:
        yield "baseline", one.needs_baseline, True
    if one.growth_of is not GrowthOf.AMOUNT:
        yield "growth_of", bool(measures & GROWTH), True


def _baselines(one: Programme) -> Iterator[Doubt]:
    """Refuse policies that say nothing, and years that are not there."""
    said = one.baseline
    for name in ("none", "zero"):
        if said and getattr(said, name) is BaselinePolicy.PRORATE:
            yield Doubt(
                f"baseline.{name}",
                "policy",
                "Only a baseline of a part of its year is prorated.",
                "Use refuse, zero or skip.",
            )
    is_lifetime = one.accumulate is Unit.LIFETIME
    looks_back = one.measure_over is MeasureOver.PREVIOUS
    if is_lifetime and (looks_back or (said and said.source == PREVIOUS_YEAR)):
        yield Doubt(
            "accumulate",
            "no_window_before",
            "Before a lifetime there is no window and no year.",
            "Accumulate by month, quarter, half or year.",
        )
    if one.needs_baseline and one.measure_over is not MeasureOver.WINDOW:
        yield Doubt(
            "measure_over",
            "measure_over",
            "A baseline is compared with the window itself.",
            "Leave measure_over out.",
        )
    if len(one.compared_scopes) > 1:
        yield Doubt(
            "baseline",
            "two_baselines",
            "Growth is asked of other purchases than an increment or a gate, and a "
            "member has one baseline.",
            "Let all that is compared with a baseline be of one scope.",
        )
    by_quantity = one.growth_of is GrowthOf.QUANTITY
    if one.payable is Payable.INCREMENT and by_quantity:
        yield Doubt(
            "growth_of",
            "growth_of",
            "An increment is paid on an amount, and its baseline is one.",
            "Use growth_of amount.",
        )


def _targets(one: Programme) -> Iterator[Doubt]:
    """Refuse targets of nothing, and two of one member."""
    named = Counter(target.member for target in one.targets)
    for index, target in enumerate(one.targets):
        if target.amount == 0:
            yield Doubt(
                f"targets[{index}].amount",
                "empty_target",
                f"The target of {target.member} is nothing.",
                "Give a target above 0.",
            )
        if named[target.member] > 1:
            yield Doubt(
                f"targets[{index}].member",
                "duplicate_target",
                f"There are two targets of {target.member}.",
                "Give one.",
            )
