"""A pool's rebate in parts, and what becomes of a part, as frames."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from rappel.core.money import AMOUNT, Rounding
from rappel.core.shares import divide, due
from table import table

PARTS = {
    "chain": pl.Int64(),
    "window": pl.Date(),
    "pool": pl.Int64(),
    "member_code": pl.String(),
    "payable": AMOUNT,
    "lines": pl.Int64(),
    "stated": AMOUNT,
    "expected": pl.String(),
    "of": pl.String(),
}


def parts(allocation: str, total: str, members: str) -> pl.DataFrame:
    """Return a pool divided among members, beside another one that is alike."""
    rows = table(f"member_code|payable|lines|stated|expected|of\n{members}", PARTS)
    pool = rows.with_columns(
        pl.lit(allocation).alias("allocation"),
        pl.lit(Decimal(total)).cast(AMOUNT).alias("pool_earned"),
        chain=1,
        pool=1,
        decimals=2,
    )
    others = [pool.with_columns(pool=2), pool.with_columns(chain=2)]
    divided = divide(pl.concat([pool, *others]).cast({"chain": pl.Int64}))
    first = divided.filter((pl.col("pool") == 1) & (pl.col("chain") == 1))
    assert divided.height == 3 * first.height
    return first.sort("member_code")


@pytest.mark.parametrize(
    ("allocation", "total", "members"),
    [
        ("payable", "1", "a|1|1|0|0.33|0.333\nb|2|1|0|0.67|0.667"),
        ("payable", "9", "a|4|1|0|12|1.333\nb|-1|1|0|-3|-0.333"),
        ("payable", "9", "a|5|1|0||0\nb|-5|1|0||0"),
        ("payable", "0", "a|5|1|0|0|0\nb|-5|1|0|0|0"),
        ("payable", "9", "a|0|1|0|9|1\nb|0|0|0|0|0"),
        ("payable", "9", "a|5|0|0|9|1\nb|0|0|0|0|0"),
        ("payable", "9", "a|0.5|1|0|3|0.333\nb|1|0|0|6|0.667"),
        ("payable", "9", "a|0|1|0||0\nb|0|1|0||0\nc|0|0|0||0"),
        ("payable", "9", "a|0|0|0||0\nb|0|0|0||0"),
        ("equal", "9", "a|5|1|0|4.5|0.5\nb|0|3|0|4.5|0.5\nc|7|0|0|0|0"),
        ("equal", "9", "a|5|1|0|9|1\nb|7|0|0|0|0"),
        ("equal", "9", "a|5|0|0||0\nb|7|0|0||0"),
        ("fixed", "9", "a|5|1|25|2.25|0.25\nb|5|1|75|6.75|0.75"),
        ("fixed", "9", "a|5|1|1|3|0.333\nb|0|0|2|6|0.667"),
        ("fixed", "9", "a|5|1|0||0\nb|0|0|0||0"),
        ("fixed", "0", "a|5|1|0|0|0\nb|0|0|0|0|0"),
    ],
)
def test_a_pool_is_divided_as_is_agreed(
    allocation: str, total: str, members: str
) -> None:
    pool = parts(allocation, total, members)
    expected = pool["expected"].cast(AMOUNT)
    assert pool["earned"].to_list() == expected.to_list()
    shown = pool["of_pool"].round(3, mode="half_away_from_zero")
    assert shown.to_list() == pool["of"].cast(AMOUNT).to_list()


DUE = dict.fromkeys(
    (
        *("earned", "fee_rate", "holdback_rate", "settled_before"),
        *("measure", "release_from", "fee", "holdback", "due", "payable_now"),
        "carried",
    ),
    AMOUNT,
)


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize(
    "figures",
    [
        "100.10 | 0.05 | 0.00 | 0     | 7  |    | 5.01  | 0     | 95.09 | 95.09 | 0",
        "100.10 | 0.05 | 0.00 | 95.09 | 7  |    | 5.01  | 0     | 0     | 0     | 0",
        "100.10 | 0.05 | 0.00 | 96.09 | 7  |    | 5.01  | 0     | -1    | 0     | -1",
        "100.10 | 0.00 | 0.25 | 0     | 19 | 20 | 0     | 25.03 | 75.07 | 75.07 | 0",
        "100.10 | 0.00 | 0.25 | 0     | 20 | 20 | 0     | 0     | 100.1 | 100.1 | 0",
        "100.10 | 0.00 | 0.25 | 0     | 21 | 20 | 0     | 0     | 100.1 | 100.1 | 0",
        "-100.1 | 0.05 | 0.00 | 0     | 7  |    | -5.01 | 0     | -95.09 | 0 | -95.09",
    ],
)
def test_what_is_due_is_less_the_fee_the_holdback_and_what_was_settled(
    figures: str, *, ended: bool
) -> None:
    expected = table(f"{' | '.join(DUE)}\n{figures}", DUE)
    answers = ("fee", "holdback", "due", "payable_now", "carried")
    rows = expected.drop(answers).with_columns(
        decimals=2,
        rounding=pl.lit(Rounding.HALF_AWAY_FROM_ZERO.value),
        ended=pl.lit(value=ended),
    )
    assert due(rows).select(answers).rows() == expected.select(answers).rows()


@pytest.mark.parametrize(("ended", "held"), [(False, "25.03"), (True, "0")])
def test_a_holdback_that_nothing_releases_is_held_until_the_window_ends(
    held: str, *, ended: bool
) -> None:
    figures = "100.10 | 0 | 0.25 | 0 | 7 | | | | | |"
    rows = table(f"{' | '.join(DUE)}\n{figures}", DUE).with_columns(
        decimals=2,
        rounding=pl.lit(Rounding.HALF_AWAY_FROM_ZERO.value),
        ended=pl.lit(value=ended),
    )
    assert due(rows)["holdback"].to_list() == [Decimal(held)]
