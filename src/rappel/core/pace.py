"""Pace: how fast a figure grows, and where it leads if it goes on like that.

Owns the projection and when a threshold would be reached; computes no rebate. Asks no
clock. Everything obeys this: linear by days elapsed, today among them; exact fractions
until a figure is shown; before a window begins there is no pace.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from rappel.core.money import EXACT, LINE, QUANTITY, proportion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.period import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The days of a window, and how many of them have passed with today."""

    window: Period
    elapsed: int

    @property
    def days(self) -> int:
        """How many days the window has."""
        return (self.window.end - self.window.start).days

    @property
    def left(self) -> int:
        """How many days are still to come."""
        return self.days - self.elapsed

    def a_day(self, figure: Decimal) -> Fraction | None:
        """Return how much of a figure came about in a day; None before the window."""
        return Fraction(figure) * Fraction(1, self.elapsed) if self.elapsed else None

    def projected(self, figure: Decimal) -> Fraction | None:
        """Return what a figure is when the window ends, if its pace holds."""
        pace = self.a_day(figure)
        return None if pace is None else pace * self.days

    def reaches(self, figure: Decimal, threshold: Decimal) -> date | None:
        """Return the day at whose end a figure is the threshold, if its pace holds.

        None when that is not inside the window, or the figure does not grow.
        """
        pace = self.a_day(figure)
        if pace is None or pace <= 0:
            return None
        days = max(-(-Fraction(threshold) // pace), self.elapsed)
        if days > self.days:
            return None
        return self.window.start + timedelta(days=int(days) - 1)


def pace(window: Period, day: date) -> Pace:
    """Return the pace of a window as of a day; that day counts as passed."""
    passed = (day - window.start).days + 1
    whole = (window.end - window.start).days
    return Pace(window=window, elapsed=min(max(passed, 0), whole))


def current(windows: Sequence[Period], day: date) -> Pace | None:
    """Return the pace of the window that runs on a day; None when none does."""
    for window in windows:
        if day in window:
            return pace(window, day)
    return None


def going_on(lines: pl.LazyFrame, given: Pace) -> pl.LazyFrame:
    """Return the lines that the window has when it ends, if all goes on like that.

    ``lines`` are LINES; each amount and quantity of the window is multiplied by days
    and divided by days elapsed, in the six places of a line.
    """
    inside = pl.col("date").is_between(
        given.window.start, given.window.end, closed="left"
    )

    def grown(name: str, dtype: pl.DataType) -> pl.Expr:
        days, passed = pl.lit(Decimal(given.days)), pl.lit(Decimal(given.elapsed))
        more = proportion(pl.col(name), days, passed).round(6).cast(dtype)
        return pl.when(inside).then(more).otherwise(pl.col(name)).alias(name)

    return lines.with_columns(grown("amount", LINE), grown("quantity", QUANTITY))


def pays_for_itself(missing: Decimal, worth: Decimal) -> bool:
    """Say whether buying what is missing returns more than it costs: a cliff."""
    return worth > missing


def shown(figure: Fraction | None, decimals: int) -> Decimal | None:
    """Return a fraction cut down to so many decimals, nothing as nothing."""
    if figure is None:
        return None
    whole = figure * 10**decimals
    return Decimal(whole.numerator // whole.denominator).scaleb(-decimals, EXACT)
