"""Which threshold is the next: by its boundary, where more can still be measured."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from rappel.core.money import AMOUNT
from rappel.core.tiers import next_above
from table import table

SHAPE = {
    "pool": pl.Int64(),
    "p": pl.Int64(),
    "measured": pl.String(),
    "level": AMOUNT,
    "per": AMOUNT,
    "whole": AMOUNT,
    "boundary": pl.String(),
    "when": pl.String(),
}
TIERS = pl.DataFrame(
    {"p": [0, 0, 1], "threshold": [1000, 2000, 5]},
    schema={"p": pl.Int64, "threshold": AMOUNT},
)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("0 | amount | 0       | 1   |     | at_least  | open", "1000"),
        ("0 | amount | 999.99  | 1   |     | at_least  | open", "1000"),
        ("0 | amount | 1000    | 1   |     | at_least  | open", "2000"),
        ("0 | amount | 1000    | 1   |     | more_than | open", "1000"),
        ("0 | amount | 1000.01 | 1   |     | more_than | open", "2000"),
        ("0 | amount | 2000    | 1   |     | at_least  | open", None),
        ("1 | amount | 4.99    | 1   |     | at_least  | open", "5"),
        ("0 | share  | 499.99  | 0.5 | 0.5 | at_least  | open", "1000"),
        ("0 | share  | 500     | 0.5 | 0.5 | at_least  | open", "2000"),
        ("0 | share  | 0       | 1   | 0   | at_least  | open", None),
        ("0 | none   | 0       | 1   |     | at_least  | open", None),
        ("0 | amount | 0       | 1   |     | at_least  | past", None),
    ],
)
def test_the_next_threshold_is_the_first_that_is_not_reached(
    measure: str, expected: str | None
) -> None:
    pools = table(f"{' | '.join(SHAPE)}\n7 | {measure}", SHAPE).with_columns(
        pl.lit(1).cast(AMOUNT).alias("span"),
        pl.lit(1).cast(AMOUNT).alias("base"),
        pl.lit(1).cast(AMOUNT).alias("target"),
        at_least=pl.col("boundary") == "at_least",
        past=pl.col("when") == "past",
    )
    ahead = next_above(pools, TIERS, by=["pool"])
    assert ahead.columns == ["pool", "next_threshold"]
    assert ahead.rows() == ([(7, Decimal(expected))] if expected else [])


def test_each_pool_has_its_own_next_threshold() -> None:
    pools = pl.DataFrame(
        {"pool": [1, 2], "p": [0, 0], "level": [1000, 0]},
        schema={"pool": pl.Int64, "p": pl.Int64, "level": AMOUNT},
    ).with_columns(
        pl.lit(1).cast(AMOUNT).alias(name)
        for name in ("per", "span", "base", "whole", "target")
    )
    plain = pools.with_columns(
        measured=pl.lit("amount"), at_least=pl.lit(value=True), past=pl.lit(value=False)
    )
    ahead = next_above(plain, TIERS, by=["pool"]).sort("pool")
    assert ahead.rows() == [(1, Decimal(2000)), (2, Decimal(1000))]
