"""Rounding and division in whole minor units: a part of the second engine."""

from __future__ import annotations

from fractions import Fraction


def rounded(value: Fraction, how: str, unit: int) -> Fraction:
    """Rule: round once to the minor unit, half away from zero or half to even."""
    cents, rest = divmod(abs(value) * unit, 1)
    half = Fraction(1, 2)
    away = how == "half_away_from_zero"
    up = rest > half or (rest == half and (away or cents % 2 == 1))
    whole = Fraction(cents + (1 if up else 0), unit)
    return -whole if value < 0 else whole


def divided(
    total: Fraction, weights: dict[str, Fraction], unit: int
) -> dict[str, Fraction] | None:
    """Rule: by largest remainder; nothing when the weights come to zero.

    Quota = total x w / sum of w with signed w, floor, the odd cents to the largest
    fractions, ties to the larger weight, then to the member's code; a negative total is
    divided as its absolute value and the sign restored.
    """
    if not weights:
        return None if total else {}
    if len(weights) == 1:
        return dict.fromkeys(weights, total)
    whole = sum(weights.values(), Fraction(0))
    if whole == 0:
        return None if total else dict.fromkeys(weights, Fraction(0))
    turned = {member: w if whole > 0 else -w for member, w in weights.items()}
    quotas = {m: abs(total) * unit * w / abs(whole) for m, w in turned.items()}
    parts = {m: quota.numerator // quota.denominator for m, quota in quotas.items()}
    left = int(abs(total) * unit) - sum(parts.values())
    line = sorted(weights, key=lambda m: (parts[m] - quotas[m], -turned[m], m))
    for member in line[:left]:
        parts[member] += 1
    sign = -1 if total < 0 else 1
    return {member: Fraction(sign * part, unit) for member, part in parts.items()}
