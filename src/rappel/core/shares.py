"""Shares: a pool's rebate divided among its members, the fee, and what is due.

Owns everything after a pool has earned. Everything obeys this: the parts sum to the
whole, to the cent; the fee is rounded from each member's ``earned``; what is due is a
difference and is not rounded again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import parties
from rappel.core.money import AMOUNT, divided_up, ratio, settle_each
from rappel.core.terms import AllocationBy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme

POOL: Final = ("chain", "window", "pool")
MINE: Final = ("window", "member", "pool")
ZERO: Final = pl.lit(0).cast(AMOUNT)
HOW: Final = (pl.col("decimals"), pl.col("rounding"))
STEPS: Final = {
    "position": pl.Int64(),
    "step": pl.String(),
    "of": pl.String(),
    "code": pl.String(),
    "figure": AMOUNT,
    "payable": AMOUNT,
    "amount": AMOUNT,
}
STEP: Final = [*POOL, *STEPS]
NO_STEPS: Final = [pl.lit(None, dtype).alias(name) for name, dtype in STEPS.items()]
"""What a step of a working is made of, beside whose it is."""


def stated(programmes: Sequence[Programme], members: pl.DataFrame) -> pl.DataFrame:
    """Return ``p, member, stated``: the parts that terms fix for those in the pool."""
    rows = [
        (p, code, weight, one.segment)
        for p, one in enumerate(programmes)
        for code, weight in one.shares.items()
    ]
    schema = {
        "p": pl.Int64(),
        "code": pl.String(),
        "stated": AMOUNT,
        "segment": pl.String(),
    }
    inside = pl.col("segments").list.contains(pl.col("segment")) | (
        pl.col("segment").is_null()
    )
    return (
        pl.DataFrame(rows, schema=schema, orient="row")
        .join(members, on="code")
        .filter(inside)
        .select("p", "member", "stated")
    )


def with_stated(
    own: pl.DataFrame,
    known: pl.DataFrame,
    members: pl.DataFrame,
    *,
    without: pl.DataFrame,
    counted: pl.DataFrame,
    terms: pl.DataFrame,
) -> pl.DataFrame:
    """Add ``stated``, the member's fixed part, and who has one and bought nothing.

    ``own`` is that of :func:`rappel.core.pooling.own`, ``known`` that of
    :func:`stated`. A fixed part is had in each pool that has anything, by the terms in
    force at the window's end. Rule: who is not computed for want of a baseline, a
    target or a rate (``without``: ``chain, window, member``) has no part, and the parts
    of the others sum to the whole.
    """
    key = ["chain", "window", "member"]
    kinds = own.select("chain", "kind").unique()
    finals = counted.filter("final").join(known, on="p")
    absent = (
        finals.join(kinds, on="chain")
        .join(parties.pools(members), on=["member", "kind"])
        .join(own, on=POOL, how="semi")
        .join(own, on=["p", "window", "member"], how="anti")
        .join(without, on=key, how="anti")
    )
    brought = [name for name in own.columns if name not in {*terms.columns, *MINE}]
    nothing = [pl.lit(0).cast(own.schema[name]).alias(name) for name in brought]
    added = absent.join(terms, on="p").with_columns(nothing).select(own.columns)
    return (
        pl.concat([own, added])
        .join(finals.select(*key, "stated"), on=key, how="left")
        .with_columns(
            pl.col("stated").fill_null(ZERO),
            shown=pl.col("shown") | pl.col("stated").is_not_null(),
        )
    )


def divide(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``earned``, each member's part of ``pool_earned``, and ``of_pool``.

    ``rows``: one a member of ``chain, window, pool``, with ``member_code, payable,
    lines, stated, allocation, decimals, pool_earned``. Rule: largest remainder by
    payable, with its sign; by one for each with a qualifying line; or by the part that
    is stated. Who alone has a payable or such lines has it all, who has neither has
    nothing, unless the parts are stated. Where the weights sum to zero there is nothing
    to divide by, and ``earned`` is null unless it is zero. ``of_pool`` is the unrounded
    share, to show and to look ahead with.
    """
    equally = pl.col("allocation") == AllocationBy.EQUAL.value
    is_stated = pl.col("allocation") == AllocationBy.FIXED.value
    has_bought = pl.col("lines") > 0
    counts = has_bought | (~equally & (pl.col("payable") != 0))
    is_one = ~is_stated & (counts.sum().over(POOL) == 1)
    alone = counts & is_one
    weight = (
        pl.when(is_stated)
        .then("stated")
        .when(~equally)
        .then("payable")
        .when(has_bought)
        .then(1)
        .otherwise(ZERO)
    )
    sum_of_weights = pl.col("weight").sum().over(POOL)
    weighed = rows.with_columns(weight=weight).with_columns(
        divisible=~is_one & (sum_of_weights != 0)
    )
    shared = weighed.with_columns(
        of_pool=pl.when("divisible")
        .then(ratio(pl.col("weight"), sum_of_weights))
        .otherwise(pl.when(alone).then(1).otherwise(ZERO))
    )
    parts = divided_up(
        shared.filter("divisible"),
        total="pool_earned",
        weight="weight",
        by=POOL,
        tie="member_code",
    ).rename({"part": "earned"})
    whole = pl.col("pool_earned")
    undivided = shared.filter(~pl.col("divisible")).with_columns(
        earned=pl.when(alone | (whole == 0))
        .then(whole)
        .otherwise(pl.when(is_one).then(ZERO))
    )
    return pl.concat([parts, undivided]).drop("weight", "divisible")


def due(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``fee``, ``holdback``, ``due``, ``payable_now`` and ``carried``.

    Rule: due = earned - fee - holdback - settled before; what is negative is carried.
    A holdback is held until its window has ended (``ended``), or until the measure has
    reached what releases it, at its figure whatever the boundary of the tiers.
    """
    release = pl.col("release_from")
    reached = release <= pl.col("measure")
    released = pl.when(release.is_null()).then("ended").otherwise(reached)
    held = pl.when(released).then(ZERO).otherwise(pl.col("holdback_rate"))
    remaining = pl.col("earned") - pl.col("fee") - pl.col("holdback")
    return (
        rows.with_columns(
            fee=settle_each(pl.col("earned") * pl.col("fee_rate"), *HOW),
            holdback=settle_each(pl.col("earned") * held, *HOW),
        )
        .with_columns(due=remaining - pl.col("settled_before"))
        .with_columns(payable_now=pl.max_horizontal("due", ZERO))
        .with_columns(carried=pl.col("due") - pl.col("payable_now"))
    )
