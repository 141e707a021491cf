"""Clauses: the parts that sentences about terms are made of.

Owns what fills a sentence (figures with their units, lists, sentences in sentences) and
the clauses that several of them share: ladders of tiers, scopes, members with a figure.
Everything obeys this: nothing is translated or written as text here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from rappel.core import phrases
from rappel.core.agreements import ANYTHING, Scope
from rappel.core.terms import GrowthOf, LimitOf, Measure, Payable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from rappel.core.agreements import Programme, Tier
    from rappel.core.terms import Boundary

PERCENT: Final = "%"
PLAIN: Final = ""
IN_PERCENT: Final = frozenset(
    {Measure.GROWTH_PERCENT, Measure.SHARE, Measure.TARGET_PERCENT}
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its unit: ``%``, a currency, or nothing."""

    value: Decimal
    unit: str = PLAIN


@dataclass(frozen=True, slots=True)
class Listed:
    """Several fillings, one after the other; ``apart`` stands between them."""

    ones: tuple[Filling, ...]
    apart: str = ", "


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and what fills it; a part of one when it has no dot."""

    text: str
    params: Mapping[str, Filling] = field(default_factory=dict)


Filling = str | date | Figure | Listed | Sentence
"""What a template is filled with; a ``str`` is a name that nobody translates."""


def codes(given: Sequence[str]) -> Listed:
    """List codes."""
    return Listed(tuple(given))


def ladder(tiers: Sequence[Tier], boundary: Boundary, one: Programme) -> Listed:
    """Say each tier's value and where it starts."""
    since = Sentence(phrases.SINCE[boundary])
    rows = [
        Listed((value_of(tier, one), since, measured(tier.threshold, one)), " ")
        for tier in tiers
    ]
    return Listed(tuple(rows), "; ")


def value_of(tier: Tier, one: Programme) -> Filling:
    """Say what a tier gives."""
    said: list[Filling] = []
    if tier.percent is not None:
        said.append(Figure(tier.percent, PERCENT))
    if tier.per_unit is not None:
        said += [Figure(tier.per_unit, one.currency), Sentence(phrases.EACH_UNIT)]
    if tier.amount is not None:
        said.append(Figure(tier.amount, one.currency))
    if tier.every is not None:
        step = {"step": measured(tier.every, one)}
        said.append(Sentence(phrases.FOR_EVERY, step))
    if tier.plus is not None:
        plus = {"amount": Figure(tier.plus, one.currency)}
        said.append(Sentence(phrases.PLUS, plus))
    parts: Filling = Listed(tuple(said), " ")
    if tier.cap is None:
        return parts
    most = Sentence(phrases.AT_MOST, {"amount": Figure(tier.cap, one.currency)})
    return Listed((parts, most))


def measured(value: Decimal, one: Programme) -> Figure:
    """Return a figure in the unit of the programme's measure."""
    return Figure(value, unit_of(one.measure, one))


def unit_of(measure: Measure, one: Programme) -> str:
    """Return the unit of a measure: %, the currency, or nothing for pieces."""
    if measure in IN_PERCENT:
        return PERCENT
    pieces = one.growth_of is GrowthOf.QUANTITY and measure is Measure.GROWTH_AMOUNT
    return PLAIN if measure is Measure.QUANTITY or pieces else one.currency


def scoped(scope: Scope, named: Sequence[str] = ()) -> Listed:
    """List what a scope asks for, but what was ``named`` already."""
    asked = [
        Sentence(text, {"codes": codes(getattr(scope, name))})
        for name, text in phrases.SCOPES.items()
        if getattr(scope, name) and name not in named
    ]
    return Listed(tuple(asked), "; ")


def everything(scope: Scope | None) -> Listed:
    """List what a scope asks for; all purchases if it asks for nothing."""
    listed = scoped(scope or ANYTHING)
    return listed if listed.ones else Listed((Sentence(phrases.ALL_PURCHASES),))


def by_member(figures: Mapping[str, Decimal], unit: str) -> Listed:
    """List members with a figure each."""
    rows = [Listed((name, Figure(value, unit)), " ") for name, value in figures.items()]
    return Listed(tuple(rows), "; ")


def limited(of: LimitOf, one: Programme) -> str:
    """Return the unit of what a limit looks at."""
    if of is LimitOf.MEASURE:
        return unit_of(one.measure, one)
    pieces = of is LimitOf.PAYABLE and one.payable is Payable.QUANTITY
    return PLAIN if pieces else one.currency
