"""Pooling: what each member brings to its pool, and what the pool reaches.

Owns the way from purchases to the measure and the payable of every pool, under each
revision of its window, and to the slices of its tiers. Everything obeys this: the
measure runs over all revisions of a chain, the payable is one revision's, and fixed
amounts are those of the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import baselines, measures, parties, shares, thresholds, tiers
from rappel.core.frames import SETTLED
from rappel.core.money import AMOUNT, proportion, ratio
from rappel.core.terms import AllocationBy, Payable

if TYPE_CHECKING:
    from rappel.core.baselines import References
    from rappel.core.frames import Facts

POOL: Final = [*shares.POOL]
MINE: Final = ["chain", "window", "member"]
ZERO: Final = shares.ZERO
FIGURES: Final = (
    "amount",
    "quantity",
    "figure",
    "whole",
    "settled_before",
    *measures.REFERENCES,
)


def own(
    brought: pl.DataFrame,
    compared: References,
    facts: Facts,
    *,
    terms: pl.DataFrame,
    counted: pl.DataFrame,
) -> pl.DataFrame:
    """Return what each member brings to its pool under each revision.

    ``brought`` is that of :func:`rappel.core.measures.brought`, ``compared`` what it is
    compared with. Answers the terms, ``window, member, pool, lines, volume`` (its own
    purchases), ``figure`` and ``whole`` (its part of the measure), ``payable`` and, on
    one row of each member and window, ``base, span, target, settled_before``; ``shown``
    where it bought something, something is settled, or it takes from its pool's
    increment by what it fell short. A pool in which nobody bought anything and nothing
    is settled is not there, whatever climbs or is compared.
    """
    names = terms.select("p", "programme").join(counted.filter("final"), on="p")
    settled = (
        SETTLED.check(facts.settled)
        .rename({"amount": "settled_before"})
        .join(names, on=["programme", "window"])
        .select("p", "member", "window", "settled_before")
    )
    key = ["p", "member", "window"]
    is_shown = (pl.col("lines") > 0) | pl.col("settled_before").is_not_null()
    return (
        brought.drop("base", "based")
        .join(settled, on=key, how="full", coalesce=True)
        .join(compared.rows, on=key, how="full", coalesce=True)
        .with_columns(shown=is_shown.fill_null(value=False))
        .with_columns(pl.col(FIGURES).fill_null(ZERO), pl.col("lines").fill_null(0))
        .join(terms, on="p")
        .join(compared.without, on=MINE, how="anti")
        .join(parties.pools(facts.members), on=["member", "kind"])
        .filter(pl.col("shown").any().over(POOL))
        .with_columns(
            volume=pl.when("by_quantity").then("quantity").otherwise("amount"),
            payable=_payable(),
        )
        .with_columns(payable=_not_below_zero())
        .with_columns(shown=pl.col("shown") | _falls_short())
        .drop("amount", "quantity")
    )


def _payable() -> pl.Expr:
    """Return what a member is paid on under one revision.

    Rule: the increment is what was bought beyond the baseline; each revision has the
    part of it that was bought while it was in force.
    """
    amount, paid_on = pl.col("amount"), pl.col("paid_on")
    bought = amount.sum().over(MINE)
    base = ratio(pl.col("base"), pl.col("span"))
    before = base.sum().over(MINE)
    less = pl.when(bought == 0).then(base).otherwise(proportion(before, amount, bought))
    return (
        pl.when(paid_on == Payable.AMOUNT.value)
        .then(amount)
        .when(paid_on == Payable.QUANTITY.value)
        .then("quantity")
        .when(paid_on == Payable.INCREMENT.value)
        .then(amount - less)
        .otherwise(ZERO)
    )


def _not_below_zero() -> pl.Expr:
    """Return the payable; a pool that fell short of its baseline has no increment."""
    payable = pl.col("payable")
    shrinks = payable.sum().over(POOL) < 0
    is_increment = pl.col("paid_on") == Payable.INCREMENT.value
    return pl.when(is_increment & shrinks).then(ZERO).otherwise(payable)


def _falls_short() -> pl.Expr:
    """Whether a member that bought nothing has a part of its pool's increment.

    Rule: a pool's increment is that of all its members, and is divided by theirs with
    their signs, also by that of who bought nothing.
    """
    by_payable = pl.col("allocation") == AllocationBy.PAYABLE.value
    is_increment = pl.col("paid_on") == Payable.INCREMENT.value
    return by_payable & is_increment & (pl.col("payable") != 0)


def pooled(
    own: pl.DataFrame, terms: pl.DataFrame, counted: pl.DataFrame, table: pl.DataFrame
) -> pl.DataFrame:
    """Return each pool under each revision of its window: ``measure``, ``payable``.

    The measure is the whole pool's over all revisions; the payable is the revision's.
    Also ``base, span, target``, and ``level`` and ``per``, which choose the tier.
    """
    whole = own.group_by(POOL).agg(pl.col("figure", "whole", "target").sum())
    quotient = ratio(pl.col("base"), pl.col("span"))
    paid = own.group_by("p", "window", "pool").agg(
        pl.col("payable").sum(), quotients=quotient.sum()
    )
    revisions = counted.select("p", "chain", "window", "final")
    return (
        whole.join(baselines.together(own), on=POOL, how="left")
        .join(revisions, on=["chain", "window"])
        .join(paid, on=["p", "window", "pool"], how="left")
        .join(terms.drop("chain"), on="p")
        .with_columns(
            pl.col("payable", "quotients", "base").fill_null(ZERO),
            span=pl.col("span").fill_null(thresholds.ONE),
        )
        .with_columns(payable=_summed_first())
        .drop("quotients")
        .pipe(thresholds.measured)
        .pipe(thresholds.first_tier_holds, table)
        .drop("figure")
    )


def _summed_first() -> pl.Expr:
    """Return the payable with the members' baselines summed before they are divided.

    Quotients that are summed may miss an exact sum by their last place.
    """
    is_increment = pl.col("paid_on") == Payable.INCREMENT.value
    exact = pl.col("quotients") - ratio(pl.col("base"), pl.col("span"))
    corrects = is_increment & (pl.col("quotients") != 0) & (pl.col("payable") != 0)
    return pl.col("payable") + pl.when(corrects).then(exact).otherwise(ZERO)


def sliced(pooled: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the slices of each pool, fixed amounts only in the last revision."""
    fixed = pl.when("final").then("fixed").otherwise(ZERO)
    return tiers.reached(pooled.filter("open"), table).with_columns(fixed=fixed)


