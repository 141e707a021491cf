"""Periods: half-open ranges of days.

Everything in the house obeys this: ``start`` is in, ``end`` is not. Owns calendar
units counted from a year's start; knows nothing of the states of a period in the
books (:mod:`rappel.actions.periods`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


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
