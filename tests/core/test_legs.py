"""Both legs: what the supplier owes, and what members have by terms of their own."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from core import naive
from core.naive_case import read
from core.test_naive import differences
from core.test_naive_by_hand import buy, case, promoted
from rappel.actions.simulations import simulate

Row = dict[str, Any]
PAID = [{"from": "0", "percent": "2"}, {"from": "1000", "percent": "5"}]
HAD = [{"from": "0", "percent": "1"}, {"from": "2000", "percent": "3"}]
OWN = {"outbound": {"tiers": HAD}, "tiers": PAID}
GROUP = {"pool": "group", "members": [{"code": "a"}, {"code": "b"}]}
FIXED = [{"from": "0", "amount": "10"}, {"from": "2000", "amount": "70"}]
BEFORE = [{"code": "base", "supplier": "*", **OWN}]
HALVES = {
    "period": {"start": "2026-01-01", "end": "2026-07-01"},
    "accumulate": "half",
}
LEGS: dict[str, tuple[Row, str, str]] = {
    "below both thresholds": (case(buy("999.99"), **OWN), "20", "10"),
    "on the supplier's": (case(buy("1000"), **OWN), "50", "10"),
    "below the members'": (case(buy("1999.99"), **OWN), "100", "20"),
    "on the members'": (case(buy("2000"), **OWN), "100", "60"),
    "on the members', where more is asked": (
        case(buy("2000"), tiers=PAID, outbound={"tiers": HAD, "boundary": "more_than"}),
        "100",
        "20",
    ),
    "each leg by its own reach": (
        case(buy("3000"), tiers=PAID, outbound={"tiers": HAD, "reach": "marginal"}),
        "150",
        "50",
    ),
    "fixed amounts for the members": (
        case(
            buy("2500"),
            tiers=PAID,
            outbound={"tiers": FIXED, "reach": "highest_fixed"},
        ),
        "125",
        "70",
    ),
    "a fee of what members have": (
        case(buy("2000"), fee_percent="10", **OWN),
        "100",
        "54",
    ),
    "more for the members than the supplier pays": (
        case(buy("2000"), tiers=HAD, outbound={"tiers": PAID}),
        "60",
        "100",
    ),
    "the supplier's cap alone": (
        case(buy("2000"), cap={"of": "earned", "amount": "70"}, **OWN),
        "70",
        "60",
    ),
    "the supplier's cap on what it pays on": (
        case(buy("2000"), cap={"of": "payable", "amount": "1500"}, **OWN),
        "75",
        "60",
    ),
    "the supplier's minimum alone": (
        case(buy("2000"), minimum={"of": "payable", "amount": "2000.01"}, **OWN),
        "0",
        "60",
    ),
    "the supplier's guarantee alone": (
        case(buy("100"), guarantee={"of": "earned", "amount": "30"}, **OWN),
        "30",
        "1",
    ),
    "the supplier's promotion alone": (
        case(buy("2000"), promotions=promoted(multiplies="rate", by="2"), **OWN),
        "200",
        "60",
    ),
    "a gate shuts both": (
        case(buy("2000"), gates=[{"measure": "amount", "from": "2000.01"}], **OWN),
        "0",
        "0",
    ),
    "a gate opens both": (
        case(buy("2000"), gates=[{"measure": "amount", "from": "2000"}], **OWN),
        "100",
        "60",
    ),
    "a group's legs, both divided": (
        case(buy("1500"), buy("500.50", member="b"), **OWN, **GROUP),
        "100.03",
        "60.02",
    ),
    "a member's own limit on its part of the supplier's leg": (
        case(
            buy("1500"),
            buy("500", member="b"),
            cap={"of": "earned", "amount": "60"},
            **OWN,
            **GROUP,
        ),
        "85",
        "60",
    ),
    "without a measure the first tier of each": (
        case(
            buy("300"),
            measure="none",
            tiers=[{"from": "500", "percent": "4"}],
            outbound={"tiers": [{"from": "100", "percent": "3"}]},
        ),
        "12",
        "9",
    ),
    "less is what the supplier paid": (
        case(buy("2000"), also=BEFORE, less=["base"], order=2),
        "190",
        "190",
    ),
    "members who are paid by terms of their own from a day on": (
        case(
            buy("1000"),
            buy("1000", "2026-05-01"),
            also=[
                {"code": "p", "supplier": "*", "in_force_until": "2026-04-01"}
                | {"tiers": PAID, "accumulate": "half", "settle": "half"}
            ],
            in_force_from="2026-04-01",
            settle="half",
            **HALVES,
            **OWN,
        ),
        "100",
        "80",
    ),
}


@pytest.mark.parametrize("name", LEGS)
def test_both_legs_by_hand(name: str) -> None:
    given, inbound, outbound = LEGS[name]
    (pool,) = [one for one in simulate(given)["pools"] if one["programme"] == "p"]
    assert (Fraction(pool["inbound"]), Fraction(pool["outbound"])) == (
        Fraction(inbound),
        Fraction(outbound),
    )
    assert Fraction(pool["difference"]) == Fraction(inbound) - Fraction(outbound)


@pytest.mark.parametrize("name", LEGS)
def test_the_second_engine_comes_to_the_same_legs(name: str) -> None:
    given, inbound, outbound = LEGS[name]
    legs = naive.compute(read(given)).legs
    (theirs,) = [one for (code, _), one in legs.items() if code == "p"]
    assert (theirs.inbound, theirs.outbound) == (Fraction(inbound), Fraction(outbound))
    assert differences(given) == []


def test_a_member_sees_its_own_terms_and_never_the_supplier_s() -> None:
    terms = OWN | {"cap": {"of": "earned", "amount": "70"}}
    answer = simulate(case(buy("1500"), **terms))
    (row,) = answer["rebates"]
    assert row["leg"] == "outbound"
    assert (row["threshold"], row["value"]) == ("0", {"percent": "1"})
    assert [(one["from"], one["amount"]) for one in row["slices"]] == [("0", "15.00")]
    assert row["next"] == {"threshold": "2000", "missing": "500.00", "worth": "45.00"}
    assert "cap" not in [step["step"] for step in row["working"]]


def test_the_supplier_s_leg_has_its_working_beside_it() -> None:
    terms = OWN | {
        "cap": {"of": "earned", "amount": "70"},
        "promotions": promoted(multiplies="rate", by="2"),
    }
    (pool,) = simulate(case(buy("1500"), buy("500", member="b"), **terms))["pools"]
    assert [(one["step"], one["amount"]) for one in pool["working"]] == [
        ("exact", "85"),
        ("promotion", "85"),
        ("cap", "-80"),
        ("inbound", "90"),
    ]
    assert pool["working"][2]["text"] == "Cap: at most 70 is earned"


def test_without_terms_of_their_own_a_pool_has_no_working_of_its_own() -> None:
    (pool,) = simulate(case(buy("1500"), tiers=PAID, fee_percent="10"))["pools"]
    assert "working" not in pool
    assert (pool["inbound"], pool["outbound"], pool["difference"]) == (
        "75.00",
        "67.50",
        "7.50",
    )


def test_who_has_no_part_in_one_leg_has_none_in_the_other() -> None:
    given = case(
        buy("1000"),
        buy("1000", member="b", kind="credit_note"),
        tiers=[{"from": "0", "percent": "1", "plus": "5"}],
        outbound={"tiers": [{"from": "0", "percent": "1"}]},
        measure="none",
        guarantee={"of": "earned", "amount": "10", "per": "pool"},
        **GROUP,
    )
    answer = simulate(given)
    assert answer["rebates"] == answer["pools"] == []
    assert {one["code"] for one in answer["findings"]} == {"no_weights"}
