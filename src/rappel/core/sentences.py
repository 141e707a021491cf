"""Sentences: what a programme's terms mean, for a person who signs them.

Owns which sentences say which terms, and in which order. The words are in
:mod:`rappel.core.phrases`; languages and figures belong to the rim, which fills a
template only after translating it. Everything obeys this: every sentence is whole by
itself, and a default is said like anything else, since it binds as much.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from rappel.core import phrases
from rappel.core.agreements import EVERY, Scope
from rappel.core.clauses import (
    PERCENT,
    PLAIN,
    Figure,
    Filling,
    Sentence,
    by_member,
    codes,
    everything,
    ladder,
    limited,
    measured,
    scoped,
    unit_of,
    value_of,
)
from rappel.core.money import ZERO
from rappel.core.period import JANUARY
from rappel.core.programmes import divided_by_nothing
from rappel.core.terms import AllocationBy, Measure, Payable, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.core.agreements import Gate, Limit, Outbound, Programme, Promotion

GROWING: Final = frozenset({Measure.GROWTH_AMOUNT, Measure.GROWTH_PERCENT})


def sentences(one: Programme) -> tuple[Sentence, ...]:
    """Return what the terms mean; the first sentence says most of it."""
    return (
        _head(one),
        *_days(one),
        *_scope(one),
        *_measure(one),
        *_payment(one),
        *_limits(one),
        *_promotions(one),
        *_settlement(one),
        *_policies(one),
    )


def _head(one: Programme) -> Sentence:
    """Say on what, when, who, how and how much."""
    suppliers: Filling = Sentence(phrases.EVERY_SUPPLIER)
    if one.suppliers != EVERY:
        suppliers = codes(one.suppliers)
    bought = Sentence(phrases.PURCHASES, {"suppliers": suppliers})
    if one.scope.categories:
        categories = codes(one.scope.categories)
        said = {"suppliers": suppliers, "categories": categories}
        bought = Sentence(phrases.PURCHASES_OF, said)
    pool = {"segment": one.segment or ""} if one.pool is Pool.SEGMENT else {}
    common: dict[str, Filling] = {
        "purchases": bought,
        "window": Sentence(phrases.WINDOWS[one.accumulate]),
        "who": Sentence(phrases.POOLS[one.pool], pool),
    }
    if one.measure is Measure.NONE:
        value = value_of(one.tiers[0], one)
        return Sentence(phrases.FLAT, {**common, "value": value})
    how = Sentence(phrases.REACHES[one.reach])
    tiers = ladder(one.tiers, one.boundary, one)
    return Sentence(phrases.HEAD, {**common, "how": how, "tiers": tiers})


def _days(one: Programme) -> Iterator[Sentence]:
    start, end = one.in_force_from, one.in_force_until
    said: dict[str, Filling] = {}
    if start is not None:
        said["start"] = start
    if end is not None:
        said["end"] = end
    yield Sentence(phrases.IN_FORCE[start is not None, end is not None], said)


def _scope(one: Programme) -> Iterator[Sentence]:
    """Say what counts beyond the categories, which the head names."""
    listed = scoped(one.scope, named=("categories",))
    if listed.ones:
        yield Sentence(phrases.SCOPE, {"scope": listed})


def _measure(one: Programme) -> Iterator[Sentence]:
    """Say what climbs the tiers."""
    if one.measure is Measure.NONE:
        yield Sentence(phrases.NO_MEASURE)
    else:
        measure = Sentence(phrases.MEASURES[one.measure])
        yield Sentence(phrases.CHOOSES, {"measure": measure})
        yield Sentence(phrases.BOUNDARIES[one.boundary])
        yield Sentence(phrases.OVER[one.measure_over])
    if one.measure_scope is not None:
        yield Sentence(phrases.MEASURE_SCOPE, {"scope": everything(one.measure_scope)})
    if one.measure in GROWING:
        yield Sentence(phrases.GROWTHS[one.growth_of])
    if one.measure is Measure.SHARE:
        yield Sentence(phrases.SHARE_OF, {"scope": everything(one.share_of)})
    if one.targets:
        targets = {target.member: target.amount for target in one.targets}
        yield Sentence(phrases.TARGETS, {"targets": by_member(targets, one.currency)})
    yield from _baseline(one)
    for gate in one.gates:
        yield _gate(gate, one)


def _baseline(one: Programme) -> Iterator[Sentence]:
    given = one.baseline
    if given is None:
        return
    yield Sentence(phrases.BASELINE, {"source": given.source})
    policies = (
        (phrases.NO_BASELINE, given.none),
        (phrases.ZERO_BASELINE, given.zero),
        (phrases.PART_BASELINE, given.part_year),
    )
    for text, policy in policies:
        yield Sentence(text, {"policy": Sentence(phrases.POLICIES[policy])})


def _gate(gate: Gate, one: Programme) -> Sentence:
    said: dict[str, Filling] = {
        "threshold": Figure(gate.threshold, unit_of(gate.measure, one)),
        "measure": Sentence(phrases.MEASURES[gate.measure]),
    }
    listed = scoped(gate.scope or Scope())
    if not listed.ones:
        return Sentence(phrases.GATE, said)
    return Sentence(phrases.GATE_IN, {**said, "scope": listed})


def _payment(one: Programme) -> Iterator[Sentence]:
    """Say on what the value is paid, to whom, and by whom."""
    fixed = one.tiers[0].amount is not None
    yield Sentence(phrases.PAYABLES[Payable.NONE if fixed else one.payable])
    if one.less:
        yield Sentence(phrases.LESS, {"programmes": codes(one.less)})
        yield Sentence(phrases.ORDER, {"order": Figure(Decimal(one.order))})
    if one.pool is not Pool.MEMBER or one.allocation is not AllocationBy.PAYABLE:
        shares = {"shares": by_member(one.shares, PLAIN)} if one.shares else {}
        allocation = phrases.ALLOCATIONS[one.allocation]
        said = phrases.UNDIVIDED if divided_by_nothing(one) else allocation
        yield Sentence(said, shares)
    if one.outbound is not None:
        yield _outbound(one.outbound, one)
        if one.promotions or one.cap or one.minimum or one.guarantee:
            yield Sentence(phrases.GRANTED)
    if one.payer is not None:
        yield Sentence(phrases.PAYER, {"payer": one.payer})


def _outbound(own: Outbound, one: Programme) -> Sentence:
    how = Sentence(phrases.REACHES[own.reach])
    tiers = ladder(own.tiers, own.boundary, one)
    return Sentence(phrases.OUTBOUND, {"how": how, "tiers": tiers})


def _limits(one: Programme) -> Iterator[Sentence]:
    named = (("cap", one.cap), ("minimum", one.minimum), ("guarantee", one.guarantee))
    for name, limit in named:
        if limit is not None:
            yield from _limit(name, limit, one)


def _limit(name: str, limit: Limit, one: Programme) -> Iterator[Sentence]:
    said: dict[str, Filling] = {
        "amount": Figure(limit.amount, limited(limit.of, one)),
        "per": Sentence(phrases.PER[limit.per]),
    }
    yield Sentence(phrases.LIMITS[name, limit.of], said)
    if limit.carry:
        yield Sentence(phrases.CARRIED)
    if limit.prorate is not None:
        yield Sentence(phrases.BY_DAYS)


def _promotions(one: Programme) -> Iterator[Sentence]:
    for promotion in one.promotions:
        yield _promotion(promotion)
        listed = scoped(promotion.scope)
        if listed.ones:
            yield Sentence(phrases.PROMOTED, {"code": promotion.code, "scope": listed})


def _promotion(promotion: Promotion) -> Sentence:
    figure = "percent" if promotion.multiplies is None else "by"
    adds, by = Figure(promotion.adds or ZERO, PERCENT), Figure(promotion.by or ZERO)
    return Sentence(
        phrases.PROMOTIONS[promotion.multiplies],
        {
            "code": promotion.code,
            "start": promotion.start,
            "end": promotion.end,
            figure: adds if promotion.multiplies is None else by,
        },
    )


def _settlement(one: Programme) -> Iterator[Sentence]:
    """Say when it is paid, and how much of it."""
    yield Sentence(phrases.SETTLES[one.settle])
    if one.settle is not one.accumulate:
        yield Sentence(phrases.TRUED_UP)
    if one.year_starts != JANUARY:
        yield Sentence(phrases.YEAR_STARTS, {"day": str(one.year_starts)})
    if one.fee_percent:
        fee = {"percent": Figure(one.fee_percent, PERCENT)}
        yield Sentence(phrases.FEE, fee)
    else:
        yield Sentence(phrases.NO_FEE)
    if one.holdback is not None:
        held: dict[str, Filling] = {"percent": Figure(one.holdback.percent, PERCENT)}
        if one.holdback.release_from is None:
            yield Sentence(phrases.HELD_BACK, held)
        else:
            until = measured(one.holdback.release_from, one)
            yield Sentence(phrases.HELD_BACK_TO, {**held, "amount": until})
    if one.payout_minimum is not None:
        least = {"amount": Figure(one.payout_minimum, one.currency)}
        yield Sentence(phrases.PAYOUT, least)


def _policies(one: Programme) -> Iterator[Sentence]:
    """Say which day counts, what lowers the volume, which rate converts it."""
    yield Sentence(phrases.COUNTS[one.counts])
    yield Sentence(phrases.RETURNS[one.returns])
    if one.fx_rates:
        yield Sentence(phrases.FIXED_RATES, {"rates": by_member(one.fx_rates, PLAIN)})
    else:
        rate = {"rate": Figure(one.fx_rate)} if one.fx_rate is not None else {}
        yield Sentence(phrases.CURRENCIES[one.fx], rate)
    yield Sentence(phrases.ROUNDINGS[one.rounding], {"currency": one.currency})
