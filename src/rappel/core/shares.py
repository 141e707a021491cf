"""Shares: a pool's rebate divided among its members, the fee, and what is due.

Owns everything after a pool has earned. Everything obeys this: the parts sum to the
whole, to the cent; the fee is rounded from each member's ``earned``; what is due is a
difference and is not rounded again.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from rappel.core.money import AMOUNT, divided_up, ratio, settle_each
from rappel.core.terms import AllocationBy

POOL: Final = ("chain", "window", "pool")
ZERO: Final = pl.lit(0).cast(AMOUNT)
HOW: Final = (pl.col("decimals"), pl.col("rounding"))


def divide(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``earned``, each member's part of ``pool_earned``, and ``of_pool``.

    ``rows``: one a member of ``chain, window, pool``, with ``member_code, payable,
    lines, allocation, decimals, pool_earned``. Rule: largest remainder by payable, or
    by one for each with a qualifying line. Who alone has such lines has it all, who has
    none has nothing. Where the weights sum to zero there is nothing to divide by, and
    ``earned`` is null unless it is zero. ``of_pool`` is the unrounded share, to show
    and to look ahead with.
    """
    equally = pl.col("allocation") == AllocationBy.EQUAL.value
    has_bought = pl.col("lines") > 0
    one, is_one = pl.lit(1).cast(AMOUNT), has_bought.sum().over(POOL) == 1
    alone = has_bought & is_one
    weight = pl.when(equally).then(one).otherwise(pl.col("payable"))
    sum_of_weights = pl.col("weight").sum().over(POOL)
    weighed = rows.with_columns(
        weight=pl.when(has_bought).then(weight).otherwise(ZERO)
    ).with_columns(divisible=~is_one & (sum_of_weights != 0))
    shared = weighed.with_columns(
        of_pool=pl.when("divisible")
        .then(ratio(pl.col("weight"), sum_of_weights))
        .otherwise(pl.when(alone).then(one).otherwise(ZERO))
    )
    parts = divided_up(
        shared.filter("divisible"),
        total="pool_earned",
        weight="weight",
        by=POOL,
        tie="member_code",
    ).rename({"part": "earned"})
    whole = pl.col("pool_earned")
    undivided = shared.filter(~pl.col("divisible")).with_columns(
        earned=pl.when(alone | (whole == 0))
        .then(whole)
        .otherwise(pl.when(is_one).then(ZERO))
    )
    return pl.concat([parts, undivided]).drop("weight", "divisible")


def due(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``fee``, ``holdback``, ``due``, ``payable_now`` and ``carried``.

    Rule: due = earned - fee - holdback - settled before; what is negative is carried.
    """
    remaining = pl.col("earned") - pl.col("fee") - pl.col("holdback")
    return (
        rows.with_columns(
            fee=settle_each(pl.col("earned") * pl.col("fee_rate"), *HOW),
            holdback=ZERO,
        )
        .with_columns(due=remaining - pl.col("settled_before"))
        .with_columns(payable_now=pl.max_horizontal("due", ZERO))
        .with_columns(carried=pl.col("due") - pl.col("payable_now"))
    )
