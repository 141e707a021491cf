"""Money is exact, rounded once, divided without losing a cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rappel.core.money import (
    AMOUNT,
    InexactError,
    Rounding,
    divide_up,
    divided_up,
    exact,
    places,
    plain,
    ratio,
    settle,
    settle_each,
    settled,
)

AWAY, EVEN = Rounding.HALF_AWAY_FROM_ZERO, Rounding.HALF_EVEN


def amounts(*texts: str) -> pl.Series:
    return pl.Series("amount", [Decimal(text) for text in texts], dtype=AMOUNT)


@pytest.mark.parametrize(
    ("currency", "decimals"), [("MXN", 2), ("USD", 2), ("CLP", 0), ("PYG", 0)]
)
def test_a_currency_has_its_own_minor_unit(currency: str, decimals: int) -> None:
    assert places(currency) == decimals


def test_a_currency_that_is_not_known_has_no_guessed_minor_unit() -> None:
    with pytest.raises(KeyError):
        places("XYZ")


@pytest.mark.parametrize(
    ("amount", "decimals", "away", "even"),
    [
        ("0.125", 2, "0.13", "0.12"),
        ("-0.125", 2, "-0.13", "-0.12"),
        ("0.135", 2, "0.14", "0.14"),
        ("0.124999999999999999", 2, "0.12", "0.12"),
        ("2.5", 0, "3", "2"),
        ("-2.5", 0, "-3", "-2"),
        ("1.545", 2, "1.55", "1.54"),
    ],
)
def test_a_half_goes_away_from_zero_or_to_the_even_cent(
    amount: str, decimals: int, away: str, even: str
) -> None:
    frame = pl.DataFrame({"amount": amounts(amount)})
    for rounding, paid in ((AWAY, away), (EVEN, even)):
        answer = frame.select(settle(pl.col("amount"), decimals, rounding)).item()
        assert answer == settled(Decimal(amount), decimals, rounding) == Decimal(paid)


def test_each_row_is_rounded_to_its_own_minor_unit() -> None:
    frame = pl.DataFrame(
        {
            "amount": amounts("2.5", "2.5", "0.125", "0.125"),
            "decimals": [0, 0, 2, 2],
            "rounding": [AWAY.value, EVEN.value, AWAY.value, EVEN.value],
        }
    )
    each = settle_each(pl.col("amount"), pl.col("decimals"), pl.col("rounding"))
    assert [f"{v.normalize():f}" for v in frame.select(each).to_series()] == [
        "3",
        "2",
        "0.13",
        "0.12",
    ]


def test_three_equal_parts_of_a_hundred_keep_the_odd_cent() -> None:
    third = Decimal("33.33")
    parts = divide_up(Decimal(100), [third] * 3, ["c", "a", "b"], 2)
    assert parts == (third, Decimal("33.34"), third)


def test_the_odd_cent_goes_to_the_largest_fraction_then_weight_then_code() -> None:
    weights = [Decimal(text) for text in ("60000", "30000", "15000")]
    parts = divide_up(Decimal("3150.01"), weights, ["a", "b", "c"], 2)
    assert [str(part) for part in parts] == ["1800.01", "900.00", "450.00"]
    parts = divide_up(Decimal("0.01"), [Decimal(1), Decimal(1)], ["b", "a"], 2)
    assert [str(part) for part in parts] == ["0.00", "0.01"]
    parts = divide_up(Decimal("0.02"), [Decimal(1), Decimal(3)], ["a", "b"], 2)
    assert [str(part) for part in parts] == ["0.00", "0.02"]


def test_a_weight_below_zero_takes_from_the_others() -> None:
    parts = divide_up(Decimal(90), [Decimal(100), Decimal(-10)], ["a", "b"], 2)
    assert parts == (Decimal(100), Decimal(-10))


def test_a_negative_total_is_divided_as_its_mirror() -> None:
    weights = [Decimal(2), Decimal(1)]
    up = divide_up(Decimal("10.00"), weights, ["a", "b"], 2)
    down = divide_up(Decimal("-10.00"), [-w for w in weights], ["a", "b"], 2)
    assert down == tuple(-part for part in up)


def test_nothing_is_divided_by_weights_that_sum_to_zero() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        divide_up(Decimal(1), [Decimal(1), Decimal(-1)], ["a", "b"], 2)


WEIGHTS = st.lists(
    st.tuples(st.integers(-(10**9), 10**12), st.sampled_from([0, 2, 6, 12])),
    min_size=1,
    max_size=6,
).map(lambda pairs: [Decimal(n).scaleb(-places) for n, places in pairs])


@given(
    st.lists(
        st.tuples(st.integers(-(10**7), 10**7), WEIGHTS, st.sampled_from([0, 2])),
        max_size=4,
    )
)
def test_the_frame_divides_as_the_function_and_both_sum_to_the_whole(
    pools: list[tuple[int, list[Decimal], int]],
) -> None:
    rows = []
    for pool, (units, weights, decimals) in enumerate(pools):
        if sum(map(Fraction, weights)) == 0:
            continue
        total = Decimal(units).scaleb(-decimals)
        codes = [f"m{(7 * i) % 10}" for i in range(len(weights))]
        parts = divide_up(total, weights, codes, decimals)
        assert sum(parts) == total
        rows += [
            (pool, decimals, total, *one)
            for one in zip(weights, codes, parts, strict=True)
        ]
    frame = pl.DataFrame(
        rows,
        schema={
            "pool": pl.Int64,
            "decimals": pl.Int64,
            "total": AMOUNT,
            "weight": AMOUNT,
            "code": pl.String,
            "expected": AMOUNT,
        },
        orient="row",
    )
    divided = divided_up(frame, total="total", weight="weight", by=["pool"], tie="code")
    assert divided["part"].to_list() == divided["expected"].to_list()


def test_a_quotient_of_nothing_is_nothing() -> None:
    frame = pl.DataFrame({"part": amounts("1", "1"), "whole": amounts("3", "0")})
    answer = frame.select(ratio(pl.col("part"), pl.col("whole"))).to_series()
    assert answer.to_list() == [Decimal("0.333333333333333333"), Decimal(0)]


@pytest.mark.parametrize(
    ("value", "at_least", "text"),
    [
        ("1E+3", 2, "1000.00"),
        ("1E+3", 0, "1000"),
        ("-0.00", 2, "0.00"),
        ("3.500000", 0, "3.5"),
        ("3.500000", 2, "3.50"),
        ("12.345", 2, "12.345"),
        ("-12.30", 0, "-12.3"),
        ("100", 0, "100"),
    ],
)
def test_a_figure_is_written_plainly(value: str, at_least: int, text: str) -> None:
    assert plain(Decimal(value), at_least) == text


@pytest.mark.parametrize("text", ["0", "-12.50", "99999999999999.123456"])
def test_a_plain_decimal_is_read_exactly(text: str) -> None:
    assert exact(text) == Decimal(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1e3", "no plain decimal"),
        ("1,000", "no plain decimal"),
        ("NaN", "no plain decimal"),
        ("", "no plain decimal"),
        ("٣", "no plain decimal"),
        ("123456789012345", "at most 14 digits"),
        ("0.1234567", "more than 6 decimals"),
    ],
)
def test_a_figure_that_would_not_be_exact_is_refused(text: str, why: str) -> None:
    with pytest.raises(InexactError, match=why):
        exact(text)


def test_fewer_decimals_may_be_asked_for() -> None:
    with pytest.raises(InexactError, match="more than 2 decimals"):
        exact("0.123", 2)
