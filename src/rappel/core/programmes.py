"""Programmes as frames: so that all of them are computed at once.

Owns the numbering: ``p`` is a programme's place in the sequence given, one revision
each, and ``chain`` the first ``p`` of the same code, so that revisions of one programme
share their windows and what was settled. Reads terms; computes no money.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from rappel.core.money import AMOUNT, RATE, ZERO, places
from rappel.core.period import Period
from rappel.core.terms import AllocationBy, Boundary, MeasureOver, Payable, Pool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme, Tier


def chained(programmes: Sequence[Programme]) -> tuple[Programme, ...]:
    """Tell every revision the days of its programme: a lifetime is all of them."""
    firsts: dict[str, date] = {}
    ends: dict[str, date] = {}
    for one in programmes:
        days = one.in_force
        firsts[one.code] = min(days.start, firsts.get(one.code, days.start))
        ends[one.code] = max(days.end, ends.get(one.code, days.end))
    return tuple(
        replace(one, since=firsts[one.code], until=ends[one.code]) for one in programmes
    )


def terms(programmes: Sequence[Programme]) -> pl.DataFrame:
    """Return one row a programme: the words that the computation branches on."""
    codes = [programme.code for programme in programmes]
    rows = [
        (
            p,
            codes.index(one.code),
            one.code,
            one.revision,
            one.currency,
            places(one.currency),
            one.rounding.value,
            one.measure.value,
            one.by_quantity,
            one.measure_scope is None and one.measure_over is MeasureOver.WINDOW,
            one.measure_over is MeasureOver.PREVIOUS,
            one.payable.value,
            one.shared.value,
            one.reach.value,
            one.boundary is Boundary.AT_LEAST,
            one.allocation.value,
            one.fee_percent.scaleb(-2),
            one.holdback.percent.scaleb(-2) if one.holdback else ZERO,
            one.holdback.release_from if one.holdback else None,
            one.fx.value,
        )
        for p, one in enumerate(programmes)
    ]
    return pl.DataFrame(
        rows,
        schema={
            "p": pl.Int64(),
            "chain": pl.Int64(),
            "programme": pl.String(),
            "revision": pl.Int64(),
            "to": pl.String(),
            "decimals": pl.Int64(),
            "rounding": pl.String(),
            "measured": pl.String(),
            "by_quantity": pl.Boolean(),
            "in_scope": pl.Boolean(),  # what is measured is what is paid on
            "past": pl.Boolean(),  # what is measured can grow no more
            "paid_on": pl.String(),
            "kind": pl.String(),
            "reach": pl.String(),
            "at_least": pl.Boolean(),
            "allocation": pl.String(),
            "fee_rate": RATE,
            "holdback_rate": RATE,
            "release_from": AMOUNT,
            "fx": pl.String(),
        },
        orient="row",
    )


def tiers(programmes: Sequence[Programme]) -> pl.DataFrame:
    """Return one row a tier: from its threshold up to ``upper``, null on the last.

    ``below`` and ``rate_below`` are those of the tier before, null on the first;
    ``most`` is the tier's own cap.
    """
    rows = [
        _tier(p, position, one.tiers)
        for p, one in enumerate(programmes)
        for position in range(len(one.tiers))
    ]
    return pl.DataFrame(
        rows,
        schema={
            "p": pl.Int64(),
            "position": pl.Int64(),
            "threshold": AMOUNT,
            "upper": AMOUNT,
            "below": AMOUNT,
            "percent": RATE,
            "per_unit": RATE,
            "amount": AMOUNT,
            "plus": AMOUNT,
            "every": AMOUNT,
            "most": AMOUNT,
            "rate": AMOUNT,
            "rate_below": AMOUNT,
        },
        orient="row",
    )


def _tier(p: int, position: int, table: Sequence[Tier]) -> tuple[object, ...]:
    """Return a tier as a row; ``position`` counts from 1 in the frame."""
    one, above = table[position], table[position + 1 : position + 2]
    upper = above[0].threshold if above else None
    before = table[position - 1] if position else None
    below = before.threshold if before else None
    figures = (one.percent, one.per_unit, one.amount, one.plus, one.every, one.cap)
    rates = (one.rate, before.rate if before else None)
    return (p, position + 1, one.threshold, upper, below, *figures, *rates)


def spans(programmes: Sequence[Programme], period: Period) -> tuple[Period, ...]:
    """Return for each programme the days whose windows are computed.

    Rule: what limits leave is carried from the first day on which the programme holds:
    the windows since then are computed too, and only those of the period are answered.
    Terms without a first day carry over the windows of the period alone. What such a
    programme deducts is computed as far back.
    """
    starts = {
        one.code: one.since
        for one in programmes
        if one.carries and one.since is not None and one.since > date.min
    }
    before = None
    while before != starts:
        before = dict(starts)
        for one in programmes:
            since = starts.get(one.code, period.start)
            for code in one.less if one.code in starts else ():
                starts[code] = min(since, starts.get(code, since))
    first = {code: min(since, period.start) for code, since in starts.items()}
    return tuple(
        Period(first.get(one.code, period.start), period.end) for one in programmes
    )


def settled(programmes: Sequence[Programme], period: Period) -> pl.DataFrame:
    """Return ``programme, window`` of what the period settles and answers."""
    rows = {
        (one.code, window.start) for one in programmes for window in one.windows(period)
    }
    schema = {"programme": pl.String, "window": pl.Date}
    return pl.DataFrame(sorted(rows), schema=schema, orient="row")


def windows(programmes: Sequence[Programme], period: Period) -> pl.DataFrame:
    """Return the days on which each programme counts in each of its windows.

    ``final`` marks the revision in force at the window's end, or the last before it.
    """
    rows = [
        (p, window.start, max(window.start, days.start), min(window.end, days.end))
        for p, (one, span) in enumerate(
            zip(programmes, spans(programmes, period), strict=True)
        )
        for days in [one.in_force]
        for window in one.windows(span)
        if max(window.start, days.start) < min(window.end, days.end)
    ]
    frame = pl.DataFrame(
        rows,
        schema={"p": pl.Int64, "window": pl.Date, "start": pl.Date, "stop": pl.Date},
        orient="row",
    )
    chains = terms(programmes).select("p", "chain")
    last = pl.col("start") == pl.col("start").max().over("chain", "window")
    return frame.join(chains, on="p").with_columns(final=last).sort("p", "window")


def cut_days(counted: pl.DataFrame, members: pl.DataFrame) -> list[date]:
    """Return the days on which some line may begin or cease to count, sorted.

    Between two of them, and within a month, every line is judged alike.
    """
    dates = [counted["start"], counted["stop"], members["joined"], members["left"]]
    days = pl.concat(dates)
    inside = days.is_between(counted["start"].min(), counted["stop"].max())
    return days.filter(inside & (days.dt.day() != 1)).unique().sort().to_list()


def divided_by_nothing(one: Programme) -> bool:
    """Whether a pool's rebate is divided by a payable that there is not."""
    by_payable = one.allocation is AllocationBy.PAYABLE
    return by_payable and one.shared is not Pool.MEMBER and one.payable is Payable.NONE
