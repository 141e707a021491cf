"""Contributions: what each line is to one programme, or why it is nothing.

Owns the query behind "explain": the same rules, conversion and windows as the
computation, line by line, lazily. Summed over the lines that count, it is the volume.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from rappel.core import eligibility, exchange, parties, programmes, views
from rappel.core.frames import CATALOGUE, CONTRIBUTIONS, LINES, MEMBERS, SUPPLIERS
from rappel.core.money import AMOUNT
from rappel.core.terms import Counts, Returns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts
    from rappel.core.period import Period

DAY = pl.col("day")


def contributions(
    facts: Facts,
    given: Sequence[Programme],
    *,
    period: Period,
    programme: str,
    member: int | None = None,
) -> pl.LazyFrame:
    """Say of each line whether it counts for ``programme``, or the reason it does not.

    Answers ``CONTRIBUTIONS`` for the lines of ``member``, or of everybody. A line is
    judged by the revision in force on its date, else by the last one. All revisions
    move returns to their invoice's day, or none.
    """
    revisions = [one for one in programmes.chained(given) if one.code == programme]
    terms = programmes.terms(revisions).lazy().select("p", "to", "fx")
    wide = eligibility.signed("amount").cast(AMOUNT)
    moved = any(one.returns is Returns.ORIGINAL_INVOICE for one in revisions)
    original = eligibility.original_day()
    undated = pl.lit(value=moved) & eligibility.IS_RETURN & original.is_null()
    reason = pl.coalesce(
        _by_revision(revisions, _reason_of(period)),
        pl.when(undated).then(pl.lit("no_original")),
        pl.when(pl.col("converted").is_null()).then(pl.lit("no_rate")),
        pl.when(_uncounted(revisions)).then(pl.lit("no_quantity")),
    )
    judged = (
        _described(facts, member)
        .with_columns(
            day=pl.coalesce(original, "date") if moved else pl.col("date"),
            amount=wide,
            at_document_rate=wide * pl.col("rate"),
            quantity=eligibility.signed("quantity").cast(AMOUNT),
        )
        .with_columns(p=_revision(revisions))
        .join(terms, on="p")
        .pipe(
            exchange.convert,
            facts.rates,
            exchange.fixed(revisions, facts),
            period=period,
        )
        .with_columns(reason=reason)
    )
    counts = pl.col("reason").is_null()
    abroad = counts & (pl.col("currency") != pl.col("to"))
    used = pl.coalesce("official", "rate")
    answered = judged.with_columns(
        window=pl.when(counts).then(_window(revisions, period)),
        amount=pl.when(counts).then("converted"),
        rate=pl.when(abroad).then(used),
    )
    return CONTRIBUTIONS.check(answered)


def _described(facts: Facts, member: int | None) -> pl.LazyFrame:
    """Return the lines with everything that a rule asks about."""
    lines = eligibility.with_dates(LINES.check(facts.lines))
    if member is not None:
        lines = lines.filter(pl.col("member") == member)
    if "category" not in lines.collect_schema():
        catalogue = CATALOGUE.empty() if facts.catalogue is None else facts.catalogue
        categories = CATALOGUE.check(catalogue).lazy().drop("unit")
        lines = lines.join(categories, on=["supplier", "code"], how="left")
    roster = MEMBERS.check(facts.members).lazy().rename({"code": "member_code"})
    coded = SUPPLIERS.check(facts.suppliers).lazy().rename({"code": "supplier_code"})
    return lines.join(coded, on="supplier").join(roster, on="member")


def _revision(revisions: Sequence[Programme]) -> pl.Expr:
    """Return the place of the revision in force on the day, else of the last."""
    return pl.coalesce(
        *(
            pl.when(DAY.is_between(days.start, days.end, closed="left")).then(
                pl.lit(p, pl.Int64)
            )
            for p, days in enumerate(one.in_force for one in revisions)
        ),
        pl.lit(len(revisions) - 1, pl.Int64),
    )


def _by_revision(
    revisions: Sequence[Programme], said: Callable[[Programme], pl.Expr]
) -> pl.Expr:
    """Return what is said of each line by its own revision."""
    return pl.coalesce(
        pl.when(pl.col("p") == p).then(said(one)) for p, one in enumerate(revisions)
    )


def _uncounted(revisions: Sequence[Programme]) -> pl.Expr:
    """Whether a line states no quantity and its revision pays by it."""
    asking = [p for p, one in enumerate(revisions) if views.pays_by_pieces(one)]
    return pl.col("p").is_in(asking) & pl.col("quantity").is_null()


def _reason_of(period: Period) -> Callable[[Programme], pl.Expr]:
    """Return what says why a line does not count under a revision's terms."""

    def reason(one: Programme) -> pl.Expr:
        outside = _window([one], period).is_null()
        days = one.in_force
        asked = pl.lit(value=one.counts is Counts.PAID)
        unpaid = asked & ~eligibility.is_paid(period.end)
        in_force = DAY.is_between(days.start, days.end, closed="left")
        return pl.coalesce(
            eligibility.supplier_reason(one),
            eligibility.member_reason(one),
            eligibility.product_reason(one),
            eligibility.kind_reason(one),
            pl.when(unpaid).then(pl.lit("not_paid")),
            pl.when(outside).then(pl.lit("outside_window")),
            pl.when(~in_force).then(pl.lit("not_in_force")),
            parties.presence(DAY),
        )

    return reason


def _window(revisions: Sequence[Programme], period: Period) -> pl.Expr:
    """Return the first day of the window that the day lies in, or null."""
    windows = {window for one in revisions for window in one.windows(period)}
    return pl.coalesce(
        *(
            pl.when(DAY.is_between(window.start, window.end, closed="left")).then(
                pl.lit(window.start)
            )
            for window in sorted(windows)
        ),
        pl.lit(None, pl.Date),
    )
