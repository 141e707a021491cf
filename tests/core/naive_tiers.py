"""What a tier table earns, in exact fractions: a part of the second engine."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from rappel.core.money import Rounding

if TYPE_CHECKING:
    from rappel.core.agreements import Programme, Tier


def rounded(value: Fraction, how: Rounding) -> Fraction:
    """Round to the cent with whole numbers."""
    cents, rest = divmod(abs(value) * 100, 1)
    up = rest > Fraction(1, 2) or (
        rest == Fraction(1, 2) and (how is Rounding.HALF_AWAY_FROM_ZERO or cents % 2)
    )
    whole = Fraction(cents + (1 if up else 0), 100)
    return -whole if value < 0 else whole


def reached(one: Programme, measure: Fraction) -> list[Tier]:
    """The tiers that a measure has reached, lowest first."""
    size = abs(measure)
    strictly = one.boundary.value == "more_than"
    return [
        tier
        for tier in one.tiers
        if size > Fraction(tier.threshold)
        or (not strictly and size == Fraction(tier.threshold))
    ]


def rate_of(tier: Tier) -> Fraction:
    """What one of the payable earns."""
    if tier.percent is not None:
        return Fraction(tier.percent) / 100
    return Fraction(tier.per_unit or 0)


def rated(one: Programme, measure: Fraction, payable: Fraction) -> Fraction:
    """What the rates pay, fixed amounts apart."""
    tiers = reached(one, measure)
    if not tiers or one.reach.value in {"highest_fixed", "each_fixed"}:
        return Fraction(0)
    if one.reach.value == "retroactive":
        return payable * rate_of(tiers[-1])
    if one.reach.value == "stacked":
        return sum((payable * rate_of(tier) for tier in tiers), Fraction(0))
    total = Fraction(0)
    for index, tier in enumerate(one.tiers[: len(tiers)]):
        above = one.tiers[index + 1 : index + 2]
        upper = min([abs(measure), *(Fraction(a.threshold) for a in above)])
        lower = 0 if one.reach.value == "rolling" else Fraction(tier.threshold)
        part = (upper - lower) * (-1 if measure < 0 else 1)
        if measure:
            total += payable * part / measure * rate_of(tier)
    return total


def fixed(one: Programme, measure: Fraction) -> Fraction:
    """What reaching tiers pays in fixed amounts."""
    tiers = reached(one, measure) if measure > 0 else []
    if one.reach.value in {"retroactive", "highest_fixed"}:
        tiers = tiers[-1:]
    return sum(
        (Fraction(t.amount or 0) + Fraction(t.plus or 0) for t in tiers), Fraction(0)
    )
