"""Measures of the window before, and of the twelve months that end with it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from deals import QUARTER, column, computed, deal, earned, only, tiers
from rappel.core.period import Period, Unit
from rappel.core.terms import (
    MeasureOver,
)
from rappel.core.views import looked_at

MONTHS = """
date       | amount
2025-03-31 | 1
2025-04-01 | 10
2025-12-31 | 100
2026-01-01 | 1000
2026-03-31 | 10000
"""


@pytest.mark.parametrize(
    ("over", "measure"), [("window", 11000), ("previous", 100), ("rolling_12", 11110)]
)
def test_a_measure_runs_over_the_window_or_looks_back(over: str, measure: int) -> None:
    terms = deal(measure_over=MeasureOver(over), tiers=tiers(("0", "1")))
    row = only(computed(MONTHS, terms).rebates.to_dicts())
    assert (row["measure"], row["payable"]) == (measure, 11000)
    assert (row["volume"], row["earned"]) == (11000, 110)


@pytest.mark.parametrize(("before", "expected"), [("99.99", "1"), ("100", "2")])
def test_the_window_before_chooses_the_tier_of_this_one(
    before: str, expected: str
) -> None:
    terms = deal(
        measure_over=MeasureOver.PREVIOUS,
        in_force_from=date(2025, 12, 31),
        tiers=tiers(("0", "1"), ("100", "2")),
    )
    lines = f"date | amount\n2025-12-31 | {before}\n2026-01-01 | 100"
    rebates = computed(lines, terms).rebates
    assert column(rebates, "earned") == [expected]
    assert rebates["next_threshold"].to_list() == [None]


def test_a_measure_that_looks_back_sees_what_earlier_revisions_counted() -> None:
    def revision(percent: str, **terms: Any) -> Any:
        return deal(
            measure_over=MeasureOver.PREVIOUS,
            tiers=tiers(("0", "1"), ("100", percent)),
            **terms,
        )

    first = revision(
        "2", in_force_from=date(2025, 10, 10), in_force_until=date(2026, 1, 1)
    )
    then = revision("3", in_force_from=date(2026, 1, 1), revision=2)
    lines = "date | amount\n2025-10-10 | 100\n2026-01-01 | 100"
    assert earned(lines, first, then) == ["3"]
    assert earned(lines.replace("10-10", "10-09"), first, then) == ["1"]
    assert earned(lines, then) == ["1"]


def test_who_bought_nothing_in_the_window_itself_has_no_row() -> None:
    terms = deal(measure_over=MeasureOver.PREVIOUS, tiers=tiers(("0", "1")))
    assert earned("date | amount\n2025-12-31 | 100", terms) == []


def test_twelve_months_end_with_each_window_also_on_a_leap_day() -> None:
    terms = deal(
        measure_over=MeasureOver.ROLLING_12,
        accumulate=Unit.MONTH,
        tiers=tiers(("0", "1")),
    )
    lines = """
    date       | amount
    2027-02-27 | 1
    2027-02-28 | 10
    2028-02-28 | 100
    """
    cut = Period(date(2028, 2, 1), date(2028, 2, 29))
    row = only(computed(lines, terms, period=cut).rebates.to_dicts())
    assert (row["measure"], row["volume"]) == (110, 100)


def test_the_days_that_are_looked_at_are_those_of_every_view() -> None:
    back = deal(measure_over=MeasureOver.PREVIOUS)
    assert set(looked_at([back], QUARTER)) == {
        QUARTER,
        Period(date(2025, 10, 1), date(2026, 1, 1)),
    }
    assert looked_at([deal()], QUARTER) == (QUARTER,)
