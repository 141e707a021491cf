"""Promotions, limits, parts and deductions that contradict themselves are refused."""

from __future__ import annotations

from typing import Any

import pytest

from rappel.ingest.terms import agreement_from_fields, judged, programme_of
from signed import agreement, faults, found

LIMIT = {"of": "earned", "amount": "10"}
DAYS = {"code": "x", "start": "2026-01-01", "end": "2026-02-01"}
DOUBLE = {**DAYS, "multiplies": "rate", "by": "2"}
BY_PIECE: dict[str, Any] = {
    "payable": "quantity",
    "tiers": [{"from": "0", "per_unit": "1"}],
}
FIXED: dict[str, Any] = {
    "payable": "none",
    "reach": "highest_fixed",
    "tiers": [{"from": "0", "amount": "1"}],
}


@pytest.mark.parametrize(
    ("terms", "field", "code"),
    [
        ({"guarantee": {**LIMIT, "of": "measure"}}, "guarantee.of", "limit_of"),
        ({**FIXED, "cap": {**LIMIT, "of": "payable"}}, "cap.of", "limit_of"),
        (
            {"accumulate": "lifetime", "cap": {**LIMIT, "prorate": "days"}},
            "cap.prorate",
            "useless_field",
        ),
        (
            {"promotions": [{**DOUBLE, "end": "2026-01-01"}]},
            "promotions[0].end",
            "empty_interval",
        ),
        (
            {"measure": "none", "cap": {**LIMIT, "of": "measure"}},
            "cap.of",
            "cannot_be_combined",
        ),
        (
            {"measure": "share", "cap": {**LIMIT, "of": "measure"}},
            "cap.of",
            "cannot_be_combined",
        ),
        (
            {
                "measure": "share",
                "pool": "group",
                "minimum": {**LIMIT, "of": "measure"},
            },
            "minimum.of",
            "cannot_be_combined",
        ),
        (
            {"minimum": {**LIMIT, "carry": True}},
            "minimum.carry",
            "cannot_be_combined",
        ),
        (
            {
                "reach": "linear",
                "tiers": [{"from": "0", "percent": "1", "cap": "9"}],
            },
            "tiers[0].cap",
            "cannot_be_combined",
        ),
        (
            {
                "outbound": {
                    "reach": "linear",
                    "tiers": [{"from": "0", "percent": "1", "cap": "9"}],
                }
            },
            "outbound.tiers[0].cap",
            "cannot_be_combined",
        ),
        ({"cap": {**LIMIT, "carry": True}}, "cap.carry", "cannot_be_combined"),
        (
            {
                "guarantee": {**LIMIT, "carry": True},
                "in_force_from": "2026-01-01",
                "fx": "period_average",
            },
            "guarantee.carry",
            "cannot_be_combined",
        ),
        ({"promotions": [DOUBLE, DOUBLE]}, "promotions[1].code", "duplicate_code"),
        ({"promotions": [DAYS]}, "promotions[0]", "one_value"),
        (
            {"promotions": [{**DAYS, "multiplies": "rate"}]},
            "promotions[0]",
            "one_value",
        ),
        (
            {"promotions": [{**DOUBLE, "adds": {"percent": "1"}}]},
            "promotions[0]",
            "one_value",
        ),
        (
            {**BY_PIECE, "promotions": [{**DAYS, "adds": {"percent": "1"}}]},
            "promotions[0].adds",
            "value_and_payable",
        ),
        ({**FIXED, "promotions": [DOUBLE]}, "promotions[0]", "value_and_payable"),
        (
            {"payable": "increment", "promotions": [DOUBLE]},
            "promotions[0]",
            "cannot_be_combined",
        ),
        ({"holdback": {"percent": "100.1"}}, "holdback.percent", "percent_range"),
        (
            {"pool": "group", "allocation": {"fixed": {"norte": "0"}}},
            "allocation.fixed",
            "no_weights",
        ),
        ({"allocation": "own_tier"}, "allocation", "useless_field"),
        ({"allocation": {"fixed": {"norte": "1"}}}, "allocation", "useless_field"),
        ({"less": ["p"]}, "less[0]", "unknown_programme"),
        ({"less": ["gone"]}, "less[0]", "unknown_programme"),
    ],
)
def test_a_contradiction_is_named_by_its_path(
    terms: dict[str, Any], field: str, code: str
) -> None:
    assert found(**terms) == {field: code}


