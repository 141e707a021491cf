"""Worked examples: what the engine says about each threshold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import deal, tiers
from rappel.actions import examples as worked
from rappel.actions.examples import examples, points
from rappel.core.agreements import Baseline, Outbound, Scope, Target
from rappel.core.period import Unit
from rappel.core.terms import (
    AllocationBy,
    Boundary,
    GrowthOf,
    Measure,
    Payable,
    Pool,
    Reach,
)
from rappel.errors import Malformed


def figures(**terms: Any) -> list[str]:
    return [f"{point:f}" for point in points(deal(**terms))]


def earned(**terms: Any) -> dict[str, str]:
    """Return what is earned, by the measure that the engine found."""
    one = deal(**terms)
    found = examples(one, [one])
    assert found.refused is None
    return {row["measure"]: row["earned"] for row in found.rows}


def test_points_lie_below_at_and_well_above() -> None:
    assert figures(tiers=tiers(("100", "2"))) == ["99.99", "100", "200"]
    passed = figures(tiers=tiers(("100", "2")), boundary=Boundary.MORE_THAN)
    assert passed == ["99.99", "100", "100.01", "200"]


def test_points_are_in_the_smallest_step_of_the_measure() -> None:
    table = tiers(("100", "2"))
    assert figures(tiers=table, measure=Measure.QUANTITY)[0] == "99"
    assert figures(tiers=table, measure=Measure.SHARE)[0] == "99.99"
    assert figures(tiers=table, currency="CLP")[0] == "99"
    units = {"measure": Measure.GROWTH_AMOUNT, "growth_of": GrowthOf.QUANTITY}
    assert figures(tiers=table, **units)[0] == "99"


def test_a_table_from_zero_is_shown_somewhere_above() -> None:
    assert figures(tiers=tiers(("0", "2"))) == ["100000"]
    assert figures(tiers=tiers(("0", "2")), measure=Measure.QUANTITY) == ["100"]
    assert figures(measure=Measure.NONE) == ["100000"]


def test_the_engine_answers_at_each_point() -> None:
    table = tiers(("100", "1"), ("200", "2"))
    assert earned(tiers=table) == {
        "99.99": "0.00",
        "100.00": "1.00",
        "199.99": "2.00",
        "200.00": "4.00",
        "400.00": "8.00",
    }


def test_units_are_bought_where_units_are_measured() -> None:
    table = tiers(("10", "1"), ("20", "3"), value="per_unit")
    terms = {"measure": Measure.QUANTITY, "payable": Payable.QUANTITY, "tiers": table}
    assert earned(**terms) == {
        "9": "0.00",
        "10": "10.00",
        "19": "19.00",
        "20": "60.00",
        "40": "120.00",
    }


@pytest.mark.parametrize(
    "terms",
    [
        {"pool": Pool.GROUP},
        {"pool": Pool.SEGMENT, "segment": "gold"},
        {"suppliers": ("andes",)},
        {"in_force_from": date(2026, 5, 17)},
        {"in_force_until": date(2026, 5, 17)},
        {"accumulate": Unit.YEAR},
        {"accumulate": Unit.MONTH},
        {"settle": Unit.LIFETIME, "accumulate": Unit.LIFETIME},
        {"scope": Scope(members=("norte",), segments=("gold",), countries=("MX",))},
        {"scope": Scope(categories=("a", "b"), exclude_categories=("a",))},
        {"scope": Scope(exclude_categories=("a",), codes=("CAM-1",))},
    ],
)
def test_the_buyer_is_one_whom_the_terms_count(terms: dict[str, Any]) -> None:
    table = tiers(("100", "2"))
    assert earned(tiers=table, **terms) == {
        "99.99": "0.00",
        "100.00": "2.00",
        "200.00": "4.00",
    }


CASES: list[tuple[dict[str, Any], str]] = [
    ({"measure": Measure.GROWTH_AMOUNT}, "100010.00"),
    ({"measure": Measure.GROWTH_PERCENT}, "110000.00"),
    ({"measure": Measure.TARGET_PERCENT}, "10000.00"),
    (
        {
            "measure": Measure.TARGET_PERCENT,
            "targets": (Target(member="norte", amount=Decimal(500)),),
        },
        "50.00",
    ),
    ({"measure": Measure.SHARE}, "10000.00"),
    ({"measure": Measure.AMOUNT}, "10.00"),
]


@pytest.mark.parametrize(("terms", "bought"), CASES)
def test_as_much_is_bought_as_the_measure_asks(
    monkeypatch: pytest.MonkeyPatch, terms: dict[str, Any], bought: str
) -> None:
    asked: list[Any] = []

    def note(case: Any) -> dict[str, Any]:
        asked.append(case)
        return {"rebates": [], "pools": []}

    monkeypatch.setattr(worked, "simulate", note)
    given = Baseline(source="2025")
    one = deal(tiers=tiers(("10", "2")), baseline=given, **terms)
    assert examples(one, [one]).rows == ()
    at = asked[1]
    assert at["purchases"][0]["amount"] == bought
    assert at["baselines"][0]["measure"] == "100000"
    if one.measure is Measure.SHARE:
        rest = at["purchases"][1]
        assert (rest["amount"], rest["supplier"]) == ("90000.00", "another")


def test_growth_in_units_is_bought_in_units(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def note(case: Any) -> dict[str, Any]:
        asked.append(case["purchases"][0])
        return {"rebates": [], "pools": []}

    monkeypatch.setattr(worked, "simulate", note)
    growth = {"measure": Measure.GROWTH_AMOUNT, "growth_of": GrowthOf.QUANTITY}
    one = deal(tiers=tiers(("10", "2")), **growth)
    examples(one, [one])
    assert asked[1]["quantity"] == "100010"


def test_a_share_of_everything_leaves_nothing_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def note(case: Any) -> dict[str, Any]:
        asked.append([one["amount"] for one in case["purchases"]])
        return {"rebates": [], "pools": []}

    monkeypatch.setattr(worked, "simulate", note)
    one = deal(tiers=tiers(("100", "2")), measure=Measure.SHARE)
    examples(one, [one])
    assert asked == [["99990.00", "10.00"], ["100000.00"], ["100000.00"]]


def test_programmes_that_build_on_others_are_computed_with_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def note(case: Any) -> dict[str, Any]:
        asked.append([one["code"] for one in case["programmes"]])
        return {"rebates": [], "pools": []}

    monkeypatch.setattr(worked, "simulate", note)
    base, upon = deal("base"), deal("upon", less=("base",))
    examples(upon, [base, upon])
    examples(base, [base, upon])
    assert asked[0] == ["base", "upon"]
    assert asked[-1] == ["base"]


def test_fixed_parts_have_all_their_members(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def note(case: Any) -> dict[str, Any]:
        asked.append([one["code"] for one in case["members"]])
        return {"rebates": [], "pools": []}

    monkeypatch.setattr(worked, "simulate", note)
    shares = {"norte": Decimal(60), "sur": Decimal(40)}
    one = deal(pool=Pool.GROUP, allocation=AllocationBy.FIXED, shares=shares)
    examples(one, [one])
    assert asked[0] == ["norte", "sur"]


def test_what_the_engine_refuses_has_no_example_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: Any) -> Any:
        raise Malformed("It is not supported yet.")

    monkeypatch.setattr(worked, "simulate", refuse)
    found = examples(deal(), [deal()])
    assert (found.rows, found.refused) == ((), "It is not supported yet.")


def test_a_reach_of_fixed_amounts_is_worked_too() -> None:
    fixed = tiers(("100", "5"), ("200", "7"), value="amount")
    terms = {"reach": Reach.EACH_FIXED, "payable": Payable.NONE, "tiers": fixed}
    assert list(earned(**terms).values()) == ["0.00", "5.00", "5.00", "12.00", "12.00"]


def test_both_legs_are_shown_at_the_thresholds_of_both() -> None:
    own = Outbound(tiers=tiers(("100", "1")), boundary=Boundary.MORE_THAN)
    one = deal(tiers=tiers(("200", "2")), outbound=own)
    found = [(row["inbound"], row["earned"]) for row in examples(one, [one]).rows]
    assert figures(tiers=one.tiers, outbound=own) == [
        "99.99",
        "100",
        "100.01",
        "199.99",
        "200",
        "200.01",
        "400",
    ]
    assert found == [
        ("0.00", "0.00"),
        ("0.00", "0.00"),
        ("0.00", "1.00"),
        ("0.00", "2.00"),
        ("4.00", "2.00"),
        ("4.00", "2.00"),
        ("8.00", "4.00"),
    ]
