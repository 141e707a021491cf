"""A simulation answers every figure with its working, or every fault with its path."""

from __future__ import annotations

import json

import pytest

from rappel.actions.simulations import simulate
from simulated import CASE, SHORT, TIERS, case, short


def test_the_published_case_is_answered_with_every_figure() -> None:
    answer = simulate(CASE)
    (rebate,) = answer["rebates"]
    working = rebate.pop("working")
    assert rebate == {
        "programme": "andes-volumen",
        "member": "norte",
        "leg": "outbound",
        "window": "2026-01-01",
        "volume": "148000.00",
        "measure": "148000.00",
        "threshold": "100000",
        "value": {"percent": "2"},
        "earned": "2960.00",
        "fee": "0.00",
        "holdback": "0.00",
        "settled_before": "10.00",
        "due": "2950.00",
        "payable_now": "2950.00",
        "carried": "0.00",
        "slices": [
            {
                "from": "100000",
                "measure": "148000.00",
                "payable": "148000.00",
                "value": {"percent": "2"},
                "amount": "2960.00",
            }
        ],
        "next": {"threshold": "250000", "missing": "102000.00", "worth": "5790.00"},
    }
    assert [step["step"] for step in working] == [
        "volume",
        "measure",
        "tier",
        "exact",
        "rounded",
        "fee",
        "settled_before",
        "due",
        "payable_now",
    ]
    assert all(step["text"] and "{" not in step["text"] for step in working)
    assert answer["pools"] == [
        {
            "programme": "andes-volumen",
            "window": "2026-01-01",
            "measure": "148000.00",
            "inbound": "2960.00",
            "outbound": "2960.00",
            "fee": "0.00",
            "difference": "0.00",
        }
    ]
    assert answer["findings"] == []


def test_the_answer_is_json_and_the_case_is_left_as_it_was() -> None:
    given = case()
    json.dumps(simulate(given))
    assert given == CASE


def test_code_supplier_tiers_and_the_facts_are_enough() -> None:
    answer = simulate(short())
    shown = [(row["member"], row["earned"], row["next"]) for row in answer["rebates"]]
    assert shown == [
        ("a", "6.00", {"threshold": "1000", "missing": "399.995", "worth": "14.00"}),
        ("b", "4.00", {"threshold": "1000", "missing": "600.00", "worth": "16.00"}),
    ]


def test_rows_stand_in_the_order_of_the_case() -> None:
    given = short(members=[{"code": "b"}, {"code": "a"}])
    given["programmes"].insert(0, {"code": "z", "supplier": ["s"], "tiers": TIERS})
    rows = simulate(given)["rebates"]
    assert [(row["programme"], row["member"]) for row in rows] == [
        ("z", "b"),
        ("z", "a"),
        ("p", "b"),
        ("p", "a"),
    ]


def test_a_group_says_the_share_and_both_legs() -> None:
    answer = simulate(short({"pool": "group", "fee_percent": "10"}))
    assert [row["earned"] for row in answer["rebates"]] == ["12.00", "8.00"]
    assert "share" in [step["step"] for step in answer["rebates"][0]["working"]]
    (pool,) = answer["pools"]
    assert (pool["measure"], pool["inbound"]) == ("1000.005", "20.00")
    assert (pool["outbound"], pool["fee"], pool["difference"]) == (
        "18.00",
        "2.00",
        "2.00",
    )


def test_quantities_are_written_without_cents_and_fixed_amounts_named() -> None:
    terms = {
        "measure": "quantity",
        "payable": "quantity",
        "tiers": [{"from": "0", "per_unit": "2", "plus": "5"}],
    }
    given = short(terms)
    for purchase, quantity in zip(given["purchases"], ("3", "0"), strict=False):
        purchase["quantity"] = quantity
    first, second = simulate(given)["rebates"]
    assert (first["volume"], first["value"]) == ("3", {"per_unit": "2", "plus": "5"})
    assert first["slices"][0]["payable"] == "3"
    assert first["slices"][0]["value"] == {"per_unit": "2", "plus": "5"}
    assert (first["earned"], second["earned"]) == ("11.00", "0.00")
    fixed = {
        "reach": "highest_fixed",
        "tiers": [{"from": "500", "amount": "7"}],
    }
    first, second = simulate(short(fixed))["rebates"]
    assert first["slices"][0]["value"] == {"amount": "7"}
    assert (first["earned"], second["earned"]) == ("7.00", "0.00")
    assert (second["threshold"], second["value"], second["slices"]) == (None, None, [])


@pytest.mark.parametrize(
    ("minimum", "payable", "carried"),
    [("6.00", "6.00", "0.00"), ("6.01", "0.00", "6.00")],
)
def test_a_payout_minimum_carries_what_is_below_it(
    minimum: str, payable: str, carried: str
) -> None:
    row = simulate(short({"payout_minimum": minimum}))["rebates"][0]
    assert (row["due"], row["payable_now"], row["carried"]) == (
        "6.00",
        payable,
        carried,
    )


def test_a_negative_balance_is_carried_and_not_paid() -> None:
    settled = [
        {"programme": "p", "member": "a", "amount": "9.50"},
        {"programme": "p", "member": "a", "amount": "-0.50", "window": "2026-01-01"},
    ]
    row = simulate(short(settled=settled))["rebates"][0]
    assert (row["settled_before"], row["due"]) == ("9.00", "-3.00")
    assert (row["payable_now"], row["carried"]) == ("0.00", "-3.00")
    assert row["working"][-1]["step"] == "carried"


def test_a_purchase_outside_every_window_is_a_finding() -> None:
    given = short()
    given["purchases"].append({**given["purchases"][0], "date": "2026-04-01"})
    given["purchases"].append({**given["purchases"][0], "date": "2025-12-31"})
    answer = simulate(given)
    assert answer["rebates"][0]["volume"] == "600.005"
    found = [(one["code"], one["row"]) for one in answer["findings"]]
    assert found == [("outside_every_window", 3), ("outside_every_window", 4)]
    assert simulate(short({"accumulate": "year"}))["findings"] == []


def test_a_missing_rate_is_a_finding_and_never_one() -> None:
    given = short()
    given["purchases"][0]["currency"] = "USD"
    answer = simulate(given)
    assert [row["member"] for row in answer["rebates"]] == ["b"]
    (finding,) = answer["findings"]
    assert (finding["code"], finding["severity"]) == ("no_rate", "error")
    assert "600.005 USD" in finding["message"]
    given["purchases"][0]["rate"] = "20"
    assert simulate(given)["rebates"][0]["volume"] == "12000.10"


def test_two_revisions_of_one_programme_are_one_row() -> None:
    first = {**SHORT["programmes"][0], "in_force_until": "2026-02-01"}
    then = {
        **SHORT["programmes"][0],
        "in_force_from": "2026-02-01",
        "tiers": [{"from": "0", "percent": "10"}],
    }
    given = short(programmes=[first, then])
    given["purchases"][1]["member"] = "a"
    (row,) = simulate(given)["rebates"]
    assert (row["measure"], row["earned"]) == ("1000.005", "52.00")


def test_months_of_a_quarter_are_paid_together() -> None:
    given = short({"accumulate": "month", "payout_minimum": "9"})
    given["purchases"][1]["member"] = "a"
    rows = simulate(given)["rebates"]
    assert [row["window"] for row in rows] == ["2026-01-01", "2026-03-01"]
    assert [row["payable_now"] for row in rows] == ["6.00", "4.00"]
