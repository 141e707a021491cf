"""Periods: half-open ranges of days.

Everything in the house obeys this: ``start`` is in, ``end`` is not. Owns calendar
units counted from a year's start; knows nothing of the states of a period in the
books (:mod:`rappel.actions.periods`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from ``start`` up to and not including ``end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse an empty or reversed range."""
        if self.start >= self.end:
            message = f"a period ends after it starts, not {self.start} to {self.end}"
            raise ValueError(message)

    def __contains__(self, day: date) -> bool:
        """Whether ``day`` is one of its days."""
        return self.start <= day < self.end


class Unit(StrEnum):
    """A calendar unit, counted from the start of the agreement's year."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    LIFETIME = "lifetime"  # from the first day of the terms, without an end


MONTHS: Final = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF: 6, Unit.YEAR: 12}
EVER: Final = Period(date.min, date.max)


@dataclass(frozen=True, slots=True)
class YearStart:
    """The day on which the agreement's year starts, at most the 28th of its month."""

    month: int = 1
    day: int = 1

    def __post_init__(self) -> None:
        """Refuse a day that some year or unit does not have."""
        if not (1 <= self.month <= 12 and 1 <= self.day <= 28):  # noqa: PLR2004  the calendar's
            message = f"a year starts on 01-01 to 12-28, not {self}"
            raise ValueError(message)

    def __str__(self) -> str:
        """Write it as documents do."""
        return f"{self.month:02d}-{self.day:02d}"

    @classmethod
    def of(cls, text: str) -> YearStart:
        """Read ``MM-DD``."""
        month, day = text.split("-")
        return cls(int(month), int(day))


JANUARY: Final = YearStart()


def _boundary(index: int, months: int, year_starts: YearStart) -> date:
    """Return the first day of the unit with this number, counted from year 0."""
    year, month = divmod(index * months + year_starts.month - 1, 12)
    return date(year, month + 1, year_starts.day)


def _index(day: date, months: int, year_starts: YearStart) -> int:
    """Return the number of the unit that holds ``day``."""
    whole = day.year * 12 + day.month - year_starts.month
    return (whole - (day.day < year_starts.day)) // months


def unit_of(day: date, unit: Unit, year_starts: YearStart = JANUARY) -> Period:
    """Return the calendar unit that holds ``day``; a lifetime holds every day."""
    if unit is Unit.LIFETIME:
        return EVER
    months = MONTHS[unit]
    index = _index(day, months, year_starts)
    return Period(
        _boundary(index, months, year_starts), _boundary(index + 1, months, year_starts)
    )


def units_of(
    period: Period, unit: Unit, year_starts: YearStart = JANUARY
) -> tuple[Period, ...]:
    """Return the calendar units that share a day with ``period``, whole, in order."""
    units = [unit_of(period.start, unit, year_starts)]
    while units[-1].end < period.end:
        units.append(unit_of(units[-1].end, unit, year_starts))
    return tuple(units)
