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

from rappel.core import (
    eligibility,
    exchange,
    missing,
    parties,
    programmes,
    reduction,
)
from rappel.core.frames import MEMBERS, SUPPLIERS
from rappel.core.frames import VOLUMES as SHAPE
from rappel.core.terms import Counts, Fx, Returns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts
    from rappel.core.period import Period
    from rappel.core.views import Views

PRODUCT: Final = ("supplier", "category", "code")
QUALIFIED: Final = (
    "p",
    "member",
    "supplier",
    "window",
    "day",
    "currency",
    "rate_currency",
    "undated",
    "uncounted",
)
TERMS: Final = ("p", "chain", "to", "fx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What counts: ``qualified`` by view, and what is said of the rest.

    ``qualified``: ``p, supplier, member, window, month, amount, quantity, lines``.
    """

    qualified: pl.DataFrame
    stopped: pl.DataFrame
    unmapped: pl.DataFrame


def bought(facts: Facts, views: Views, *, period: Period, own: int) -> Bought:
    """Sum the lines that count for each view, in each programme's currency.

    ``own`` of the views are the programmes themselves, their ``p`` below it.
    """
    given, counted = views.programmes, views.counted
    by = reduction.asked(views, facts, until=period.end)
    reduced = reduction.of(facts, by)
    by_day = [p for p, one in enumerate(given) if one.fx is Fx.INVOICE_DATE]
    of_day = pl.col("p").is_in(by_day)
    runs = reduction.without_days(reduced, by)
    judged = qualify(runs, facts, given, counted.filter(~of_day))
    if by_day:
        daily = qualify(reduced, facts, given, counted.filter(of_day))
        judged = pl.concat([judged, daily])
    converted = (
        judged.lazy()
        .join(programmes.terms(given).lazy().select(TERMS), on="p")
        .pipe(
            exchange.convert,
            facts.rates,
            exchange.fixed(given, facts),
            period=period,
        )
        .collect()
    )
    uncounted = pl.col("uncounted") & pl.col("p").is_in(views.by_pieces)
    lost = converted.filter(
        pl.col("undated") | uncounted | pl.col("converted").is_null()
    )
    pairs = lost.select("chain", "member").unique()
    qualified = (
        converted.join(pairs, on=["chain", "member"], how="anti")
        .group_by("p", "supplier", "member", "window", "month")
        .agg(pl.col("converted").sum().alias("amount"), pl.sum("quantity", "lines"))
        .sort("p", "supplier", "member", "window", "month")
    )
    return Bought(
        qualified=qualified,
        stopped=missing.facts(lost, given, own),
        unmapped=missing.categories(reduced, given, facts),
    )


def qualify(
    reduced: pl.DataFrame,
    facts: Facts,
    given: Sequence[Programme],
    counted: pl.DataFrame,
) -> pl.DataFrame:
    """Give each group to the programmes it counts for: a row for each of them.

    Those of the programmes that ``counted`` has days of.

    Answers ``p, member, supplier, window, month, day, currency, rate_currency``,
    ``undated, uncounted, amount, at_document_rate, quantity, lines``; ``undated`` where
    a return does not say the day of its invoice and the programme asks for it.
    """
    coded = SUPPLIERS.check(facts.suppliers).rename({"code": "supplier_code"})
    products = reduced.select(PRODUCT).unique().join(coded, on="supplier", how="left")
    roster = MEMBERS.check(facts.members).rename({"code": "member_code"})
    by_product = eligibility.allowed(
        products,
        PRODUCT,
        [
            pl.coalesce(
                eligibility.supplier_reason(one), eligibility.product_reason(one)
            )
            for one in given
        ],
    )
    by_member = eligibility.allowed(
        roster, ("member",), [eligibility.member_reason(one) for one in given]
    ).join(roster.select("member", "joined", "left"), on="member")
    by_product = by_product.join(counted.select("p").unique(), on="p")
    is_excluded = _is_return_of(given, Returns.EXCLUDED)
    is_moved = _is_return_of(given, Returns.ORIGINAL_INVOICE)
    words = pl.col("currency", "rate_currency")
    reduced = _dated(reduced).with_columns(words.cast(pl.Categorical()))
    waits = [p for p, one in enumerate(given) if one.counts is Counts.PAID]
    is_unpaid = pl.col("p").is_in(waits) & ~pl.col("is_paid")
    original = pl.col("original_day")
    joined = (
        reduced.lazy()
        .join(by_product.lazy(), on=PRODUCT, nulls_equal=True)
        .filter(~is_excluded, ~is_unpaid)
        .with_columns(
            day=pl.when(is_moved).then(pl.coalesce(original, "day")).otherwise("day"),
            undated=is_moved & original.is_null(),
        )
        .join(_calendar(reduced, counted).lazy(), on=["p", "day"])
        .group_by(*QUALIFIED)
        .agg(pl.sum("amount", "at_document_rate", "quantity", "lines"))
        .join(by_member.lazy(), on=["p", "member"])
        .filter(parties.presence(pl.col("day")).is_null())
        .with_columns(words.cast(pl.String()), month=pl.col("day").dt.truncate("1mo"))
        .drop("joined", "left")
    )
    return joined.collect()


def _dated(reduced: pl.DataFrame) -> pl.DataFrame:
    """Add what no programme asked for: the invoice's day, its payment, a quantity."""
    if "original_day" not in reduced.columns:
        reduced = reduced.with_columns(original_day=pl.col("day"))
    if "is_paid" not in reduced.columns:
        reduced = reduced.with_columns(is_paid=pl.lit(value=True))
    if "uncounted" not in reduced.columns:
        reduced = reduced.with_columns(uncounted=pl.lit(value=False))
    return reduced


def _is_return_of(given: Sequence[Programme], policy: Returns) -> pl.Expr:
    """Whether a group is of returns and its programme treats them by this policy."""
    places = [p for p, one in enumerate(given) if one.returns is policy]
    return pl.col("is_return") & pl.col("p").is_in(places)


def _calendar(reduced: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Return ``p, day, window``: the runs of days that each programme counts."""
    days = pl.concat(
        [reduced.select("day"), reduced.select(day="original_day").drop_nulls()]
    ).unique()
    return (
        days.join(counted, how="cross")
        .filter(pl.col("day").is_between("start", "stop", closed="left"))
        .select("p", "day", "window")
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
