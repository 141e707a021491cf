"""The terms of limits: what caps, minimums and guarantees are in each window.

Owns their reading from the terms in force at a window's end, prorated by days, and when
a window has ended. What they change is in :mod:`rappel.core.limits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core.limits import GUARANTEE, NAMES, WINDOW
from rappel.core.money import AMOUNT, proportion
from rappel.core.period import Unit, unit_of
from rappel.core.programmes import spans
from rappel.core.terms import LimitPer, Pool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rappel.core.agreements import Limit, Programme
    from rappel.core.period import Period

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
    days = spans(programmes, period)
    rows = [
        (
            p,
            window.start,
            name,
            *_terms(one, limit),
            *_days(programmes, p, limit, window),
            _ended(one, window, period),
        )
        for p, (one, span) in enumerate(zip(programmes, days, strict=True))
        for name in NAMES
        for limit in [getattr(one, name)]
        if limit is not None
        for window in one.windows(span)
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
        return one.until or one.in_force.end
    return unit_of(window.start, one.accumulate, one.year_starts).end


def ends(programmes: Sequence[Programme], period: Period) -> pl.DataFrame:
    """Return ``p, window, ended``: whether the period has seen a window's last day."""
    rows = [
        (p, window.start, _ended(one, window, period))
        for p, (one, span) in enumerate(
            zip(programmes, spans(programmes, period), strict=True)
        )
        for window in one.windows(span)
    ]
    schema = {"p": pl.Int64, "window": pl.Date, "ended": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")
