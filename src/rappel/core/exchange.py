"""Exchange: from a document's currency to the agreement's.

Owns the policies of which rate converts a purchase. A rate is units of the agreement's
currency per 1 of the document's. A missing rate leaves the amount null, never 1.0; an
official rate is that of the very day, or the average of the days of the settlement
period that have one. A fixed rate is that of one currency: one that names none is of
the only foreign currency its suppliers invoice in. Amounts and rates of 6 places
multiply exactly.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from rappel.core.agreements import EVERY
from rappel.core.money import AMOUNT, RATE, proportion, ratio, settle_rate
from rappel.core.terms import Fx

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts
    from rappel.core.period import Period


def is_fx(*policies: Fx) -> pl.Expr:
    """Whether the programme converts by one of these policies."""
    return pl.col("fx").is_in([policy.value for policy in policies])


def fixed(given: Sequence[Programme], facts: Facts) -> pl.DataFrame:
    """Return the rates that terms fix: ``p, currency, fixed``."""
    schema = {"p": pl.Int64(), "currency": pl.String(), "fixed": RATE}
    named: list[tuple[int, str, Decimal | None]] = [
        (p, currency, rate)
        for p, one in enumerate(given)
        for currency, rate in one.fx_rates.items()
    ]
    unnamed = [p for p, one in enumerate(given) if one.fx_rate is not None]
    if unnamed:
        pairs = _invoiced(facts)
        named += [row for p in unnamed for row in _only(p, given[p], pairs)]
    return pl.DataFrame(named, schema=schema, orient="row")


def _invoiced(facts: Facts) -> list[tuple[str, str]]:
    """Return the suppliers' codes, each with a currency that it invoices in."""
    pairs = facts.lines.select("supplier", "currency").unique()
    coded = facts.suppliers.lazy().join(pairs, on="supplier")
    return coded.select("code", "currency").collect().rows()


def _only(
    p: int, one: Programme, pairs: Sequence[tuple[str, str]]
) -> Iterator[tuple[int, str, Decimal | None]]:
    """Yield the rate of the only foreign currency, if there is only one."""
    abroad = {
        currency
        for supplier, currency in pairs
        if currency != one.currency
        and (one.suppliers == EVERY or supplier in one.suppliers)
    }
    if len(abroad) == 1:
        yield p, abroad.pop(), one.fx_rate


def convert(
    rows: pl.LazyFrame, rates: pl.DataFrame, fixed: pl.DataFrame, *, period: Period
) -> pl.LazyFrame:
    """Add ``converted`` and ``official`` to rows that already know their programme.

    Rows: ``day, currency, rate_currency, amount`` (``AMOUNT``), ``at_document_rate``
    (amount times the document's own rate), and the programme's ``to`` (its currency),
    ``p`` and ``fx``. ``official`` is the rate that was looked up, or one of ``fixed``.
    """
    average = _averages(rates, period)
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
        .then(pl.col("fixed"))
        .when(is_fx(Fx.INVOICE_DATE, Fx.PERIOD_END))
        .then(pl.col("_rate"))
        .when(is_fx(Fx.PERIOD_AVERAGE))
        .then(settle_rate(ratio(pl.col("_sum"), pl.col("_days"))))
    )
    averaged = proportion(pl.col("amount"), pl.col("_sum"), pl.col("_days"))
    stated = is_fx(Fx.DOCUMENT_RATE) & (pl.col("rate_currency") == pl.col("to"))
    at_home = pl.col("currency") == pl.col("to")
    return (
        rows.with_columns(_day=of_day)
        .join(published, on=["currency", "to", "_day"], how="left")
        .join(average, on=["currency", "to"], how="left")
        .join(fixed.lazy(), on=["p", "currency"], how="left")
        .with_columns(official=pl.when(~at_home).then(official).cast(RATE))
        .with_columns(
            converted=pl.when(at_home)
            .then(pl.col("amount"))
            .when(stated)
            .then(pl.col("at_document_rate"))
            .when(is_fx(Fx.PERIOD_AVERAGE))
            .then(averaged)
            .otherwise(pl.col("amount") * pl.col("official"))
            .cast(AMOUNT)
        )
        .drop("_day", "_rate", "_sum", "_days", "fixed")
    )


def _averages(rates: pl.DataFrame, period: Period) -> pl.LazyFrame:
    """Return what the rates of the period's days sum to, and how many there are.

    Rule: a rate is never rounded; ``official`` shows the average with 6 places.
    """
    inside = pl.col("date").is_between(period.start, period.end, closed="left")
    return (
        rates.lazy()
        .filter(inside)
        .group_by(pl.col("from").alias("currency"), "to")
        .agg(
            _sum=pl.col("rate").cast(AMOUNT).sum(),
            _days=pl.len().cast(pl.Int64).cast(AMOUNT),
        )
    )
