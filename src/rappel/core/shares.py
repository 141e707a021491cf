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
    lines, allocation, decimals, pool_earned``. Who is alone in its pool has it all.
    Rule: largest remainder by payable, or by one for each with a qualifying line; where
    the weights sum to zero there is nothing to divide by, and ``earned`` is null unless
    it is zero. ``of_pool`` is the unrounded share, to show and to look ahead with.
    """
    equally = pl.col("allocation") == AllocationBy.EQUAL.value
    has_bought = pl.col("lines") > 0
    one_each = pl.when(has_bought).then(1).otherwise(0).cast(AMOUNT)
    weighed = rows.with_columns(
        weight=pl.when(equally).then(one_each).otherwise(pl.col("payable")),
        alone=pl.len().over(POOL) == 1,
    )
    sum_of_weights = pl.col("weight").sum().over(POOL)
    divisible = ~pl.col("alone") & (sum_of_weights != 0)
    one = pl.lit(1).cast(AMOUNT)
    split = weighed.with_columns(divisible=divisible).with_columns(
        of_pool=pl.when("divisible")
        .then(ratio(pl.col("weight"), sum_of_weights))
        .otherwise(pl.when("alone").then(one).otherwise(ZERO))
    )
    whole = split.filter(~pl.col("divisible"))
    keeps = pl.col("alone") | (pl.col("pool_earned") == 0)
    parts = divided_up(
        split.filter("divisible"),
        total="pool_earned",
        weight="weight",
        by=POOL,
        tie="member_code",
    )
    divided = [
        parts.rename({"part": "earned"}),
        whole.with_columns(earned=pl.when(keeps).then(pl.col("pool_earned"))),
    ]
    return pl.concat(divided).drop("weight", "alone", "divisible")


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
