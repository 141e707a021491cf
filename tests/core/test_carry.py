"""What limits leave of one window, counted in the next: both engines, by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from core import naive
from core.naive_case import read
from core.test_naive import differences
from core.test_naive_by_hand import FLAT, buy, case
from rappel.actions.simulations import simulate

Row = dict[str, Any]
Q1, Q2, Q3 = "2026-02-01", "2026-05-01", "2026-08-01"
SECOND = {"period": {"start": "2026-04-01", "end": "2026-07-01"}}
THIRD = {"period": {"start": "2026-07-01", "end": "2026-10-01"}}
SINCE = {"in_force_from": "2026-01-01"}
CAP: Row = {"cap": {"of": "earned", "amount": "100", "carry": True}}
PAYABLE: Row = {"cap": {"of": "payable", "amount": "1000", "carry": True}}
GUARANTEE: Row = {"guarantee": {"of": "earned", "amount": "10000", "carry": True}}
GROUP: Row = {"pool": "group", "members": [{"code": "a"}, {"code": "b"}]}
BASE = {"code": "base", "supplier": "*", "tiers": FLAT}
CASES: dict[str, tuple[Row, str]] = {
    "room of a quarter that was settled": (
        case(buy("500", Q1), buy("3000", Q2), **CAP, **SINCE, **SECOND),
        "150",
    ),
    "room that is not reached": (
        case(buy("500", Q1), buy("1499.9", Q2), **CAP, **SINCE, **SECOND),
        "149.99",
    ),
    "no room is left": (
        case(buy("1000", Q1), buy("3000", Q2), **CAP, **SINCE, **SECOND),
        "100",
    ),
    "terms that begin with the quarter": (
        case(
            buy("500", Q1),
            buy("3000", Q2),
            in_force_from="2026-04-01",
            **CAP,
            **SECOND,
        ),
        "100",
    ),
    "terms without a first day": (
        case(buy("500", Q1), buy("3000", Q2), **CAP, **SECOND),
        "100",
    ),
    "rates of each period": (
        case(
            buy("500", Q1),
            buy("3000", Q2),
            fx="period_end",
            **CAP,
            **SINCE,
            **SECOND,
        ),
        "100",
    ),
    "room of two quarters, used in between": (
        case(buy("500", Q1), buy("1200", Q2), buy("3000", Q3), **CAP, **SINCE, **THIRD),
        "130",
    ),
    "room of the payable": (
        case(buy("400", Q1), buy("3000", Q2), **PAYABLE, **SINCE, **SECOND),
        "160",
    ),
    "a published guarantee that carries": (
        case(buy("120000", Q1), buy("50000", Q2), **GUARANTEE, **SINCE, **SECOND),
        "8000",
    ),
    "a guarantee of which nothing was left": (
        case(buy("100000", Q1), buy("50000", Q2), **GUARANTEE, **SINCE, **SECOND),
        "10000",
    ),
    "each member's own room in a group": (
        case(
            buy("500", Q1),
            buy("3000", Q2),
            buy("3000", Q2, member="b"),
            **CAP,
            **SINCE,
            **SECOND,
            **GROUP,
        ),
        "250",
    ),
    "what was deducted of the quarter before": (
        case(
            buy("1000", Q1),
            buy("3000", Q2),
            also=[BASE],
            less=["base"],
            order=2,
            **CAP,
            **SINCE,
            **SECOND,
        ),
        "110",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_by_hand(name: str) -> None:
    given, expected = CASES[name]
    rows = naive.compute(read(given)).rebates
    mine = [row.earned for (code, _, _), row in rows.items() if code == "p"]
    assert sum(mine) == Fraction(expected)
    assert differences(given) == []


def test_only_the_windows_of_the_period_are_answered() -> None:
    given = case(buy("500", Q1), buy("3000", Q2), **CAP, **SINCE, **SECOND)
    answer = simulate(given)
    assert {row["window"] for row in answer["rebates"]} == {"2026-04-01"}
    assert {pool["window"] for pool in answer["pools"]} == {"2026-04-01"}
    said = {one["step"]: one["text"] for one in answer["rebates"][0]["working"]}
    assert said["cap"] == "Cap: at most 150 is earned"
    assert answer["findings"] == []


def test_the_next_tier_is_worth_what_the_room_so_far_lets_it() -> None:
    table = [*FLAT, {"from": "1000", "percent": "20"}]
    for before, worth in (("500", "100.00"), ("1000", "50.00")):
        given = case(
            buy(before, Q1), buy("500", Q2), tiers=table, **CAP, **SINCE, **SECOND
        )
        (row,) = simulate(given)["rebates"]
        assert row["next"]["worth"] == worth
