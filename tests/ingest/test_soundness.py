"""Terms that are misshapen or contradict themselves are refused, by path."""

from __future__ import annotations

import pytest

from rappel.errors import Malformed
from rappel.ingest.terms import agreement_from_fields
from signed import agreement, faults, found


def test_every_fault_of_the_shape_is_named_at_once() -> None:
    document = agreement(
        pool="everybody",
        colour="red",
        tiers=[{"from": 0, "percnt": "1"}, {"percent": "1e3"}],
        in_force_from="2026-02-30",
        scope={"categories": "cctv"},
        supplier=[],
    )
    del document["currency"]
    document["currency "] = "MXN"
    assert faults(document) == {
        "currency": "missing_field",
        "currency ": "unknown_field",
        "programmes[0].colour": "unknown_field",
        "programmes[0].pool": "unknown_word",
        "programmes[0].tiers[0].from": "not_text",
        "programmes[0].tiers[0].percnt": "unknown_field",
        "programmes[0].tiers[1].from": "missing_field",
        "programmes[0].tiers[1].percent": "not_readable",
        "programmes[0].in_force_from": "no_such_day",
        "programmes[0].scope.categories": "wrong_type",
        "programmes[0].supplier": "not_allowed_here",
    }


@pytest.mark.parametrize(
    ("percent", "code"),
    [
        ("0", None),
        ("100", None),
        ("0.0001", None),
        ("100.0001", "percent_range"),
        ("-0.5", "not_readable"),
        ("2.12345", "not_readable"),
        ("NaN", "not_readable"),
    ],
)
def test_a_percent_is_between_0_and_100_with_at_most_4_decimals(
    percent: str, code: str | None
) -> None:
    document = agreement(tiers=[{"from": "0", "percent": percent}])
    if code is None:
        agreement_from_fields(document)
    else:
        assert faults(document) == {"programmes[0].tiers[0].percent": code}


def test_thresholds_rise_and_the_two_rows_are_named() -> None:
    rows = [{"from": start, "percent": "1"} for start in ("0", "200", "200", "100")]
    with pytest.raises(Malformed) as refused:
        agreement_from_fields(agreement(tiers=rows))
    first, second = refused.value.faults
    assert (first.field, first.code) == (
        "programmes[0].tiers[2].from",
        "duplicate_threshold",
    )
    assert (second.field, second.code) == (
        "programmes[0].tiers[3].from",
        "unsorted_tiers",
    )
    assert "Tier 4" in second.message
    assert "tier 3" in second.message


def test_terms_of_the_members_own_are_sound_terms_too() -> None:
    own = [{"from": "10", "percent": "101"}, {"from": "10", "percent": "1"}]
    assert found(outbound={"tiers": own}) == {
        "outbound.tiers[0].percent": "percent_range",
        "outbound.tiers[1].from": "duplicate_threshold",
    }
    fixed = [{"from": "0", "amount": "5"}]
    assert found(outbound={"tiers": fixed}) == {
        "outbound.tiers[0].amount": "value_and_reach"
    }
    each = {"tiers": [{"from": "0", "per_unit": "1"}], "reach": "linear"}
    assert found(measure="none", outbound=each) == {
        "outbound.tiers[0].per_unit": "value_and_payable",
        "outbound.reach": "reach_and_measure",
    }
    allowed = {"tiers": [{"from": "0", "percent": "1"}], "reach": "linear"}
    agreement_from_fields(agreement(outbound=allowed))


def test_a_tier_has_one_value_and_a_table_one_kind() -> None:
    rows = [
        {"from": "0", "percent": "1"},
        {"from": "1", "percent": "1", "per_unit": "1"},
        {"from": "2"},
        {"from": "3", "per_unit": "1"},
    ]
    assert found(tiers=rows) == {
        "tiers[1]": "one_value",
        "tiers[2]": "one_value",
        "tiers[3].per_unit": "mixed_values",
    }


@pytest.mark.parametrize(
    ("terms", "value", "refused"),
    [
        ({}, "percent", {}),
        ({"payable": "quantity"}, "per_unit", {}),
        ({"reach": "each_fixed"}, "amount", {}),
        ({"reach": "highest_fixed", "payable": "none"}, "amount", {}),
        ({"payable": "quantity"}, "percent", {"percent": "value_and_payable"}),
        ({"payable": "none"}, "percent", {"percent": "value_and_payable"}),
        ({}, "per_unit", {"per_unit": "value_and_payable"}),
        ({}, "amount", {"amount": "value_and_reach"}),
        ({"reach": "each_fixed"}, "percent", {"percent": "value_and_reach"}),
    ],
)
def test_a_value_goes_with_its_reach_and_its_payable(
    terms: dict[str, str], value: str, refused: dict[str, str]
) -> None:
    document = agreement(**terms, tiers=[{"from": "0", value: "1"}])
    if refused:
        at = "programmes[0].tiers[0]"
        assert faults(document) == {f"{at}.{k}": v for k, v in refused.items()}
    else:
        agreement_from_fields(document)


