"""A member's slices are its part of the pool's, and sum to what its part comes from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from deals import bought, column, computed, deal, tiers
from rappel.core.terms import AllocationBy, Pool, Reach

if TYPE_CHECKING:
    from rappel.core.agreements import Programme
    from rappel.core.rebates import Computation

FIRST = tiers(("0", "1"), ("1000", "2"))
THEN = tiers(("0", "2"), ("1000", "4"))
UNTIL, SINCE = (
    {"in_force_until": date(2026, 2, 1)},
    {"in_force_from": date(2026, 2, 1)},
)
LINES = """
member | date       | amount
1      | 2026-01-10 | 900
3      | 2026-01-10 | 100
1      | 2026-02-10 | 100
3      | 2026-02-10 | 300
"""
CENT = Decimal("0.01")


def two(**terms: object) -> tuple[Programme, Programme]:
    """Return a group's terms in two revisions, the second one twice as good."""
    group = {"pool": Pool.GROUP, **terms}
    return (
        deal(tiers=FIRST, **UNTIL, **group),
        deal(tiers=THEN, **SINCE, **group, revision=2),
    )


def near(computation: Computation) -> bool:
    """Say whether each member's slices come to its part but for the odd cent."""
    rows = computation.rebates
    apart = (rows["exact"] - rows["earned"]).abs()
    return bool((apart < CENT).all())


@pytest.mark.parametrize("reach", [Reach.RETROACTIVE, Reach.MARGINAL])
def test_nobody_has_more_for_buying_under_the_better_revision(reach: Reach) -> None:
    computation = computed(LINES, *two(reach=reach))
    rebates = computation.rebates
    whole = rebates["pool_exact"][0]
    parts = [(whole * part / 1400).quantize(CENT) for part in (1000, 400)]
    assert rebates["earned"].to_list() == parts
    assert near(computation)
    payable = computation.slices.group_by("member").agg(pl.col("payable").sum())
    assert [one.quantize(CENT) for one in payable.sort("member")["payable"]] == [
        1000,
        400,
    ]


def test_of_one_revision_each_is_paid_on_what_it_bought_however_large() -> None:
    millions = ["1000000000000", "2000000000000"]
    both = (deal(code, pool=Pool.GROUP, tiers=FIRST) for code in "ab")
    computation = computed(bought(*millions), *both)
    assert column(computation.slices, "payable") == millions * 2
    assert column(computation.rebates, "exact") == ["20000000000", "40000000000"] * 2


def test_of_one_revision_each_is_so_beside_other_terms_of_two() -> None:
    millions = ["1000000000000", "2000000000000"]
    alone = deal("a", pool=Pool.GROUP, tiers=FIRST)
    slices = computed(bought(*millions), alone, *two()).slices
    assert column(slices.filter(programme="a"), "payable") == millions


def test_who_bought_all_but_a_millionth_has_all_but_a_millionth() -> None:
    lines = ["9999999999999", "0.000001"]
    computation = computed(bought(*lines), deal(pool=Pool.GROUP, tiers=FIRST))
    assert column(computation.slices, "payable") == lines
    assert column(computation.rebates, "exact") == ["199999999999.98", "0.00000002"]


def test_who_is_alone_and_gave_everything_back_is_paid_at_both_rates() -> None:
    lines = """
    date       | kind        | amount
    2026-01-10 | invoice     | 10
    2026-02-10 | credit_note | 10
    """
    computation = computed(lines, *two())
    assert column(computation.slices, "payable") == ["10", "-10"]
    assert column(computation.rebates, "exact") == ["-0.1"]
    assert column(computation.rebates, "earned") == ["-0.1"]


def test_who_is_alone_in_the_pool_is_paid_on_what_it_bought() -> None:
    lines = "date | amount\n2026-01-10 | 900\n2026-02-10 | 600"
    computation = computed(lines, *two())
    assert column(computation.slices, "payable") == ["900", "600"]
    assert column(computation.rebates, "exact") == ["42"]


@pytest.mark.parametrize(
    ("terms", "parts"),
    [
        ({"allocation": AllocationBy.EQUAL}, ["10", "10"]),
        (
            {
                "allocation": AllocationBy.FIXED,
                "shares": {"norte": Decimal(25), "sur": Decimal(75)},
            },
            ["5", "15"],
        ),
    ],
)
def test_agreed_parts_are_parts_of_the_slices(
    terms: dict[str, object], parts: list[str]
) -> None:
    group = deal(pool=Pool.GROUP, tiers=FIRST, **terms)
    computation = computed(bought("900", "100"), group)
    assert column(computation.rebates, "earned") == parts
    assert column(computation.rebates, "exact") == parts
    assert column(computation.slices, "amount") == parts
