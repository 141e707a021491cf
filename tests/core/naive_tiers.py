"""What a tier table earns, in exact fractions: a part of the second engine.

A table is a row with `tiers`, `reach` and `boundary`: a programme, or the members' own
terms under it.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.naive_case import Row

SIGNED = {"amount", "quantity"}
ONE_TIER = {"retroactive", "highest_fixed", "linear"}


def total(values: Iterable[Fraction]) -> Fraction:
    """Sum fractions."""
    return sum(values, Fraction(0))


def climbed(word: str, measure: Fraction) -> Fraction | None:
    """Rule: a negative amount has the tier of its absolute value.

    Growth, a share and a part of a target below zero reach no tier.
    """
    if measure < 0 and word not in SIGNED:
        return None
    return abs(measure)


def reached(table: Row, word: str, measure: Fraction) -> list[Row]:
    """Rule: a value on the threshold has reached the tier, or with more_than has not.

    Lowest first; where there is no measure the first tier always holds.
    """
    if word == "none":
        return table["tiers"][:1]  # type: ignore[no-any-return]  # rows
    size = climbed(word, measure)
    strictly = table["boundary"] == "more_than"
    return [
        tier
        for tier in table["tiers"]
        if size is not None
        and (size > tier["from"] or (not strictly and size == tier["from"]))
    ]


def rate_of(tier: Row) -> Fraction:
    """Rule: 3 means 3 %; what one of the payable earns."""
    if tier.get("percent") is not None:
        return Fraction(tier["percent"]) / 100
    return Fraction(tier.get("per_unit") or 0)


def limited(earned: Fraction, tier: Row) -> Fraction:
    """Rule: a tier may have its own cap on what it earns."""
    cap = tier.get("cap")
    return earned if cap is None else max(min(earned, cap), -cap)


def rated(table: Row, word: str, measure: Fraction, payable: Fraction) -> Fraction:
    """Return what the rates of a table pay, fixed amounts apart."""
    tiers = reached(table, word, measure)
    if not tiers:
        return Fraction(0)
    if table["reach"] == "retroactive":
        return limited(payable * rate_of(tiers[-1]), tiers[-1])
    if table["reach"] == "stacked":
        return total(limited(payable * rate_of(tier), tier) for tier in tiers)
    if table["reach"] == "linear":
        return payable * between(table["tiers"], abs(measure))
    if table["reach"] in {"marginal", "rolling"}:
        return sliced(table, tiers, measure, payable)
    return Fraction(0)


def between(points: list[Row], size: Fraction) -> Fraction:
    """Rule: linear interpolates between the points and is flat above the last."""
    for lower, upper in pairwise(points):
        if size < upper["from"]:
            way = (size - lower["from"]) / (upper["from"] - lower["from"])
            return rate_of(lower) + Fraction(way) * (rate_of(upper) - rate_of(lower))
    return rate_of(points[-1])


def sliced(
    table: Row, tiers: list[Row], measure: Fraction, payable: Fraction
) -> Fraction:
    """Rule: each slice's payable is payable x slice / measure.

    A marginal slice lies between two thresholds; a rolling one reaches from nothing to
    the tier's upper end.
    """
    size, earned = abs(measure), Fraction(0)
    if not size:
        return earned
    for place, tier in enumerate(tiers):
        above = table["tiers"][place + 1 : place + 2]
        upper = min([size, *(one["from"] for one in above)])
        lower = 0 if table["reach"] == "rolling" else tier["from"]
        earned += limited(payable * (upper - lower) / size * rate_of(tier), tier)
    return earned


def steps(table: Row, tier: Row, measure: Fraction) -> int:
    """Rule: whole steps above `from`; with more_than a step counts once passed."""
    whole, rest = divmod(measure - tier["from"], tier["every"])
    passed = table["boundary"] == "more_than" and not rest
    return max(int(whole) - passed, 0)


def fixed(table: Row, word: str, measure: Fraction) -> Fraction:
    """Rule: fixed amounts, steps and `plus` need a measure above zero.

    Where nothing is measured, it is the amount that must be.
    """
    tiers = reached(table, word, measure)
    if not tiers or measure <= 0:
        return Fraction(0)
    if table["reach"] == "increment":
        last = tiers[-1]
        return limited(steps(table, last, measure) * last["amount"], last)
    if table["reach"] in ONE_TIER:
        tiers = tiers[-1:]
    return total(
        limited(Fraction(tier.get("amount") or 0), tier)
        + Fraction(tier.get("plus") or 0)
        for tier in tiers
    )
