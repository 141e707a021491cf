"""Comparisons are refused without their other side, or with one that nothing uses."""

from __future__ import annotations

from typing import Any

import pytest

from rappel.ingest.terms import agreement_from_fields, agreement_to_fields
from signed import agreement, found

AIM = [{"member": "norte", "amount": "9"}]
NEEDS: dict[str, dict[str, Any]] = {
    "amount": {},
    "quantity": {},
    "growth_amount": {},
    "growth_percent": {},
    "share": {},
    "target_percent": {"targets": AIM},
    "none": {},
}
FIXED = {"retroactive", "highest_fixed", "each_fixed"}
EVERY = FIXED | {"marginal", "rolling", "stacked", "linear", "increment"}


@pytest.mark.parametrize("reach", sorted(EVERY))
@pytest.mark.parametrize("measure", sorted(NEEDS))
def test_a_measure_goes_with_its_reaches(measure: str, reach: str) -> None:
    is_fixed = reach in {"highest_fixed", "each_fixed", "increment"}
    tier = {"from": "0", "amount" if is_fixed else "percent": "1"}
    tier |= {"every": "5"} if reach == "increment" else {}
    terms = {"measure": measure, "reach": reach, "tiers": [tier], **NEEDS[measure]}
    goes = EVERY if measure in {"amount", "quantity"} else FIXED
    if measure == "growth_amount":
        goes = goes | {"marginal"}
    if reach in goes:
        agreement_from_fields(agreement(**terms))
    else:
        assert found(**terms) == {"reach": "reach_and_measure"}


REFUSED: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"share_of": {}}, {"share_of": "useless_field"}),
    ({"measure": "target_percent"}, {"targets": "missing_field"}),
    ({"targets": AIM}, {"targets": "useless_field"}),
    (
        {
            "measure": "target_percent",
            "targets": [*AIM, {"member": "norte", "amount": "0"}],
        },
        {
            "targets[0].member": "duplicate_target",
            "targets[1].member": "duplicate_target",
            "targets[1].amount": "empty_target",
        },
    ),
    ({"baseline": {"source": "books"}}, {"baseline": "useless_field"}),
    ({"growth_of": "quantity"}, {"growth_of": "useless_field"}),
    (
        {"measure": "share", "growth_of": "quantity"},
        {"growth_of": "useless_field"},
    ),
    (
        {"payable": "increment", "measure": "growth_amount", "growth_of": "quantity"},
        {"growth_of": "growth_of"},
    ),
    (
        {
            "measure": "growth_amount",
            "baseline": {"source": "books", "none": "prorate", "zero": "prorate"},
        },
        {"baseline.none": "policy", "baseline.zero": "policy"},
    ),
    (
        {
            "measure": "growth_amount",
            "accumulate": "lifetime",
            "baseline": {"source": "previous_year"},
        },
        {"accumulate": "no_window_before"},
    ),
    (
        {"accumulate": "lifetime", "measure_over": "previous"},
        {"accumulate": "no_window_before"},
    ),
    (
        {"measure": "growth_amount", "measure_over": "rolling_12"},
        {"measure_over": "measure_over"},
    ),
    (
        {
            "payable": "increment",
            "measure": "growth_amount",
            "measure_scope": {"codes": ["A"]},
        },
        {"baseline": "two_baselines"},
    ),
    (
        {
            "measure": "growth_amount",
            "gates": [
                {"measure": "growth_amount", "from": "1", "scope": {"codes": ["A"]}}
            ],
        },
        {"baseline": "two_baselines"},
    ),
]


@pytest.mark.parametrize(("terms", "refused"), REFUSED)
def test_what_a_comparison_lacks_or_has_too_much_is_refused_by_its_path(
    terms: dict[str, Any], refused: dict[str, str]
) -> None:
    assert found(**terms) == refused


ALLOWED: list[dict[str, Any]] = [
    {"measure": "growth_percent", "baseline": {"source": "books", "zero": "skip"}},
    {"measure": "growth_amount", "growth_of": "quantity"},
    {"measure": "growth_amount", "accumulate": "lifetime"},
    {"measure": "growth_amount", "baseline": {"source": "b", "part_year": "prorate"}},
    {
        "measure": "growth_amount",
        "pool": "group",
        "baseline": {"source": "books", "part_year": "prorate"},
    },
    {"payable": "increment", "baseline": {"source": "previous_year"}},
    {"gates": [{"measure": "growth_amount", "from": "1"}]},
    {"gates": [{"measure": "growth_amount", "from": "1", "scope": {"codes": ["A"]}}]},
    {"payable": "increment", "measure_scope": {"codes": ["A"]}},
    {"payable": "increment", "measure": "growth_amount", "measure_scope": {}},
    {
        "gates": [{"measure": "share", "from": "10", "scope": {"codes": ["A"]}}],
        "share_of": {"codes": ["A"]},
    },
    {"measure_over": "previous", "measure_scope": {}},
    {"accumulate": "lifetime", "measure_over": "rolling_12"},
    {"measure": "target_percent", "targets": AIM},
    {"gates": [{"measure": "share", "from": "10"}]},
]


@pytest.mark.parametrize("terms", ALLOWED)
def test_a_comparison_with_both_its_sides_is_read(terms: dict[str, Any]) -> None:
    agreement_from_fields(agreement(**terms))


@pytest.mark.parametrize("scope", [None, {}, {"codes": ["A"]}])
def test_a_gate_is_written_back_as_it_was_read(scope: dict[str, Any] | None) -> None:
    gate = {"measure": "amount", "from": "10"} | (
        {} if scope is None else {"scope": scope}
    )
    signed = agreement_from_fields(agreement(gates=[gate]))
    (written,) = agreement_to_fields(signed)["programmes"]
    assert written["gates"] == [gate]
