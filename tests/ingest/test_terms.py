"""Agreements are read from documents, refused by path, and written back."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rappel.core.agreements import Programme
from rappel.core.period import Unit, YearStart
from rappel.core.terms import AllocationBy, Pool, Reach
from rappel.errors import Malformed
from rappel.ingest.fields import READ
from rappel.ingest.terms import (
    agreement_from_fields,
    agreement_from_toml,
    agreement_to_fields,
    programme_of,
    programme_to_fields,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENT = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01
in_force_until = "2027-01-01"
evidence_minimum = "C"

[[programmes]]
code = "andes-volume"
tiers = [{ from = "0", percent = "0" }, { from = "100000", percent = "2" }]

[[programmes]]
code = "andes-group"
pool = "group"
reach = "marginal"
accumulate = "year"
year_starts = "03-15"
fee_percent = "10"
scope = { categories = ["cctv"] }
tiers = [{ from = "500000", percent = "0.5", plus = "1000" }]
"""


def faults(document: str | dict[str, Any]) -> dict[str | None, str]:
    """Return the codes of what is refused, by path."""
    read: Callable[[Any], object] = (
        agreement_from_toml if isinstance(document, str) else agreement_from_fields
    )
    with pytest.raises(Malformed) as refused:
        read(document)
    assert all(fault.message and fault.field for fault in refused.value.faults)
    return {fault.field: fault.code for fault in refused.value.faults}


def agreement(**programme: Any) -> dict[str, Any]:
    """Return a document of one programme that is right but for what is given."""
    tiers = [{"from": "0", "percent": "1"}, {"from": "100", "percent": "2"}]
    return {
        "code": "andes-2026",
        "supplier": "andes",
        "currency": "MXN",
        "programmes": [{"code": "p", "tiers": tiers, **programme}],
    }


def found(**programme: Any) -> dict[str | None, str]:
    """Return what is refused of a programme, by path inside it."""
    at = "programmes[0]."
    codes = faults(agreement(**programme))
    return {(field or "").removeprefix(at): code for field, code in codes.items()}


def test_an_agreement_is_read_with_its_defaults() -> None:
    signed = agreement_from_toml(DOCUMENT.encode())
    assert (signed.code, signed.supplier) == ("andes-2026", "andes")
    assert signed.in_force_from == date(2026, 1, 1)
    assert signed.in_force_until == date(2027, 1, 1)
    assert signed.evidence_minimum == "C"
    volume, group = signed.programmes
    assert volume.suppliers == ("andes",)
    assert volume.in_force_until == date(2027, 1, 1)
    assert [tier.percent for tier in volume.tiers] == [Decimal(0), Decimal(2)]
    assert (group.pool, group.reach) == (Pool.GROUP, Reach.MARGINAL)
    assert (group.accumulate, group.year_starts) == (Unit.YEAR, YearStart(3, 15))
    assert group.scope.categories == ("cctv",)
    assert group.tiers[0].plus == Decimal(1000)


def test_a_file_without_a_list_is_one_programme() -> None:
    text = """
    code = "andes"
    supplier = "andes"
    currency = "CLP"
    tiers = [{ from = "0", percent = "1" }]
    """
    signed = agreement_from_toml(text)
    assert signed.programmes[0].code == "andes"
    assert signed.programmes[0].currency == "CLP"
    wrong = text.replace('"1"', '"101"')
    assert faults(wrong) == {"tiers[0].percent": "percent_range"}
    assert faults(text.replace('code = "andes"\n', "")) == {
        "code": "missing_field",
    }


def test_what_is_written_is_read_back_the_same() -> None:
    signed = agreement_from_toml(DOCUMENT)
    assert agreement_from_fields(agreement_to_fields(signed)) == signed


