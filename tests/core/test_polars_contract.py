"""What the money relies on in Polars' Decimal, so that an upgrade cannot change it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import pytest

from rappel.core.money import AMOUNT, LINE, RATE, WHOLE

if TYPE_CHECKING:
    from pathlib import Path


def frame(**columns: tuple[pl.DataType, list[str]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: pl.Series([Decimal(text) for text in texts], dtype=dtype)
            for name, (dtype, texts) in columns.items()
        }
    )


def test_a_product_keeps_the_larger_scale_so_the_amount_is_widened_first() -> None:
    two = pl.Decimal(38, 2)
    narrow = frame(a=(two, ["0.05"]), b=(two, ["0.10"]))
    assert narrow.select(pl.col("a") * pl.col("b")).item() == Decimal("0.00")
    wide = narrow.select(pl.col("a").cast(AMOUNT) * pl.col("b")).item()
    assert wide == Decimal("0.005")


def test_an_amount_times_two_rates_of_six_places_is_exact_at_eighteen() -> None:
    figures = frame(
        amount=(LINE, ["99999999999999.123456"]),
        fx=(RATE, ["0.000057"]),
        rate=(RATE, ["0.035001"]),
    )
    product = pl.col("amount").cast(AMOUNT) * pl.col("fx") * pl.col("rate")
    expected = Decimal("99999999999999.123456") * Decimal("0.000057")
    assert figures.select(product).item() == expected * Decimal("0.035001")
    assert figures.select(product).schema.dtypes() == [AMOUNT]


def test_what_does_not_fit_raises_and_never_wraps() -> None:
    figures = frame(a=(WHOLE, ["9" * 38]))
    with pytest.raises(pl.exceptions.PolarsError, match="overflow"):
        figures.select(pl.col("a") * pl.lit(Decimal(10)))
    with pytest.raises(pl.exceptions.PolarsError, match="overflow"):
        pl.concat([figures, figures]).select(pl.col("a").sum())


def test_a_sum_is_exact_and_that_of_nothing_is_zero() -> None:
    figures = frame(a=(AMOUNT, ["0.1", "0.2", "-0.3", "0.000000000000000001"]))
    assert figures.select(pl.col("a").sum()).item() == Decimal("1E-18")
    assert figures.clear().select(pl.col("a").sum()).item() == Decimal(0)


@pytest.mark.parametrize(
    ("mode", "up", "down"),
    [("half_away_from_zero", "0.13", "-0.13"), ("half_to_even", "0.12", "-0.12")],
)
def test_rounding_names_its_mode(mode: str, up: str, down: str) -> None:
    figures = frame(a=(AMOUNT, ["0.125", "-0.125"]))
    rounded = figures.select(pl.col("a").round(2, mode=mode)).to_series()  # type: ignore[arg-type]  # the modes are literals
    assert rounded.to_list() == [Decimal(up), Decimal(down)]


def test_whole_numbers_divide_down_and_leave_a_positive_rest() -> None:
    figures = frame(a=(WHOLE, ["7", "-7"]), b=(WHOLE, ["2", "2"]))
    assert figures.select(pl.col("a") // pl.col("b"))["a"].to_list() == [3, -4]
    assert figures.select(pl.col("a") % pl.col("b"))["a"].to_list() == [1, 1]


def test_a_quotient_and_a_product_have_room_in_between() -> None:
    figures = frame(a=(AMOUNT, ["12345678901234567.12"]), b=(AMOUNT, ["0.035001"]))
    assert figures.select(pl.col("a") * pl.col("b")).item() == (
        Decimal("12345678901234567.12") * Decimal("0.035001")
    )
    third = figures.select(pl.col("a") / pl.lit(Decimal(3)).cast(AMOUNT)).item()
    assert third == Decimal("4115226300411522.373333333333333333")


def test_a_whole_number_beside_an_amount_is_an_amount() -> None:
    figures = frame(a=(AMOUNT, ["12.5", "-12.5"]))
    positive = pl.when(pl.col("a") > 0)
    found = figures.select(
        then=positive.then(1).otherwise("a"),
        otherwise=positive.then("a").otherwise(1),
        filled=pl.col("a").shift().fill_null(0),
        sign=pl.col("a").sign(),
        less=pl.col("a") - pl.when(pl.col("a") > 0).then(1).otherwise(0),
        count=pl.col("a") * pl.int_range(pl.len()),
    )
    assert set(found.dtypes) == {AMOUNT}
    assert found["then"].to_list() == [1, Decimal("-12.5")]
    assert found["otherwise"].to_list() == [Decimal("12.5"), 1]
    assert found["filled"].to_list() == [0, Decimal("12.5")]
    assert found["sign"].to_list() == [1, -1]
    assert found["less"].to_list() == [Decimal("11.5"), Decimal("-12.5")]
    assert found["count"].to_list() == [0, Decimal("-12.5")]


def test_figures_compare_across_scales_and_in_rows() -> None:
    figures = frame(a=(AMOUNT, ["1.000000000000000001"]), b=(RATE, ["1"]))
    assert figures.select(pl.col("a") > pl.col("b")).item() is True
    assert figures.select(pl.min_horizontal("a", "b")).item() == Decimal(1)


def test_parquet_gives_back_the_same_figures(tmp_path: Path) -> None:
    figures = frame(a=(LINE, ["99999999999999.123456", "-0.000001"]))
    figures.write_parquet(tmp_path / "part.parquet")
    assert pl.read_parquet(tmp_path / "part.parquet").equals(figures)
