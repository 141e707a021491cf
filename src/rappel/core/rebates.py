"""Rebates: what the volumes of a period earn, under every programme at once.

Owns the order of the business: qualified → bought → earned → shares → due. The parts
live in :mod:`eligibility`, :mod:`volumes`, :mod:`pooling`, :mod:`tiers`, :mod:`shares`
and :mod:`outlook`. Everything obeys this: the tier is that of the pool's whole measure;
what a pool earns is rounded once for each programme and window; what was settled before
is subtracted, never recomputed. Revisions of one programme are one ``chain``: the
measure runs over all of them, each pays on what was bought while it was in force, and
fixed amounts are those of the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import (
    baselines,
    deductions,
    gates,
    legs,
    limit_terms,
    measures,
    observations,
    outlook,
    pooling,
    programmes,
    shares,
    stages,
    tiers,
    views,
    volumes,
)
from rappel.core.frames import (
    INBOUND,
    POOLS,
    REBATES,
    SLICES,
    STEPS,
    STOPPED,
    UNMAPPED,
    VOLUMES,
)
from rappel.core.money import proportion
from rappel.core.terms import AllocationBy, Pool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme
    from rappel.core.findings import Finding
    from rappel.core.frames import Facts
    from rappel.core.period import Period

POOL: Final = [*shares.POOL]
MINE: Final = ["chain", "window", "member"]
WINDOW: Final = ["programme", "window"]
VALUE: Final = ("threshold", "percent", "per_unit", "amount", "plus")
ZERO: Final = shares.ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Computation:
    """The result of a run: frames of the shapes of :mod:`rappel.core.frames`."""

    rebates: pl.DataFrame
    slices: pl.DataFrame
    steps: pl.DataFrame
    pools: pl.DataFrame
    inbound: pl.DataFrame  # the supplier's leg, where members have terms of their own
    volumes: pl.DataFrame
    unmapped: pl.DataFrame
    stopped: pl.DataFrame

    findings: tuple[Finding, ...] = ()


NOTHING: Final = Computation(
    rebates=REBATES.empty(),
    slices=SLICES.empty(),
    steps=STEPS.empty(),
    pools=POOLS.empty(),
    inbound=INBOUND.empty(),
    volumes=VOLUMES.empty(),
    unmapped=UNMAPPED.empty(),
    stopped=STOPPED.empty(),
)


def compute(facts: Facts, given: Sequence[Programme], *, period: Period) -> Computation:
    """Compute what programmes earn until ``period.end``.

    Amounts are in each programme's own currency. What limits carry comes from windows
    before the period, which are computed and not answered. There is a row for each
    member with a qualifying line in a window, or with something settled in it. Every
    frame is sorted by its key.
    """
    given = programmes.chained(given)
    counted = programmes.windows(given, period)
    if counted.is_empty():
        return NOTHING
    terms = programmes.terms(given)
    seen = views.views(given, period)
    purchases = volumes.bought(facts, seen, period=period, own=len(given))
    figures = measures.brought(purchases.qualified, seen, terms)
    brought, without = _brought(
        figures, facts, given, terms, counted, stopped=purchases.stopped
    )
    bought = purchases.qualified
    both = legs.legs(given, seen, bought, brought, counted=counted, period=period)
    stage = stages.staged(
        brought,
        deductions.overlapping(bought, views.of(bought, seen, views.LESS), terms),
        deductions.levels(given),
        partial(
            stages.stage,
            facts=facts,
            counted=counted,
            legs=both,
            gated=gates.gated(bought, seen, given, brought),
        ),
    )
    mine = programmes.settled(given, period)
    every = stage.parts.filter(pl.col("earned").is_not_null())
    ahead = outlook.ahead(every, stage.pooled, both.members.book)
    due = shares.due(ahead.join(limit_terms.ends(given, period), on=["p", "window"]))
    rows = due.join(mine, on=WINDOW, how="semi")
    slices = _slices(stage.own, rows, stage.sliced)
    undivided = _undivided(stage.parts.join(mine, on=WINDOW, how="semi"))
    stopped = pl.concat([purchases.stopped, without, undivided]).sort(STOPPED.key)
    inbound = stage.supplier.join(mine, on=WINDOW, how="semi")
    return Computation(
        rebates=_rebates(rows, slices),
        slices=SLICES.check(slices.sort(SLICES.key)),
        steps=stages.steps(stage.steps, rows),
        pools=_pools(rows),
        inbound=INBOUND.check(inbound.sort(INBOUND.key, nulls_last=True)),
        volumes=volumes.by_month(purchases.qualified, given),
        unmapped=purchases.unmapped,
        stopped=stopped,
        findings=observations.of(stopped, purchases.unmapped, facts),
    )


def _brought(
    figures: pl.DataFrame,
    facts: Facts,
    given: Sequence[Programme],
    terms: pl.DataFrame,
    counted: pl.DataFrame,
    *,
    stopped: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what each member brings to its pool, and who cannot be compared."""
    stated = shares.stated(given, facts.members)
    compared = baselines.references(
        figures, facts, given, terms, counted, stopped=stopped, stated=stated
    )
    brought = shares.with_stated(
        pooling.own(figures, compared, facts, terms=terms, counted=counted),
        stated,
        facts.members,
        without=compared.without,
        counted=counted,
        terms=terms,
    )
    return brought, compared.stopped


