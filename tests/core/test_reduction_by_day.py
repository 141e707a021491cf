"""By day: kept where a rate of the very day converts, summed further elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from deals import QUARTER, column, computed, deal, facts, tiers
from grouped import groups, told
from rappel.core import reduction, views
from rappel.core.programmes import chained
from rappel.core.terms import Fx, Returns

ONE = tiers(("0", "1"))
RATES = """
from | to  | date       | rate
USD  | MXN | 2026-01-05 | 10
USD  | MXN | 2026-01-07 | 20
"""
BY_DAY = """
supplier | date       | currency | amount
1        | 2026-01-05 | MXN      | 1
1        | 2026-01-05 | USD      | 2
1        | 2026-01-07 | USD      | 4
2        | 2026-01-07 | USD      | 8
"""


@pytest.mark.parametrize(
    ("homes", "suppliers", "expected"),
    [
        (
            ("MXN",),
            ("*",),
            {(1, "MXN", 1), (1, "USD", 5), (1, "USD", 7), (2, "USD", 7)},
        ),
        (("MXN",), ("andes",), {(1, "MXN", 1), (1, "USD", 5), (1, "USD", 7)}),
        (
            ("MXN", "USD"),
            ("*",),
            {(1, "MXN", 5), (1, "USD", 5), (1, "USD", 7), (2, "USD", 7)},
        ),
    ],
)
def test_the_day_is_kept_where_the_rate_of_the_day_may_convert(
    homes: tuple[str, ...],
    suppliers: tuple[str, ...],
    expected: set[tuple[int, str, int]],
) -> None:
    daily = [
        deal(f"of {home}", currency=home, fx=Fx.INVOICE_DATE, suppliers=suppliers)
        for home in homes
    ]
    found = groups(BY_DAY, *daily)
    days = found.with_columns(pl.col("day").dt.day().cast(pl.Int64))
    assert told(days, "supplier", "currency", "day") == expected


def test_programmes_by_the_day_and_others_convert_side_by_side() -> None:
    daily = deal("daily", tiers=ONE, fx=Fx.INVOICE_DATE, suppliers=("andes",))
    others = [
        deal("average", tiers=ONE, fx=Fx.PERIOD_AVERAGE),
        deal("fixed", tiers=ONE, fx=Fx.FIXED, fx_rate=Decimal(3)),
    ]
    together = computed(BY_DAY, daily, *others, rates=RATES).rebates
    assert column(together, "volume") == ["211", "101", "43"]
    alone = [computed(BY_DAY, one, rates=RATES).rebates for one in (daily, *others)]
    assert pl.concat(alone).sort("programme").equals(together)


def test_without_days_nothing_is_lost_and_no_original_is_invented() -> None:
    text = """
    date       | kind        | currency | amount | original_date
    2026-02-09 | invoice     | USD      | 1      |
    2026-02-10 | credit_note | USD      | 2      | 2026-02-09
    2026-02-11 | credit_note | USD      | 4      | 2026-02-10
    2026-02-12 | credit_note | USD      | 8      |
    """
    moved = {"returns": Returns.ORIGINAL_INVOICE, "fx": Fx.INVOICE_DATE}
    known = facts(text)
    seen = views.views(chained([deal(tiers=ONE, **moved)]), QUARTER)
    by = reduction.asked(seen, known, until=QUARTER.end)
    found = reduction.of(known, by)
    assert found.height == 4
    first, joined = date(2026, 2, 1), date(2026, 2, 10)
    coarse = reduction.without_days(found, by)
    assert told(coarse, "day", "original_day", "amount", "lines") == {
        (first, first, "1", 1),
        (joined, first, "-2", 1),
        (joined, joined, "-4", 1),
        (joined, None, "-8", 1),
    }
    many = replace(by, cuts=by.cuts * (reduction.CUTS + 1))
    assert reduction.without_days(found, many) is found
