"""Tiers: what a measure reaches, and what a payable earns there.

Owns the arithmetic of tier tables. Everything obeys this: the tier is chosen from the
unrounded measure; the tier of a negative measure is that of its absolute value, and the
sign is kept; fixed amounts need a measure above zero; nothing is rounded here. The
measure of a slice is the pool's, the payable may be one member's. A rate between two
points pays as two slices: a part of the payable at each point's own rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core.money import proportion, ratio
from rappel.core.terms import Measure, Reach
from rappel.core.thresholds import compared_with, passed

if TYPE_CHECKING:
    from collections.abc import Sequence

ON_EVERYTHING: Final = (Reach.RETROACTIVE, Reach.STACKED)
BY_SLICE: Final = (Reach.MARGINAL, Reach.ROLLING)
REACHED_ONLY: Final = (
    Reach.RETROACTIVE,
    Reach.HIGHEST_FIXED,
    Reach.LINEAR,
    Reach.INCREMENT,
)

SIZE: Final = pl.col("measure").abs()
AHEAD: Final = ~pl.col("top")  # of a linear rate: the point above the measure
LOWER: Final = pl.when(AHEAD).then("below").otherwise("threshold")
UPPER: Final = pl.when(AHEAD).then("threshold").otherwise("upper")


def _is(*reaches: Reach) -> pl.Expr:
    return pl.col("reach").is_in([reach.value for reach in reaches])


LINEAR: Final = _is(Reach.LINEAR)


def reached(measures: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the slices of each measure: a row for each tier that pays on it.

    ``measures``: ``p, reach, at_least, measured, measure, level, per`` and any keys;
    ``table``: the tiers of :func:`rappel.core.programmes.tiers`. Adds to both ``part``,
    the measure inside the slice; ``top``, whether it is the tier reached; and
    ``fixed``, its own amount. A measure below the first threshold has no slice.
    """
    lower, upper = pl.col("threshold"), pl.col("upper")
    is_reached = passed(lower)
    top = is_reached & ~passed(upper).fill_null(value=False)
    is_ahead = ~is_reached & passed(pl.col("below"))
    is_between = LINEAR & is_ahead & (pl.col("below") != SIZE)
    end = pl.min_horizontal(SIZE, upper)
    inside = pl.when(_is(Reach.ROLLING)).then(end).otherwise(end - lower)
    part = (
        pl.when(_is(*BY_SLICE))
        .then(inside * pl.col("measure").sign())
        .when(LINEAR)
        .then(_point(pl.col("measure")))
        .otherwise(pl.col("measure"))
    )
    return (
        measures.join(table, on="p")
        .with_columns(top=top)
        .filter(is_reached | is_between)
        .filter(pl.col("top") | is_between | ~_is(*REACHED_ONLY))
        .with_columns(part=part, fixed=_fixed())
    )


def _fixed() -> pl.Expr:
    """Return what a tier gives by itself: its amount, for each whole step, or plus.

    Rule: with ``more_than`` a step counts once it is passed.
    """
    above, every = pl.col("measure") - pl.col("threshold"), pl.col("every")
    is_exact = ~pl.col("at_least") & (above % every == 0)
    steps = above // every - pl.when(is_exact).then(1).otherwise(0)
    times = pl.when(_is(Reach.INCREMENT)).then(steps).otherwise(1)
    own = pl.col("amount").fill_null(0) * times + pl.col("plus").fill_null(0)
    pays = (pl.col("measure") > 0) & ~(LINEAR & AHEAD)
    return pl.when(pays).then(own).otherwise(0)


def _point(payable: pl.Expr) -> pl.Expr:
    """Return the part of a payable that one of two points pays on.

    The further the measure is from the lower point, the more the upper one pays on.
    """
    upon_upper = proportion(payable, SIZE - LOWER, UPPER - LOWER).fill_null(0)
    return pl.when(AHEAD).then(upon_upper).otherwise(payable - upon_upper)


def paid_on(payable: pl.Expr) -> pl.Expr:
    """Return what a slice's rate is paid on, to show; a quotient has 18 places.

    Rule: everything, or the slice; and where the payable is not the measure, the
    slice's share of it at the average price, payable * slice / measure.
    """
    part = pl.col("part")
    share = proportion(payable, part, pl.col("measure"))
    by_slice = pl.when(payable == pl.col("measure")).then(part).otherwise(share)
    return (
        pl.when(_is(*BY_SLICE))
        .then(by_slice)
        .when(LINEAR)
        .then(_point(pl.when(LINEAR).then(payable)))
        .otherwise(payable)
    )


def earned(payable: pl.Expr) -> pl.Expr:
    """Sum what the slices of one measure earn, exactly but for one division at most.

    An aggregation over the slices of one pool; fixed amounts are in it.
    """
    rate = pl.col("rate").fill_null(0)
    is_averaged = _is(*BY_SLICE) & (payable != pl.col("measure"))
    base = pl.when(_is(*BY_SLICE)).then(pl.col("part")).otherwise(payable)
    # All branches are computed: what is not theirs is emptied before it can overflow.
    linear = pl.when(LINEAR).then(payable)
    more = linear * (rate - pl.col("rate_below"))
    rise = proportion(more, SIZE - LOWER, UPPER - LOWER)
    plainly = (
        pl.when(is_averaged)
        .then(0)
        .when(LINEAR & AHEAD)
        .then(rise)
        .otherwise(base * rate)
    )
    emptied = pl.when(is_averaged).then(payable)
    product = emptied * (pl.col("part") * rate)
    average = ratio(product.sum(), pl.col("measure").first())
    return (plainly + pl.col("fixed")).sum() + average


def beyond() -> pl.Expr:
    """Return what a slice earns beyond its tier's own cap.

    Rule: the cap is of all that the tier gives, its plus too; what is negative is
    capped as its size. A quotient has 18 places. Asked of tiers that have one alone.
    """
    payable, part = pl.col("payable"), pl.col("part")
    share = proportion(payable, part, pl.col("measure"))
    by_slice = pl.when(payable == pl.col("measure")).then(part).otherwise(share)
    paid = pl.when(_is(*BY_SLICE)).then(by_slice).otherwise(payable)
    amount = paid * pl.col("rate").fill_null(0) + pl.col("fixed")
    return amount - amount.clip(-pl.col("most"), pl.col("most"))


def next_above(
    measures: pl.DataFrame, table: pl.DataFrame, *, by: Sequence[str]
) -> pl.DataFrame:
    """Return ``by`` and ``next_threshold``, the first that a measure has not reached.

    ``by`` is the key of ``measures``. With ``more_than`` it may be the measure itself:
    any further purchase reaches it. Nothing is ahead, and there is no row, where
    nothing is measured, or only what is past, or the last threshold is reached.
    """
    lower = pl.col("threshold")
    bar, level = lower * pl.col("per"), pl.col("level")
    ahead = (bar > level) | (~pl.col("at_least") & (bar == level))
    moves = (pl.col("measured") != Measure.NONE.value) & ~pl.col("past")
    return (
        measures.join(table, on="p")
        .filter(ahead & moves & (compared_with() > 0))
        .group_by(by)
        .agg(next_threshold=lower.min())
    )
