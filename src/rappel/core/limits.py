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
from rappel.core.period import Unit, unit_of
from rappel.core.shares import HOW, NO_STEPS, POOL, STEP, ZERO
from rappel.core.terms import LimitOf, LimitPer, Pool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rappel.core.agreements import Limit, Programme
    from rappel.core.period import Period

CAP, MINIMUM, GUARANTEE = "cap", "minimum", "guarantee"
NAMES: Final = (CAP, MINIMUM, GUARANTEE)
WINDOW: Final = ["chain", "window"]
OF_POOL, DIVIDED = 1000, 3000
"""From where the steps of limits stand: before the division, and after it."""
SCHEMA: Final = {
    "p": pl.Int64(),
    "window": pl.Date(),
    "name": pl.String(),
    "of": pl.String(),
    "figure": AMOUNT,
    "by_pool": pl.Boolean(),
    "carry": pl.Boolean(),
    "counted": AMOUNT,  # days in force in the window, and its days; null when
    "days": AMOUNT,  # the limit is not prorated
    "ended": pl.Boolean(),
}


def table(
    programmes: Sequence[Programme], counted: pl.DataFrame, period: Period
) -> pl.DataFrame:
    """Return one row a limit and window: ``chain, window, name, of, figure, by_pool``.

    Rule: the terms in force at the window's end, prorated by the days of the whole
    window on which the programme is in force.
    """
    rows = [
        (
            p,
            window.start,
            name,
            *_terms(one, limit),
            *_days(programmes, p, limit, window),
            _ended(one, window, period),
        )
        for p, one in enumerate(programmes)
        for name in NAMES
        for limit in [getattr(one, name)]
        if limit is not None
        for window in one.windows(period)
    ]
    stated = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    finals = counted.filter("final").select("p", *WINDOW)
    of_days = proportion(pl.col("figure"), pl.col("counted"), pl.col("days"))
    whole = pl.col("days").is_null()
    return (
        stated.join(finals, on=["p", "window"])
        .filter((pl.col("name") != GUARANTEE) | pl.col("ended"))
        .with_columns(figure=pl.when(whole).then("figure").otherwise(of_days))
        .select(*WINDOW, "name", "of", "figure", "by_pool", "carry")
    )


def _terms(one: Programme, limit: Limit) -> tuple[object, ...]:
    by_pool = limit.per is LimitPer.POOL or one.shared is Pool.MEMBER
    return (limit.of.value, limit.amount, by_pool, limit.carry)


def _days(
    programmes: Sequence[Programme], p: int, limit: Limit, window: Period
) -> tuple[int | None, int | None]:
    """Return the days in force in the whole window, and its days, if they are asked."""
    if not limit.prorate:
        return None, None
    end = whole_end(programmes[p], window)
    in_force = sum(
        max((min(days.end, end) - max(days.start, window.start)).days, 0)
        for days in (
            one.in_force for one in programmes if one.code == programmes[p].code
        )
    )
    return in_force, (end - window.start).days


def _ended(one: Programme, window: Period, period: Period) -> bool:
    return whole_end(one, window) <= period.end


def whole_end(one: Programme, window: Period) -> date:
    """Return the day on which the whole window ends; a lifetime with its terms."""
    if one.accumulate is Unit.LIFETIME:
        return one.in_force.end
    return unit_of(window.start, one.accumulate, one.year_starts).end


