"""Money is exact, rounded once, divided without losing a cent."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from rappel.core.money import (
    AMOUNT,
    AT_RATE,
    HUNDRED,
    LINE,
    QUANTITY,
    RATE,
    WHOLE,
    ZERO,
    InexactError,
    Rounding,
    exact,
    places,
    plain,
    proportion,
    ratio,
    settle,
    settle_each,
    settle_rate,
    settled,
)

AWAY, EVEN = Rounding.HALF_AWAY_FROM_ZERO, Rounding.HALF_EVEN


def amounts(*texts: str) -> pl.Series:
    return pl.Series("amount", [Decimal(text) for text in texts], dtype=AMOUNT)


def test_every_figure_has_38_digits_and_its_own_places() -> None:
    kinds = (AMOUNT, RATE, LINE, QUANTITY, AT_RATE, WHOLE)
    assert {kind.precision for kind in kinds} == {38}
    assert [kind.scale for kind in kinds] == [18, 6, 6, 6, 12, 0]
    assert (ZERO, HUNDRED) == (0, 100)


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


def test_an_average_of_rates_is_rounded_to_six_places_away_from_zero() -> None:
    averages = pl.DataFrame({"rate": amounts("0.0000005", "1.0000025", "17.1234564")})
    rates = averages.select(settle_rate(pl.col("rate"))).to_series()
    assert rates.dtype == RATE
    expected = ("0.000001", "1.000003", "17.123456")
    assert rates.to_list() == [Decimal(text) for text in expected]


def test_an_amount_of_more_digits_than_python_s_own_is_rounded_all_the_same() -> None:
    many = Decimal("12345678901234567890123456789.125")
    assert settled(many, 2, AWAY) == Decimal("12345678901234567890123456789.13")


def test_a_quotient_of_nothing_is_nothing() -> None:
    frame = pl.DataFrame({"part": amounts("1", "1"), "whole": amounts("3", "0")})
    answer = frame.select(ratio(pl.col("part"), pl.col("whole"))).to_series()
    assert answer.to_list() == [Decimal("0.333333333333333333"), Decimal(0)]


def test_a_quotient_of_figures_of_six_places_has_eighteen() -> None:
    frame = pl.DataFrame({"part": [Decimal(2)], "whole": [Decimal(3)]})
    lines = frame.with_columns(pl.all().cast(LINE))
    answer = lines.select(ratio(pl.col("part"), pl.col("whole"))).to_series()
    assert (answer.dtype, answer.item()) == (AMOUNT, Decimal("0.666666666666666667"))


@pytest.mark.parametrize(
    ("amount", "part", "whole", "answer"),
    [
        ("6", "2", "3", "4"),
        ("6", "2", "0", "0"),
        ("9999999999", "1", "3", "3333333333"),
        ("10000000000", "1", "3", "3333333333.33333333"),
        ("-10000000000", "1", "3", "-3333333333.33333333"),
        ("9", "9999999998", "9", "9999999998"),
        ("9", "10000000000", "9", "9999999999.999999999999999999"),
        ("9", "-10000000000", "9", "-9999999999.999999999999999999"),
        ("10000000000", "10000000000", "20000000000", "5000000000"),
    ],
)
def test_a_part_of_an_amount_is_multiplied_first_while_there_is_room(
    amount: str, part: str, whole: str, answer: str
) -> None:
    row = {"amount": amounts(amount), "part": amounts(part), "whole": amounts(whole)}
    of = proportion(pl.col("amount"), pl.col("part"), pl.col("whole"))
    assert pl.DataFrame(row).select(of).item() == Decimal(answer)


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
    if not at_least:
        assert plain(Decimal(value)) == text


@pytest.mark.parametrize("text", ["0", "-12.50", "1234567", "99999999999999.123456"])
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
