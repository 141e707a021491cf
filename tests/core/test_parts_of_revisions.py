"""What a member has of each revision of its pool's terms: its part of the whole window.

Worked out by hand, and the same in the second engine.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases import case_of
from core.test_naive import differences
from rappel.actions.simulations import simulate
from rappel.core.period import Period
from rappel.core.programmes import chained
from rappel.core.rebates import compute
from rappel.core.terms import AllocationBy
from rappel.ingest import cases
from rappel.ingest.terms import programmes_of

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = dict[str, Any]
JANUARY, FEBRUARY = "2026-01-10", "2026-02-10"
TINY: Final = Decimal("0.000000000001")
GATED: Row = {"gates": [{"measure": "quantity", "from": "99"}]}


def case(bought: str, *, start: str = "0", **then: Any) -> Row:
    """Return a group's quarter of 1 %, and from February of 2 % from ``start``."""
    group = {"code": "p", "supplier": "*", "pool": "group"}
    first, second = ({"from": "0", "percent": "1"}, {"from": start, "percent": "2"})
    return {
        "currency": "MXN",
        "period": {"start": "2026-01-01", "end": "2026-04-01"},
        "programmes": [
            {**group, "tiers": [first], "in_force_until": "2026-02-01"},
            {**group, "tiers": [second], "in_force_from": "2026-02-01", **then},
        ],
        "purchases": [_purchase(*one.split()) for one in bought.split(", ")],
    }


def _purchase(member: str, day: str, amount: str) -> Row:
    kind = "credit_note" if amount.startswith("-") else "invoice"
    bought = {"member": member, "supplier": "s", "quantity": "1", "kind": kind}
    return {**bought, "date": day, "amount": amount.lstrip("-")}


def parts(answer: Row) -> dict[str, tuple[str, str]]:
    """Return what each member earned, and what its slices come to."""
    return {
        row["member"]: (
            row["earned"],
            f"{_sum(one['amount'] for one in row['slices']).normalize():f}",
        )
        for row in answer["rebates"]
    }


def _sum(amounts: Iterable[str]) -> Decimal:
    return sum((Decimal(one) for one in amounts), Decimal(0))


BACK: Final = f"a {JANUARY} 10, a {FEBRUARY} 10, b {JANUARY} 10, b {FEBRUARY} -10"
EACH: Final = f"a {JANUARY} 10, b {FEBRUARY} 10"
TOGETHER: Final[dict[str, tuple[Row, dict[str, tuple[str, str]]]]] = {
    "who gave everything back leaves all to the other, at the pool's rates": (
        case(BACK),
        {"a": ("0.20", "0.2"), "b": ("0.00", "0")},
    ),
    "half of the pool each is half of both revisions": (
        case(EACH),
        {"a": ("0.15", "0.15"), "b": ("0.15", "0.15")},
    ),
    "who bought where no tier was reached has its part of what was": (
        case(EACH, start="1000"),
        {"a": ("0.05", "0.05"), "b": ("0.05", "0.05")},
    ),
    "who bought behind a closed gate has its part of what was paid": (
        case(EACH, **GATED),
        {"a": ("0.05", "0.05"), "b": ("0.05", "0.05")},
    ),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_slices_come_to_the_part_that_each_earned(name: str) -> None:
    given_, expected = TOGETHER[name]
    answer = simulate(given_)
    assert parts(answer) == expected
    assert answer["findings"] == []
    assert differences(given_) == []


def test_where_all_came_to_nothing_nobody_has_a_part_and_it_is_told() -> None:
    given_ = case(f"a {JANUARY} 10, b {JANUARY} -10")
    answer = simulate(given_)
    assert parts(answer) == {"a": ("0.00", "0"), "b": ("0.00", "0")}
    assert [one["code"] for one in answer["findings"]] == ["nothing_to_divide"]
    assert differences(given_) == []


def test_what_was_settled_of_a_pool_that_came_to_nothing_is_taken_back() -> None:
    """A finding in place of nothing would leave the first instalment paid."""
    settled = {"programme": "p", "member": "a", "amount": "0.10"}
    given_ = case(f"a {JANUARY} 10, b {JANUARY} -10") | {"settled": [settled]}
    due = {row["member"]: row["due"] for row in simulate(given_)["rebates"]}
    assert due == {"a": "-0.10", "b": "0.00"}
    assert differences(given_) == []


def test_what_cannot_be_divided_because_all_came_to_nothing_is_a_finding() -> None:
    """At two rates the pool owes ten cents, and there is nothing to divide them by."""
    given_ = case(f"a {JANUARY} 10, b {FEBRUARY} -10")
    answer = simulate(given_)
    assert answer["rebates"] == []
    assert {one["code"] for one in answer["findings"]} == {"no_weights"}
    assert differences(given_) == []


def slices_are_the_part_of_the_pool(seed: int) -> None:
    """Of a random case: a member's slices are its part of what its pool earned."""
    given_ = case_of(seed)
    programmes = chained(programmes_of(given_, [])[0])
    by_payable = [
        one.code for one in programmes if one.allocation is AllocationBy.PAYABLE
    ]
    period = Period(*cases.days(given_["period"]))
    facts = cases.facts_of(given_, programmes, period)
    for row in compute(facts, programmes, period=period).rebates.to_dicts():
        if row["programme"] in by_payable and row["pool_payable"]:
            whole = Fraction(row["pool_exact"]) * Fraction(row["payable"])
            part = whole / Fraction(row["pool_payable"])
            assert abs(Fraction(row["exact"]) - part) < TINY, (seed, row)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 2**63))
def test_slices_are_the_part_that_is_divided(seed: int) -> None:
    slices_are_the_part_of_the_pool(seed)


@pytest.mark.full
@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**63))
def test_slices_of_many_are_the_part_that_is_divided(seed: int) -> None:
    slices_are_the_part_of_the_pool(seed)
