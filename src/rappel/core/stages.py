"""Stages: programmes computed level by level, each on what those before it left.

Owns the way from what members bring to what each of them has earned, rounded and
divided, with every step between. Programmes of one level are computed at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from rappel.core import deductions, earning, gates, limits, pooling, shares
from rappel.core import legs as both
from rappel.core.frames import INBOUND, STEPS
from rappel.core.money import settle_each

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rappel.core.earning import Earned
    from rappel.core.frames import Facts
    from rappel.core.gates import Gates
    from rappel.core.legs import Leg, Legs

POOL: Final = [*shares.POOL]
MINE: Final = ["chain", "window", "member"]
VALUE: Final = ("threshold", "percent", "per_unit", "amount", "plus")


class Stage(NamedTuple):
    """Programmes of one level: those that no other one of it waits for.

    ``parts`` has ``earned``, what the member has, and ``inbound``, what the supplier
    pays for it; ``supplier`` is how that came about where the two legs differ.
    """

    own: pl.DataFrame
    pooled: pl.DataFrame
    sliced: pl.DataFrame
    parts: pl.DataFrame
    steps: pl.DataFrame  # of pools where ``member`` is null, else of a member
    supplier: pl.DataFrame


class Divided(NamedTuple):
    """What one leg comes to: pools, their slices, the parts of members, the steps."""

    pooled: pl.DataFrame
    earned: Earned
    parts: pl.DataFrame
    steps: pl.DataFrame


def staged(
    own: pl.DataFrame,
    overlaps: pl.DataFrame,
    levels: Sequence[Sequence[int]],
    compute: Callable[[pl.DataFrame], Stage],
) -> Stage:
    """Compute level by level: each on what those before it have left."""
    done: list[Stage] = []
    for level in levels:
        mine = own.filter(pl.col("p").is_in(level))
        if not done:
            done.append(compute(mine))
            continue
        earned = pl.concat(one.parts for one in done).select(
            *MINE, "programme", earned="inbound"
        )
        rest = deductions.reduced(mine, overlaps, earned)
        found = compute(rest.own)
        said = pl.concat([rest.steps.select(found.steps.columns), found.steps])
        done.append(found._replace(steps=said))
    return Stage(*(pl.concat(frames) for frames in zip(*done, strict=True)))


def stage(
    own: pl.DataFrame, *, facts: Facts, counted: pl.DataFrame, legs: Legs, gated: Gates
) -> Stage:
    """Compute what the members of some programmes earn, rounded and divided.

    Rule: the supplier's leg is the programme's own terms, the members' their own; both
    are divided by the same weights. Who has no part in one has none in the other.
    """
    theirs = _leg(own, legs.members, facts=facts, counted=counted, gated=gated)
    apart = own.filter(pl.col("p").is_in(legs.apart))
    parts, supplier = theirs.parts.with_columns(inbound="earned"), INBOUND.empty()
    if not apart.is_empty():
        paid = _leg(apart, legs.supplier, facts=facts, counted=counted, gated=gated)
        parts = _beside(theirs.parts, paid.parts, legs.apart)
        supplier = both.working(
            paid.earned.totals, paid.steps, apart.select("chain", "programme")
        )
    return Stage(
        own=own,
        pooled=theirs.pooled,
        sliced=theirs.earned.sliced,
        parts=parts,
        steps=theirs.steps,
        supplier=supplier,
    )


def _beside(
    theirs: pl.DataFrame, paid: pl.DataFrame, apart: Sequence[int]
) -> pl.DataFrame:
    """Add ``inbound`` to what members have; both are null where one is."""
    inbound = paid.select(*POOL, "member", paid="earned")
    is_apart = pl.col("p").is_in(apart)
    return (
        theirs.join(inbound, on=[*POOL, "member"], how="left")
        .with_columns(inbound=pl.when(is_apart).then("paid").otherwise("earned"))
        .with_columns(earned=pl.when(pl.col("inbound").is_not_null()).then("earned"))
        .with_columns(inbound=pl.when(pl.col("earned").is_not_null()).then("inbound"))
        .drop("paid")
    )


def _leg(
    own: pl.DataFrame, leg: Leg, *, facts: Facts, counted: pl.DataFrame, gated: Gates
) -> Divided:
    """Compute one leg: what pools earn, and what each member has of it."""
    unopened = pooling.pooled(own, leg.terms, counted, leg.book.tiers)
    judged = gates.judged(unopened, gated)
    pooled = gates.opened(unopened, judged)
    earned = earning.earn(pooled, leg.book)
    parts = shares.divide(_earned(own, pooled, earned, facts))
    limited = limits.of_members(parts, leg.book.limits, earned.rewards)
    of_pools = pl.concat([gates.steps(pooled, judged), earned.steps]).with_columns(
        member=pl.lit(None, pl.Int64)
    )
    return Divided(
        pooled=pooled,
        earned=earned,
        parts=parts.drop("earned").join(
            limited.totals.rename({"total": "earned"}), on=[*POOL, "member"]
        ),
        steps=pl.concat(
            one.select(limited.steps.columns)
            for one in (
                of_pools,
                gates.unpaid(own, pooled, earned.sliced),
                limited.steps,
            )
        ),
    )


def _earned(
    own: pl.DataFrame, pooled: pl.DataFrame, earned: Earned, facts: Facts
) -> pl.DataFrame:
    """Return a row a member, chain and window, with what its pool earned, rounded."""
    codes = facts.members.select("member", member_code="code")
    reached = earned.sliced.filter("top", "final").select(*POOL, *VALUE)
    last = pooled.filter("final").drop("payable", "final")
    rounded = settle_each(pl.col("total"), pl.col("decimals"), pl.col("rounding"))
    mine = own.group_by(*MINE, "pool").agg(
        pl.sum("volume", "payable", "lines", "settled_before"),
        pl.col("stated").max(),
        brings=pl.col("figure").sum(),
        shown=pl.col("shown").any(),
    )
    return (
        mine.join(last, on=POOL)
        .join(codes, on="member")
        .join(earned.totals, on=POOL)
        .join(reached, on=POOL, how="left")
        .with_columns(
            pool_earned=rounded,
            pool_payable=pl.col("payable").sum().over(POOL),
            contributors=(pl.col("lines") > 0).sum().cast(pl.Int64).over(POOL),
            contributed=pl.col("brings").max().over(POOL),
        )
        .filter("shown")
        .drop("total", "shown")
    )


def steps(steps: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the steps of each member: of a pool's, its own part."""
    named = rows.select(*POOL, "member", "programme", "of_pool")
    part = pl.col("amount") * pl.col("of_pool")
    of_pools = (
        steps.filter(pl.col("member").is_null())
        .drop("member")
        .join(named, on=POOL)
        .with_columns(amount=part)
    )
    own = steps.filter(pl.col("member").is_not_null()).join(named, on=[*POOL, "member"])
    shown = list(STEPS.columns)
    both = pl.concat([of_pools.select(shown), own.select(shown)])
    return STEPS.check(both.sort(STEPS.key, nulls_last=True))
