"""Accruals: what is earned and not yet paid, as the books of finance state it.

Owns the figures of an accrual and the difference to an earlier one; computes no rebate
(:mod:`rappel.core.rebates`) and projects nothing (:mod:`rappel.core.pace`). Everything
obeys this: figures are a member's own, net of the fee, in the programme's currency;
what is held back is earned; received is what statements have posted.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import polars as pl

from rappel.core.frames import Shape
from rappel.core.money import AMOUNT, NO_MINOR_UNIT, Rounding, proportion, settle_each

KEY: Final = ("programme", "member", "window")
ON: Final = [*KEY, "currency"]
NAMED: Final = {
    "programme": pl.String(),
    "member": pl.Int64(),
    "window": pl.Date(),
    "currency": pl.String(),
}
NOTHING: Final = pl.lit(0).cast(AMOUNT)


class Policy(StrEnum):
    """Which tier is expected when the period ends."""

    REACHED = "reached"  # the one that is reached now, on what was bought
    PROJECTED = "projected"  # the one that the pace leads to, on what it leads to


PACES: Final = Shape(
    "paces",
    {
        "programme": pl.String(),
        "window": pl.Date(),
        "elapsed": pl.Int64(),
        "days": pl.Int64(),
    },
    key=("programme", "window"),
)
EARLIER: Final = Shape("earlier", {**NAMED, "outstanding": AMOUNT}, key=(*ON,))
ACCRUALS: Final = Shape(
    "accruals",
    {
        **NAMED,
        "earned": AMOUNT,  # to date
        "expected": AMOUNT,  # when the period ends
        "accrued": AMOUNT,  # the part of what is expected that has come about
        "received": AMOUNT,
        "outstanding": AMOUNT,  # accrued - received
        "earlier": AMOUNT,  # what an earlier accrual said was outstanding
        "change": AMOUNT,  # outstanding - earlier: what is booked now
    },
    key=(*ON,),
)


def accruals(
    reached: pl.DataFrame,
    projected: pl.DataFrame,
    paces: pl.DataFrame,
    earlier: pl.DataFrame,
    *,
    policy: Policy,
) -> pl.DataFrame:
    """Return the accruals (ACCRUALS) of rebates as they stand.

    Rule: with ``reached`` what is expected is what is earned now, and all of it has
    come about; with ``projected`` it is what the projected purchases earn, of which the
    days elapsed have come about, rounded to the minor unit. A window that no pace is
    given of is over. What only an earlier accrual knows is outstanding no more.

    Args:
        reached: REBATES on what was bought.
        projected: REBATES on what the pace leads to.
        paces: PACES of the windows that run.
        earlier: EARLIER.
        policy: which tier is expected.
    """
    net = pl.col("earned") - pl.col("fee")
    then = projected.select(*ON, expected=net)
    held = reached.select(*ON, earned=net, received=pl.col("settled_before"))
    rows = (
        held.join(then, on=ON, how="left")
        .join(paces, on=["programme", "window"], how="left")
        .with_columns(
            expected=_expected(policy), days=pl.col("days").cast(pl.Decimal(38, 0))
        )
        .with_columns(accrued=_accrued(policy))
    )
    before = earlier.select(*ON, earlier="outstanding")
    figures = [*ACCRUALS.columns][len(ON) : -2]
    return ACCRUALS.check(
        rows.with_columns(outstanding=pl.col("accrued") - pl.col("received"))
        .select(*ON, *figures)
        .join(before, on=ON, how="full", coalesce=True)
        .with_columns(pl.col(*figures, "earlier").fill_null(NOTHING))
        .with_columns(change=pl.col("outstanding") - pl.col("earlier"))
        .sort(ON)
    )


def _expected(policy: Policy) -> pl.Expr:
    if policy is Policy.REACHED:
        return pl.col("earned")
    return pl.col("expected").fill_null(pl.col("earned"))


def _accrued(policy: Policy) -> pl.Expr:
    """Return the part of what is expected that the days elapsed have brought."""
    if policy is Policy.REACHED:
        return pl.col("earned")
    places = pl.when(pl.col("currency").is_in(NO_MINOR_UNIT)).then(0).otherwise(2)
    rounding = pl.lit(Rounding.HALF_AWAY_FROM_ZERO.value)
    elapsed = pl.col("elapsed").cast(pl.Decimal(38, 0))
    part = proportion(pl.col("expected"), elapsed, pl.col("days"))
    return (
        pl.when(pl.col("days").is_null())
        .then(pl.col("expected"))
        .otherwise(settle_each(part, places, rounding))
    )
