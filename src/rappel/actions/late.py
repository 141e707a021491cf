"""Late volumes: what counts in closed periods beyond what they told.

Owns the difference between a closed period's volumes computed again and all that was
told of its months before. What a closed period kept never changes: the difference
stands in the period that found it, under the month it belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core.frames import VOLUMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rappel.core.period import Period
    from rappel.store.runs import PeriodState

KEY: Final = [*VOLUMES.key, "currency"]
FIGURES: Final = ("amount", "quantity", "lines")
TOLD: Final = dict(VOLUMES.columns) | {"currency": pl.String()}


def months_of(period: Period) -> pl.Expr:
    """Whether a month is one of the period's own."""
    first = period.start.replace(day=1)
    return pl.col("month").is_between(first, period.end, closed="left")


def late(now: pl.DataFrame, told: pl.DataFrame, stopped: pl.DataFrame) -> pl.DataFrame:
    """Return what ``now`` says beyond ``told``, all with the columns of ``TOLD``.

    ``stopped`` has the ``programme`` and ``member`` of what could not be computed:
    nothing is known there, and so nothing is late.
    """
    before = told.group_by(KEY).agg(pl.sum(*FIGURES))
    both = now.join(before, on=KEY, how="full", coalesce=True, suffix="_told")
    return (
        both.with_columns(
            (pl.col(name).fill_null(0) - pl.col(f"{name}_told").fill_null(0)).cast(
                TOLD[name]
            )
            for name in FIGURES
        )
        .filter(pl.any_horizontal(pl.col(name) != 0 for name in FIGURES))
        .join(stopped, on=["programme", "member"], how="anti")
        .select(*TOLD)
        .sort(KEY)
    )


def belongs_to(
    month: date, period: PeriodState, periods: Sequence[PeriodState]
) -> str | None:
    """Return the closed period that a late month belongs to; ``None`` for its own."""
    if month >= period.starts.replace(day=1):
        return None
    found = [
        one.code
        for one in periods
        if one.starts.replace(day=1) <= month < one.ends and one.code != period.code
    ]
    return found[-1] if found else None
