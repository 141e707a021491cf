"""Buying more earns less where more is measured and not paid on: told beforehand.

Each pair of figures is worked out by hand, and the same in the second engine.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pytest

from core.test_naive import differences
from rappel.actions.simulations import simulate
from rappel.core.linter import lint
from rappel.ingest.terms import programme_of

Row = dict[str, Any]
OF_PAYABLE: Final[Row] = {"of": "payable", "amount": "500"}
OF_MEASURE: Final[Row] = {"of": "measure", "amount": "1000"}
OF_EARNED: Final[Row] = {"of": "earned", "amount": "500"}
CCTV: Final[Row] = {"categories": ["cctv"]}
ALL: Final[Row] = {"categories": ["cctv", "access"]}
APART: Final[Row] = {"scope": CCTV, "measure_scope": ALL}


def terms(second: Row | None = None, *, first: str = "1", **more: Any) -> Row:
    """Return 1 %, and 2 % from 1,000, or another second tier."""
    above = {"from": "1000", "percent": "2"} | (second or {})
    tiers = [{"from": "0", "percent": first}, above]
    return {"code": "p", "supplier": "*", "tiers": tiers, "reach": "marginal", **more}


def codes(one: Row) -> list[str]:
    """Return what the linter says of averages."""
    found = lint([programme_of(one, currency="MXN")])
    places = {"falling_average": "tiers[1]", "falling_cut": "cap"}
    averages = [row for row in found if row.code in places]
    assert [row.column for row in averages] == [
        f"programmes[0].{places[row.code]}" for row in averages
    ]
    return [row.code for row in averages]


def earned(one: Row, access: str) -> str:
    """Return what 500 of cctv and so much of access earn, the same in both engines."""
    bought = {"member": "a", "supplier": "s", "date": "2026-02-01", "quantity": "1"}
    amounts = (("cctv", "500"), ("access", access))
    case = {
        "currency": "MXN",
        "period": {"start": "2026-01-01", "end": "2026-04-01"},
        "programmes": [one],
        "purchases": [
            {**bought, "category": category, "amount": amount}
            for category, amount in amounts
        ],
    }
    assert differences(case) == []
    (row,) = simulate(case)["rebates"]
    return str(row["earned"])


FIVE: Final = {"cap": "5"}
FALLS: Final[dict[str, tuple[Row, str, str]]] = {
    "a capped slice above one that shrinks, under a cap": (
        terms(FIVE, cap=OF_PAYABLE),
        "7.50",
        "6.25",
    ),
    "a capped slice, paid on part of what is measured": (
        terms(FIVE, **APART),
        "7.50",
        "6.25",
    ),
    "each tier up to its end, under a cap": (
        terms(reach="rolling", cap=OF_PAYABLE),
        "12.50",
        "11.25",
    ),
    "each tier up to its end, paid on part of what is measured": (
        terms(reach="rolling", **APART),
        "12.50",
        "11.25",
    ),
    "a cap of what is measured, paid on part of it": (
        terms(reach="retroactive", cap=OF_MEASURE, **APART),
        "5.00",
        "2.50",
    ),
}


@pytest.mark.parametrize("name", FALLS)
def test_more_that_is_not_paid_on_earns_less_and_the_linter_says_so(name: str) -> None:
    one, before, after = FALLS[name]
    assert (earned(one, "1500"), earned(one, "3500")) == (before, after)
    cut = one.get("cap") == OF_MEASURE
    assert codes(one) == ["falling_cut" if cut else "falling_average"]


RISES: Final[dict[str, Row]] = {
    "a slice that is not capped grows as the lower one shrinks": terms(**APART),
    "nothing is paid below the capped slice": terms(FIVE, first="0", **APART),
    "what is measured is what is paid on": terms(FIVE),
    "what is earned is capped": terms(FIVE, cap=OF_EARNED),
    "a cap of all that is measured and paid on": terms(FIVE, cap=OF_MEASURE),
    "each tier up to its end, all of it paid on": terms(reach="rolling"),
    "each tier up to its end, as if nothing were bought beyond the cap": terms(
        reach="rolling", cap=OF_MEASURE
    ),
    "the reached rate on everything": terms(FIVE, reach="retroactive", **APART),
    "an amount has no average": {
        **terms(reach="highest_fixed", cap=OF_MEASURE, **APART),
        "tiers": [{"from": "0", "amount": "1"}, {"from": "1000", "amount": "2"}],
    },
}


@pytest.mark.parametrize("name", RISES)
def test_where_more_earns_no_less_nothing_is_said(name: str) -> None:
    one = RISES[name]
    sums = [Decimal(earned(one, access)) for access in ("0", "600", "1500", "3500")]
    assert sums == sorted(sums)
    assert codes(one) == []


def test_the_members_own_terms_are_looked_at_without_the_supplier_s_cap() -> None:
    tiers = terms(FIVE)["tiers"]
    flat = {**terms(outbound={"tiers": tiers, "reach": "marginal"}), "cap": OF_PAYABLE}
    assert codes(flat) == []
    found = lint([programme_of({**flat, **APART}, currency="MXN")])
    assert ("falling_average", "programmes[0].outbound.tiers[1]") in [
        (one.code, one.column) for one in found
    ]
