"""Baselines: what was bought before, and what each member is to reach.

Owns where a growth baseline comes from and what its absence means, and the targets.
Everything obeys this: a stated baseline comes before a computed one, and one of its
window before one of every window; refuse instead of guessing; who has no baseline or
target is a finding and has no row; one that covers a part of its year only is
multiplied out without rounding: ``base / span``; a pool sums fractions, and not
quotients, so that a threshold is met exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import polars as pl

from rappel.core import measures, thresholds
from rappel.core.agreements import Baseline
from rappel.core.frames import BASELINES, MEMBERS, STOPPED
from rappel.core.money import AMOUNT
from rappel.core.period import Unit, unit_of
from rappel.core.shares import POOL
from rappel.core.terms import BaselinePolicy
from rappel.core.views import year_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme
    from rappel.core.frames import Facts

ZERO: Final = thresholds.ZERO
UNIT: Final = 10**AMOUNT.scale
WIDEST: Final = 10**5
"""The largest span: above it there is no room for the products of a comparison."""
MINE: Final = ["chain", "window", "member"]
UNSTATED: Final = Baseline(source="")
DAYS: Final = ("before", "until", "counted_until")
KEPT: Final = ("p", "member", "window", *measures.REFERENCES)


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What purchases are compared with.

    ``rows``: ``p`` (the last revision), ``member, window, base, span, target``;
    ``without``: ``chain, window, member`` that have no row, for want of these or of a
    rate; ``stopped`` of them, for want of these.
    """

    rows: pl.DataFrame
    without: pl.DataFrame
    stopped: pl.DataFrame


def references(
    brought: pl.DataFrame,
    facts: Facts,
    given: Sequence[Programme],
    terms: pl.DataFrame,
    counted: pl.DataFrame,
    *,
    stopped: pl.DataFrame,
    stated: pl.DataFrame,
) -> References:
    """Return the baselines and targets of everybody, also who bought nothing.

    ``brought`` is :func:`rappel.core.measures.brought`; ``stopped``: who has no rate;
    ``stated``: ``p, member`` of stated parts. Rule: a baseline that is missing, zero
    (or below) or of a part of its year is refused unless the agreement says ``zero``
    (it counts as zero), ``skip`` (no row, no finding) or ``prorate``. Who has no row is
    out of its pool, with all it is compared with.
    """
    asked = _asked(given, counted)
    judged = _judged(_known(asked, brought, facts, given, terms))
    lost = _lost(stopped, terms, counted)
    out = judged.filter(pl.col("policy").is_in(["refuse", "skip"]))
    loses = (pl.col("lines") > 0) | pl.col("has_part").fill_null(value=False)
    parts = stated.select("p", "member", has_part=pl.lit(value=True))
    told = out.join(parts, on=["p", "member"], how="left").filter(
        loses, pl.col("policy") == "refuse"
    )
    without = pl.concat([out.select(MINE), lost])
    kept = judged.join(without, on=MINE, how="anti").filter(
        (pl.col("lines") > 0) | (pl.col("base") != 0) | (pl.col("target") != 0)
    )
    return References(
        rows=kept.select(KEPT),
        without=without,
        stopped=_stopped(told, terms),
    )


def _lost(
    stopped: pl.DataFrame, terms: pl.DataFrame, counted: pl.DataFrame
) -> pl.DataFrame:
    """Return ``chain, window, member`` of who has no rate: out of every window."""
    windows = counted.select("chain", "window").unique()
    return (
        stopped.select("programme", "member")
        .unique()
        .join(terms.select("programme", "chain").unique(), on="programme")
        .join(windows, on="chain")
        .select(MINE)
    )


