"""Pooling: what each member brings to its pool, and what the pool reaches.

Owns the way from purchases to the measure and the payable of every pool, under each
revision of its window, and to the slices of its tiers. Everything obeys this: the
measure runs over all revisions of a chain, the payable is one revision's, and fixed
amounts are those of the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import parties, shares, tiers
from rappel.core.frames import SETTLED
from rappel.core.terms import Measure, Payable

if TYPE_CHECKING:
    from rappel.core import volumes
    from rappel.core.frames import Facts

POOL: Final = [*shares.POOL]
ZERO: Final = shares.ZERO


def own(
    purchases: volumes.Bought, facts: Facts, terms: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
    """Return what each member brings to its pool under each revision.

    The terms, ``window, member, pool, measure, payable, lines`` and, on one row of each
    member and window, ``settled_before``; also where nothing but that is known.
    """
    quantity = pl.col("quantity")
    on_quantity = pl.col("paid_on") == Payable.QUANTITY.value
    on_amount = pl.col("paid_on") == Payable.AMOUNT.value
    by_quantity = pl.col("measured") == Measure.QUANTITY.value
    summed = purchases.qualified.group_by("p", "member", "window").agg(
        pl.sum("amount", "quantity", "lines")
    )
    names = terms.select("p", "programme").join(counted.filter("final"), on="p")
    settled = (
        SETTLED.check(facts.settled)
        .rename({"amount": "settled_before"})
        .join(names, on=["programme", "window"])
        .join(purchases.stopped, on=["programme", "member"], how="anti")
        .select("p", "member", "window", "settled_before")
    )
    return (
        summed.join(settled, on=["p", "member", "window"], how="full", coalesce=True)
        .with_columns(
            pl.col("amount", "quantity", "settled_before").fill_null(ZERO),
            pl.col("lines").fill_null(0),
        )
        .join(terms, on="p")
        .join(parties.pools(facts.members), on=["member", "kind"])
        .with_columns(
            measure=pl.when(by_quantity).then(quantity).otherwise(pl.col("amount")),
            payable=pl.when(on_quantity)
            .then(quantity)
            .otherwise(pl.when(on_amount).then(pl.col("amount")).otherwise(ZERO)),
        )
        .drop("amount", "quantity")
    )


def pooled(
    own: pl.DataFrame, terms: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
    """Return each pool under each revision of its window: ``measure``, ``payable``.

    The measure is the whole pool's over all revisions; the payable is the revision's.
    """
    whole = own.group_by(POOL).agg(pl.col("measure").sum())
    paid = own.group_by("p", "window", "pool").agg(pl.col("payable").sum())
    revisions = counted.select("p", "chain", "window", "final")
    return (
        whole.join(revisions, on=["chain", "window"])
        .join(paid, on=["p", "window", "pool"], how="left")
        .join(terms.drop("chain"), on="p")
        .with_columns(pl.col("payable").fill_null(ZERO))
    )


def sliced(pooled: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the slices of each pool, fixed amounts only in the last revision."""
    fixed = pl.when("final").then("fixed").otherwise(ZERO)
    return tiers.reached(pooled, table).with_columns(fixed=fixed)


def exact(sliced: pl.DataFrame) -> pl.DataFrame:
    """Return what each pool earns, unrounded."""
    return sliced.group_by(POOL).agg(pool_exact=tiers.earned(pl.col("payable")))
