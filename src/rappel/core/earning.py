"""Earning: what a pool earns from its slices, its promotions and its limits.

Owns their fixed order: exact → caps of tiers → promotions of the rate → cap →
promotions of the reward → minimum, guarantee. Everything obeys this: nothing is rounded
here, and every change is a step that is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from rappel.core import limits, pooling, promotions
from rappel.core.shares import NO_STEPS, POOL, STEP, ZERO
from rappel.core.thresholds import ONE

if TYPE_CHECKING:
    from collections.abc import Sequence


class Book(NamedTuple):
    """What the terms say about earning, as frames."""

    tiers: pl.DataFrame
    inside: pl.DataFrame  # what promotions count, of :func:`promotions.inside`
    limits: pl.DataFrame


class Earned(NamedTuple):
    """What pools earn: ``totals`` has ``pool_exact`` and ``total`` of each.

    ``rewards`` are those of :func:`promotions.rewards`.
    """

    sliced: pl.DataFrame
    totals: pl.DataFrame
    steps: pl.DataFrame
    rewards: pl.DataFrame


def earn(pooled: pl.DataFrame, book: Book) -> Earned:
    """Return what each pool earns before rounding, and how it came about.

    Rule: behind a closed gate no tier is reached and no promotion adds anything.
    ``pooled``: that of :func:`pooling.pooled`. ``totals`` has a row for each ``chain,
    window, pool``; ``steps`` one for each promotion and limit.
    """
    whole = {"uncut": pl.col("payable"), "kept": ONE, "out_of": ONE}
    sliced = pooling.sliced(pooled, book.tiers)
    uncut = pooled.with_columns(**whole)
    totals, steps = _given(sliced, uncut, book)
    rewards = promotions.rewards(pooling.given(sliced), uncut, book.inside)
    if not (book.limits.is_empty() and rewards.is_empty()):
        capped = _capped(totals, pooled, book)
        limited = limits.of_pools(capped, pooled, book.limits, rewards)
        totals = totals.drop("total").join(limited.totals, on=POOL)
        steps.append(limited.steps)
    return Earned(sliced, totals, _together(totals, steps), rewards)


def _given(
    sliced: pl.DataFrame, pooled: pl.DataFrame, book: Book
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Return what tiers and promotions give before the limits, and the steps.

    Rule: a tier's own cap cuts what it gives before any promotion multiplies it.
    """
    exact = pl.col("pool_exact").fill_null(ZERO)
    totals = (
        pooled.select(POOL)
        .unique()
        .join(pooling.exact(sliced), on=POOL, how="left")
        .with_columns(pool_exact=exact, total=exact)
    )
    steps = [pooling.tier_caps(sliced)]
    if not book.inside.is_empty():
        opened, given = pooled.filter("open"), pooling.given(sliced)
        steps.append(promotions.before_limits(given, opened, book.inside))
    return _added(totals, steps), steps


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

    Rule: as if nothing had been bought beyond it: of what promotions count as large a
    part is cut as of the payable.
    """
    clipped = limits.clipped(pooled, book.limits)
    given, _ = _given(pooling.sliced(clipped, book.tiers), clipped, book)
    return totals.join(given.select(*POOL, capped="total"), on=POOL, how="left").drop(
        "pool_exact"
    )
