"""Legs: what the supplier owes, and what the consortium owes its members.

Owns the terms of each leg. Everything obeys this: the programme's own terms are the
supplier's; where members have terms of their own, those choose the tier and pay the
rate on the same measure and the same payable; promotions, caps, minimums and guarantees
are the supplier's, and gates shut both legs; without terms of their own the members
have what the supplier pays, less a fee.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from rappel.core import limit_terms, programmes, promotions, shares, views
from rappel.core.earning import Book
from rappel.core.frames import INBOUND
from rappel.core.money import AMOUNT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme
    from rappel.core.period import Period
    from rappel.core.views import Views

POOL: Final = [*shares.POOL]
EXACT: Final = "exact"


class Leg(NamedTuple):
    """One leg: its terms (:func:`programmes.terms`), and what it says of earning."""

    terms: pl.DataFrame
    book: Book


class Legs(NamedTuple):
    """Both legs, and the places of the programmes where they may differ.

    That is every revision of a programme one of whose revisions has own terms.
    """

    members: Leg
    supplier: Leg
    apart: tuple[int, ...]


def of_members(one: Programme) -> Programme:
    """Return the terms that a programme's members are paid by."""
    own = one.outbound
    if own is None:
        return one
    return replace(
        one,
        tiers=own.tiers,
        reach=own.reach,
        boundary=own.boundary,
        cap=None,
        minimum=None,
        guarantee=None,
        promotions=(),
    )


def legs(
    given: Sequence[Programme],
    seen: Views,
    qualified: pl.DataFrame,
    own: pl.DataFrame,
    *,
    counted: pl.DataFrame,
    period: Period,
) -> Legs:
    """Return what the terms of both legs say, and what their promotions count.

    ``own`` says who is in which pool; ``seen`` and ``qualified`` are of the supplier's
    terms, whose promotions see more.
    """
    bought = views.of(qualified, seen, views.PROMOTION)

    def leg(ones: Sequence[Programme]) -> Leg:
        book = Book(
            tiers=programmes.tiers(ones),
            inside=promotions.inside(bought, own, promotions.table(ones)),
            limits=limit_terms.table(ones, counted, period),
        )
        return Leg(programmes.terms(ones), book)

    supplier = leg(given)
    named = {one.code for one in given if one.outbound is not None}
    apart = tuple(p for p, one in enumerate(given) if one.code in named)
    theirs = leg([of_members(one) for one in given]) if apart else supplier
    return Legs(theirs, supplier, apart)


def working(
    exact: pl.DataFrame, steps: pl.DataFrame, names: pl.DataFrame
) -> pl.DataFrame:
    """Return how the supplier's leg came about where the members' is another.

    ``exact``: ``chain, window, pool, pool_exact``; ``steps``: those of pools and of
    members; ``names``: ``chain, programme``. A window's pools are told together.
    """
    first = exact.select(
        "chain",
        "window",
        position=pl.lit(0, pl.Int64),
        step=pl.lit(EXACT),
        of=pl.lit(None, pl.String),
        code=pl.lit(None, pl.String),
        figure=pl.lit(None, AMOUNT),
        amount=pl.col("pool_exact"),
    )
    changed = steps.filter(pl.col("amount").is_not_null() & (pl.col("position") > 0))
    key = ["chain", "window", "position", "step", "of", "code", "figure"]
    return INBOUND.check(
        pl.concat([first, changed.select(first.columns)])
        .group_by(key)
        .agg(pl.col("amount").sum())
        .join(names.unique(), on="chain")
        .sort(INBOUND.key, nulls_last=True)
    )