def given(sliced: pl.DataFrame) -> pl.DataFrame:
    """Return ``exact``: what the tiers of each revision give, within their own caps."""
    key = ["p", "window", "pool"]
    capped = sliced.filter(pl.col("most").is_not_null())
    beyond = capped.group_by(key).agg(beyond=tiers.beyond().sum())
    return (
        sliced.group_by(key)
        .agg(exact=tiers.earned(pl.col("payable")))
        .join(beyond, on=key, how="left")
        .with_columns(exact=pl.col("exact") - pl.col("beyond").fill_null(ZERO))
        .drop("beyond")
    )


def tier_caps(sliced: pl.DataFrame) -> pl.DataFrame:
    """Return a step for each slice of a tier that has a cap of its own."""
    none = {name: pl.lit(None, pl.String) for name in ("of", "code")}
    return (
        sliced.filter(pl.col("most").is_not_null())
        .sort(*POOL, "p", "position")
        .with_columns(
            **none,
            step=pl.lit("tier_cap"),
            figure=pl.col("most"),
            payable=pl.lit(None, AMOUNT),
            amount=-tiers.beyond(),
            position=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(POOL),
        )
        .select(shares.STEP)
    )


def exact(sliced: pl.DataFrame) -> pl.DataFrame:
    """Return what each pool earns, unrounded."""
    return sliced.group_by(POOL).agg(pool_exact=tiers.earned(pl.col("payable")))
