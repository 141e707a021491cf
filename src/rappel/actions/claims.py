"""Claims: both legs of a window, beside what earlier periods kept of them.

Owns what a run keeps of the windows that it corrects; computes no rebate. Everything
obeys this: figures are those of the whole window until the end of the period, so that
what a period adds is the difference to all that was kept before, and the sum of what is
added is the whole; a closed period's own rows do not change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core.frames import POOLS, Shape
from rappel.core.money import AMOUNT

if TYPE_CHECKING:
    from collections.abc import Collection

    from rappel.actions.postings import Place
    from rappel.actions.terms import Window
    from rappel.core.rebates import Computation
    from rappel.store.snapshots import Books, Closed

WINDOW: Final = ["programme", "window"]
MINE: Final = ["programme", "member", "window"]
PARTS: Final = ("earned", "fee")
LEGS: Final = ("inbound", "outbound", "fee")
CLAIMS: Final = Shape(
    "claims",
    {
        **POOLS.columns,
        **{f"{leg}_before": AMOUNT for leg in LEGS},
        "adjusts": pl.String(),  # the closed period that is corrected
    },
    key=POOLS.key,
)


def claims(
    pools: pl.DataFrame, books: Books, adjusts: Closed | None = None
) -> pl.DataFrame:
    """Return pools (POOLS) as CLAIMS: beside what was kept of their windows before."""
    before = [pl.col(f"{leg}_before").fill_null(0) for leg in LEGS]
    return CLAIMS.check(
        pools.join(books.claimed, on=WINDOW, how="left")
        .with_columns(before)
        .with_columns(adjusts=pl.lit(adjusts and adjusts.code, pl.String))
        .sort(POOLS.key)
    )


def adjusted(
    computation: Computation,
    books: Books,
    closed: Closed,
    *,
    due: Collection[Window],
    posted: Collection[Window],
) -> pl.DataFrame:
    """Return the claims of a closed period's windows that a run corrects.

    ``due`` are the windows that it answers for, ``posted`` those of them of which it
    posts a rebate. The others are kept where a leg is not what it was, as where the
    supplier owes more and the members nothing. Rule: where a member that was paid
    cannot be computed now, nothing is known of the whole, and nothing is kept: the run
    that can compute it again keeps the difference to everything kept before.
    """
    if not books.keeps_claims:
        return CLAIMS.empty()
    unknown = books.settled.join(
        computation.rebates, on=[*WINDOW, "member"], how="anti"
    )
    is_moved = pl.any_horizontal(pl.col(leg) != pl.col(f"{leg}_before") for leg in LEGS)
    return (
        claims(computation.pools, books, closed)
        .join(_windows(due), on=WINDOW, how="semi")
        .join(unknown, on=WINDOW, how="anti")
        .join(_windows(posted).with_columns(is_posted=True), on=WINDOW, how="left")
        .filter(is_moved | pl.col("is_posted"))
        .select(*CLAIMS.columns)
    )


def untold(computation: Computation, books: Books) -> set[Place]:
    """Return whose rebates are not what was told of them before.

    Rule: an adjustment of which all that is new is held back owes nothing, and is told
    all the same: the members' leg is the sum of what each was told last.
    """
    if not books.keeps_claims:
        return set()
    before = [pl.col(f"{name}_told").fill_null(0) for name in PARTS]
    is_new = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_told") for name in PARTS)
    rows = (
        computation.rebates.join(books.told, on=MINE, how="left", suffix="_told")
        .with_columns(before)
        .filter(is_new)
        .select(MINE)
    )
    return {(row[0], row[1], row[2]) for row in rows.iter_rows()}


def _windows(found: Collection[Window]) -> pl.DataFrame:
    schema = {name: POOLS.columns[name] for name in WINDOW}
    return pl.DataFrame(sorted(found), schema=schema, orient="row")
