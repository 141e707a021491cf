"""Tables that give the upper ends of their tiers become thresholds, or are refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from rappel.actions.simulations import simulate
from rappel.core.terms import Boundary
from rappel.errors import Malformed
from rappel.ingest.terms import (
    agreement_from_fields,
    agreement_to_fields,
    programme_of,
)
from rappel.wording import resay
from signed import agreement, found
from simulated import short

Rows = list[dict[str, Any]]


def scale(*ends: tuple[str | None, str | None]) -> Rows:
    """Return tiers of 1, 2, 3 … %, each from and up to what is given."""
    return [
        {"percent": str(place)}
        | ({} if start is None else {"from": start})
        | ({} if end is None else {"up_to": end})
        for place, (start, end) in enumerate(ends, start=1)
    ]


BOTH = scale(("0", "1000"), ("1000", "2500"), ("2500", None))
UPPER = scale((None, "1000"), (None, "2500"), ("2500", None))
MIXED = scale(("0", None), ("1000", "2500"), ("2500.00", None))


@pytest.mark.parametrize("rows", [BOTH, UPPER, MIXED])
@pytest.mark.parametrize("said", [{}, {"boundary": "more_than"}])
def test_an_upper_end_is_in_its_tier_and_starts_the_next(
    rows: Rows, said: dict[str, str]
) -> None:
    document = agreement(tiers=rows, **said)
    (one,) = agreement_from_fields(document).programmes
    assert [tier.threshold for tier in one.tiers] == [0, 1000, 2500]
    assert [tier.percent for tier in one.tiers] == [1, 2, 3]
    assert one.boundary is Boundary.MORE_THAN


def test_exactly_forty_thousand_is_up_to_forty_thousand() -> None:
    """SAP, sales grading: 12 % of 40,000 are 4,800, and a cent more earns 13 %."""
    rows = scale((None, "20000"), (None, "30000"), (None, "40000"), ("40000", None))
    for row, percent in zip(rows, ("10", "11", "12", "13"), strict=True):
        row["percent"] = percent
    day = {"member": "a", "supplier": "s", "date": "2026-01-01"}
    for amount, earned in (("40000", "4800.00"), ("40000.01", "5200.00")):
        case = short({"tiers": rows}, purchases=[{**day, "amount": amount}])
        (row,) = simulate(case)["rebates"]
        assert row["earned"] == earned


def test_what_is_written_back_are_thresholds() -> None:
    signed = agreement_from_fields(agreement(tiers=UPPER))
    written = agreement_to_fields(signed)
    (one,) = written["programmes"]
    assert one["boundary"] == "more_than"
    assert [row["from"] for row in one["tiers"]] == ["0", "1000", "2500"]
    assert agreement_from_fields(written) == signed


def test_thresholds_alone_keep_their_boundary() -> None:
    rows = [{"from": "0", "percent": "1"}, {"from": "1000", "percent": "2"}]
    (one,) = agreement_from_fields(agreement(tiers=rows)).programmes
    assert one.boundary is Boundary.AT_LEAST


REFUSED = [
    # a gap, as it is often printed, and an overlap
    (scale(("0", "100"), ("100.01", None)), {"tiers[1].from": "tier_gap"}),
    (scale(("0", "100"), ("99.99", None)), {"tiers[1].from": "tier_overlap"}),
    # ends that do not rise
    (
        scale((None, "200"), (None, "100"), ("100", None)),
        {"tiers[1].up_to": "unsorted_tiers"},
    ),
    (
        scale((None, "200"), (None, "200"), ("200", None)),
        {"tiers[1].up_to": "duplicate_threshold"},
    ),
    (scale((None, "0"), ("0", None)), {"tiers[0].up_to": "duplicate_threshold"}),
    # a start that nothing says, and a last tier that ends
    (
        scale(("0", None), (None, "300"), ("300", None)),
        {"tiers[1].from": "missing_field"},
    ),
    (scale(("0", "100"), ("100", "300")), {"tiers[1].up_to": "closed_scale"}),
    # everything at once
    (
        scale((None, "100"), ("100.01", "50"), ("60", "70")),
        {
            "tiers[1].from": "tier_gap",
            "tiers[1].up_to": "unsorted_tiers",
            "tiers[2].from": "tier_gap",
            "tiers[2].up_to": "closed_scale",
        },
    ),
]


@pytest.mark.parametrize(("rows", "refused"), REFUSED)
def test_what_makes_no_scale_is_refused_by_its_path(
    rows: Rows, refused: dict[str, str]
) -> None:
    assert found(tiers=rows) == refused


def test_a_gap_and_an_overlap_name_both_rows() -> None:
    rows = scale(("0", "100"), ("100.01", "300"), ("250", None))
    with pytest.raises(Malformed) as refused:
        agreement_from_fields(agreement(tiers=rows))
    gap, overlap = (fault.message for fault in refused.value.faults)
    assert gap == (
        "Tier 1 ends at 100, and tier 2 starts from 100.01: none holds what lies "
        "between."
    )
    assert resay("es-MX")(overlap) == (
        "El escalón 2 termina en 300 y el escalón 3 empieza en 250: ambos contienen lo "
        "que queda en medio."
    )


def test_at_least_contradicts_an_upper_end() -> None:
    assert found(tiers=BOTH, boundary="at_least") == {"boundary": "scale_boundary"}


def test_a_tier_starts_or_ends_somewhere() -> None:
    assert found(tiers=[{"percent": "1"}]) == {"tiers[0].from": "missing_field"}
    null = [{"percent": "1", "up_to": None}]
    assert found(tiers=null) == {"tiers[0].up_to": "wrong_type"}


def test_the_members_own_table_may_be_a_scale_too() -> None:
    given = agreement(outbound={"tiers": UPPER})["programmes"][0]
    one = programme_of({**given, "supplier": "*"}, currency="MXN")
    assert one.outbound is not None
    assert [tier.threshold for tier in one.outbound.tiers] == [0, Decimal(1000), 2500]
    assert one.outbound.boundary is Boundary.MORE_THAN
    assert one.boundary is Boundary.AT_LEAST
    gap = {"tiers": scale(("0", "100"), ("101", None))}
    assert found(outbound=gap) == {"outbound.tiers[1].from": "tier_gap"}
