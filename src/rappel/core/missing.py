"""Missing: what cannot count for want of a rate, an invoice, a quantity or a category.

Owns the rows that say so, with how much it was; decides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from rappel.core import eligibility, exchange, programmes
from rappel.core.frames import STOPPED, UNMAPPED
from rappel.core.terms import Fx

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts


def facts(lost: pl.DataFrame, given: Sequence[Programme], own: int) -> pl.DataFrame:
    """Return what has no day, rate or quantity, by programme, member, currency.

    Rule: the first of these that lines lack is told. A line that several views see is
    told once, by the first of them.
    """
    names = programmes.terms(given).select("p", "programme")
    key = ["programme", "member", "reason", "currency"]
    reason = (
        pl.when("undated")
        .then(pl.lit("no_original"))
        .when(pl.col("converted").is_null() & exchange.is_fx(Fx.FIXED))
        .then(pl.lit("no_fixed_rate"))
        .when(pl.col("converted").is_null())
        .then(pl.lit("no_rate"))
        .otherwise(pl.lit("no_quantity"))
    )
    view = pl.when(pl.col("p") < own).then(-1).otherwise(pl.col("p"))
    return STOPPED.check(
        lost.join(names, on="p")
        .with_columns(view=view, reason=reason)
        .filter(pl.col("view") == pl.col("view").min().over(key))
        .group_by(key)
        .agg(
            pl.col("day").min().alias("date"),
            pl.sum("amount", "lines"),
        )
        .sort(key)
    )


def categories(
    reduced: pl.DataFrame, given: Sequence[Programme], facts: Facts
) -> pl.DataFrame:
    """Return the products without a category of suppliers whose terms ask for one."""
    asking = [one for one in given if one.scope.asks_category]
    if not asking:
        return UNMAPPED.empty()
    coded = facts.suppliers.rename({"code": "supplier_code"})
    concerned = pl.any_horizontal(
        eligibility.supplier_reason(one).is_null() for one in asking
    )
    return UNMAPPED.check(
        reduced.filter(pl.col("category").is_null())
        .join(coded.filter(concerned), on="supplier")
        .group_by("supplier", "code", "currency")
        .agg(pl.sum("amount", "lines"))
        .sort("supplier", "code", "currency", nulls_last=True)
    )
