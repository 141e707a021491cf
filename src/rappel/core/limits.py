"""Limits: caps, minimums and guarantees.

Owns what they change in what a pool or a member earns. Everything obeys this: they act
in this order, before rounding, by the terms in force at the window's end; a pool's acts
before its rebate is divided, a member's on its own part; each is a step of the working,
also where it changes nothing. A cap on the measure or on the payable pays as if nothing
had been bought beyond it; a minimum is a gate; a guarantee acts once its window ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from rappel.core.money import AMOUNT, proportion, settle_each
from rappel.core.shares import HOW, NO_STEPS, POOL, STEP, ZERO
from rappel.core.terms import LimitOf

if TYPE_CHECKING:
    from collections.abc import Sequence

CAP, MINIMUM, GUARANTEE = "cap", "minimum", "guarantee"
NAMES: Final = (CAP, MINIMUM, GUARANTEE)
WINDOW: Final = ["chain", "window"]
OF_POOL, DIVIDED, APART = 1000, 3000, 500
"""From where the steps of limits stand: before the division, and after it.

Between two limits there is room for the promotions that act there.
"""


class Limited(NamedTuple):
    """What pools earn after their limits, and the steps that led there."""

    totals: pl.DataFrame
    steps: pl.DataFrame


def clipped(pooled: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """Return the pools whose measure or payable a cap cuts, as far as it pays them.

    Rule: what is bought beyond the cap climbs nothing and is paid nothing; the payable
    of each revision is cut in proportion. ``kept`` out of ``out_of`` is what is left.
    """
    by_measure = pl.col("of") == LimitOf.MEASURE.value
    caps = limits.filter(
        "by_pool", pl.col("name") == CAP, pl.col("of") != LimitOf.EARNED.value
    )
    values = pooled.group_by(POOL).agg(
        pl.col("measure", "level", "per").first(), pl.col("payable").sum()
    )
    bar = pl.when(by_measure).then(pl.col("figure") * pl.col("per")).otherwise("figure")
    cut = (
        values.join(caps, on=WINDOW)
        .with_columns(total=ZERO)
        .with_columns(figure=_carried(CAP, POOL))
        .select(
            *POOL,
            "of",
            cap="figure",
            kept=bar,
            out_of=pl.when(by_measure).then("level").otherwise("payable"),
        )
        .filter(pl.col("out_of") > pl.col("kept"))
    )
    kept, out_of = pl.col("kept"), pl.col("out_of")
    return (
        pooled.join(cut, on=POOL)
        .with_columns(
            measure=pl.when(by_measure).then("cap").otherwise("measure"),
            level=pl.when(by_measure).then(kept).otherwise("level"),
            payable=proportion(pl.col("payable"), kept, out_of),
            uncut="payable",
        )
        .drop("of", "cap")
    )


def of_pools(
    totals: pl.DataFrame,
    pooled: pl.DataFrame,
    limits: pl.DataFrame,
    rewards: pl.DataFrame,
) -> Limited:
    """Apply the limits of pools to ``total``, and what is rewarded after their cap.

    ``totals``: ``chain, window, pool, total``, and ``capped``, what the pool earns
    where :func:`clipped` cuts its measure or payable, else null; ``rewards`` are those
    of :func:`rappel.core.promotions.rewards`.
    """
    figures = pooled.group_by(POOL).agg(pl.col("measure").first(), pl.sum("payable"))
    rows = totals.join(figures, on=POOL)
    ours = rewards.join(_of_members(limits), on=WINDOW, how="anti")
    return _applied(rows, limits.filter("by_pool"), POOL, ours, position=OF_POOL)


def of_members(
    rows: pl.DataFrame, limits: pl.DataFrame, rewards: pl.DataFrame
) -> Limited:
    """Apply the limits of members to their own parts of a larger pool.

    ``rows``: ``chain, window, pool, member, earned, brings, payable`` and the rounding;
    every change is rounded as what it changes. Rule: a cap of the payable or measure
    leaves of a part what the member's own is within it; where a cap acts on parts, what
    is rewarded after it is paid on them, at the proportion of the pool's revision.
    """
    given = rows.select(
        *POOL,
        "member",
        "payable",
        "decimals",
        "rounding",
        total=pl.col("earned"),
        measure=pl.col("brings"),
        capped=pl.lit(None, AMOUNT),
    )
    theirs = rewards.join(_of_members(limits), on=WINDOW, how="semi")
    keys = [*POOL, "member"]
    mine = limits.filter(~pl.col("by_pool"))
    return _applied(given, mine, keys, theirs, position=DIVIDED)


def _of_members(limits: pl.DataFrame) -> pl.DataFrame:
    """Return the caps that act on each member's part."""
    return limits.filter(~pl.col("by_pool") & (pl.col("name") == CAP))


