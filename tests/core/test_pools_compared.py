"""Pools that are compared: who is in them, and with which baseline, target and part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from deals import QUARTER, bought, column, computed, deal, earned, facts, tiers
from rappel.core.agreements import ANYTHING, Baseline, Scope, Target, Tier
from rappel.core.rebates import compute
from rappel.core.terms import AllocationBy, BaselinePolicy, Measure, Payable, Pool

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


def increment(**terms: Any) -> Programme:
    """Return 10 % of what the group bought beyond its baselines."""
    given = {"payable": Payable.INCREMENT, "pool": Pool.GROUP, "tiers": TEN}
    return deal(**{"baseline": Baseline(source="books"), **given, **terms})


TEN = tiers(("0", "10"))
FELL = """
programme | member | measure
deal      | 1      | 100
deal      | 3      | {}
"""


@pytest.mark.parametrize("este", [None, "0.01", "60", "150"])
@pytest.mark.parametrize("pool", [Pool.GROUP, Pool.FAMILY])
def test_a_pool_s_increment_is_divided_with_the_signs_of_its_members(
    este: str | None, pool: Pool
) -> None:
    parts = {None: "-10", "0.01": "-10", "60": "-4", "150": "5"}
    alone = {None: [], "0.01": ["0"], "60": ["0"], "150": ["5"]}
    lines = "member | amount\n1 | 400" + (f"\n3 | {este}" if este else "")
    found = earned(lines, increment(pool=pool), baselines=FELL.format(100))
    # este is of no family: what it fell short by is its own
    assert found == ["30", *([parts[este]] if pool is Pool.GROUP else alone[este])]


@pytest.mark.parametrize(
    ("base", "expected"),
    [("300", ["0", "0"]), ("300.01", ["0"]), ("299", ["30", "-29.9"])],
)
def test_a_pool_that_falls_short_of_its_baselines_has_no_increment(
    base: str, expected: list[str]
) -> None:
    given = {"baselines": FELL.format(base)}
    assert earned("amount\n400", increment(), **given) == expected


@pytest.mark.parametrize(
    ("allocation", "expected"),
    [
        ({"allocation": AllocationBy.EQUAL}, ["20"]),
        (
            {
                "allocation": AllocationBy.FIXED,
                "shares": {"norte": Decimal(1), "este": Decimal(3)},
            },
            ["5", "15"],
        ),
        ({"allocation": AllocationBy.OWN_TIER}, ["30"]),
    ],
)
def test_divided_otherwise_nobody_has_less_than_nothing(
    allocation: dict[str, Any], expected: list[str]
) -> None:
    terms = increment(**allocation)
    assert earned("amount\n400", terms, baselines=FELL.format(200 - 100)) == expected


@pytest.mark.parametrize(
    ("base", "expected"), [("60", "9"), ("100", "5"), ("400", "5")]
)
def test_a_tier_s_plus_is_for_what_was_measured_and_not_for_the_increment(
    base: str, expected: str
) -> None:
    table = (Tier(threshold=Decimal(100), percent=Decimal(10), plus=Decimal(5)),)
    terms = increment(pool=Pool.MEMBER, tiers=table)
    known = f"programme | member | measure\ndeal | 1 | {base}"
    assert earned("amount\n100", terms, baselines=known) == [expected]


@pytest.mark.parametrize(("access", "expected"), [("50", "9"), ("49.99", "0")])
@pytest.mark.parametrize("source", ["books", "previous_year"])
def test_beside_other_purchases_that_climb_an_increment_has_its_own_baseline(
    access: str, expected: str, source: str
) -> None:
    terms = increment(
        pool=Pool.MEMBER,
        scope=Scope(categories=("cctv",)),
        measure_scope=ANYTHING,
        tiers=tiers(("150", "10")),
        baseline=Baseline(source=source),
    )
    lines = f"""
    date       | category | amount
    2025-02-01 | cctv     | 10
    2025-02-01 | access   | 80
    2026-02-01 | cctv     | 100
    2026-02-01 | access   | {access}
    """
    known = {"baselines": "programme | member | measure\ndeal | 1 | 10"}
    given = known if source == "books" else {}
    assert earned(lines, terms, **given) == [expected]


@pytest.mark.parametrize(("amount", "expected"), [("45.05", "0.01"), ("45.04", "0")])
def test_an_increment_over_baselines_of_part_of_a_year_is_exact(
    amount: str, expected: str
) -> None:
    # 4 x 90 / 28 + 5 x 90 / 14 = 45, and a tenth of 0.05 is half a cent
    terms = increment(baseline=PRORATED, allocation=AllocationBy.EQUAL)
    assert grown_by(amount, terms, norte="4", sur="5") == [expected]


def test_baselines_of_many_different_days_are_summed_to_18_places() -> None:
    days = {
        "norte": date(2025, 1, 2),
        "sur": date(2025, 1, 8),
        "este": date(2025, 1, 12),
    }
    known = STATED.format(norte=1, sur=1, este=1)
    given = facts(bought("100"), baselines=known)
    joined = pl.Series("joined", [days[code] for code in given.members["code"]])
    terms = deal(
        pool=Pool.GROUP,
        measure=Measure.GROWTH_AMOUNT,
        tiers=ONE,
        baseline=PRORATED,
    )
    members = given.members.with_columns(joined)
    found = compute(replace(given, members=members), [terms], period=QUARTER)
    parts = sum(Fraction(90, held) for held in (89, 83, 79))
    (measure,) = found.rebates["measure"]
    assert abs(Fraction(measure) - (100 - parts)) <= Fraction(1, 10**18)
    assert column(found.rebates, "earned") == ["1"]
