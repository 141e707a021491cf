"""Pools that are compared: who is in them, and with which baseline, target and part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from deals import QUARTER, bought, column, computed, deal, facts, tiers
from rappel.core.agreements import ANYTHING, Baseline, Scope, Target
from rappel.core.rebates import compute
from rappel.core.terms import AllocationBy, BaselinePolicy, Measure, Pool

if TYPE_CHECKING:
    from rappel.core.agreements import Programme

ONE = tiers(("0", "1"))
PARTS = {"norte": Decimal(60), "sur": Decimal(40)}


def parted(**terms: Any) -> Programme:
    """Return 1 % to the group, of which norte has 60 parts and sur 40."""
    given = {"pool": Pool.GROUP, "allocation": AllocationBy.FIXED, "shares": PARTS}
    return deal(**{"tiers": ONE, **given, **terms})


POLICIES = [
    ("zero", ["6", "4"], []),
    ("skip", ["10"], []),
    ("refuse", ["10"], ["no_baseline"]),
]


@pytest.mark.parametrize("sur", ["0.01", None])
@pytest.mark.parametrize(("policy", "expected", "told"), POLICIES)
def test_who_is_not_computed_for_want_of_a_baseline_has_no_stated_part(
    policy: str, expected: list[str], told: list[str], sur: str | None
) -> None:
    said = Baseline(source="books", none=BaselinePolicy(policy))
    terms = parted(measure=Measure.GROWTH_AMOUNT, baseline=said)
    lines = bought("1000", sur) if sur else bought("1000")
    known = "programme | member | measure\ndeal | 1 | 500"
    computation = computed(lines, terms, baselines=known)
    assert column(computation.rebates, "earned") == expected
    assert [one.code for one in computation.findings] == told


@pytest.mark.parametrize(
    ("aims", "expected", "told"),
    [(["norte", "sur"], ["6", "4"], []), (["norte"], ["10"], ["no_target"])],
)
def test_who_has_no_target_has_no_stated_part_and_is_told_so(
    aims: list[str], expected: list[str], told: list[str]
) -> None:
    targets = tuple(Target(member=code, amount=Decimal(500)) for code in aims)
    terms = parted(measure=Measure.TARGET_PERCENT, targets=targets)
    computation = computed(bought("1000"), terms)
    assert column(computation.rebates, "earned") == expected
    assert [one.code for one in computation.findings] == told


def test_a_stated_part_of_a_share_is_had_by_who_bought_nothing() -> None:
    terms = parted(
        measure=Measure.SHARE, tiers=tiers(("60", "1")), suppliers=("andes",)
    )
    lines = "supplier | amount\n1 | 600\n2 | {}"
    at, below = (computed(lines.format(rest), terms) for rest in ("400", "400.01"))
    assert column(at.rebates, "earned") == ["3.6", "2.4"]
    assert column(below.rebates, "earned") == ["0", "0"]


@pytest.mark.parametrize(("rate", "expected"), [("2", ["0", "0"]), ("", ["10"])])
def test_who_lacks_a_rate_is_out_of_its_pool_with_its_part_and_its_baseline(
    rate: str, expected: list[str]
) -> None:
    shares = {"norte": Decimal(60), "este": Decimal(40)}
    grown = {"measure": Measure.GROWTH_AMOUNT, "tiers": tiers(("500", "1"))}
    terms = parted(shares=shares, **grown)
    lines = f"""
    member | currency | amount | rate   | rate_currency
    1      | MXN      | 1000   |        |
    3      | USD      | 1      | {rate} | MXN
    """
    known = "programme | member | measure\ndeal | 1 | 500\ndeal | 3 | 300"
    computation = computed(lines, terms, baselines=known)
    assert column(computation.rebates, "earned") == expected


@pytest.mark.parametrize(("category", "expected"), [("cctv", ["6", "4"]), ("", [])])
def test_a_pool_in_which_nobody_bought_what_is_paid_on_has_no_rows(
    category: str, expected: list[str]
) -> None:
    cctv = Scope(categories=("cctv",))
    terms = parted(scope=cctv, measure_scope=ANYTHING, tiers=tiers(("1000", "1")))
    lines = f"category | amount\n{category} | 1000"
    assert column(computed(lines, terms).rebates, "earned") == expected


JOINED = {"norte": date(2025, 3, 4), "sur": date(2025, 3, 18), "este": None}
"""28 and 14 of the 90 days of the first quarter of 2025, and all of them."""
STATED = """
programme | member | measure
deal      | 1      | {norte}
deal      | 2      | {sur}
deal      | 3      | {este}
"""


def grown_by(amount: str, terms: Programme, **stated: str) -> list[str]:
    """Return what each of the three earned where norte alone buys."""
    base = STATED.format(**{"norte": "14", "sur": "14", "este": "0", **stated})
    given = facts(bought(amount), baselines=base)
    joined = pl.Series("joined", [JOINED[code] for code in given.members["code"]])
    members = given.members.with_columns(joined)
    found = compute(replace(given, members=members), [terms], period=QUARTER)
    return column(found.rebates, "earned")


PRORATED = Baseline(
    source="books", zero=BaselinePolicy.ZERO, part_year=BaselinePolicy.PRORATE
)


@pytest.mark.parametrize(
    ("amount", "este", "threshold", "expected"),
    [
        # 14 x 90 / 28 = 45, and 14 x 90 / 14 = 90
        ("235", "0", "100", "2.35"),
        ("234.99", "0", "100", "0"),
        ("285", "50", "100", "2.85"),
        ("284.99", "50", "100", "0"),
    ],
)
def test_each_member_s_baseline_is_multiplied_out_by_its_own_days(
    amount: str, este: str, threshold: str, expected: str
) -> None:
    terms = deal(
        pool=Pool.GROUP,
        measure=Measure.GROWTH_AMOUNT,
        tiers=tiers((threshold, "1")),
        baseline=PRORATED,
    )
    assert grown_by(amount, terms, este=este) == [expected]


@pytest.mark.parametrize(("amount", "expected"), [("60", "0.6"), ("59.99", "0")])
def test_quotients_that_go_on_for_ever_still_meet_a_threshold_together(
    amount: str, expected: str
) -> None:
    # 4 x 90 / 28 + 5 x 90 / 14 = 12.857142... + 32.142857... = 45; a third more is 60
    terms = deal(
        pool=Pool.GROUP,
        measure=Measure.GROWTH_PERCENT,
        tiers=tiers(("33.333333", "1")),
        baseline=PRORATED,
    )
    assert grown_by(amount, terms, norte="4", sur="5") == [expected]
    plainly = replace(terms, measure=Measure.GROWTH_AMOUNT, tiers=tiers(("15", "1")))
    assert grown_by(amount, plainly, norte="4", sur="5") == [expected]
