"""Worked examples: a made-up member buys just below, at and well above each threshold.

Owns the made-up purchases; every figure of the answer is the engine's
(:mod:`rappel.actions.simulations`). Everything obeys this: one purchase a point, on the
first day on which the terms hold, of one buyer who stands for the whole pool; a unit
costs 100, a baseline, a target that is not named and all comparable purchases are
100,000.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rappel.actions.simulations import simulate
from rappel.core.agreements import EVERY, Scope
from rappel.core.legs import of_members
from rappel.core.money import EXACT, HUNDRED, places, plain
from rappel.core.period import MONTHS, Period, Unit, unit_of
from rappel.core.terms import Boundary, GrowthOf, Measure
from rappel.errors import Malformed
from rappel.ingest.terms import programme_to_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme

BUYER: Final = "example"
ELSE: Final = "another"
PRICE: Final = HUNDRED
WHOLE: Final = Decimal(100_000)
ANY_DAY: Final = date(2026, 1, 1)  # of terms without a beginning and an end
KEPT: Final = ("measure", "threshold", "value", "earned", "fee", "holdback", "due")
IN_PERCENT: Final = frozenset(
    {Measure.GROWTH_PERCENT, Measure.SHARE, Measure.TARGET_PERCENT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """What the engine says at each point; or why it says nothing.

    A row has ``bought`` and ``quantity``, of the answer what is in ``KEPT``, and what
    the supplier pays as ``inbound``.
    """

    rows: tuple[dict[str, Any], ...] = ()
    refused: str | None = None


def examples(one: Programme, programmes: Sequence[Programme]) -> Examples:
    """Work a programme at its own thresholds.

    ``programmes`` are all of the agreement: those that it builds on are computed too.
    """
    among = programmes if one.less else (one,)
    rows = []
    try:
        for point in points(one):
            rows += _worked(one, among, point)
    except Malformed as refused:
        return Examples(refused=refused.detail)
    return Examples(rows=tuple(rows))


def points(one: Programme) -> tuple[Decimal, ...]:
    """Return the measures to show: about each threshold, and well above the last.

    Those of the members' own terms are shown too.
    """
    if one.measure is Measure.NONE:
        return (WHOLE,)
    least = _least(one)
    found: list[Decimal] = []
    for leg in dict.fromkeys((one.tiers, of_members(one).tiers)):
        for tier in leg:
            around = [tier.threshold - least, tier.threshold]
            if Boundary.MORE_THAN in {one.boundary, of_members(one).boundary}:
                around.append(tier.threshold + least)
            found += around
        last = leg[-1].threshold
        found.append(last + last or (HUNDRED if _counted(one) else WHOLE))
    if one.outbound is not None:
        found.sort()
    return tuple(dict.fromkeys(point for point in found if point > 0))


def _least(one: Programme) -> Decimal:
    """Return the smallest step of the measure that is shown."""
    if one.measure in IN_PERCENT:
        return Decimal("0.01")
    decimals = 0 if _counted(one) else places(one.currency)
    return Decimal(1).scaleb(-decimals)


def _counted(one: Programme) -> bool:
    """Whether the measure counts pieces or percents, and no money."""
    return one.measure in IN_PERCENT or _pieces(one)


def _pieces(one: Programme) -> bool:
    """Whether pieces are bought to climb."""
    growing = one.measure in {Measure.GROWTH_AMOUNT, Measure.GROWTH_PERCENT}
    return one.measure is Measure.QUANTITY or (
        growing and one.growth_of is GrowthOf.QUANTITY
    )


def _worked(
    one: Programme, among: Sequence[Programme], point: Decimal
) -> list[dict[str, Any]]:
    """Return the engine's answer at one point."""
    case = _case(one, among, point)
    bought = case["purchases"][0]
    answer = simulate(case)
    paid = {
        (pool["programme"], pool["window"]): pool["inbound"] for pool in answer["pools"]
    }
    return [
        {"bought": bought["amount"], "quantity": bought["quantity"]}
        | {name: row[name] for name in KEPT}
        | {"inbound": paid[one.code, row["window"]]}
        for row in answer["rebates"]
        if (row["programme"], row["member"]) == (one.code, bought["member"])
    ]


