"""Pace: linear by days elapsed, exact, and nothing before a window begins."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from deals import QUARTER, column, computed, deal, facts, only, tiers
from rappel.core.pace import Pace, current, going_on, pace, pays_for_itself, shown
from rappel.core.period import Period, Unit
from rappel.core.rebates import compute

TEN_DAYS = Period(date(2026, 1, 1), date(2026, 1, 11))


def on(day: int, month: int = 1) -> Pace:
    return pace(TEN_DAYS, date(2026, month, day))


@pytest.mark.parametrize(
    ("today", "elapsed", "left"),
    [
        (date(2025, 12, 31), 0, 10),
        (date(2026, 1, 1), 1, 9),
        (date(2026, 1, 10), 10, 0),
        (date(2026, 1, 11), 10, 0),
    ],
)
def test_today_is_a_day_that_has_passed(today: date, elapsed: int, left: int) -> None:
    found = pace(TEN_DAYS, today)
    assert (found.elapsed, found.left, found.days) == (elapsed, left, 10)


def test_a_projection_is_the_exact_fraction_of_the_days() -> None:
    assert on(3).a_day(Decimal(100)) == Fraction(100, 3)
    assert on(3).projected(Decimal(100)) == Fraction(1000, 3)
    assert on(10).projected(Decimal("99.99")) == Fraction(9999, 100)


def test_before_a_window_begins_there_is_no_pace() -> None:
    before = pace(TEN_DAYS, date(2025, 12, 31))
    assert before.a_day(Decimal(100)) is None
    assert before.projected(Decimal(100)) is None
    assert before.reaches(Decimal(100), Decimal(200)) is None


def test_a_threshold_is_reached_on_the_last_day_or_not_in_time() -> None:
    assert on(2).reaches(Decimal(20), Decimal(100)) == date(2026, 1, 10)
    assert on(2).reaches(Decimal(20), Decimal("100.01")) is None
    assert on(2).reaches(Decimal(20), Decimal(90)) == date(2026, 1, 9)
    assert on(2).reaches(Decimal(20), Decimal("90.01")) == date(2026, 1, 10)


def test_what_is_reached_already_is_reached_today() -> None:
    assert on(5).reaches(Decimal(100), Decimal(10)) == date(2026, 1, 5)


@pytest.mark.parametrize("figure", ["0", "-5"])
def test_what_does_not_grow_reaches_nothing(figure: str) -> None:
    assert on(2).reaches(Decimal(figure), Decimal(100)) is None


def test_the_window_that_runs_is_the_one_that_holds_the_day() -> None:
    months = deal(accumulate=Unit.MONTH).windows(QUARTER)
    assert current(months, date(2026, 1, 31)) == pace(months[0], date(2026, 1, 31))
    assert current(months, date(2026, 2, 1)) == pace(months[1], date(2026, 2, 1))
    assert current(months, date(2026, 4, 1)) is None


def test_going_on_grows_the_windows_purchases_alone() -> None:
    bought = facts(
        """
        date       | amount | quantity
        2025-12-31 | 100    | 1
        2026-01-01 | 100    | 2
        2026-01-10 | 0.01   | 0
        2026-01-11 | 100    | 4
        """
    )
    grown = going_on(bought.lines, on(4)).collect()
    assert column(grown, "amount") == ["100", "250", "0.025", "100"]
    assert column(grown, "quantity") == ["1", "5", "0", "4"]
    assert grown.schema == bought.lines.collect_schema()


def test_going_on_keeps_six_places() -> None:
    bought = facts("date | amount\n2026-01-02 | 100")
    grown = going_on(bought.lines, on(3)).collect()
    assert column(grown, "amount") == ["333.333333"]


def test_the_engine_finds_the_tier_that_the_pace_leads_to() -> None:
    half = pace(QUARTER, date(2026, 2, 14))
    assert (half.elapsed, half.days) == (45, 90)
    for amount, threshold in (("50000", "100000"), ("49999.99", "0")):
        bought = facts(f"amount\n{amount}")
        grown = bought.lines.pipe(going_on, half)
        found = compute(
            type(bought)(
                lines=grown, members=bought.members, suppliers=bought.suppliers
            ),
            (deal(),),
            period=QUARTER,
        )
        assert only(column(found.rebates, "threshold")) == threshold


def test_2000_more_returns_1040_and_does_not_pay_for_itself() -> None:
    """98,000 earn nothing; 100,000 earn 1.04 %: of the 2,000 1,040 come back."""
    terms = deal(tiers=tiers(("0", "0"), ("100000", "1.04")))
    row = computed("amount\n98000", terms).rebates.row(0, named=True)
    assert (row["next_missing"], row["next_worth"]) == (2000, 1040)
    assert not pays_for_itself(row["next_missing"], row["next_worth"])


def test_a_cliff_is_where_more_comes_back_than_is_spent() -> None:
    assert not pays_for_itself(Decimal(1040), Decimal(1040))
    assert pays_for_itself(Decimal("1039.99"), Decimal(1040))


def test_a_fraction_is_shown_cut_down() -> None:
    assert shown(Fraction(2, 3), 2) == Decimal("0.66")
    assert shown(Fraction(-2, 3), 2) == Decimal("-0.67")
    assert shown(Fraction(5), 0) == Decimal(5)
    assert shown(None, 2) is None