@pytest.mark.parametrize(
    "terms",
    [
        {"cap": LIMIT, "minimum": {**LIMIT, "of": "payable"}, "guarantee": LIMIT},
        {"cap": {**LIMIT, "prorate": "days"}},
        {"pool": "group", "cap": {**LIMIT, "of": "payable", "per": "pool"}},
        {"pool": "group", "cap": LIMIT, "promotions": [DOUBLE]},
        {"promotions": [DOUBLE, {**DAYS, "code": "y", "adds": {"percent": "1"}}]},
        {**BY_PIECE, "promotions": [DOUBLE]},
        {"settle": "year", "cap": {**LIMIT, "carry": True}},
        {"holdback": {"percent": "100"}},
        {"pool": "group", "allocation": {"fixed": {"norte": "60", "sur": "40"}}},
        {"pool": "family", "allocation": "own_tier"},
    ],
)
def test_what_goes_together_is_signed(terms: dict[str, Any]) -> None:
    assert agreement_from_fields(agreement(**terms)).programmes


def stacked(first: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """Return a document of two programmes."""
    document = agreement(**first)
    (second,) = agreement(**then)["programmes"]
    return {
        **document,
        "programmes": [*document["programmes"], {**second, "code": "q"}],
    }


def test_programmes_that_wait_for_each_other_are_refused() -> None:
    document = stacked({"less": ["q"]}, {"less": ["p"]})
    assert faults(document) == {
        "programmes[0].less[0]": "circular_less",
        "programmes[1].less[0]": "circular_less",
    }
    ordered = stacked({"less": ["q"]}, {"less": ["p"], "order": 2})
    assert agreement_from_fields(ordered).programmes


@pytest.mark.parametrize("settle", ["quarter", "month"])
def test_stacked_programmes_count_and_settle_over_the_same_days(settle: str) -> None:
    document = stacked({}, {"less": ["p"], "settle": settle})
    if settle == "quarter":
        assert agreement_from_fields(document).programmes
    else:
        assert faults(document) == {"programmes[1].less[0]": "stacked_differ"}


@pytest.mark.parametrize("terms", [{"returns": "excluded"}, {"counts": "paid"}])
def test_stacked_programmes_count_the_same_documents(terms: dict[str, str]) -> None:
    rows = stacked(terms, {"less": ["p"]})["programmes"]
    given = [{**row, "supplier": "*"} for row in rows]

    def codes(programmes: list[Any]) -> list[str]:
        return [
            fault.code
            for fault in judged(
                tuple(programme_of(one, currency="MXN") for one in programmes)
            )
        ]

    assert codes(given) == ["stacked_differ"]
    assert codes([given[0], {**given[1], **terms}]) == []


@pytest.mark.parametrize("terms", [BY_PIECE, {"payable": "increment"}])
def test_only_a_payable_amount_is_reduced(terms: dict[str, Any]) -> None:
    document = stacked({}, {**terms, "less": ["p"]})
    assert faults(document) == {"programmes[1].less": "value_and_payable"}


@pytest.mark.parametrize(
    "terms",
    [
        {"cap": {**LIMIT, "of": "measure"}},
        {"cap": {**LIMIT, "of": "measure"}, "pool": "group", "measure": "quantity"},
        {"minimum": {**LIMIT, "of": "measure"}, "measure": "share"},
        {"minimum": {**LIMIT, "of": "measure", "per": "pool"}, "pool": "group"},
        {
            "cap": {**LIMIT, "of": "measure"},
            "measure": "growth_amount",
            "payable": "increment",
            "baseline": {"source": "books"},
        },
        {"tiers": [{"from": "0", "percent": "1", "cap": "9"}]},
        {"cap": {**LIMIT, "of": "payable", "carry": True}, "settle": "year"},
        {"cap": {**LIMIT, "carry": True}, "in_force_from": "2026-01-01"},
    ],
)
def test_limits_of_what_is_paid_on_are_allowed(terms: dict[str, Any]) -> None:
    agreement_from_fields(agreement(**terms))
