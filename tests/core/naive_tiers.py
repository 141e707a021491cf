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
    """Rule: a tier may have its own cap; a negative amount is capped as its size."""
    cap = tier.get("cap")
    return earned if cap is None else max(min(earned, cap), -cap)


def given(
    table: Row, word: str, measure: Fraction, payable: Fraction, *, last: bool
) -> Fraction:
    """Return what a table gives: rates on the payable, fixed amounts in the `last`.

    Rule: a tier's own cap is of all that the tier gives.
    """
    tiers = reached(table, word, measure)
    alone = table["reach"] in {*ONE_TIER, "increment"}
    return total(
        limited(
            rated(table, tier, measure, payable)
            + (fixed(table, tier, measure) if last else 0),
            tier,
        )
        for tier in (tiers[-1:] if alone else tiers)
    )


def rated(table: Row, tier: Row, measure: Fraction, payable: Fraction) -> Fraction:
    """Rule: the rate is paid on everything, or on payable x slice / measure.

    A marginal slice lies between two thresholds; a rolling one reaches from nothing to
    the tier's upper end.
    """
    size = abs(measure)
    if table["reach"] == "linear":
        return payable * between(table["tiers"], size)
    if table["reach"] not in {"marginal", "rolling"}:
        return payable * rate_of(tier)
    if not size:
        return Fraction(0)
    above = [one["from"] for one in table["tiers"] if one["from"] > tier["from"]]
    upper = min([size, *above])
    lower = 0 if table["reach"] == "rolling" else tier["from"]
    return payable * (upper - lower) / size * rate_of(tier)


def between(points: list[Row], size: Fraction) -> Fraction:
    """Rule: linear interpolates between the points and is flat above the last."""
    for lower, upper in pairwise(points):
        if size < upper["from"]:
            way = (size - lower["from"]) / (upper["from"] - lower["from"])
            return rate_of(lower) + Fraction(way) * (rate_of(upper) - rate_of(lower))
    return rate_of(points[-1])


def steps(table: Row, tier: Row, measure: Fraction) -> int:
    """Rule: whole steps above `from`; with more_than a step counts once passed."""
    whole, rest = divmod(measure - tier["from"], tier["every"])
    passed = table["boundary"] == "more_than" and not rest
    return max(int(whole) - passed, 0)


def fixed(table: Row, tier: Row, measure: Fraction) -> Fraction:
    """Rule: fixed amounts, steps and `plus` need a measure above zero.

    Where nothing is measured, it is the amount that must be.
    """
    if measure <= 0:
        return Fraction(0)
    amount = Fraction(tier.get("amount") or 0)
    times = steps(table, tier, measure) if table["reach"] == "increment" else 1
    return times * amount + Fraction(tier.get("plus") or 0)
