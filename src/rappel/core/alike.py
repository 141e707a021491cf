"""Alike: views that see the same purchases, which are looked at once for all of them.

Owns what makes two views see the same: the lines that count for them, on which days of
which windows, and at which rate. Reads terms; looks at no line. Everything obeys this:
the first of the views that see the same stands for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from rappel.core.agreements import ANYTHING
from rappel.core.terms import Pool

if TYPE_CHECKING:
    from collections.abc import Hashable

    from rappel.core.agreements import Programme
    from rappel.core.views import Views


def firsts(views: Views) -> pl.DataFrame:
    """Return ``v, p``: each view that has days, and the first one that sees the same.

    Rule: what must state its quantity is apart from what need not.
    """
    found: dict[Hashable, int] = {}
    rows = [
        (v, found.setdefault((*_sight(views.programmes[v]), pieces, *days), v))
        for v, days in _days(views)
        for pieces in [v in views.by_pieces]
    ]
    schema = {"v": pl.Int64(), "p": pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def each(rows: pl.DataFrame, alike: pl.DataFrame) -> pl.DataFrame:
    """Give rows of the views that stand for others to each of them, as their ``p``."""
    return rows.join(alike, on="p").drop("p").rename({"v": "p"})


def _days(views: Views) -> list[tuple[int, tuple[object, ...]]]:
    """Return the places of the views, in order, each with its days of each window."""
    days: dict[int, list[object]] = {}
    for p, *row in views.counted.sort(pl.all()).rows():
        days.setdefault(p, []).append(tuple(row))
    return [(p, tuple(windows)) for p, windows in days.items()]


def _sight(one: Programme) -> tuple[Hashable, ...]:
    """Return all of a view's terms that say what counts for it, and at which rate."""
    return (
        one.suppliers,
        frozenset((one.scope, *one.within)) - {ANYTHING},
        one.segment if one.pool is Pool.SEGMENT else None,
        one.returns,
        one.counts,
        one.currency,
        one.fx,
        one.fx_rate,
        frozenset(one.fx_rates.items()),
    )