def test_a_document_that_is_no_toml_is_refused_with_its_place() -> None:
    with pytest.raises(Malformed) as refused:
        agreement_from_toml(b"code = \n")
    assert refused.value.code == "bad_toml"
    assert "line 1" in refused.value.faults[0].message
    with pytest.raises(Malformed):
        agreement_from_toml(b"\xff\xfe")


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
        "tiers[0].every": "not_supported",
    }
    steps = [{"from": "0", "amount": "1"}]
    assert found(reach="increment", tiers=steps) == {
        "tiers[0].every": "every",
        "reach": "not_supported",
    }


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        ({"pool": "segment"}, {"segment": "missing_field"}),
        ({"segment": "cctv"}, {"segment": "useless_field"}),
        ({"fx": "fixed"}, {"fx_rate": "missing_field"}),
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


LIMIT = {"of": "earned", "amount": "5000"}
NOT_YET = [
    ({"measure": "growth_percent"}, "measure"),
    ({"measure": "none"}, "measure"),
    ({"measure_over": "rolling_12"}, "measure_over"),
    ({"measure_scope": {"categories": ["cctv"]}}, "measure_scope"),
    ({"share_of": {"codes": ["A"]}}, "share_of"),
    ({"payable": "increment"}, "payable"),
    ({"reach": "linear"}, "reach"),
    ({"gates": [{"measure": "amount", "from": "10"}]}, "gates"),
    ({"counts": "paid"}, "counts"),
    ({"less": ["other"]}, "less"),
    ({"allocation": "own_tier"}, "allocation"),
    ({"allocation": {"fixed": {"norte": "60", "sur": "40"}}}, "allocation"),
    ({"cap": LIMIT}, "cap"),
    ({"minimum": LIMIT}, "minimum"),
    ({"guarantee": {**LIMIT, "per": "pool", "carry": True}}, "guarantee"),
    ({"holdback": {"percent": "25"}}, "holdback"),
    ({"holdback": {"percent": "25", "release": {"from": "9"}}}, "holdback"),
    ({"outbound": {"tiers": [{"from": "0", "percent": "1"}]}}, "outbound"),
    ({"baseline": {"source": "books", "none": "zero"}}, "baseline"),
    ({"targets": [{"member": "norte", "amount": "9"}]}, "targets"),
    ({"returns": "original_invoice"}, "returns"),
    ({"fx": "period_average"}, "fx"),
    (
        {
            "promotions": [
                {
                    "code": "x",
                    "start": "2026-01-01",
                    "end": "2026-02-01",
                    "multiplies": "rate",
                    "by": "2",
                    "scope": {"codes": ["A"]},
                }
            ]
        },
        "promotions",
    ),
    (
        {
            "promotions": [
                {
                    "code": "x",
                    "start": "2026-01-01",
                    "end": "2026-02-01",
                    "adds": {"percent": "1"},
                }
            ]
        },
        "promotions",
    ),
    ({"tiers": [{"from": "0", "percent": "1", "cap": "9"}]}, "tiers[0].cap"),
]


@pytest.mark.parametrize(("terms", "path"), NOT_YET)
def test_what_is_not_computed_yet_is_refused_by_its_path(
    terms: dict[str, Any], path: str
) -> None:
    assert found(**terms) == {path: "not_supported"}
    with pytest.raises(Malformed) as refused:
        agreement_from_fields(agreement(**terms))
    assert refused.value.code == "not_supported"


@pytest.mark.parametrize("terms", [terms for terms, _ in NOT_YET])
def test_the_whole_vocabulary_is_read_and_written_back(terms: dict[str, Any]) -> None:
    (given,) = agreement(**terms)["programmes"]
    fields_of_it = {"supplier": ["andes", "bravo"], **given}
    programme = programme_of(fields_of_it, currency="MXN")
    assert programme != programme_of(
        {**agreement()["programmes"][0], "supplier": "*"}, currency="MXN"
    )
    written = programme_to_fields(programme)
    assert programme_of(written, currency="MXN") == programme


def test_fixed_shares_are_an_allocation_of_their_own() -> None:
    given = {"supplier": "*", "allocation": {"fixed": {"norte": "60"}}}
    one = programme_of({**agreement()["programmes"][0], **given}, currency="MXN")
    assert one.allocation is AllocationBy.FIXED
    assert one.shares == {"norte": Decimal(60)}


def test_every_field_of_a_programme_has_a_reader() -> None:
    inside = {"currency", "revision", "since"}
    assert {field.name for field in fields(Programme)} - inside == set(READ)
