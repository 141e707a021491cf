"""Windows are calendar units, half-open, counted from the start of a year."""

from __future__ import annotations

from datetime import date

import pytest

from rappel.core.period import (
    EVER,
    JANUARY,
    Period,
    Unit,
    YearStart,
    unit_of,
    units_of,
)

MARCH = YearStart(3, 15)


def days(text: str) -> Period:
    start, end = text.split()
    return Period(date.fromisoformat(start), date.fromisoformat(end))


def test_a_period_holds_its_first_day_and_not_its_end() -> None:
    quarter = days("2026-01-01 2026-04-01")
    assert date(2026, 1, 1) in quarter
    assert date(2026, 3, 31) in quarter
    assert date(2025, 12, 31) not in quarter
    assert date(2026, 4, 1) not in quarter


@pytest.mark.parametrize("text", ["2026-01-01 2026-01-01", "2026-01-02 2026-01-01"])
def test_a_period_has_a_day(text: str) -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        days(text)


@pytest.mark.parametrize(
    ("day", "unit", "starts", "period"),
    [
        ("2026-01-31", Unit.MONTH, JANUARY, "2026-01-01 2026-02-01"),
        ("2026-02-01", Unit.MONTH, JANUARY, "2026-02-01 2026-03-01"),
        ("2026-03-31", Unit.QUARTER, JANUARY, "2026-01-01 2026-04-01"),
        ("2026-04-01", Unit.QUARTER, JANUARY, "2026-04-01 2026-07-01"),
        ("2026-12-31", Unit.HALF, JANUARY, "2026-07-01 2027-01-01"),
        ("2026-12-31", Unit.YEAR, JANUARY, "2026-01-01 2027-01-01"),
        ("2026-03-14", Unit.YEAR, MARCH, "2025-03-15 2026-03-15"),
        ("2026-03-15", Unit.YEAR, MARCH, "2026-03-15 2027-03-15"),
        ("2026-03-14", Unit.QUARTER, MARCH, "2025-12-15 2026-03-15"),
        ("2026-03-14", Unit.MONTH, MARCH, "2026-02-15 2026-03-15"),
        ("2026-09-14", Unit.HALF, MARCH, "2026-03-15 2026-09-15"),
    ],
)
def test_a_unit_is_counted_from_the_start_of_the_year(
    day: str, unit: Unit, starts: YearStart, period: str
) -> None:
    assert unit_of(date.fromisoformat(day), unit, starts) == days(period)


def test_a_lifetime_holds_every_day() -> None:
    assert unit_of(date(2026, 1, 1), Unit.LIFETIME) == EVER


def test_a_quarter_settles_three_months_and_part_of_a_year() -> None:
    quarter = days("2026-01-01 2026-04-01")
    assert [one.start.month for one in units_of(quarter, Unit.MONTH)] == [1, 2, 3]
    assert units_of(quarter, Unit.YEAR) == (days("2026-01-01 2027-01-01"),)
    assert len(units_of(quarter, Unit.QUARTER, MARCH)) == 2


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (1, 0), (1, 29)])
def test_a_year_starts_on_a_day_that_every_month_has(month: int, day: int) -> None:
    with pytest.raises(ValueError, match="a year starts on"):
        YearStart(month, day)


def test_a_year_start_is_written_as_in_documents() -> None:
    assert str(YearStart.of("03-15")) == "03-15"
    assert YearStart.of("03-15") == MARCH