def test_a_fixed_amount_has_no_plus_and_no_step() -> None:
    rows = [{"from": "0", "amount": "1", "plus": "1", "every": "5"}]
    assert found(reach="each_fixed", tiers=rows) == {
        "tiers[0].plus": "plus_and_amount",
        "tiers[0].every": "every",
    }
    for every in ({}, {"every": "0"}):
        steps = [{"from": "0", "amount": "1", **every}]
        assert found(reach="increment", tiers=steps) == {"tiers[0].every": "every"}


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        ({"pool": "segment"}, {"segment": "missing_field"}),
        ({"segment": "cctv"}, {"segment": "useless_field"}),
        ({"fx": "fixed"}, {"fx_rate": "missing_field"}),
        ({"fx": "fixed", "fx_rate": {"USD": "0"}}, {"fx_rate.USD": "zero_rate"}),
        ({"fx": "fixed", "fx_rate": {"MXN": "1"}}, {"fx_rate.MXN": "unknown_currency"}),
        (
            {"fx": "fixed", "fx_rate": {"pesos": "1"}},
            {"fx_rate.pesos": "unknown_currency"},
        ),
        ({"fx_rate": {"USD": "17"}}, {"fx_rate": "useless_field"}),
        ({"fx_rate": "17"}, {"fx_rate": "useless_field"}),
        ({"fee_percent": "100.5"}, {"fee_percent": "percent_range"}),
        (
            {"in_force_from": "2026-01-01", "in_force_until": "2026-01-01"},
            {"in_force_until": "empty_interval"},
        ),
    ],
)
def test_parameters_are_given_where_they_are_needed_and_nowhere_else(
    terms: dict[str, str], refused: dict[str, str]
) -> None:
    assert found(**terms) == refused


def test_a_currency_whose_cents_are_not_known_is_refused() -> None:
    document = {**agreement(), "currency": "XXX"}
    assert faults(document) == {"programmes[0].currency": "unknown_currency"}


def test_two_revisions_are_not_in_force_on_one_day_and_count_alike() -> None:
    tiers = [{"from": "0", "percent": "1"}]
    first = {"code": "p", "tiers": tiers, "in_force_until": "2026-02-01"}
    then = {"code": "p", "tiers": tiers, "in_force_from": "2026-02-01"}
    document = {**agreement(), "programmes": [first, then]}
    agreement_from_fields(document)
    early = {**then, "in_force_from": "2026-01-31", "pool": "group"}
    assert faults({**document, "programmes": [first, early]}) == {
        "programmes[1].in_force_from": "overlapping_revisions",
        "programmes[1].pool": "revisions_differ",
    }


def test_the_members_own_table_is_refused_as_the_supplier_s_is() -> None:
    rows = [{"from": "5", "percent": "101"}, {"from": "5", "amount": "1"}]
    refused = found(measure="share", outbound={"tiers": rows, "reach": "marginal"})
    expected = {
        "outbound.tiers[1].from": "duplicate_threshold",
        "outbound.tiers[0].percent": "percent_range",
        "outbound.tiers[1].amount": "mixed_values",
        "outbound.reach": "reach_and_measure",
    }
    assert {path: refused[path] for path in expected} == expected


@pytest.mark.parametrize(("percent", "refused"), [("100", 0), ("100.0001", 1)])
def test_a_promotion_adds_at_most_everything(percent: str, refused: int) -> None:
    given = {"code": "x", "start": "2026-01-01", "end": "2026-02-01"}
    adds = [{**given, "adds": {"percent": percent}}]
    path = {"programmes[0].promotions[0].adds.percent": "percent_range"}
    if refused:
        assert faults(agreement(promotions=adds)) == path
    else:
        agreement_from_fields(agreement(promotions=adds))


def test_two_revisions_pay_on_the_same_and_ask_growth_of_the_same() -> None:
    tiers = [{"from": "0", "percent": "1"}]
    growth = {"measure": "growth_amount", "from": "1"}
    own, other = ({**growth, "scope": {"codes": [code]}} for code in "AB")
    first = {"code": "p", "tiers": tiers, "in_force_until": "2026-02-01"}
    then = {"code": "p", "tiers": tiers, "in_force_from": "2026-02-01"}

    def both(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
        programmes = [{**first, **before}, {**then, **after}]
        return {**agreement(), "programmes": programmes}

    agreement_from_fields(both({"gates": [own]}, {"gates": [own]}))
    agreement_from_fields(both({"gates": [own]}, {}))
    assert faults(both({"gates": [own]}, {"gates": [other]})) == {
        "programmes[1].gates": "two_baselines"
    }
    assert faults(both({}, {"payable": "increment"})) == {
        "programmes[1].payable": "revisions_differ"
    }
