"""The linter: what terms say that people rarely mean.

Owns the warnings about programmes that are sound, whatever is refused beforehand
(:mod:`rappel.ingest.soundness`). Looks at terms alone, never at purchases. Everything
obeys this: a finding's ``column`` is the path in the document; what cannot be judged
from the terms is not warned of.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from rappel.core import averages, cliffs
from rappel.core.findings import Finding
from rappel.core.money import HUNDRED, places, plain
from rappel.core.overlaps import overlaps
from rappel.core.programmes import divided_by_nothing
from rappel.core.terms import (
    Boundary,
    GrowthOf,
    LimitOf,
    LimitPer,
    Measure,
    MeasureOver,
    Pool,
    Reach,
)
from rappel.core.tier_values import (
    VALUES,
    Table,
    beyond_whole,
    falling,
    fractional_thresholds,
    fractions,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from rappel.core.agreements import Limit, Programme, Tier


def lint(
    programmes: Sequence[Programme], beside: Sequence[Programme] = ()
) -> tuple[Finding, ...]:
    """Return the warnings about programmes, in the order of the document.

    ``beside`` are programmes of other agreements: they are only asked whether they pay
    on the same purchases.
    """
    own = chain.from_iterable(
        _programme(one, f"programmes[{place}]") for place, one in enumerate(programmes)
    )
    return (*own, *overlaps(programmes, beside))


def _programme(one: Programme, at: str) -> Iterator[Finding]:
    tables = [Table(f"{at}.tiers", one, one.tiers, one.reach, one.boundary)]
    if one.outbound is not None:
        own = one.outbound
        at_own = f"{at}.outbound.tiers"
        tables.append(Table(at_own, one, own.tiers, own.reach, own.boundary))
    for table in tables:
        yield from fractions(table)
        yield from fractional_thresholds(table)
        yield from falling(table)
        yield from _totals(table)
        yield from _anew(table)
        yield from _unreachable(table)
        yield from averages.thinning(table)
        yield from beyond_whole(table)
    yield from averages.cut_apart(one, at)
    yield from _undivided(one, at)
    yield from _promotions(one, at)


def _undivided(one: Programme, at: str) -> Iterator[Finding]:
    """Warn of a pool's rebate that is divided by what nobody is paid on."""
    if divided_by_nothing(one):
        told = {"programme": one.code}
        at = f"{at}.allocation"
        yield Finding(code="divided_by_nothing", column=at, params=told)


def _totals(table: Table) -> Iterator[Finding]:
    """Warn where buying more costs less, or earns less.

    Rule: a threshold that pays something at once always has a zone below it in which
    the total cost falls; it is told with the zone in which what is still to buy returns
    more than half. Asked only where the measure is what is paid on and what is paid
    for, so that both are known from the terms.
    """
    one = table.programme
    if not _curved(one, rated=table.tiers[0].amount is None):
        return
    money = one.measure is Measure.AMOUNT or (
        one.measure is Measure.GROWTH_AMOUNT and one.growth_of is GrowthOf.AMOUNT
    )
    cents = places(one.currency)
    if table.reach is Reach.INCREMENT:
        yield from _steps(table, money=money)
    for step in cliffs.steps(cliffs.curve(table.tiers, table.reach)):
        threshold = plain(table.tiers[step.tier].threshold)
        told = {"threshold": threshold, "currency": one.currency}
        if step.jump < 0:
            yield _fall(table, step)
        elif money:
            yield table.finding(
                "tier_cliff",
                step.tier,
                jump=plain(cliffs.shown(step.jump, cents), cents),
                cheaper=plain(cliffs.shown(step.cheaper, cents), cents),
                half=plain(cliffs.shown(step.half, cents), cents),
                **told,
            )
        elif table.tiers[0].amount is None:
            jump = plain(cliffs.shown(step.jump, cents), cents)
            yield table.finding("tier_jump", step.tier, jump=jump, **told)
    for slope in cliffs.slopes(table.tiers) if _linear(table, money=money) else ():
        yield table.finding(
            "tier_slope",
            slope.tier,
            start=plain(cliffs.shown(slope.start, cents), cents),
            threshold=plain(table.tiers[slope.tier].threshold),
            percent=plain(cliffs.shown(slope.share * 100, 2)),
        )


def _linear(table: Table, *, money: bool) -> bool:
    return money and table.reach is Reach.LINEAR


def _curved(one: Programme, *, rated: bool) -> bool:
    """Whether what is earned is a curve over the measure."""
    other_days = one.measure_over is not MeasureOver.WINDOW
    other_lines = one.measure_scope not in {None, one.scope}
    if other_days or other_lines or one.measure is Measure.NONE:
        return False
    return not rated or (one.measure, one.payable) in averages.SAME