def _applied(
    rows: pl.DataFrame,
    limits: pl.DataFrame,
    keys: Sequence[str],
    rewards: pl.DataFrame,
    *,
    position: int,
) -> Limited:
    """Apply one limit after the other, and keep what each changed."""
    steps = [rows.select(*keys).clear().with_columns(NO_STEPS)]
    for place, name in enumerate(NAMES):
        named = limits.filter(pl.col("name") == name).drop("name", "by_pool")
        if not named.is_empty():
            rows, step = _limited(rows, named, keys, name, position=position)
            steps.append(
                step.with_columns(position=pl.lit(position + APART * place, pl.Int64))
            )
        if name == CAP and not rewards.is_empty():
            rows, step = _rewarded(rows, rewards, keys, position=position)
            steps.append(step)
    shown = [*keys, *STEP[len(POOL) :]]
    return Limited(
        totals=rows.select(*keys, "total"),
        steps=pl.concat([one.select(shown) for one in steps]),
    )


def _limited(
    rows: pl.DataFrame,
    named: pl.DataFrame,
    keys: Sequence[str],
    name: str,
    *,
    position: int,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Apply one kind of limit; answer the rows after it, and its steps."""
    after = _after(name)
    if position == DIVIDED:
        after = settle_each(after, *HOW)
    changed = (
        rows.join(named, on=WINDOW, how="left")
        .with_columns(figure=_carried(name, keys))
        .with_columns(after=after)
    )
    step = changed.filter(pl.col("figure").is_not_null()).select(
        *keys,
        "of",
        "figure",
        step=pl.lit(name),
        code=pl.lit(None, pl.String),
        payable=pl.lit(None, AMOUNT),
        amount=pl.col("after") - pl.col("total"),
    )
    rest = changed.with_columns(total=pl.col("after"))
    return rest.drop("of", "figure", "carry", "after"), step


def _rewarded(
    rows: pl.DataFrame, rewards: pl.DataFrame, keys: Sequence[str], *, position: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add what promotions of the reward give after the cap; answer their steps."""
    total, mine, every = pl.col("total"), pl.col("mine"), pl.col("every")
    revised = (
        pl.when(mine == every)
        .then(total)
        .when(total == every)
        .then(mine)
        .otherwise(proportion(total, mine, every))
    )
    more = proportion(revised * pl.col("extra"), pl.col("inside"), pl.col("whole"))
    if position == DIVIDED:
        more = settle_each(more, *HOW)
    step = (
        rows.join(rewards, on=POOL)
        .with_columns(amount=more, payable=pl.col("inside"))
        .with_columns(position=pl.col("position") + position)
    )
    added = step.group_by(keys).agg(more=pl.col("amount").sum())
    total += pl.col("more").fill_null(ZERO)
    after = rows.join(added, on=keys, how="left").with_columns(total=total)
    return after.drop("more"), step


def _carried(name: str, keys: Sequence[str]) -> pl.Expr:
    """Return a limit with what the windows before it have left.

    Rule: room that a cap did not use is added to it, and what was earned above a
    guarantee is taken off; what is left is never below zero.
    """
    figure, total = pl.col("figure"), _looked_at()
    whose = [key for key in keys if key != "window"]
    sign = 1 if name == CAP else -1
    gap = pl.when("carry").then((figure - total) * sign).otherwise(ZERO)
    summed = gap.fill_null(ZERO).cum_sum()
    left = summed - pl.min_horizontal(summed.cum_min(), ZERO)
    before = left.shift(1).over(whose, order_by="window").fill_null(ZERO)
    return pl.when("carry").then(figure + before * sign).otherwise(figure).cast(AMOUNT)


def _looked_at() -> pl.Expr:
    """Return what a limit looks at."""
    return (
        pl.when(pl.col("of") == LimitOf.MEASURE.value)
        .then("measure")
        .when(pl.col("of") == LimitOf.PAYABLE.value)
        .then("payable")
        .otherwise("total")
    )


def _after(name: str) -> pl.Expr:
    """Return what is earned after a limit; where there is none, what was before.

    Who has no part, for want of weights, has none after a limit either.
    """
    total, figure, value = pl.col("total"), pl.col("figure"), _looked_at()
    by_value = pl.col("of") != LimitOf.EARNED.value
    inside = pl.when(value > figure).then(proportion(total, figure, value))
    changed = {
        CAP: pl.when(by_value)
        .then(pl.coalesce("capped", inside, total))
        .otherwise(pl.min_horizontal(total, figure)),
        MINIMUM: pl.when(value < figure).then(ZERO).otherwise(total),
        GUARANTEE: pl.max_horizontal(total, figure),
    }[name]
    as_is = figure.is_null() | total.is_null()
    return pl.when(as_is).then(total).otherwise(changed).cast(AMOUNT)
