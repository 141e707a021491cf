"""A statement with promotions, limits and deductions is checked from its own data."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core.test_recompute import document, line, places
from rappel.core.statements import Slice, StatementLine, Step, Value

D = Decimal


def step(name: str, amount: str) -> Step:
    return Step(step=name, amount=D(amount), text="")


def limited(*before: Step) -> StatementLine:
    """Return the usual line, with some steps before its rounding."""
    usual = line()
    exact, *rest = usual.working
    return replace(usual, working=(exact, *before, *rest))


def test_promotions_and_limits_stand_between_the_slices_and_what_is_earned() -> None:
    assert places(line()) == []
    whole = limited(step("promotion", "5"), step("cap", "-5"), step("minimum", "0"))
    assert places(whole) == []
    forged = limited(step("guarantee", "0.01"))
    assert places(forged) == ["lines[0].earned"]


def test_a_member_s_limit_stands_after_its_share() -> None:
    usual = line()
    rounded = usual.working[1]
    share = replace(rounded, step="share", amount=D("25.00"))
    working = (usual.working[0], share, step("cap", "-5"), *usual.working[2:])
    pooled = replace(usual, pool="group", working=working, measure=None)
    more = replace(pooled.slices[0], amount=D(25))
    assert places(replace(pooled, slices=(more,))) == []
    wrong = replace(share, amount=D("24.99"))
    working = (usual.working[0], wrong, step("cap", "-5"), *usual.working[2:])
    assert places(replace(pooled, slices=(more,), working=working)) == [
        "lines[0].working.share"
    ]


@pytest.mark.parametrize(
    ("less", "found"), [("-100", []), ("-99", ["lines[0].slices payable"])]
)
def test_slices_make_up_what_a_deduction_has_left(less: str, found: list[str]) -> None:
    part = Slice(
        threshold=D(500),
        measure=D(1000),
        payable=D(900),
        value=Value(percent=D(2)),
        amount=D(18),
    )
    one = limited(step("less", less), step("guarantee", "2"))
    assert places(replace(one, slices=(part,))) == found


@pytest.mark.parametrize(
    ("amount", "found"),
    [
        ("100.0000025", []),
        ("100.0000026", ["lines[0].documents[0].amount"]),
    ],
)
def test_an_average_rate_is_shown_with_six_places(
    amount: str, found: list[str]
) -> None:
    dollars = document(amount, net=D(5), currency="USD", rate=D(20))
    rest = document(str(D(1000) - D(amount)))
    assert places(line(documents=(dollars, rest))) == found
