"""Outlook: how far the next tier is, and what it is worth.

Owns the look ahead from where a pool stands. Everything obeys this: the missing measure
is the member's own purchase where the pool is the member itself; in a larger pool it is
anybody's, and the member's payable stays as it is.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from rappel.core import pooling, shares, tiers
from rappel.core.money import settle_each
from rappel.core.terms import Pool

POOL: Final = [*shares.POOL]
ZERO: Final = shares.ZERO


def ahead(
    rows: pl.DataFrame, pooled: pl.DataFrame, table: pl.DataFrame
) -> pl.DataFrame:
    """Add ``next_threshold``, ``next_missing`` and ``next_worth``.

    What it is worth is what is earned at that threshold less what is earned now.
    """
    last = tiers.next_above(pooled.filter("final"), table)
    ahead = last.select(*POOL, "next_threshold").drop_nulls()
    missing = pl.col("next_threshold") - pl.col("measure")
    own_pool = pl.col("kind") == Pool.MEMBER.value
    moves = pl.col("final") & own_pool & (pl.col("measured") == pl.col("paid_on"))
    there = pooled.join(ahead, on=POOL).with_columns(
        measure=pl.col("next_threshold"),
        payable=pl.col("payable") + pl.when(moves).then(missing).otherwise(ZERO),
        at_least=pl.lit(value=True),
    )
    then = pooling.exact(pooling.sliced(there, table)).rename({"pool_exact": "then"})
    share = pl.col("then") * pl.col("of_pool")
    return (
        rows.join(ahead, on=POOL, how="left")
        .join(then, on=POOL, how="left")
        .with_columns(
            next_missing=missing,
            next_worth=settle_each(share, *shares.HOW) - pl.col("earned"),
        )
    )