def _steps(table: Table, *, money: bool) -> Iterator[Finding]:
    """Warn of steps that pay more than half of themselves."""
    for place, tier in enumerate(table.tiers):
        amount, every = tier.amount or Decimal(0), tier.every or Decimal(0)
        if money and amount + amount > every:
            yield table.finding(
                "step_pays_much", place, amount=plain(amount), every=plain(every)
            )


def _anew(table: Table) -> Iterator[Finding]:
    """Warn of steps that start anew, whatever purchases climb them."""
    climbed = table.programme.measure is not Measure.NONE
    if table.reach is Reach.INCREMENT and climbed:
        for step in cliffs.resets(table.tiers):
            yield _fall(table, step)


def _fall(table: Table, step: cliffs.Step) -> Finding:
    cents = places(table.programme.currency)
    return table.finding(
        "falling_total",
        step.tier,
        threshold=plain(table.tiers[step.tier].threshold),
        amount=plain(cliffs.shown(-step.jump, cents), cents),
        currency=table.programme.currency,
    )


def _unreachable(table: Table) -> Iterator[Finding]:
    """Warn of tiers that are never reached, or never pay more or anything."""
    one = table.programme
    uppers = [tier.threshold for tier in table.tiers[1:]]
    top, floor = _capped(one, LimitOf.MEASURE), _limit(one, one.minimum)
    for place, tier in enumerate(table.tiers):
        start = {"threshold": plain(tier.threshold)}
        end = uppers[place] if place < len(uppers) else None
        if one.measure is Measure.NONE and place:
            yield table.finding("tier_without_measure", place)
        elif one.measure is Measure.SHARE and _past(table, tier, HUNDRED):
            yield table.finding("tier_beyond_whole", place, **start)
        elif top is not None and _past(table, tier, top):
            yield table.finding("tier_beyond_cap", place, cap=plain(top), **start)
        elif _idle(table, place):
            cap = _capped(one, LimitOf.EARNED) or Decimal(0)
            yield table.finding("tier_past_cap", place, cap=plain(cap), **start)
        if floor is not None and end is not None and end <= floor and _gives(tier):
            least = plain(floor)
            yield table.finding("tier_below_minimum", place, minimum=least, **start)


def _past(table: Table, tier: Tier, most: Decimal) -> bool:
    """Whether a measure of at most ``most`` never reaches the tier."""
    exactly = table.boundary is Boundary.MORE_THAN and tier.threshold == most
    return tier.threshold > most or exactly


def _limit(one: Programme, limit: Limit | None) -> Decimal | None:
    """Return the least measure that earns, if there is one for the whole pool."""
    return limit.amount if _of(one, limit, LimitOf.MEASURE) and limit else None


def _capped(one: Programme, of: LimitOf) -> Decimal | None:
    """Return a cap that holds for the pool's whole curve."""
    return one.cap.amount if _of(one, one.cap, of) and one.cap else None


def _of(one: Programme, limit: Limit | None, of: LimitOf) -> bool:
    if limit is None or limit.of is not of:
        return False
    return one.pool is Pool.MEMBER or limit.per is LimitPer.POOL


def _idle(table: Table, place: int) -> bool:
    """Whether the cap is earned before the tier begins."""
    one = table.programme
    cap = _capped(one, LimitOf.EARNED)
    rated = table.tiers[0].amount is None
    if cap is None or not place or not _curved(one, rated=rated):
        return False
    pieces = cliffs.curve(table.tiers, table.reach)
    before = [piece for piece in pieces if piece.tier == place - 1]
    start = Fraction(table.tiers[place].threshold)
    return any(piece.earned(start) >= Fraction(cap) for piece in before[-1:])


def _gives(tier: Tier) -> bool:
    return any(getattr(tier, name) for name in VALUES)


def _promotions(one: Programme, at: str) -> Iterator[Finding]:
    """Warn of a promotion that never ends while the terms hold.

    Rule: it ends after the terms do, or covers them from their first day to their last;
    terms without an end are taken to hold for a year from its start.
    """
    for place, promotion in enumerate(one.promotions):
        until = one.in_force_until
        after = promotion.end > (until or _year_on(promotion.start))
        since = one.in_force_from
        covers = since is not None and promotion.start <= since
        if after or (covers and promotion.end == until):
            yield Finding(
                code="promotion_without_end",
                column=f"{at}.promotions[{place}].end",
                params={
                    "programme": one.code,
                    "promotion": promotion.code,
                    "end": promotion.end.isoformat(),
                },
            )


def _year_on(day: date) -> date:
    """Return the same day of the next year, 29 February's being the 28th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=min(day.year + 1, 9999), day=28 if leap else day.day)
