"""What the values of an agreement say of themselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from deals import QUARTER, deal
from rappel.core.agreements import Scope, Tier
from rappel.core.frames import RATES, SETTLED
from rappel.core.period import Period, Unit, YearStart


def test_three_percent_is_three_hundredths_and_a_fixed_amount_is_no_rate() -> None:
    zero = Decimal(0)
    assert Tier(threshold=zero, percent=Decimal(3)).rate == Decimal("0.03")
    assert Tier(threshold=zero, per_unit=Decimal(3)).rate == Decimal(3)
    assert Tier(threshold=zero, amount=Decimal(3)).rate is None


def test_a_scope_with_categories_cannot_judge_a_line_without_one() -> None:
    assert Scope(categories=("cctv",)).asks_category
    assert Scope(exclude_categories=("cctv",)).asks_category
    assert not Scope(codes=("A",)).asks_category


@pytest.mark.parametrize(
    ("settle", "end", "pays"),
    [
        (Unit.QUARTER, date(2026, 4, 1), True),
        (Unit.QUARTER, date(2026, 3, 1), False),
        (Unit.YEAR, date(2026, 4, 1), False),
        (Unit.YEAR, date(2027, 1, 1), True),
        (Unit.MONTH, date(2026, 3, 1), True),
        (Unit.LIFETIME, date(2026, 4, 1), False),
        (Unit.LIFETIME, date(2026, 7, 1), True),
    ],
)
def test_terms_settle_at_the_end_of_their_own_unit(
    settle: Unit, end: date, *, pays: bool
) -> None:
    terms = deal(settle=settle, in_force_until=date(2026, 6, 15))
    assert terms.settles_on(end) is pays
    assert not deal(settle=Unit.LIFETIME).settles_on(end)


def test_a_year_of_its_own_settles_on_its_own_quarters() -> None:
    assert deal(year_starts=YearStart(2, 1)).settles_on(date(2026, 5, 1))
    assert not deal(year_starts=YearStart(2, 1)).settles_on(date(2026, 4, 1))


def test_windows_end_with_the_period() -> None:
    year = deal(accumulate=Unit.YEAR)
    assert year.windows(QUARTER) == (Period(date(2026, 1, 1), date(2026, 4, 1)),)
    lifetime = deal(accumulate=Unit.LIFETIME, in_force_from=date(2026, 4, 1))
    assert lifetime.windows(QUARTER) == ()


def test_a_frame_of_another_shape_is_our_own_mistake() -> None:
    with pytest.raises(TypeError, match="rates: rate: None instead of"):
        RATES.check(RATES.empty().drop("rate"))
    twice = [("deal", 1, date(2026, 1, 1), Decimal(1))] * 2
    with pytest.raises(ValueError, match="two rows with one"):
        SETTLED.check(SETTLED.of(twice))
