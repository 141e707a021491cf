"""Parties: who bought, from whom, and whose volumes count together.

Owns the pool a member belongs to and the days on which its purchases count. Row ids go
in and out; codes are only for scopes and for stable order. A purchase counts from the
day the member joined until, and not on, the day it left.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from rappel.core.terms import Pool

BEFORE_JOINING: Final = "before_joining"
AFTER_LEAVING: Final = "after_leaving"


def presence(day: pl.Expr) -> pl.Expr:
    """Say why a purchase on ``day`` is not its own; needs ``joined``, ``left``."""
    return (
        pl.when(day < pl.col("joined"))
        .then(pl.lit(BEFORE_JOINING))
        .when(day >= pl.col("left"))
        .then(pl.lit(AFTER_LEAVING))
    )


def pools(members: pl.DataFrame) -> pl.DataFrame:
    """Return ``member``, ``kind``, ``pool``: each member's pool, a kind a row.

    A pool is named by a number that means something only within one programme: the
    member's id, the lowest id of its family, or 0 for the group. A segment is one pool:
    who is outside it does not qualify.
    """
    family = pl.coalesce("family", pl.format("\0{}", "member"))
    of_kind = {
        Pool.MEMBER: pl.col("member"),
        Pool.FAMILY: pl.col("member").min().over(family),
        Pool.SEGMENT: pl.lit(0, pl.Int64),
        Pool.GROUP: pl.lit(0, pl.Int64),
    }
    return pl.concat(
        members.select("member", kind=pl.lit(kind.value), pool=pool)
        for kind, pool in of_kind.items()
    )
