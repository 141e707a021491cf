"""Promotions: more for what was bought in some days and some scope.

Owns what a promotion adds to what a pool earns. Everything obeys this: volume counts
once, a promotion never climbs a tier; the extra is paid at the average rate of its own
revision, so that two promotions add up and never multiply each other; ``rate`` and a
stated addition act before the limits, ``reward`` after them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core.money import AMOUNT, RATE, proportion
from rappel.core.shares import POOL, STEP, ZERO
from rappel.core.terms import Multiplies, Payable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from rappel.core.agreements import Programme, Promotion

OF_POOL: Final = ("p", "window", "pool")
ADDS: Final = "adds"
STEP_NAME: Final = "promotion"
BEFORE: Final = 500
"""From where steps before the cap stand; those after it stand on the cap's own."""
SCHEMA: Final = {
    "p": pl.Int64(),
    "position": pl.Int64(),  # its place in its programme's list
    "code": pl.String(),
    "of": pl.String(),  # rate, reward or adds
    "figure": RATE,  # by, or the percent added
    "extra": RATE,  # by - 1, or the percent as a rate
    "order": pl.Int64(),
}


def table(programmes: Sequence[Programme]) -> pl.DataFrame:
    """Return one row a promotion; ``order`` counts from 1."""
    rows = [
        (p, place, promotion.code, *_figures(promotion), order)
        for p, one in enumerate(programmes)
        for order, (place, promotion) in enumerate(_ordered(one), start=1)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _ordered(one: Programme) -> list[tuple[int, Promotion]]:
    """Return the promotions with their places, in their order."""
    return sorted(enumerate(one.promotions), key=lambda placed: placed[1].order)


def _figures(promotion: Promotion) -> tuple[str, Decimal | None, Decimal | None]:
    """Return what a promotion changes, its figure, and the extra as a factor."""
    if promotion.adds is not None:
        return ADDS, promotion.adds, promotion.adds.scaleb(-2)
    more = None if promotion.by is None else promotion.by - 1
    return promotion.multiplies or Multiplies.RATE, promotion.by, more


def inside(
    bought: pl.DataFrame, own: pl.DataFrame, table: pl.DataFrame
) -> pl.DataFrame:
    """Return the payable of each pool that a promotion counts, with its terms.

    Each revision's promotions count what was bought while it was in force; ``position``
    tells them apart in a pool, also two of one code.

    ``bought``: ``p, position, window, member, amount, quantity`` of what they count;
    ``own`` says who is in which pool; ``table`` is that of :func:`table`.
    """
    pools = own.select("p", "chain", "window", "member", "pool", "paid_on").unique()
    on_quantity = pl.col("paid_on") == Payable.QUANTITY.value
    counted = pl.when(on_quantity).then("quantity").otherwise("amount")
    return (
        bought.join(table, on=["p", "position"])
        .join(pools, on=["p", "window", "member"])
        .group_by(*OF_POOL, "chain", *list(SCHEMA)[2:])
        .agg(inside=counted.sum())
        .sort(*POOL, "order", "p", "code")
        .with_columns(position=pl.int_range(pl.len(), dtype=pl.Int64).over(POOL))
    )


def before_limits(
    given: pl.DataFrame, pooled: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
    """Return the steps that promotions add before the limits, one a promotion.

    ``given``: ``p, window, pool, exact``, what the tiers of each revision give;
    ``pooled`` has ``uncut``, its payable before a cap, of which a cap leaves ``kept``
    out of ``out_of``. Rule: what the revision earns at its average rate on the payable
    inside, times by less one; or the stated addition on that payable. Behind
    a gate that is not reached there is neither.
    """
    return _before(given, pooled, counted).select(STEP)


def _before(
    given: pl.DataFrame, pooled: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
    """Return the steps of :func:`before_limits`, each with its programme ``p``."""
    payable = pooled.filter("open").select(*OF_POOL, "uncut", "kept", "out_of")
    inside, more = pl.col("inside"), pl.col("exact") * pl.col("extra")
    stated = proportion(inside * pl.col("extra"), pl.col("kept"), pl.col("out_of"))
    return (
        counted.filter(pl.col("of") != Multiplies.REWARD.value)
        .join(payable, on=OF_POOL)
        .join(given, on=OF_POOL, how="left")
        .with_columns(exact=pl.col("exact").fill_null(ZERO))
        .with_columns(
            amount=pl.when(pl.col("of") == ADDS)
            .then(stated)
            .otherwise(proportion(more, inside, pl.col("uncut")))
        )
        .select(
            *POOL,
            "p",
            "of",
            "code",
            position=pl.col("position") + BEFORE,
            step=pl.lit(STEP_NAME),
            figure=pl.col("figure").cast(AMOUNT),
            payable=inside,
            amount=pl.col("amount").cast(AMOUNT),
        )
    )


def rewards(
    given: pl.DataFrame, pooled: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
    """Return what promotions of the reward count, to be paid after the cap.

    ``given`` and ``pooled`` are those of :func:`before_limits`. Rule: what is earned
    after the cap, at the average rate of the promotion's own revision on the payable
    inside, times by less one: ``extra`` of ``inside`` out of ``whole``, which is the
    revision's payable. Of what is earned it has ``mine`` out of ``every``: a cap cuts
    each revision by the same part.
    """
    added = _before(given, pooled, counted).select(*OF_POOL, exact="amount")
    both = pl.concat([given.select(*OF_POOL, "exact"), added])
    earned = both.group_by(OF_POOL).agg(mine=pl.col("exact").sum())
    revised = (
        pooled.select(*OF_POOL, "chain", "open", whole="uncut")
        .join(earned, on=OF_POOL, how="left")
        .with_columns(pl.col("mine").fill_null(ZERO))
        .with_columns(every=pl.col("mine").sum().over(POOL))
        .filter("open")
        .drop("chain", "open")
    )
    return (
        counted.filter(pl.col("of") == Multiplies.REWARD.value)
        .join(revised, on=OF_POOL)
        .select(
            *POOL,
            "of",
            "code",
            "inside",
            "whole",
            "mine",
            "every",
            "extra",
            position=pl.col("position") + 1,
            step=pl.lit(STEP_NAME),
            figure=pl.col("figure").cast(AMOUNT),
        )
    )
