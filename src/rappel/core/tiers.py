"""Tiers: what a measure reaches, and what a payable earns there.

Owns the arithmetic of tier tables. Everything obeys this: the tier is chosen from the
unrounded measure; the tier of a negative measure is that of its absolute value, and the
sign is kept; fixed amounts need a measure above zero; nothing is rounded here. The
measure of a slice is the pool's, the payable may be one member's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core.money import AMOUNT, proportion, ratio
from rappel.core.terms import Reach

if TYPE_CHECKING:
    from collections.abc import Sequence

ON_EVERYTHING: Final = (Reach.RETROACTIVE, Reach.STACKED)
BY_SLICE: Final = (Reach.MARGINAL, Reach.ROLLING)
REACHED_ONLY: Final = (Reach.RETROACTIVE, Reach.HIGHEST_FIXED)

ZERO: Final = pl.lit(0).cast(AMOUNT)
SIZE: Final = pl.col("measure").abs()
SIGN: Final = pl.when(pl.col("measure") < 0).then(-1).otherwise(1).cast(AMOUNT)


def _is(reaches: Sequence[Reach]) -> pl.Expr:
    return pl.col("reach").is_in([reach.value for reach in reaches])


def _passed(threshold: pl.Expr) -> pl.Expr:
    """Whether the measure's size has reached a threshold, by its boundary."""
    return (threshold < SIZE) | (pl.col("at_least") & (threshold == SIZE))


def reached(measures: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the slices of each measure: a row for each tier that pays on it.

    ``measures``: ``p, reach, at_least, measure`` and any keys; ``table``: the tiers of
    :func:`rappel.core.programmes.tiers`. Adds to both ``part``, the measure inside the
    slice; ``top``, whether it is the tier reached; and ``fixed``, its own amount. A
    measure below the first threshold has no slice.
    """
    lower, upper = pl.col("threshold"), pl.col("upper")
    top = ~_passed(upper).fill_null(value=False)
    end = pl.min_horizontal(SIZE, upper)
    inside = (
        pl.when(pl.col("reach") == Reach.ROLLING.value).then(end).otherwise(end - lower)
    )
    part = pl.when(_is(BY_SLICE)).then(inside * SIGN).otherwise(pl.col("measure"))
    own = pl.sum_horizontal("amount", "plus").cast(AMOUNT)
    return (
        measures.join(table, on="p")
        .filter(_passed(lower))
        .with_columns(
            top=top,
            part=part.cast(AMOUNT),
            fixed=pl.when(pl.col("measure") > 0).then(own).otherwise(ZERO),
        )
        .filter(pl.col("top") | ~_is(REACHED_ONLY))
    )


def paid_on(payable: pl.Expr) -> pl.Expr:
    """Return what a slice's rate is paid on, to show; a quotient has 18 places.

    Rule: everything, or the slice; and where the payable is not the measure, the
    slice's share of it at the average price, payable * slice / measure.
    """
    part = pl.col("part")
    share = proportion(payable, part, pl.col("measure"))
    by_slice = pl.when(payable == pl.col("measure")).then(part).otherwise(share)
    return pl.when(_is(BY_SLICE)).then(by_slice).otherwise(payable)


def earned(payable: pl.Expr) -> pl.Expr:
    """Sum what the slices of one measure earn, exactly but for one division at most.

    An aggregation over the slices of one pool; fixed amounts are in it.
    """
    rate = pl.col("rate").fill_null(ZERO)
    averaged = _is(BY_SLICE) & (payable != pl.col("measure"))
    base = pl.when(_is(BY_SLICE)).then(pl.col("part")).otherwise(payable)
    plainly = pl.when(averaged).then(ZERO).otherwise(base * rate) + pl.col("fixed")
    # Both branches are computed: the payable is emptied before it can overflow.
    product = pl.when(averaged).then(payable).otherwise(ZERO) * (pl.col("part") * rate)
    return plainly.sum() + ratio(product.sum(), pl.col("measure").first())


def next_above(measures: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Add ``next_threshold``: the first one that the measure has not reached, or null.

    With ``more_than`` it may be the measure itself: any further purchase reaches it.
    """
    measure, lower = pl.col("measure"), pl.col("threshold")
    ahead = (lower > measure) | (~pl.col("at_least") & (lower == measure))
    index = measures.with_row_index("_row")
    first = (
        index.join(table, on="p")
        .filter(ahead)
        .group_by("_row")
        .agg(next_threshold=lower.min())
    )
    return index.join(first, on="_row", how="left").sort("_row").drop("_row")