def _slices(
    own: pl.DataFrame, rows: pl.DataFrame, sliced: pl.DataFrame
) -> pl.DataFrame:
    """Return each member's slices: what it earns before limits and rounding."""
    mine = own.select("p", "window", "member", mine="payable")
    weights = {"of_pool": "of_pool", "weight": "payable", "weights": "pool_payable"}
    members = rows.select(*POOL, "member", **weights)
    fixed = pl.col("fixed") * pl.col("of_pool")
    rate = pl.col("rate").fill_null(ZERO)
    return (
        sliced.join(members, on=POOL)
        .join(mine, on=["p", "window", "member"], how="left")
        .with_columns(payable=_part_of_payable())
        .filter(pl.col("final") | (pl.col("payable") != 0))
        .with_columns(
            payable=tiers.paid_on(pl.col("payable")),
            fixed=fixed,
            measure=pl.col("part"),
        )
        .with_columns(amount=pl.col("payable") * rate + pl.col("fixed"))
    )


def _part_of_payable() -> pl.Expr:
    """Return the member's part of what its pool is paid on under one revision.

    Rule: a pool's rebate is divided by what each has bought in the whole window, or as
    is agreed; nobody has more for having bought under the better revision. Where all of
    it was bought under one, that is what each has bought; and where it comes to nothing
    together, nobody has a part of what the pool is paid on.
    """
    by_payable = pl.col("allocation") == AllocationBy.PAYABLE.value
    is_own = pl.col("kind") == Pool.MEMBER.value
    whole, mine = pl.col("payable"), pl.col("mine").fill_null(ZERO)
    weight, weights = pl.col("weight"), pl.col("weights")
    is_all = (pl.col("of_pool") == 1) & (weight == weights)
    is_here = (mine == weight).all().over([*POOL, "p"]) & (weights != 0)
    return (
        pl.when(is_own | (by_payable & is_here & ~is_all))
        .then(mine)
        .when(by_payable & ~is_all)
        .then(proportion(whole, weight, weights))
        .otherwise(whole * pl.col("of_pool"))
    )


def _rebates(rows: pl.DataFrame, slices: pl.DataFrame) -> pl.DataFrame:
    """Return the rows as they are kept; ``exact`` is the sum of the slices."""
    exact = slices.group_by(MINE).agg(exact=pl.col("amount").sum())
    return REBATES.check(
        rows.join(exact, on=MINE, how="left")
        .with_columns(pl.col("exact").fill_null(ZERO), currency=pl.col("to"))
        .sort(REBATES.key)
    )


def _pools(rows: pl.DataFrame) -> pl.DataFrame:
    """Return both legs of each programme and window, and their difference."""
    key = list(POOLS.key)
    measured = rows.unique(POOL).group_by(key).agg(pl.col("measure").sum())
    outbound = pl.col("earned") - pl.col("fee")
    legs = rows.group_by(key).agg(
        (pl.col("lines") > 0).sum().cast(pl.Int64).alias("contributors"),
        pl.col("to").first().alias("currency"),
        largest=pl.col("contributed").max(),
        inbound=pl.col("inbound").sum(),
        outbound=outbound.sum(),
        fee=pl.col("fee").sum(),
    )
    return POOLS.check(
        legs.join(measured, on=key)
        .with_columns(difference=pl.col("inbound") - pl.col("outbound"))
        .sort(key)
    )


def _undivided(parts: pl.DataFrame) -> pl.DataFrame:
    """Return who has no part, because its pool's weights sum to zero."""
    return STOPPED.check(
        parts.filter(pl.col("earned").is_null())
        .group_by("programme", "member")
        .agg(
            pl.col("to").first().alias("currency"),
            pl.col("window").min().alias("date"),
            pl.col("pool_earned").sum().alias("amount"),
            pl.col("lines").sum(),
            reason=pl.lit("no_weights"),
        )
    )
