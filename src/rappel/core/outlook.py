"""Outlook: how far the next tier is, and what it is worth.

Owns the look ahead from where a pool stands. Everything obeys this: the missing measure
is the member's own purchase where the pool is the member itself; in a larger pool it is
anybody's, and the member's payable stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import earning, limits, shares, thresholds, tiers
from rappel.core.money import settle_each
from rappel.core.terms import Pool

if TYPE_CHECKING:
    from rappel.core.earning import Book

POOL: Final = [*shares.POOL]
ZERO: Final = shares.ZERO


def ahead(rows: pl.DataFrame, pooled: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Add ``next_threshold``, ``next_missing`` and ``next_worth``.

    What it is worth is what is earned at that threshold less what is earned now.
    """
    carrying = book.limits.filter("carry").select("chain").unique()
    ahead = tiers.next_above(_open_still(pooled, carrying), book.tiers, by=POOL)
    missing = pl.col("next_threshold") - pl.col("measure")
    own_pool = pl.col("kind") == Pool.MEMBER.value
    moves = pl.col("final") & own_pool & thresholds.pays_as_it_climbs()
    more = thresholds.further(pl.col("next_threshold"))
    raised = pooled.join(ahead, on=POOL).with_columns(
        measure=pl.col("next_threshold"),
        level=pl.col("next_threshold") * pl.col("per"),
        payable=pl.col("payable") + pl.when(moves).then(more).otherwise(ZERO),
        at_least=pl.lit(value=True),
    )
    before = pooled.join(carrying, on="chain", how="semi").join(
        ahead, on=POOL, how="anti"
    )
    there = pl.concat([raised.drop("next_threshold"), before])
    share = pl.col("total") * pl.col("of_pool")
    earned = earning.earn(there, book)
    then = (
        rows.drop("earned")
        .join(earned.totals.drop("pool_exact"), on=POOL)
        .with_columns(earned=settle_each(share, *shares.HOW))
    )
    limited = limits.of_members(then, book.limits, earned.rewards)
    worth = limited.totals.join(ahead, on=POOL, how="semi").rename({"total": "then"})
    return (
        rows.join(ahead, on=POOL, how="left")
        .join(worth, on=[*POOL, "member"], how="left")
        .with_columns(
            next_missing=missing, next_worth=pl.col("then") - pl.col("earned")
        )
    )


def _open_still(pooled: pl.DataFrame, carrying: pl.DataFrame) -> pl.DataFrame:
    """Return the pools that can still buy more.

    Where limits carry from window to window only the last one can: those before it are
    taken as they are.
    """
    latest = pl.col("window") == pl.col("window").max().over("chain", "pool")
    carries = pl.col("chain").is_in(carrying["chain"].implode())
    return pooled.filter(pl.col("final") & (latest | ~carries))
