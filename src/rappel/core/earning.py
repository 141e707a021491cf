"""Earning: what a pool earns from its slices, its promotions and its limits.

Owns their fixed order: exact → promotions of the rate → cap, minimum, guarantee →
promotions of the reward. Everything obeys this: nothing is rounded here, and every
change is a step that is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from rappel.core import limits, pooling, promotions
from rappel.core.money import proportion
from rappel.core.shares import NO_STEPS, POOL, STEP, ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence


class Book(NamedTuple):
    """What the terms say about earning, as frames."""

    tiers: pl.DataFrame
    inside: pl.DataFrame  # what promotions count, of :func:`promotions.inside`
    limits: pl.DataFrame


class Earned(NamedTuple):
    """What pools earn: ``totals`` has ``pool_exact`` and ``total`` of each."""

    sliced: pl.DataFrame
    totals: pl.DataFrame
    steps: pl.DataFrame


def earn(pooled: pl.DataFrame, book: Book) -> Earned:
    """Return what each pool earns before rounding, and how it came about.

    Rule: behind a closed gate no tier is reached and no promotion adds anything.

    ``pooled``: that of :func:`pooling.pooled`. ``totals`` has a row for each ``chain,
    window, pool``; ``steps`` one for each promotion and limit.
    """
    sliced = pooling.sliced(pooled, book.tiers)
    exact = pl.col("pool_exact").fill_null(ZERO)
    totals = (
        pooled.select(POOL)
        .unique()
        .join(pooling.exact(sliced), on=POOL, how="left")
        .with_columns(pool_exact=exact, total=exact)
    )
    steps = []
    if not book.inside.is_empty():
        opened = pooled.filter("open")
        steps.append(promotions.before_limits(sliced, opened, book.inside))
        totals = _added(totals, steps)
    if not book.limits.is_empty():
        capped = _capped(totals, pooled, book)
        limited = limits.of_pools(capped, pooled, book.limits)
        totals = totals.drop("total").join(limited.totals, on=POOL)
        steps.append(limited.steps)
    if not book.inside.is_empty():
        after = promotions.after_limits(totals, pooled, book.inside)
        totals = _added(totals, [after])
        steps.append(after)
    return Earned(sliced, totals, _together(totals, steps))


def _together(totals: pl.DataFrame, steps: Sequence[pl.DataFrame]) -> pl.DataFrame:
    none = totals.select(POOL).clear().with_columns(NO_STEPS)
    return pl.concat([one.select(STEP) for one in [none, *steps]])


def _added(totals: pl.DataFrame, steps: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add the steps to the totals of their pools."""
    extra = pl.concat(steps).group_by(POOL).agg(extra=pl.col("amount").sum())
    more = pl.col("total") + pl.col("extra").fill_null(ZERO)
    return (
        totals.join(extra, on=POOL, how="left").with_columns(total=more).drop("extra")
    )


def _capped(totals: pl.DataFrame, pooled: pl.DataFrame, book: Book) -> pl.DataFrame:
    """Add ``capped``: what is earned where a cap cuts the measure or the payable.

    The promotions' part is cut as the payable is.
    """
    clipped = limits.clipped(pooled, book.limits)
    cut = clipped.group_by(POOL).agg(left=pl.col("payable").sum())
    whole = pooled.group_by(POOL).agg(whole=pl.col("payable").sum())
    paid = pooling.exact(pooling.sliced(clipped, book.tiers))
    extra = proportion(
        pl.col("total") - pl.col("pool_exact"), pl.col("left"), pl.col("whole")
    )
    return (
        totals.join(cut, on=POOL, how="left")
        .join(whole, on=POOL)
        .join(paid.rename({"pool_exact": "paid"}), on=POOL, how="left")
        .with_columns(
            capped=pl.when(pl.col("left").is_not_null()).then(
                pl.col("paid").fill_null(ZERO) + extra
            )
        )
        .drop("left", "whole", "paid", "pool_exact")
    )
