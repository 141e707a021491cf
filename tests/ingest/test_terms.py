"""Agreements are read from documents, refused by path, and written back."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

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
from signed import agreement, faults

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
    written = agreement_to_fields(signed)
    assert agreement_from_fields(written) == signed
    assert "in_force_from" not in written["programmes"][0]
    later = DOCUMENT.replace('pool = "group"', 'in_force_from = "2026-06-01"')
    signed = agreement_from_toml(later)
    written = agreement_to_fields(signed)
    assert agreement_from_fields(written) == signed
    assert written["programmes"][1]["in_force_from"] == "2026-06-01"


def test_a_document_that_is_no_toml_is_refused_with_its_place() -> None:
    with pytest.raises(Malformed) as refused:
        agreement_from_toml(b"code = \n")
    assert refused.value.code == "bad_toml"
    assert "line 1" in refused.value.faults[0].message
    with pytest.raises(Malformed):
        agreement_from_toml(b"\xff\xfe")


LIMIT = {"of": "earned", "amount": "5000"}
VOCABULARY = [
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


@pytest.mark.parametrize("terms", [terms for terms, _ in VOCABULARY])
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
    inside = {"currency", "revision", "since", "until", "within"}
    assert {field.name for field in fields(Programme)} - inside == set(READ)


def test_fixed_rates_are_read_and_written_by_currency() -> None:
    text = """
    code = "andes-2026"
    supplier = "andes"
    currency = "MXN"
    fx = "fixed"
    fx_rate = { USD = "18.50", EUR = "20" }
    tiers = [{ from = "0", percent = "1" }]
    """
    signed = agreement_from_toml(text)
    (programme,) = signed.programmes
    assert programme.fx_rate is None
    assert {name: str(rate) for name, rate in programme.fx_rates.items()} == {
        "USD": "18.50",
        "EUR": "20",
    }
    (written,) = agreement_to_fields(signed)["programmes"]
    assert written["fx_rate"] == {"USD": "18.5", "EUR": "20"}
