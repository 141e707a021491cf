"""What climbs the tiers when it is not simply what is paid on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import bought, column, computed, deal, earned, only, tiers
from rappel.core.agreements import ANYTHING, Scope, Target
from rappel.core.terms import (
    Boundary,
    Measure,
    Payable,
    Pool,
    Reach,
)

CCTV = Scope(categories=("cctv",))


@pytest.mark.parametrize(
    ("access", "expected"), [("39999.99", "300"), ("40000", "600")]
)
def test_a_measure_has_a_scope_of_its_own(access: str, expected: str) -> None:
    terms = deal(
        scope=CCTV, measure_scope=ANYTHING, tiers=tiers(("0", "0.5"), ("100000", "1"))
    )
    lines = f"category | amount\ncctv | 60000\naccess | {access}"
    row = only(computed(lines, terms).rebates.to_dicts())
    assert f"{row['earned'].normalize():f}" == expected
    assert row["volume"] == row["payable"] == 60000
    assert row["measure"] == 60000 + Decimal(access)


def test_a_wider_measure_lets_who_bought_only_that_climb_for_the_pool() -> None:
    terms = deal(
        scope=CCTV,
        measure_scope=ANYTHING,
        pool=Pool.GROUP,
        tiers=tiers(("0", "0"), ("100", "10")),
    )
    lines = "member | category | amount\n1 | cctv | 60\n2 | access | 40"
    computation = computed(lines, terms)
    assert column(computation.rebates, "earned") == ["6"]
    assert computation.pools["largest"].to_list() == [60]
    alone = "member | category | amount\n1 | cctv | 10\n2 | access | 90"
    computation = computed(alone, terms)
    assert column(computation.rebates, "earned") == ["1"]
    assert computation.pools["largest"].to_list() == [90]


@pytest.mark.parametrize(
    ("elsewhere", "at_least", "more_than"),
    [("33333.32", "3000", "3000"), ("33333.34", "0", "0"), ("25000", "3000", "3000")],
)
def test_a_share_of_purchases_reaches_its_tier(
    elsewhere: str, at_least: str, more_than: str
) -> None:
    for boundary, expected in zip(Boundary, (at_least, more_than), strict=True):
        terms = deal(
            suppliers=("andes",),
            measure=Measure.SHARE,
            share_of=ANYTHING,
            boundary=boundary,
            tiers=tiers(("75", "3")),
        )
        lines = f"supplier | amount\n1 | 100000\n2 | {elsewhere}"
        assert earned(lines, terms) == [expected]


def test_a_share_of_exactly_the_threshold_by_its_boundary() -> None:
    lines = "supplier | amount\n1 | 75000\n2 | 25000"
    expected = {Boundary.AT_LEAST: (75, "2250"), Boundary.MORE_THAN: (75, "0")}
    for boundary, (share, paid) in expected.items():
        terms = deal(
            suppliers=("andes",),
            measure=Measure.SHARE,
            share_of=ANYTHING,
            boundary=boundary,
            tiers=tiers(("0", "0"), ("75", "3")),
        )
        row = only(computed(lines, terms).rebates.to_dicts())
        assert (row["measure"], f"{row['earned'].normalize():f}") == (share, paid)


def test_a_share_is_of_a_scope_or_of_everything() -> None:
    lines = """
    supplier | category | amount
    1        | cctv     | 100
    2        | cctv     | 100
    2        | access   | 100
    """
    terms: dict[str, Any] = {
        "suppliers": ("andes",),
        "measure": Measure.SHARE,
        "tiers": tiers(("0", "1"), ("50", "2")),
    }
    assert earned(lines, deal(share_of=CCTV, **terms)) == ["2"]
    assert earned(lines, deal(**terms)) == ["1"]


def test_who_buys_only_elsewhere_has_no_share_and_no_row() -> None:
    terms = deal(
        suppliers=("andes",),
        measure=Measure.SHARE,
        share_of=ANYTHING,
        tiers=tiers(("0", "1"), ("60", "2")),
    )
    lines = "member | supplier | amount\n1 | 1 | 100\n2 | 2 | 100"
    assert computed(lines, terms).rebates["member"].to_list() == [1]
    group = deal(
        suppliers=("andes",),
        measure=Measure.SHARE,
        share_of=ANYTHING,
        pool=Pool.GROUP,
        tiers=tiers(("0", "1"), ("60", "2")),
    )
    rebates = computed(lines, group).rebates
    assert rebates["member"].to_list() == [1]
    assert column(rebates, "measure") == ["50"]


def test_what_a_next_tier_of_share_is_worth() -> None:
    terms = deal(
        suppliers=("andes",),
        measure=Measure.SHARE,
        share_of=ANYTHING,
        tiers=tiers(("0", "1"), ("60", "2")),
    )
    row = only(
        computed("supplier | amount\n1 | 100\n2 | 100", terms).rebates.to_dicts()
    )
    assert (row["next_threshold"], row["next_missing"]) == (60, 10)
    assert row["next_worth"] == 2  # 50 more are 150 of 250, and earn 3


@pytest.mark.parametrize(
    ("volume", "expected"), [("99999.99", "0"), ("100000", "1000"), ("120000", "2400")]
)
def test_a_target_is_reached_in_percent(volume: str, expected: str) -> None:
    terms = deal(
        measure=Measure.TARGET_PERCENT,
        targets=(Target(member="norte", amount=Decimal(100000)),),
        tiers=tiers(("100", "1"), ("120", "2")),
    )
    assert earned(bought(volume), terms) == [expected]


def test_who_has_no_target_is_a_finding_and_no_row() -> None:
    terms = deal(
        measure=Measure.TARGET_PERCENT,
        targets=(Target(member="norte", amount=Decimal(100)),),
        tiers=tiers(("100", "1")),
    )
    computation = computed(bought("100", "100"), terms)
    assert computation.rebates["member"].to_list() == [1]
    (finding,) = computation.findings
    assert (finding.code, finding.params["member"]) == ("no_target", "sur")


def test_a_group_aims_at_the_targets_of_all_its_members() -> None:
    terms = deal(
        measure=Measure.TARGET_PERCENT,
        pool=Pool.GROUP,
        targets=tuple(
            Target(member=code, amount=Decimal(100)) for code in ("norte", "sur")
        ),
        tiers=tiers(("0", "0"), ("100", "1")),
    )
    assert earned(bought("150", "50"), terms) == ["1.5", "0.5"]
    assert earned(bought("199.99"), terms) == ["0"]
    assert earned(bought("200"), terms) == ["2"]


def test_where_nothing_is_measured_the_first_tier_always_holds() -> None:
    terms = deal(measure=Measure.NONE, tiers=tiers(("100", "1"), ("200", "2")))
    rebates = computed(bought("50", "100", "5000"), terms).rebates
    assert column(rebates, "earned") == ["0.5", "1", "50"]
    assert column(rebates, "threshold") == ["100"] * 3
    assert rebates["next_threshold"].null_count() == 3
    fixed = deal(
        measure=Measure.NONE,
        payable=Payable.NONE,
        reach=Reach.HIGHEST_FIXED,
        boundary=Boundary.MORE_THAN,
        tiers=tiers(("0", "70"), value="amount"),
    )
    assert earned(bought("1"), fixed) == ["70"]
    back = "kind | amount\ninvoice | 10\ncredit_note | 10"
    assert earned(back, fixed) == ["0"]


def test_a_line_without_a_rate_in_any_view_stops_the_programme_once() -> None:
    terms = deal(scope=CCTV, measure_scope=ANYTHING)
    lines = """
    category | currency | amount
    cctv     | USD      | 10
    access   | USD      | 5
    cctv     | MXN      | 1
    """
    computation = computed(lines, terms)
    assert computation.rebates.is_empty()
    (finding,) = computation.findings
    assert (finding.params["amount"], finding.params["lines"]) == ("10.00", "1")
    wider = "category | currency | amount\naccess | USD | 5\ncctv | MXN | 1"
    (finding,) = computed(wider, terms).findings
    assert finding.params["amount"] == "5.00"


def test_two_revisions_measure_together_each_by_its_own_scope() -> None:
    def revision(percent: str, **terms: Any) -> Any:
        return deal(
            scope=CCTV,
            measure_scope=ANYTHING,
            tiers=tiers(("0", "0"), ("100", percent)),
            **terms,
        )

    first = revision("10", in_force_until=date(2026, 2, 1))
    then = revision("20", in_force_from=date(2026, 2, 1), revision=2)
    lines = """
    date       | category | amount
    2026-01-31 | cctv     | 30
    2026-01-31 | access   | 40
    2026-02-01 | cctv     | 30
    """
    assert earned(lines, first, then) == ["9"]
    assert earned(lines.replace("40", "39.99"), first, then) == ["0"]
