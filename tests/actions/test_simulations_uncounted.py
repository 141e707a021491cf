"""What a simulation leaves out, it names with its reason."""

from __future__ import annotations

from typing import Any

import pytest

from rappel.actions.simulations import simulate
from simulated import TIERS, short


def bought(date: str, **more: Any) -> dict[str, Any]:
    return {"member": "a", "supplier": "s", "date": date, "amount": "10", **more}


def found(given: dict[str, Any]) -> list[tuple[str, int]]:
    return [(one["code"], one["row"]) for one in simulate(given)["findings"]]


def test_a_purchase_before_joining_or_after_leaving_is_named() -> None:
    given = short(
        members=[{"code": "a", "joined": "2026-01-10", "left": "2026-03-01"}],
        purchases=[
            bought("2026-01-09"),
            bought("2026-01-10"),
            bought("2026-02-28"),
            bought("2026-03-01"),
        ],
    )
    assert found(given) == [("before_joining", 1), ("after_leaving", 4)]
    assert simulate(given)["rebates"][0]["volume"] == "20.00"


def test_a_purchase_under_no_terms_is_named() -> None:
    days = ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01")
    given = short(
        {"in_force_from": "2026-02-01", "in_force_until": "2026-03-01"},
        purchases=[bought(day) for day in days],
    )
    assert found(given) == [("not_in_force", 1), ("not_in_force", 4)]
    again = {**given["programmes"][0], "in_force_from": "2026-03-01"}
    given["programmes"].append({**again, "in_force_until": None})
    assert found(given) == [("not_in_force", 1)]


def test_a_purchase_that_is_only_looked_back_at_is_not_named() -> None:
    given = short(
        {"measure_over": "previous"},
        purchases=[bought("2025-12-31"), bought("2026-01-01")],
    )
    assert found(given) == []


@pytest.mark.parametrize(
    ("returns", "expected"),
    [("document_date", []), ("original_invoice", [("before_joining", 2)])],
)
def test_a_return_is_judged_on_the_day_it_counts_on(
    returns: str, expected: list[tuple[str, int]]
) -> None:
    original = {"document": "A-1", "date": "2026-01-05"}
    back = bought("2026-02-01", kind="credit_note", original=original)
    given = short(
        {"returns": returns},
        members=[{"code": "a", "joined": "2026-01-10"}],
        purchases=[bought("2026-01-20"), back],
    )
    assert found(given) == expected


def test_a_pool_that_has_nothing_to_divide_says_so() -> None:
    back = {"kind": "credit_note"}
    purchases = [
        bought("2026-01-05"),
        bought("2026-01-06", **back),
        bought("2026-01-05", member="b"),
        bought("2026-01-06", member="b", **back),
    ]
    given = short({"pool": "group"}, purchases=purchases)
    assert found(given) == [("nothing_to_divide", None)]
    assert [one["due"] for one in simulate(given)["rebates"]] == ["0.00", "0.00"]
    assert found(short({"pool": "group"}, purchases=purchases[:3])) == []
    alone = short({"pool": "group"}, purchases=purchases[:2])
    assert found(alone) == []
    equally = {"pool": "group", "allocation": "equal"}
    assert found(short(equally, purchases=purchases)) == []


def test_a_total_that_cannot_be_divided_stops_the_programme_instead() -> None:
    terms = {
        "pool": "group",
        "measure": "quantity",
        "reach": "highest_fixed",
        "tiers": [{"from": "1", "amount": "5"}],
    }
    purchases = [
        bought("2026-01-05", quantity="10"),
        bought("2026-01-05", quantity="1", member="b", kind="credit_note"),
    ]
    assert {code for code, _ in found(short(terms, purchases=purchases))} == {
        "no_weights"
    }


def test_a_missing_rate_says_from_which_day_and_by_which_policy() -> None:
    given = short({"tiers": TIERS}, purchases=[bought("2026-02-11", currency="USD")])
    (one,) = simulate(given)["findings"]
    assert one["code"] == "no_rate"
    assert "since" not in one["message"]
    assert "on the documents, of their days, or of the period" in one["repair"]


@pytest.mark.parametrize(
    ("day", "original", "expected"),
    [
        ("2026-02-01", "2026-01-01", []),
        ("2026-02-01", "2025-12-31", [("outside_every_window", 2)]),
        ("2026-02-01", "2026-04-01", [("outside_every_window", 2)]),
    ],
)
def test_a_return_whose_invoice_lies_in_no_window_is_named(
    day: str, original: str, expected: list[tuple[str, int]]
) -> None:
    invoice = {"document": "A", "date": original}
    back = bought(day, kind="credit_note", original=invoice)
    given = short(
        {"returns": "original_invoice"}, purchases=[bought("2026-01-01"), back]
    )
    assert found(given) == expected
    volume = simulate(given)["rebates"][0]["volume"]
    assert volume == ("10.00" if expected else "0.00")
    again = {**given["programmes"][0], "code": "other", "returns": "document_date"}
    given["programmes"].append(again)
    assert found(given) == []
