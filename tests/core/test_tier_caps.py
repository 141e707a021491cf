"""What a slice earns beyond its tier's own cap, on both sides of the cap."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from rappel.core.money import AMOUNT
from rappel.core.terms import Reach
from rappel.core.tiers import beyond
from table import table

SHAPE = {
    "measure": AMOUNT,
    "payable": AMOUNT,
    "part": AMOUNT,
    "rate": AMOUNT,
    "fixed": AMOUNT,
    "most": AMOUNT,
}
BY_SLICE = (Reach.MARGINAL, Reach.ROLLING)


def over(reach: Reach, figures: str) -> Decimal:
    """Return what one slice earns beyond its cap."""
    slices = table(f"{' | '.join(SHAPE)}\n{figures}", SHAPE)
    of_reach = slices.with_columns(reach=pl.lit(reach.value))
    answer: Decimal = of_reach.select(beyond()).item()
    return answer


@pytest.mark.parametrize(
    ("reach", "figures", "expected"),
    [
        (Reach.RETROACTIVE, "1000 | 1000 | 1000 | 0.1 | 0 | 100.01", "0"),
        (Reach.RETROACTIVE, "1000 | 1000 | 1000 | 0.1 | 0 | 100", "0"),
        (Reach.RETROACTIVE, "1000 | 1000 | 1000 | 0.1 | 0 | 99.99", "0.01"),
        (Reach.RETROACTIVE, "1000 | 1000 | 1000 | 0.1 | 20 | 90", "30"),
        (Reach.RETROACTIVE, "-1000 | -1000 | -1000 | 0.1 | 0 | 90", "-10"),
        (Reach.RETROACTIVE, "1000 | 400 | 1000 | 0.1 | 0 | 30", "10"),
        (Reach.HIGHEST_FIXED, "1000 | 1000 | 1000 | | 100 | 60", "40"),
    ],
)
def test_a_tier_s_cap_is_of_all_that_the_tier_gives(
    reach: Reach, figures: str, expected: str
) -> None:
    assert over(reach, figures) == Decimal(expected)


@pytest.mark.parametrize("reach", BY_SLICE)
def test_a_slice_is_capped_by_itself_at_the_average_price(reach: Reach) -> None:
    assert over(reach, "20 | 1000 | 10 | 0.2 | 0 | 60") == 40


@pytest.mark.parametrize("reach", BY_SLICE)
def test_a_slice_of_what_is_paid_on_is_no_quotient(reach: Reach) -> None:
    figures = "30000000000 | 30000000000 | 10000000000 | 0.01 | 0 | 60000000"
    assert over(reach, figures) == 40_000_000
