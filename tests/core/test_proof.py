"""Measures that compare are checked from a statement's own data."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.test_recompute import line, places
from rappel.core.statements import Slice, StatementLine, Step, Value

D = Decimal


def compared(**changed: Any) -> StatementLine:
    """Return the usual line with ``steps`` before its working, and other changes."""
    usual = line()
    steps = changed.pop("steps", {})
    more = tuple(Step(step=name, amount=D(a), text="") for name, a in steps.items())
    return replace(usual, working=(*more, *usual.working), **changed)


@pytest.mark.parametrize(
    ("measured", "steps", "measure", "found"),
    [
        ("amount", {"baseline": "400"}, "600", []),
        ("amount", {"baseline": "400"}, "600.01", ["lines[0].volume as measure"]),
        ("percent", {"baseline": "125"}, "700", []),
        ("percent", {"whole": "150"}, "666.666666666666666667", []),
        ("percent", {"whole": "150"}, "666.66", ["lines[0].volume as measure"]),
        ("percent", {"target": "100"}, "1000", []),
        ("amount", {"other_purchases": "900"}, "900", []),
        ("amount", {}, "900", ["lines[0].volume as measure"]),
    ],
)
def test_a_measure_follows_from_the_volume_and_what_it_is_compared_with(
    measured: str, steps: dict[str, str], measure: str, found: list[str]
) -> None:
    one = compared(measured=measured, steps=steps, measure=D(measure))
    assert places(one) == found


def nothing(**changed: Any) -> StatementLine:
    """Return a line that has earned nothing, by no tier."""
    zero = D("0.00")
    money = dict.fromkeys(("earned", "fee", "payable_now"), zero)
    due = {"due": D("-3.00"), "carried": D("-3.00")}
    usual = {"threshold": None, "value": Value(), "slices": (), **money, **due}
    one = compared(**{**usual, **changed})
    figures = {"exact": zero, "rounded": zero, "fee": zero}
    figures |= {"due": due["due"], "payable_now": zero, "carried": due["carried"]}
    working = tuple(
        replace(step, amount=figures.get(step.step, step.amount))
        for step in one.working
        if step.step not in {"tier", "measure", "brought_forward"}
    )
    return replace(one, working=working)


def wrong(one: StatementLine) -> list[str]:
    """Return what does not follow, but for the total of a line that pays nothing."""
    return [place for place in places(one) if place != "total"]


def test_growth_below_zero_reaches_no_tier_and_a_return_that_of_its_size() -> None:
    shrunk = nothing(measure=D(-800), steps={"baseline": "1800"})
    assert wrong(shrunk) == []
    negative = nothing(measure=D(1000))
    assert wrong(negative) == ["lines[0].threshold"]


def test_of_nothing_every_percent_is_zero() -> None:
    one = nothing(measured="percent", measure=D(0), steps={"baseline": "0"})
    assert wrong(one) == ["lines[0].threshold"]  # 0 % reaches the tier from 0


def test_before_a_gate_that_is_shut_there_is_no_tier() -> None:
    assert wrong(nothing(steps={"closed_gate": "4"})) == []
    assert places(compared(steps={"closed_gate": "4"})) == ["lines[0].threshold"]


def test_where_nothing_is_measured_the_first_tier_holds() -> None:
    assert places(compared(steps={"no_measure": "0"})) == ["lines[0].threshold"]
    first = line().tiers[1:]
    assert places(compared(steps={"no_measure": "0"}, tiers=first)) == []


@pytest.mark.parametrize(
    ("beyond", "payable", "found"),
    [
        ("400", "600", []),
        ("400", "600.01", ["lines[0].slices payable"]),
        ("1000", "0", []),
        ("1200", "0", []),
    ],
)
def test_what_is_paid_on_is_what_is_beyond_the_baseline(
    beyond: str, payable: str, found: list[str]
) -> None:
    value = Value(percent=D(2))
    amount = D(payable) * D(2) / 100
    part = Slice(
        threshold=D(500),
        measure=D(1000),
        payable=D(payable),
        value=value,
        amount=amount,
    )
    one = compared(steps={"beyond": beyond}, slices=(part,))
    assert [place for place in places(one) if "payable" in place] == found


def test_a_quotient_of_eighteen_places_is_near_enough() -> None:
    third = D("333.333333333333333333")
    parts = (third, D(1000) - third)
    slices = tuple(
        Slice(
            threshold=D(500),
            measure=part,
            payable=part,
            value=Value(percent=D(2)),
            amount=(part * D(2) / 100).quantize(D("1e-18")),
        )
        for part in parts
    )
    assert places(compared(reach="linear", slices=slices)) == []
    wrong = replace(slices[0], amount=slices[0].amount + D("1e-9"))
    assert "lines[0].slices[0].amount" in places(
        compared(reach="linear", slices=(wrong, slices[1]))
    )
