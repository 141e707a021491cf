"""Parts of members: fixed ones, those of who bought alone, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from deals import MEMBERS_OF_ALL, bought, column, computed, deal, earned, tiers
from rappel.core.agreements import Holdback
from rappel.core.frames import MEMBERS
from rappel.core.money import AMOUNT
from rappel.core.period import Unit
from rappel.core.shares import divide, stated
from rappel.core.terms import AllocationBy, Boundary, Measure, Payable, Pool, Reach
from table import table

FEBRUARY = date(2026, 2, 1)
SHAPE = {
    "chain": pl.Int64(),
    "window": pl.Date(),
    "pool": pl.Int64(),
    "member_code": pl.String(),
    "payable": AMOUNT,
    "lines": pl.Int64(),
    "stated": AMOUNT,
    "allocation": pl.String(),
    "decimals": pl.Int64(),
    "pool_earned": AMOUNT,
}


def fixed(parts: dict[str, str], **terms: Any) -> Any:
    """Return 2 % of what the group buys, divided by fixed parts."""
    return deal(
        pool=Pool.GROUP,
        tiers=tiers(("0", "2")),
        allocation=AllocationBy.FIXED,
        shares={code: Decimal(part) for code, part in parts.items()},
        **terms,
    )


def whole(**terms: Any) -> Any:
    """Return 100 for whoever buys anything, divided by what nobody is paid on."""
    return deal(
        reach=Reach.HIGHEST_FIXED,
        payable=Payable.NONE,
        tiers=tiers(("0", "100"), value="amount"),
        **terms,
    )


@pytest.mark.parametrize(
    ("lines", "later", "expected"),
    [
        ("2026-01-15 | 1 | 2000", {"norte": "50", "este": "50"}, {1: "20", 3: "20"}),
        ("2026-01-15 | 3 | 2000", {"norte": "50", "este": "50"}, {1: "20", 3: "20"}),
        ("2026-01-15 | 1 | 2000", {"norte": "50"}, {1: "40"}),
        ("2026-01-15 | 3 | 2000", {"norte": "50"}, {1: "40", 3: "0"}),
        (
            "2026-01-15 | 1 | 1000\n2026-02-15 | 3 | 1000",
            {"norte": "50", "este": "50"},
            {1: "20", 3: "20"},
        ),
    ],
)
def test_the_parts_are_those_in_force_at_the_window_s_end(
    lines: str, later: dict[str, str], expected: dict[int, str]
) -> None:
    first = fixed({"norte": "60", "este": "40"}, in_force_until=FEBRUARY)
    then = fixed(later, in_force_from=FEBRUARY, revision=2)
    rebates = computed(f"date | member | amount\n{lines}", first, then).rebates
    found = dict(zip(rebates["member"], column(rebates, "earned"), strict=True))
    assert found == expected


@pytest.mark.parametrize(
    ("compared", "expected"), [("200000", {1: "4000", 3: "1000"}), ("", {1: "5000"})]
)
def test_who_cannot_be_compared_has_no_part_and_the_others_have_it_all(
    compared: str, expected: dict[int, str]
) -> None:
    known = f"\ndeal | 3 | {compared}" if compared else ""
    baselines = f"programme | member | measure\ndeal | 1 | 100{known}"
    terms = replace(fixed({"norte": "80", "este": "20"}), measure=Measure.GROWTH_AMOUNT)
    computation = computed("amount\n250000", terms, baselines=baselines)
    rebates = computation.rebates
    found = dict(zip(rebates["member"], column(rebates, "earned"), strict=True))
    assert found == expected


def test_a_window_in_which_nobody_bought_has_no_parts() -> None:
    terms = fixed({"norte": "60", "este": "40"}, accumulate=Unit.MONTH)
    rebates = computed("date | amount\n2026-02-15 | 1000", terms).rebates
    assert rebates["window"].to_list() == [FEBRUARY, FEBRUARY]
    assert column(rebates, "earned") == ["12", "8"]


def test_fixed_parts_are_a_row_each_of_the_programme_and_the_member() -> None:
    members = table(MEMBERS_OF_ALL, MEMBERS.columns)
    parts = stated([fixed({"norte": "60", "este": "40"})], members)
    assert parts.columns == ["p", "member", "stated"]
    assert sorted(parts.rows()) == [(0, 1, Decimal(60)), (0, 3, Decimal(40))]


def test_who_buys_alone_has_it_all_and_who_was_settled_before_has_nothing() -> None:
    settled = "programme | member | window | amount\ndeal | 3 | 2026-01-01 | 1"
    group = whole(pool=Pool.GROUP)
    computation = computed(bought("60000"), group, settled=settled)
    assert column(computation.rebates, "earned") == ["100", "0"]
    assert column(computation.rebates, "due") == ["100", "-1"]
    assert column(computation.slices, "amount") == ["100", "0"]


def test_each_pool_has_its_own_lone_buyer() -> None:
    lines = "member | amount\n1 | 10\n3 | 10"
    assert earned(lines, whole(pool=Pool.FAMILY)) == ["100", "100"]


def test_what_is_divided_gains_two_columns_and_loses_none() -> None:
    rows = table(
        """
        chain | window     | pool | member_code | payable | lines | pool_earned
        1     | 2026-01-01 | 1    | norte       | 1       | 1     | 0.03
        1     | 2026-01-01 | 1    | sur         | 2       | 1     | 0.03
        1     | 2026-01-01 | 2    | este        | 0       | 1     | 5
        """,
        SHAPE,
    ).with_columns(decimals=2, allocation=pl.lit(AllocationBy.PAYABLE.value))
    divided = divide(rows)
    assert divided.columns == [*SHAPE, "of_pool", "earned"]
    assert column(divided, "earned") == ["0.01", "0.02", "5"]
    thirds = ["0.333333333333333333", "0.666666666666666667"]
    assert column(divided, "of_pool") == [*thirds, "1"]


@pytest.mark.parametrize(
    ("amount", "held"), [("1999.99", "10"), ("2000", "0"), ("2000.01", "0")]
)
@pytest.mark.parametrize("boundary", Boundary)
def test_a_holdback_is_released_on_its_figure_whatever_the_boundary(
    boundary: Boundary, amount: str, held: str
) -> None:
    kept = Holdback(percent=Decimal(25), release_from=Decimal(2000))
    terms = deal(tiers=tiers(("0", "2")), boundary=boundary, holdback=kept)
    assert column(computed(bought(amount), terms).rebates, "holdback") == [held]


@pytest.mark.parametrize(
    ("settled", "due", "now", "carried"),
    [("15", "5", "5", "0"), ("20", "0", "0", "0"), ("25", "-5", "0", "-5")],
)
def test_what_is_due_is_paid_now_and_what_is_less_than_nothing_is_carried(
    settled: str, due: str, now: str, carried: str
) -> None:
    before = f"programme | member | window | amount\ndeal | 1 | 2026-01-01 | {settled}"
    terms = deal(tiers=tiers(("0", "2")))
    rebates = computed(bought("1000"), terms, settled=before).rebates
    names = ("due", "payable_now", "carried")
    assert [column(rebates, name) for name in names] == [[due], [now], [carried]]