def _asked(given: Sequence[Programme], counted: pl.DataFrame) -> pl.DataFrame:
    """Return the windows of the programmes that compare, with their policies.

    Rule: what the last revision that compares says of baselines, and of targets.
    """
    found = counted.sort("start").group_by("chain", "window").agg("p", last="stop")
    rows = [
        _window(given, **days)
        for days in found.with_columns(stop=pl.col("last").list.last())
        .select("chain", "window", "stop", revisions="p")
        .to_dicts()
        if any(_compares(given[p]) for p in days["revisions"])
    ]
    schema = {
        "p": pl.Int64,
        "aiming": pl.Int64,
        "chain": pl.Int64,
        "window": pl.Date,
        "grows": pl.Boolean,
        "aims": pl.Boolean,
        "segment": pl.String,
        **dict.fromkeys(DAYS, pl.Date),
        **dict.fromkeys(("none", "zero", "part_year"), pl.String),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _compares(one: Programme) -> bool:
    return one.needs_baseline or one.needs_target


def _window(
    given: Sequence[Programme],
    *,
    revisions: Sequence[int],
    chain: int,
    window: date,
    stop: date,
) -> tuple[object, ...]:
    """Return one window; the days are those of a year before it."""
    growing = [p for p in revisions if given[p].needs_baseline]
    aiming = [p for p in revisions if given[p].needs_target]
    p = revisions[-1]
    one = given[p]
    said = (given[growing[-1]].baseline if growing else None) or UNSTATED
    days = (date.max, date.max, date.max)  # a lifetime has no year before it
    if one.accumulate is not Unit.LIFETIME:
        end = unit_of(window, one.accumulate, one.year_starts).end
        days = (year_before(window), year_before(end), year_before(stop))
    policies = (said.none.value, said.zero.value, said.part_year.value)
    asks = (bool(growing), bool(aiming), one.segment)
    return (p, aiming[-1] if aiming else p, chain, window, *asks, *days, *policies)


def _known(
    asked: pl.DataFrame,
    brought: pl.DataFrame,
    facts: Facts,
    given: Sequence[Programme],
    terms: pl.DataFrame,
) -> pl.DataFrame:
    """Return every member of the pools, also who bought nothing, with what is known."""
    roster = MEMBERS.check(facts.members).rename({"code": "member_code"})
    names = terms.select("p", "programme")
    segment = pl.col("segment")
    takes_part = segment.is_null() | pl.col("segments").list.contains(segment)
    stated = BASELINES.check(facts.baselines)
    whose, of_all = ["programme", "member"], pl.col("window").is_null()
    bought = (
        brought.join(terms.select("p", "chain"), on="p")
        .group_by(MINE)
        .agg(pl.sum("base", "based", "lines", "amount"))
    )
    return (
        asked.join(names, on="p")
        .join(roster.select("member", "member_code", "joined", "segments"), how="cross")
        .filter(takes_part)
        .join(stated.filter(~of_all), on=[*whose, "window"], how="left")
        .join(stated.filter(of_all).drop("window"), on=whose, how="left", suffix="_all")
        .join(bought, on=MINE, how="left")
        .join(_targets(given), on=["aiming", "member_code"], how="left")
        .with_columns(
            pl.col("lines", "based").fill_null(0),
            pl.col("amount").fill_null(ZERO),
            stated=pl.coalesce("measure", "measure_all"),
        )
    )


def _targets(given: Sequence[Programme]) -> pl.DataFrame:
    rows = [
        (p, target.member, target.amount)
        for p, one in enumerate(given)
        for target in one.targets
    ]
    schema = {"aiming": pl.Int64(), "member_code": pl.String(), "target": AMOUNT}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _judged(known: pl.DataFrame) -> pl.DataFrame:
    """Add ``policy`` and ``reason``, and say what ``base / span`` is."""
    is_stated = pl.col("stated").is_not_null()
    computed = pl.when(pl.col("based") > 0).then("base")
    until = pl.when(is_stated).then("until").otherwise("counted_until")
    joined, base = pl.col("joined"), pl.col("base")
    part = (joined > pl.col("before")).fill_null(value=False)
    whole_days = (until - pl.col("before")).dt.total_days().cast(AMOUNT)
    held_days = (until - joined).dt.total_days().cast(AMOUNT)
    prorates = part & (pl.col("part_year") == BaselinePolicy.PRORATE.value)
    aimless = pl.col("aims") & pl.col("target").is_null()
    # In this order: the first that holds says what is done. Who joined after the days
    # of the baseline has none of them to multiply out.
    cases = {
        "no_target": (aimless, pl.lit("refuse")),
        "no_need": (~pl.col("grows"), pl.lit("take")),
        "no_baseline": (base.is_null(), pl.col("none")),
        "absent": (prorates & (held_days <= 0), pl.lit("refuse")),
        "part_baseline": (part, pl.col("part_year")),
        "zero_baseline": (base <= 0, pl.col("zero")),
    }
    reason = pl.coalesce(
        pl.when(case).then(pl.lit(name)) for name, (case, _) in cases.items()
    ).replace("absent", "part_baseline")
    policy = pl.coalesce(
        *(pl.when(case).then(said) for case, said in cases.values()), pl.lit("take")
    )
    multiplied = pl.col("policy") == BaselinePolicy.PRORATE.value
    is_zero = pl.col("policy") == BaselinePolicy.ZERO.value
    return (
        known.with_columns(base=pl.coalesce("stated", computed))
        .with_columns(reason=reason, policy=policy)
        .with_columns(
            base=pl.when(multiplied)
            .then(base * whole_days)
            .when(is_zero | ~pl.col("grows"))
            .then(ZERO)
            .otherwise(base.fill_null(ZERO)),
            span=pl.when(multiplied).then(held_days).otherwise(thresholds.ONE),
            target=pl.col("target").fill_null(ZERO),
        )
    )


def _stopped(told: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """Return who is not computed, and why."""
    return STOPPED.check(
        told.join(terms.select("p", "to"), on="p")
        .group_by("programme", "member", "reason", pl.col("to").alias("currency"))
        .agg(pl.col("window").min().alias("date"), pl.sum("amount", "lines"))
    )


def together(own: pl.DataFrame) -> pl.DataFrame:
    """Return ``chain, window, pool, base, span`` of the pools with a baseline.

    ``own``: ``chain, window, pool, base, span``, a fraction a member. Where the sum has
    a denominator above :data:`WIDEST`, it is given in 18 places, over 1.
    """
    by_span = (
        own.filter(pl.col("base") != 0)
        .group_by(*POOL, "span")
        .agg(pl.col("base").sum())
        .with_columns(several=pl.len().over(POOL) > 1)
    )
    plainly = by_span.filter(~pl.col("several")).select(*POOL, "base", "span")
    mixed = by_span.filter("several").group_by(POOL).agg("base", "span").rows()
    rows = [(*of, *_sum(bases, spans)) for *of, bases, spans in mixed]
    summed = pl.DataFrame(rows, schema=plainly.schema, orient="row")
    return pl.concat([plainly, summed])


def _sum(bases: Sequence[Decimal], spans: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Return the sum of ``base / span`` as one such fraction."""
    pairs = zip(bases, spans, strict=True)
    parts = (Fraction(base) * Fraction(1, int(span)) for base, span in pairs)
    whole = sum(parts, Fraction(0))
    span = (whole * UNIT).denominator
    if span > WIDEST:
        span = 1
    base = Decimal(round(whole * span * UNIT)).scaleb(-AMOUNT.scale)
    return base, Decimal(span)