def ends(programmes: Sequence[Programme], period: Period) -> pl.DataFrame:
    """Return ``p, window, ended``: whether the period has seen a window's last day."""
    rows = [
        (p, window.start, _ended(one, window, period))
        for p, one in enumerate(programmes)
        for window in one.windows(period)
    ]
    schema = {"p": pl.Int64, "window": pl.Date, "ended": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


class Limited(NamedTuple):
    """What pools earn after their limits, and the steps that led there."""

    totals: pl.DataFrame
    steps: pl.DataFrame


def clipped(pooled: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """Return the pools whose measure or payable a cap cuts, as far as it pays them.

    Rule: what is bought beyond the cap climbs nothing and is paid nothing; the payable
    of each revision is cut in proportion.
    """
    cap, payable, measure = pl.col("figure"), pl.col("payable"), pl.col("measure")
    by_measure = pl.col("of") == LimitOf.MEASURE.value
    all_payable = payable.sum().over(POOL)
    caps = limits.filter(
        "by_pool", pl.col("name") == CAP, pl.col("of") != LimitOf.EARNED.value
    )
    cut = pl.when(by_measure).then(measure > cap).otherwise(pl.col("all") > cap)
    whole = pl.when(by_measure).then(measure).otherwise(pl.col("all"))
    return (
        pooled.join(caps.select(*WINDOW, "of", "figure"), on=WINDOW)
        .with_columns(all=all_payable)
        .filter(cut)
        .with_columns(
            measure=pl.when(by_measure).then(cap).otherwise(measure),
            level=pl.when(by_measure).then(cap).otherwise("level"),
            payable=proportion(payable, cap, whole),
        )
        .drop("of", "figure", "all")
    )


def of_pools(
    totals: pl.DataFrame, pooled: pl.DataFrame, limits: pl.DataFrame
) -> Limited:
    """Apply the limits of pools to ``total``.

    ``totals``: ``chain, window, pool, total``, and ``capped``, what the pool earns
    where :func:`clipped` cuts its measure or payable, else null.
    """
    figures = pooled.group_by(POOL).agg(pl.col("measure").first(), pl.sum("payable"))
    rows = totals.join(figures, on=POOL)
    return _applied(rows, limits.filter("by_pool"), POOL, position=OF_POOL)


def of_members(rows: pl.DataFrame, limits: pl.DataFrame) -> Limited:
    """Apply the limits of members to their own parts of a larger pool.

    ``rows``: ``chain, window, pool, member, earned, volume, payable`` and the rounding;
    the limit itself is rounded as what it limits.
    """
    mine = limits.filter(~pl.col("by_pool"))
    given = rows.select(
        *POOL,
        "member",
        "payable",
        "decimals",
        "rounding",
        total=pl.col("earned"),
        measure=pl.col("volume"),
        capped=pl.lit(None, AMOUNT),
    )
    return _applied(given, mine, [*POOL, "member"], position=DIVIDED)


def _applied(
    rows: pl.DataFrame, limits: pl.DataFrame, keys: Sequence[str], *, position: int
) -> Limited:
    """Apply one limit after the other, and keep what each changed."""
    steps = []
    for place, name in enumerate(NAMES):
        named = limits.filter(pl.col("name") == name).drop("name", "by_pool")
        if named.is_empty():
            continue
        after = _after(name)
        if position == DIVIDED:
            after = settle_each(after, *HOW)
        changed = (
            rows.join(named, on=WINDOW, how="left")
            .with_columns(figure=_carried(name, keys))
            .with_columns(after=after)
        )
        steps.append(
            changed.filter(pl.col("figure").is_not_null()).select(
                *keys,
                "of",
                "figure",
                position=pl.lit(position + place, pl.Int64),
                step=pl.lit(name),
                code=pl.lit(None, pl.String),
                payable=pl.lit(None, AMOUNT),
                amount=pl.col("after") - pl.col("total"),
            )
        )
        rows = changed.with_columns(total=pl.col("after")).drop(
            "of", "figure", "carry", "after"
        )
    shown = [*keys, *STEP[len(POOL) :]]
    empty = rows.select(*keys).clear().with_columns(NO_STEPS)
    return Limited(
        totals=rows.select(*keys, "total"),
        steps=pl.concat([one.select(shown) for one in [empty, *steps]]),
    )


def _carried(name: str, keys: Sequence[str]) -> pl.Expr:
    """Return a limit with what the windows before it have left.

    Rule: room that a cap did not use is added to it, and what was earned above a
    guarantee is taken off; what is left is never below zero.
    """
    figure, total = pl.col("figure"), pl.col("total")
    whose = [key for key in keys if key != "window"]
    sign = 1 if name == CAP else -1
    gap = pl.when("carry").then((figure - total) * sign).otherwise(ZERO)
    summed = gap.fill_null(ZERO).cum_sum()
    left = summed - pl.min_horizontal(summed.cum_min(), ZERO)
    before = left.shift(1).over(whose, order_by="window").fill_null(ZERO)
    return pl.when("carry").then(figure + before * sign).otherwise(figure).cast(AMOUNT)


def _after(name: str) -> pl.Expr:
    """Return what is earned after a limit; where there is none, what was before."""
    total, figure = pl.col("total"), pl.col("figure")
    value = (
        pl.when(pl.col("of") == LimitOf.MEASURE.value)
        .then("measure")
        .when(pl.col("of") == LimitOf.PAYABLE.value)
        .then("payable")
        .otherwise(total)
    )
    by_value = pl.col("of") != LimitOf.EARNED.value
    changed = {
        CAP: pl.when(by_value)
        .then(pl.coalesce("capped", total))
        .otherwise(pl.min_horizontal(total, figure)),
        MINIMUM: pl.when(value < figure).then(ZERO).otherwise(total),
        GUARANTEE: pl.max_horizontal(total, figure),
    }[name]
    return pl.when(figure.is_null()).then(total).otherwise(changed).cast(AMOUNT)
