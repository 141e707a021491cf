"""Thresholds: whether a measure has reached one, without dividing.

Owns how a figure and what it is compared with make a measure. Everything obeys this: a
quotient is never compared; ``level`` is compared with ``per`` times the threshold, and
divided only to be shown. Percents are in percent: a growth of a quarter is 25, and of
nothing every percent is 0.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from rappel.core.money import AMOUNT, HUNDRED, ratio
from rappel.core.terms import Measure, Payable

PLAIN: Final = (Measure.AMOUNT, Measure.QUANTITY, Measure.NONE)
GROWTH: Final = (Measure.GROWTH_AMOUNT, Measure.GROWTH_PERCENT)
PERCENTS: Final = (Measure.GROWTH_PERCENT, Measure.SHARE, Measure.TARGET_PERCENT)
ZERO: Final = pl.lit(0).cast(AMOUNT)
ONE: Final = pl.lit(1).cast(AMOUNT)


def is_measure(*measures: Measure) -> pl.Expr:
    """Whether what is measured is one of these."""
    return pl.col("measured").is_in([measure.value for measure in measures])


SIZE: Final = (
    pl.when(is_measure(Measure.AMOUNT, Measure.QUANTITY))
    .then(pl.col("measure").abs())
    .otherwise("level")
)
"""What is compared: of an amount or quantity without its sign."""


def measured(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``level``, ``per`` and ``measure``, which is to show.

    ``rows``: ``measured, figure, whole, base, span, target``; a growth is that of the
    figure over ``base / span``.
    """
    whole = compared_with()
    quotient = ratio(pl.col("level"), pl.col("per"))
    return rows.with_columns(
        level=pl.when(whole > 0).then(_level()).otherwise(ZERO),
        per=pl.when(whole > 0).then(whole).otherwise(ONE),
    ).with_columns(
        measure=pl.when(is_measure(*PLAIN)).then("figure").otherwise(quotient)
    )


def _level() -> pl.Expr:
    """Return what is compared with thresholds times ``per``."""
    figure = pl.col("figure")
    growth = figure * pl.col("span") - pl.col("base")
    compared = pl.when(is_measure(*GROWTH)).then(growth).otherwise(figure)
    hundred = pl.lit(HUNDRED).cast(AMOUNT)
    return compared * pl.when(is_measure(*PERCENTS)).then(hundred).otherwise(ONE)


def compared_with() -> pl.Expr:
    """Return what thresholds are multiplied by, where it is above zero."""
    return (
        pl.when(is_measure(Measure.GROWTH_AMOUNT))
        .then("span")
        .when(is_measure(Measure.GROWTH_PERCENT))
        .then("base")
        .when(is_measure(Measure.SHARE))
        .then("whole")
        .when(is_measure(Measure.TARGET_PERCENT))
        .then("target")
        .otherwise(ONE)
    )


def passed(threshold: pl.Expr) -> pl.Expr:
    """Whether the measure has reached a threshold, by its boundary.

    Rule: the tier of a negative amount or quantity is that of its absolute value;
    growth and share below zero reach no tier.
    """
    bar = threshold * pl.col("per")
    return (bar < SIZE) | (pl.col("at_least") & (bar == SIZE))


def first_tier_holds(pools: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Let the first tier hold where nothing is measured: its threshold is reached.

    ``table``: the tiers of :func:`rappel.core.programmes.tiers`.
    """
    first = table.filter(pl.col("position") == 1).select("p", first="threshold")
    nothing = is_measure(Measure.NONE)
    return (
        pools.join(first, on="p")
        .with_columns(
            level=pl.when(nothing).then("first").otherwise("level"),
            at_least=nothing | pl.col("at_least"),
        )
        .drop("first")
    )


def pays_as_it_climbs() -> pl.Expr:
    """Whether a purchase that raises the measure raises the payable by as much."""
    on_quantity = pl.col("paid_on") == Payable.QUANTITY.value
    on_amount = pl.col("paid_on").is_in([Payable.AMOUNT, Payable.INCREMENT])
    is_same = pl.when("by_quantity").then(on_quantity).otherwise(on_amount)
    return pl.col("in_scope") & is_same


def further(threshold: pl.Expr) -> pl.Expr:
    """Return what must be bought to reach a threshold; of a share, from the supplier.

    A purchase raises the whole of a share too. A quotient has 18 places.
    """
    gap = threshold * pl.col("per") - pl.col("level")
    hundred = pl.lit(HUNDRED).cast(AMOUNT)
    by = (
        pl.when(is_measure(Measure.SHARE))
        .then(pl.max_horizontal(hundred - threshold, ZERO))
        .when(is_measure(*PERCENTS))
        .then(hundred * pl.col("span"))
        .otherwise("span")
    )
    return ratio(gap, by)
