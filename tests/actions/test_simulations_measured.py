"""Growth, share, target, steps and gates as a case asks and an answer says."""

from __future__ import annotations

from typing import Any

import pytest

from rappel.actions.simulations import simulate
from rappel.errors import Malformed
from simulated import short

GROWN = [{"from": "10", "percent": "1"}, {"from": "25", "percent": "2"}]


def bought(*amounts: tuple[str, str, str]) -> list[dict[str, str]]:
    """Return purchases: member, supplier and amount of each."""
    return [
        {"member": m, "supplier": s, "date": "2026-02-11", "amount": amount}
        for m, s, amount in amounts
    ]


def answered(terms: dict[str, Any], **case: Any) -> dict[str, Any]:
    """Answer a case of one programme."""
    return simulate(short(terms, **case))


def said(row: dict[str, Any]) -> dict[str, str]:
    """Return the working by its steps."""
    return {step["step"]: step["text"] for step in row["working"]}


def test_growth_says_its_baseline() -> None:
    answer = answered(
        {"measure": "growth_percent", "payable": "increment", "tiers": GROWN},
        purchases=bought(("a", "s", "260000")),
        baselines=[{"programme": "p", "member": "a", "measure": "200000"}],
    )
    (row,) = answer["rebates"]
    assert (row["volume"], row["measure"], row["threshold"]) == (
        "260000.00",
        "30",
        "25",
    )
    assert (row["earned"], row["next"]) == ("1200.00", None)
    assert said(row)["baseline"] == "Baseline that growth is measured from"
    steps = [step["step"] for step in row["working"]]
    assert steps[:5] == ["volume", "measure", "baseline", "beyond", "tier"]
    amounts = {step["step"]: step["amount"] for step in row["working"]}
    assert (amounts["baseline"], amounts["measure"]) == ("200000", "30")


def test_a_member_without_a_baseline_is_a_finding_and_has_no_row() -> None:
    answer = answered(
        {"measure": "growth_amount", "tiers": [{"from": "0", "percent": "1"}]},
        baselines=[{"programme": "p", "member": "a", "measure": "100"}],
    )
    assert [row["member"] for row in answer["rebates"]] == ["a"]
    (finding,) = answer["findings"]
    assert finding["code"] == "no_baseline"
    assert "no baseline of b for p" in finding["message"]


def test_a_share_says_what_it_is_of_and_a_target_too() -> None:
    answer = answered(
        {"supplier": "s", "measure": "share", "share_of": {}, "tiers": GROWN},
        purchases=bought(("a", "s", "100"), ("a", "t", "300")),
    )
    (row,) = answer["rebates"]
    assert (row["measure"], row["earned"]) == ("25", "2.00")
    assert {"step": "whole", "amount": "400"}.items() <= row["working"][2].items()
    answer = answered(
        {
            "measure": "target_percent",
            "targets": [{"member": "a", "amount": "500"}],
            "tiers": GROWN,
        },
        purchases=bought(("a", "s", "100")),
    )
    (row,) = answer["rebates"]
    assert (row["measure"], row["earned"]) == ("20", "1.00")
    assert row["next"] == {"threshold": "25", "missing": "5", "worth": "1.50"}
    assert "target" in said(row)


def test_a_shut_gate_says_what_it_asks() -> None:
    answer = answered(
        {"gates": [{"measure": "quantity", "from": "5"}]},
        purchases=[one | {"quantity": "0"} for one in bought(("a", "s", "100"))],
    )
    (row,) = answer["rebates"]
    assert (row["earned"], row["threshold"], row["slices"]) == ("0.00", None, [])
    assert said(row)["closed_gate"] == "Gate: 0 units, and 5 are asked for"
    assert said(row)["tier"] == "No tier holds: a gate is not reached"
    opened = answered({"gates": [{"measure": "amount", "from": "100"}]})
    assert said(opened["rebates"][0])["gate"].startswith("Gate: 600.005 bought")


def test_nothing_measured_and_other_purchases_are_said() -> None:
    (row, _) = answered({"measure": "none"})["rebates"]
    assert said(row)["no_measure"].startswith("Nothing is measured")
    past = answered({"measure_over": "previous"})
    assert "other_purchases" in said(past["rebates"][0])


def test_purchases_that_a_baseline_counts_are_in_a_window() -> None:
    terms = {
        "measure": "growth_amount",
        "baseline": {"source": "previous_year"},
        "tiers": [{"from": "0", "percent": "1"}],
    }
    dated = [
        {"member": "a", "supplier": "s", "date": date, "amount": "100"}
        for date in ("2024-12-31", "2025-01-01", "2026-01-01")
    ]
    answer = answered(terms, purchases=dated)
    assert [one["row"] for one in answer["findings"]] == [1]
    assert answer["rebates"][0]["measure"] == "0.00"


def test_two_baselines_of_one_member_are_refused() -> None:
    row = {"programme": "p", "member": "a", "measure": "1"}
    with pytest.raises(Malformed) as refused:
        answered({}, baselines=[row, row])
    assert [fault.field for fault in refused.value.faults] == [
        "baselines[0]",
        "baselines[1]",
    ]


def test_a_rate_between_points_is_two_slices() -> None:
    answer = answered(
        {
            "reach": "linear",
            "tiers": [{"from": "0", "percent": "0"}, {"from": "200", "percent": "4"}],
        },
        purchases=bought(("a", "s", "150")),
    )
    (row,) = answer["rebates"]
    assert (row["earned"], row["threshold"]) == ("4.50", "0")
    assert [one["payable"] for one in row["slices"]] == ["37.50", "112.50"]


def test_what_is_settled_in_a_pool_that_bought_nothing_is_told_without_a_part() -> None:
    answer = simulate(
        {
            "currency": "MXN",
            "period": {"start": "2026-01-01", "end": "2026-04-01"},
            "programmes": [
                {
                    "code": "p",
                    "supplier": "*",
                    "pool": "group",
                    "allocation": "equal",
                    "tiers": [{"from": "0", "percent": "1"}],
                }
            ],
            "purchases": [],
            "settled": [{"programme": "p", "member": "norte", "amount": "5"}],
        }
    )
    (row,) = (one for one in answer["rebates"] if one["leg"] == "outbound")
    assert (row["earned"], row["due"]) == ("0.00", "-5.00")
