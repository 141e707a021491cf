"""Measures: what climbs the tiers, and the gates that stand before them.

Owns the sums of the views that a measure is made of. Everything obeys this: a member's
part of a measure is its own figure; what a pool compares is the sum of its members'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import views

if TYPE_CHECKING:
    from rappel.core.views import Views

KEY: Final = ("p", "member", "window")
REFERENCES: Final = ("base", "span", "target")


def brought(qualified: pl.DataFrame, seen: Views, terms: pl.DataFrame) -> pl.DataFrame:
    """Return what each member bought in each window, by what it is looked at for.

    ``p, member, window``; ``amount, quantity`` of what is paid on; ``figure``, what the
    measure is of; ``whole``, what a share is of; ``base`` and ``based``, the figure and
    lines of the same days a year before; ``lines`` that are paid on.
    """
    rows = qualified.lazy().rename({"p": "v"}).join(seen.roles.lazy(), on="v")
    figure = pl.when("by_quantity").then("quantity").otherwise("amount")
    lines = pl.col("lines")

    def of(what: pl.Expr, role: str) -> pl.Expr:
        return what.filter(pl.col("role") == role).sum()

    return (
        rows.join(terms.lazy().select("p", "by_quantity"), on="p")
        .group_by(KEY)
        .agg(
            amount=of(pl.col("amount"), views.PAID),
            quantity=of(pl.col("quantity"), views.PAID),
            figure=of(figure, views.MEASURED),
            whole=of(figure, views.WHOLE),
            base=of(figure, views.BASE),
            based=of(lines, views.BASE),
            lines=of(lines, views.PAID),
        )
        .collect()
    )
