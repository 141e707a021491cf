"""Volumes: what each member bought that counts, under every programme at once.

Owns the sums by view. Lines are reduced to groups before any programme looks at them,
by :mod:`reduction`. What counts is said by :mod:`eligibility`, at which rate by
:mod:`exchange`, what a sum earns by :mod:`tiers`. Credit notes are negative volume, on
their own date or on their invoice's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import alike, exchange, missing, programmes, qualifying, reduction
from rappel.core.frames import VOLUMES as SHAPE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts
    from rappel.core.period import Period
    from rappel.core.views import Views

ROWS: Final = ("p", "supplier", "member", "window", "month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What counts: ``qualified`` by view, and what is said of the rest.

    ``qualified``: ``p, supplier, member, window, month, amount, quantity, lines``;
    ``supplier`` and ``month`` may be null in views that are no programmes.
    """

    qualified: pl.DataFrame
    stopped: pl.DataFrame
    unmapped: pl.DataFrame


def bought(facts: Facts, views: Views, *, period: Period, own: int) -> Bought:
    """Sum the lines that count for each view, in each programme's currency.

    ``own`` of the views are the programmes themselves, their ``p`` below it.
    """
    given, same = views.programmes, alike.firsts(views)
    by = reduction.asked(views, facts, until=period.end)
    reduced = reduction.of(facts, by)
    told = same.filter(pl.col("v") < own)["p"].unique()
    is_told = pl.col("p").is_in(told.implode())
    counted = views.counted.join(same, on="p", how="semi").with_columns(told=is_told)
    terms = programmes.terms(given)
    converted = (
        qualifying.qualify(reduced, by, facts, given, counted)
        .lazy()
        .join(terms.lazy().select("p", "to", "fx"), on="p")
        .pipe(
            exchange.convert,
            facts.rates,
            exchange.fixed(given, facts),
            period=period,
        )
        .collect()
    )
    chains = terms.select("p", "chain")
    uncounted = pl.col("uncounted") & pl.col("p").is_in(views.by_pieces)
    is_lost = pl.col("undated") | uncounted | pl.col("converted").is_null()
    lost = alike.each(converted.filter(is_lost), same).join(chains, on="p")
    month = pl.when(is_told).then(pl.col("day").dt.truncate("1mo"))
    summed = converted.group_by(*ROWS[:-1], month=month).agg(
        pl.col("converted").sum().alias("amount"), pl.sum("quantity", "lines")
    )
    counts = (
        alike.each(summed, same)
        .join(chains, on="p")
        .join(lost, on=["chain", "member"], how="anti")
        .drop("chain")
        .sort(ROWS)
    )
    return Bought(
        qualified=counts,
        stopped=missing.facts(lost, given, own),
        unmapped=missing.categories(reduced, given, facts),
    )


def by_month(qualified: pl.DataFrame, given: Sequence[Programme]) -> pl.DataFrame:
    """Return the volumes as people read them: by programme, supplier, member, month."""
    names = programmes.terms(given).select("p", "programme")
    return SHAPE.check(
        qualified.join(names, on="p")
        .group_by("programme", "supplier", "member", "month")
        .agg(pl.sum("amount", "quantity", "lines"))
        .sort("programme", "supplier", "member", "month")
    )
