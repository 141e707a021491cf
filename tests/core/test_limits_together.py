"""Limits beside tiers, promotions, revisions and parts: both engines, by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from core import naive
from core.naive_case import read
from core.test_naive import differences
from core.test_naive_by_hand import FLAT, buy, case, promoted
from rappel.actions.simulations import simulate

Row = dict[str, Any]
STEPS = [{"from": "0", "percent": "1"}, {"from": "1000", "percent": "2"}]
CAPPED = [{"from": "0", "percent": "10", "cap": "90"}]
FIXED: Row = {"reach": "highest_fixed", "tiers": [{"from": "0", "amount": "100"}]}
EVERY = [{"from": "0", "amount": "2", "every": "100", "cap": "5"}]
GROUP: Row = {"pool": "group", "members": [{"code": "a"}, {"code": "b"}]}
TWO = (buy("1000"), buy("500", "2026-03-05", member="b"))
HALF = (buy("1000"), buy("1000", "2026-03-05"))
DOUBLED = {"promotions": promoted(multiplies="rate", by="2")}
TREBLED = {"promotions": promoted(multiplies="rate", by="3")}
REWARDED = {"promotions": promoted(multiplies="reward", by="2")}
ADDED = {"promotions": promoted(adds={"percent": "1"})}
MONTHS: Row = {"accumulate": "month"}


def capped(amount: str, of: str = "earned", **more: Any) -> Row:
    """Return a cap."""
    return {"cap": {"of": of, "amount": amount, **more}}


def earlier(**terms: Any) -> list[Row]:
    """Return a first revision until the middle of February."""
    one = {"code": "p", "supplier": "*", "tiers": FLAT, "in_force_until": "2026-02-15"}
    return [one | terms]


def halves(first: Row, then: Row) -> Row:
    """Return 1,000 under a revision of 10 %, and 1,000 under one of 20 %."""
    return case(
        buy("1000"),
        buy("1000", "2026-02-20"),
        also=earlier(**first),
        in_force_from="2026-02-15",
        tiers=[{"from": "0", "percent": "20"}],
        **then,
    )


CASES: dict[str, tuple[Row, str]] = {
    "a tier gives less than its cap": (case(buy("899.9"), tiers=CAPPED), "89.99"),
    "a tier gives its cap": (case(buy("900"), tiers=CAPPED), "90"),
    "a tier gives no more than its cap": (case(buy("900.1"), tiers=CAPPED), "90"),
    "a tier's cap holds what it takes back": (
        case(buy("1000", kind="credit_note"), tiers=CAPPED),
        "-90",
    ),
    "a tier's plus is within its cap": (
        case(buy("880"), tiers=[CAPPED[0] | {"plus": "5"}]),
        "90",
    ),
    "each slice within the cap of its tier": (
        case(
            buy("2000"),
            reach="marginal",
            tiers=[
                {"from": "0", "percent": "2", "cap": "15"},
                {"from": "1000", "percent": "5", "cap": "60"},
            ],
        ),
        "65",
    ),
    "each slice within the cap of its tier, at the average price": (
        case(
            buy("1000", quantity="20"),
            measure="quantity",
            reach="marginal",
            tiers=[
                {"from": "0", "percent": "10", "cap": "60"},
                {"from": "10", "percent": "20", "cap": "60"},
            ],
        ),
        "110",
    ),
    "steps below the cap of their tier": (
        case(buy("250"), reach="increment", tiers=EVERY),
        "4",
    ),
    "steps up to the cap of their tier": (
        case(buy("350"), reach="increment", tiers=EVERY),
        "5",
    ),
    "promotions multiply what a tier's cap has left": (
        case(buy("1000"), tiers=CAPPED, **DOUBLED),
        "180",
    ),
    "the measure up to its cap": (
        case(buy("1000"), tiers=STEPS, **capped("1000", "measure")),
        "20",
    ),
    "a measure counts up to its cap": (
        case(buy("2000"), tiers=STEPS, **capped("999", "measure")),
        "9.99",
    ),
    "the payable counts up to its cap, at the tier of the whole measure": (
        case(buy("2000"), tiers=STEPS, **capped("999", "payable")),
        "19.98",
    ),
    "pieces up to a cap, and as much of their price": (
        case(
            buy("1000", quantity="20"),
            measure="quantity",
            tiers=[{"from": "0", "percent": "1"}, {"from": "10", "percent": "2"}],
            **capped("5", "measure"),
        ),
        "2.5",
    ),
    "promoted fixed amounts below a cap of the payable": (
        case(*HALF, **FIXED, **DOUBLED, **capped("2000", "payable")),
        "150",
    ),
    "promoted fixed amounts under a cap of the payable": (
        case(*HALF, **FIXED, **DOUBLED, **capped("500", "payable")),
        "150",
    ),
    "a stated addition to fixed amounts under a cap of the payable": (
        case(*HALF, **FIXED, **ADDED, **capped("500", "payable")),
        "102.5",
    ),
    "a promoted rate under a cap of the payable": (
        case(*HALF, **DOUBLED, **capped("500", "payable")),
        "75",
    ),
    "one promotion of two revisions": (halves(DOUBLED, DOUBLED), "600"),
    "one promotion that two revisions pay otherwise": (halves(DOUBLED, TREBLED), "800"),
    "one promotion of the reward of two revisions": (halves(REWARDED, REWARDED), "600"),
    "a reward above the guarantee": (
        case(buy("1000"), guarantee={"of": "earned", "amount": "150"}, **REWARDED),
        "200",
    ),
    "a reward below the guarantee": (
        case(buy("1000"), guarantee={"of": "earned", "amount": "250"}, **REWARDED),
        "250",
    ),
    "a reward that reaches the minimum": (
        case(buy("1000"), minimum={"of": "earned", "amount": "200"}, **REWARDED),
        "200",
    ),
    "a reward below the minimum": (
        case(buy("1000"), minimum={"of": "earned", "amount": "200.01"}, **REWARDED),
        "0",
    ),
    "a reward after the cap": (case(buy("1000"), **REWARDED, **capped("60")), "120"),
    "a reward on parts that are capped": (
        case(*TWO, **GROUP, **REWARDED, **capped("60")),
        "183.33",
    ),
    "a reward on parts below their cap": (
        case(*TWO, **GROUP, **REWARDED, **capped("100")),
        "250",
    ),
    "parts up to what their own payable is capped at": (
        case(*TWO, **GROUP, **capped("600", "payable")),
        "110",
    ),
    "parts up to what their own measure is capped at": (
        case(*TWO, **GROUP, **capped("499", "measure")),
        "99.8",
    ),
    "a guarantee of each member's part": (
        case(*TWO, **GROUP, guarantee={"of": "earned", "amount": "70"}),
        "170",
    ),
    "a minimum of each member's own payable": (
        case(*TWO, **GROUP, minimum={"of": "payable", "amount": "500.01"}),
        "100",
    ),
    "room of the payable that is carried": (
        case(
            buy("200", "2026-01-05"),
            buy("900"),
            **MONTHS,
            **capped("500", "payable", carry=True),
        ),
        "100",
    ),
    "room of the measure that is carried and used up": (
        case(
            buy("200", "2026-01-05"),
            buy("900"),
            buy("900", "2026-03-05"),
            **MONTHS,
            **capped("500", "measure", carry=True),
        ),
        "150",
    ),
    "days in force under two revisions": (
        case(
            buy("1000", "2026-02-20"),
            also=earlier(in_force_from="2026-02-15", in_force_until="2026-03-01"),
            in_force_from="2026-03-01",
            **capped("90", prorate="days"),
        ),
        "45",
    ),
    "days in force under a revision that begins after the period": (
        case(
            buy("1000", "2026-02-20"),
            also=earlier(
                in_force_from="2026-02-15",
                in_force_until="2026-03-01",
                **capped("90", prorate="days"),
            ),
            in_force_from="2026-03-01",
            period={"start": "2026-01-01", "end": "2026-03-01"},
            **capped("90", prorate="days"),
        ),
        "45",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_engines_by_hand(name: str) -> None:
    given, expected = CASES[name]
    rows = naive.compute(read(given)).rebates
    assert sum(row.earned for row in rows.values()) == Fraction(expected)
    assert differences(given) == []


def test_a_tier_s_cap_is_a_step_of_the_working_also_where_it_changes_nothing() -> None:
    for bought, cut in (("800", "0"), ("1000", "-10")):
        (row,) = simulate(case(buy(bought), tiers=CAPPED, **DOUBLED))["rebates"]
        said = {one["step"]: (one["amount"], one["text"]) for one in row["working"]}
        assert said["tier_cap"] == (cut, "Cap of the tier: it gives at most 90")
        assert sum(Fraction(one["amount"]) for one in row["slices"]) == Fraction(
            said["exact"][0]
        )


def test_what_is_settled_of_a_group_in_which_nobody_bought_has_equal_parts() -> None:
    given = case(
        allocation="equal",
        settled=[{"programme": "p", "member": "a", "amount": "5"}],
        **GROUP,
    )
    (row,) = simulate(given)["rebates"]
    assert (row["earned"], row["due"]) == ("0.00", "-5.00")


def test_what_is_rewarded_stands_between_the_cap_and_the_minimum() -> None:
    terms = REWARDED | {"minimum": {"of": "earned", "amount": "1"}} | capped("60")
    for members in ({}, GROUP):
        row = simulate(case(*TWO, **members, **terms))["rebates"][0]
        names = [one["step"] for one in row["working"]]
        at = names.index("cap")
        assert names[at : at + 3] == ["cap", "promotion", "minimum"]


def test_the_next_tier_is_worth_what_its_own_cap_leaves() -> None:
    table = [{"from": "0", "percent": "1"}, {"from": "1000", "percent": "5"}]
    table[1]["cap"] = "30"
    (row,) = simulate(case(buy("500"), tiers=table))["rebates"]
    assert row["next"] == {"threshold": "1000", "missing": "500.00", "worth": "25.00"}
