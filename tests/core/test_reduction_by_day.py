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


def test_a_day_within_a_run_is_nothing_to_who_does_not_ask_for_it() -> None:
    moved = {"returns": Returns.ORIGINAL_INVOICE, "fx": Fx.INVOICE_DATE}
    seen = views.views(chained([deal(tiers=ONE, **moved)]), QUARTER)
    by = reduction.asked(seen, facts(BY_DAY), until=QUARTER.end)
    days = [date(2026, 2, day) for day in (1, 9, 10, 11)]
    frame = pl.DataFrame({"day": days})

    def runs(asked: reduction.Reduction) -> list[date]:
        found = frame.select(reduction.run_of(pl.col("day"), asked))
        return found["day"].to_list()

    first, joined = date(2026, 2, 1), date(2026, 2, 10)
    assert frame.select(run=reduction.run_of(pl.col("day"), by))["run"].to_list() == [
        first,
        first,
        joined,
        joined,
    ]
    assert runs(replace(by, cuts=by.cuts * (reduction.CUTS + 1))) == days
    assert runs(replace(by, day_homes=())) == days


def test_returns_move_to_the_run_of_their_invoice_also_beside_days() -> None:
    text = """
    date       | kind        | currency | amount | original_date
    2026-02-09 | invoice     | USD      | 1      |
    2026-02-10 | credit_note | USD      | 2      | 2026-02-09
    2026-02-11 | credit_note | USD      | 4      | 2026-02-10
    """
    moved = {"returns": Returns.ORIGINAL_INVOICE, "tiers": ONE}
    daily = deal("daily", **moved, fx=Fx.INVOICE_DATE)
    until = deal("first", **moved, fx=Fx.PERIOD_END, in_force_until=date(2026, 2, 10))
    after = deal("then", **moved, fx=Fx.PERIOD_END, in_force_from=date(2026, 2, 10))
    rates = "from | to | date | rate\n" + "\n".join(
        f"USD | MXN | {day} | {rate}"
        for day, rate in (
            ("2026-02-09", 10),
            ("2026-02-10", 100),
            ("2026-03-31", 1),
        )
    )
    together = computed(text, daily, until, after, rates=rates).rebates
    assert column(together, "volume") == ["-410", "-1", "-4"]