def _case(one: Programme, among: Sequence[Programme], point: Decimal) -> dict[str, Any]:
    """Return the made-up facts in which the measure is ``point``."""
    scope, buyer = one.scope, _buyer(one)
    day = _day(one)
    period = _period(one, day)
    figure = _bought(one, point)
    amount = figure * PRICE if _pieces(one) else figure
    quantity = figure if _pieces(one) else figure.scaleb(-2, EXACT)
    own = {
        "member": buyer,
        "supplier": BUYER if one.suppliers == EVERY else one.suppliers[0],
        "date": day.isoformat(),
        "category": _category(scope),
        "code": (*scope.codes, BUYER)[0],
    }
    cents = places(one.currency)
    purchases = [{**own, "amount": plain(amount, cents), "quantity": plain(quantity)}]
    if one.measure is Measure.SHARE and point < HUNDRED:
        rest = _elsewhere(one, WHOLE - amount)
        purchases.append({**own, **rest, "supplier": ELSE})
    segments = [*scope.segments[:1], *([one.segment] if one.segment else [])]
    common = {"segments": segments, "country": (*scope.countries, None)[0]}
    members = dict.fromkeys((buyer, *one.shares))
    case: dict[str, Any] = {
        "currency": one.currency,
        "period": {"start": period.start.isoformat(), "end": period.end.isoformat()},
        "members": [{"code": code, **common} for code in members],
        "programmes": [programme_to_fields(each) for each in among],
        "purchases": purchases,
    }
    if one.baseline is not None:
        known = {"programme": one.code, "member": buyer, "measure": plain(WHOLE)}
        case["baselines"] = [known]
    return case


def _buyer(one: Programme) -> str:
    """Return who buys: somebody whom the terms name, if they name anybody."""
    targets = [target.member for target in one.targets]
    return (*one.scope.members, *targets, *one.shares, BUYER)[0]


def _bought(one: Programme, point: Decimal) -> Decimal:
    """Return the amount or quantity to buy for the measure to be ``point``."""
    if one.measure is Measure.GROWTH_AMOUNT:
        return WHOLE + point
    if one.measure is Measure.GROWTH_PERCENT:
        return WHOLE + (WHOLE * point).scaleb(-2, EXACT)
    if one.measure is Measure.TARGET_PERCENT:
        targets = {target.member: target.amount for target in one.targets}
        return (targets.get(_buyer(one), WHOLE) * point).scaleb(-2, EXACT)
    if one.measure is Measure.SHARE:
        return (WHOLE * min(point, HUNDRED)).scaleb(-2, EXACT)
    return point


def _elsewhere(one: Programme, amount: Decimal) -> dict[str, str]:
    """Return a comparable purchase that the programme does not count."""
    comparable = one.share_of or Scope()
    return {
        "amount": plain(amount, places(one.currency)),
        "quantity": "1",
        "category": _category(comparable),
        "code": (*comparable.codes, BUYER)[0],
    }


def _category(scope: Scope) -> str:
    """Return a category in the scope."""
    allowed = [one for one in scope.categories if one not in scope.exclude_categories]
    return (*allowed, BUYER)[0]


def _day(one: Programme) -> date:
    """Return the first day on which the terms hold, or the last, or any."""
    if one.in_force_from is not None:
        return one.in_force_from
    if one.in_force_until is not None:
        return one.in_force_until - timedelta(days=1)
    return ANY_DAY


def _period(one: Programme, day: date) -> Period:
    """Return the longer of a window and a settlement that hold the day."""
    units = {one.accumulate, one.settle} - {Unit.LIFETIME}
    longest = max(units, key=lambda unit: MONTHS[unit], default=Unit.YEAR)
    return unit_of(day, longest, one.year_starts)
