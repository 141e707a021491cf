"""Gates: measures that must be reached before anything is earned.

Owns the sums of the gates' views, whether a gate is reached, and the steps that say
what a measure was compared with. Everything obeys this: a gate looks at the whole
window, over the programme's own scope where it names none; a value on its threshold has
reached it; before a gate that is not reached there is no tier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from rappel.core import measures, thresholds, views
from rappel.core.money import AMOUNT, ratio
from rappel.core.shares import NO_STEPS, POOL, STEP, STEPS, ZERO
from rappel.core.terms import Measure, Payable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme
    from rappel.core.views import Views

OF_POOL: Final = ("p", "window", "pool")
KEY: Final = (*OF_POOL, "position")
COMPARED, GATED = -2000, -1000
CLOSED: Final = "closed_gate"
EARLIER: Final = "earlier_terms"
"""From where these steps stand: before those that change what is earned."""


class Gates(NamedTuple):
    """The gates as they are written, and what each pool brings to them."""

    asked: pl.DataFrame
    summed: pl.DataFrame


def gated(
    qualified: pl.DataFrame, seen: Views, given: Sequence[Programme], own: pl.DataFrame
) -> Gates:
    """Sum what each pool brings to each gate; ``own`` says who is in which pool."""
    asked = _asked(given)
    who = own.select("p", "window", "member", "pool").unique()
    rows = qualified.lazy().rename({"p": "v"}).join(seen.roles.lazy(), on="v")
    figure = pl.when("by_quantity").then("quantity").otherwise("amount")
    return Gates(
        asked=asked,
        summed=rows.join(asked.lazy(), on=["p", "position"])
        .join(who.lazy(), on=["p", "window", "member"])
        .group_by(KEY)
        .agg(
            figure=figure.filter(pl.col("role") == views.GATE).sum(),
            whole=figure.filter(pl.col("role") == views.GATE_WHOLE).sum(),
        )
        .collect(),
    )


def _asked(given: Sequence[Programme]) -> pl.DataFrame:
    """Return the gates as they are written, one a row."""
    rows = [
        (p, place, gate.measure.value, gate.threshold, gate.by_quantity(one.growth_of))
        for p, one in enumerate(given)
        for place, gate in enumerate(one.gates)
    ]
    schema = {
        "p": pl.Int64(),
        "position": pl.Int64(),
        "measured": pl.String(),
        "threshold": AMOUNT,
        "by_quantity": pl.Boolean(),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def judged(pools: pl.DataFrame, gates: Gates) -> pl.DataFrame:
    """Return each gate of each pool: ``measure, threshold`` and whether ``reached``."""
    known = [*POOL, "p", "final", *measures.REFERENCES]
    return (
        pools.select(known)
        .join(gates.asked, on="p")
        .join(gates.summed, on=KEY, how="left")
        .with_columns(pl.col("figure", "whole").fill_null(ZERO))
        .pipe(thresholds.measured)
        .with_columns(reached=pl.col("threshold") * pl.col("per") <= pl.col("level"))
    )


def opened(pools: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Add ``open``: whether every gate of the pool's revision is reached."""
    every = judged.group_by(OF_POOL).agg(open=pl.col("reached").all())
    return pools.join(every, on=OF_POOL, how="left").with_columns(
        open=pl.col("open").fill_null(value=True)
    )


def unpaid(
    own: pl.DataFrame, pools: pl.DataFrame, sliced: pl.DataFrame
) -> pl.DataFrame:
    """Return a step of each member for what earlier revisions pay nothing on.

    They reached no tier, or not their gates; ``amount`` is the payable.
    """
    earlier = pools.filter(~pl.col("final")).select(OF_POOL)
    return (
        own.filter(pl.col("payable") != 0)
        .join(earlier, on=OF_POOL, how="semi")
        .join(sliced, on=OF_POOL, how="anti")
        .group_by(*POOL, "member")
        .agg(pl.col("payable").sum())
        .with_columns(NO_STEPS[2:-2])
        .with_columns(
            position=pl.lit(-1, pl.Int64),
            step=pl.lit(EARLIER),
            amount=pl.col("payable"),
        )
        .select(*POOL, "member", *STEPS)
    )


def steps(pools: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Return what each pool is compared with, and its gates, as steps of a working.

    ``figure`` is what it is compared with, a gate's threshold; ``payable`` is a gate's
    measure; they change nothing, and their ``amount`` is zero.
    """
    last = pools.filter("final")
    increment = pl.col("paid_on") == Payable.INCREMENT.value
    base = ratio(pl.col("base"), pl.col("span"))
    compared = [
        ("baseline", thresholds.is_measure(*thresholds.GROWTH), base),
        ("beyond", increment, base),
        ("whole", thresholds.is_measure(Measure.SHARE), pl.col("whole")),
        ("target", thresholds.is_measure(Measure.TARGET_PERCENT), pl.col("target")),
    ]
    found = [
        last.filter(holds)
        .with_columns(NO_STEPS)
        .with_columns(
            position=pl.lit(COMPARED + place, pl.Int64),
            step=pl.lit(name),
            figure=figure,
            amount=ZERO,
        )
        for place, (name, holds, figure) in enumerate(compared)
    ]
    gates = judged.filter("final").select(
        *POOL,
        position=pl.col("position") + GATED,
        step=pl.when("reached").then(pl.lit("gate")).otherwise(pl.lit(CLOSED)),
        of=pl.col("measured"),
        code=pl.lit(None, pl.String),
        figure=pl.col("threshold"),
        payable=pl.col("measure"),
        amount=ZERO,
    )
    return pl.concat([one.select(STEP) for one in (*found, gates)])
