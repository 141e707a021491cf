"""Exchange: from a document's currency to the agreement's.

Owns the policies of which rate converts a purchase. A rate is units of the agreement's
currency per 1 of the document's. A missing rate leaves the amount null, never 1.0; an
official rate is that of the very day. Amounts and rates of 6 places multiply exactly.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from rappel.core.money import AMOUNT, RATE
from rappel.core.terms import Fx

if TYPE_CHECKING:
    from rappel.core.period import Period


def is_fx(*policies: Fx) -> pl.Expr:
    """Whether the programme converts by one of these policies."""
    return pl.col("fx").is_in([policy.value for policy in policies])


def convert(rows: pl.LazyFrame, rates: pl.DataFrame, *, period: Period) -> pl.LazyFrame:
    """Add ``converted`` and ``official`` to rows that already know their programme.

    Rows: ``day, currency, rate_currency, amount`` (``AMOUNT``), ``at_document_rate``
    (amount times the document's own rate), and the programme's ``to`` (its currency),
    ``fx``, ``fx_rate``. ``official`` is the rate that was looked up, or fixed.
    """
    last_day = pl.lit(period.end - timedelta(days=1))
    published = rates.lazy().select(
        pl.col("from").alias("currency"),
        "to",
        pl.col("date").alias("_day"),
        pl.col("rate").alias("_rate"),
    )
    of_day = pl.when(is_fx(Fx.PERIOD_END)).then(last_day).otherwise(pl.col("day"))
    official = (
        pl.when(is_fx(Fx.FIXED))
        .then(pl.col("fx_rate"))
        .when(is_fx(Fx.INVOICE_DATE, Fx.PERIOD_END))
        .then(pl.col("_rate"))
    )
    stated = is_fx(Fx.DOCUMENT_RATE) & (pl.col("rate_currency") == pl.col("to"))
    at_home = pl.col("currency") == pl.col("to")
    return (
        rows.with_columns(_day=of_day)
        .join(published, on=["currency", "to", "_day"], how="left")
        .with_columns(official=pl.when(~at_home).then(official).cast(RATE))
        .with_columns(
            converted=pl.when(at_home)
            .then(pl.col("amount"))
            .when(stated)
            .then(pl.col("at_document_rate"))
            .otherwise(pl.col("amount") * pl.col("official"))
            .cast(AMOUNT)
        )
        .drop("_day", "_rate")
    )
