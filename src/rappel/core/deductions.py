"""Deductions: programmes that are paid on what another one has left.

Owns ``less`` and the order in which programmes are computed. Everything obeys this: a
programme's payable is reduced by what the listed programmes earned on the same
purchases, at their average rate; its measure is not. A listed programme that stands
later in the order is not deducted, and of two of one order the listed one goes first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from rappel.core.agreements import EVERY, Scope
from rappel.core.money import proportion
from rappel.core.shares import NO_STEPS, STEP, STEPS, ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rappel.core.agreements import Programme

UNSAID: Final = ("of", "figure", "payable")
MINE: Final = ["chain", "window", "member"]


def deducted(one: Programme, programmes: Sequence[Programme]) -> tuple[str, ...]:
    """Return the codes that a programme's payable is reduced by."""
    orders = {other.code: other.order for other in programmes}
    return tuple(
        code for code in one.less if code in orders and orders[code] <= one.order
    )


def levels(programmes: Sequence[Programme]) -> tuple[tuple[int, ...], ...]:
    """Return the places of the programmes, those that others wait for first.

    Raises:
        ValueError: some wait for one another.

    """
    waits = {code: set[str]() for code in dict.fromkeys(one.code for one in programmes)}
    for one in programmes:
        waits[one.code].update(deducted(one, programmes))
    found: list[tuple[int, ...]] = []
    while waits:
        ready = {code for code, others in waits.items() if not others & set(waits)}
        if not ready:
            raise ValueError(f"programmes wait for one another: {sorted(waits)}")
        found.append(tuple(p for p, one in enumerate(programmes) if one.code in ready))
        waits = {code: others for code, others in waits.items() if code not in ready}
    return tuple(found)


def overlaps(
    programmes: Sequence[Programme],
) -> tuple[tuple[int, int, Programme], ...]:
    """Return what programmes have in common with those that they deduct.

    For each pair the place of the one that is reduced, the chain of the one that
    reduces it, and that one narrowed to what counts for both.
    """
    codes = [one.code for one in programmes]
    return tuple(
        (p, codes.index(other.code), _overlap(one, other))
        for p, one in enumerate(programmes)
        for code in deducted(one, programmes)
        for other in programmes
        if other.code == code and _common(one, other)
    )


def _common(one: Programme, other: Programme) -> tuple[str, ...]:
    """Return the suppliers of both."""
    if other.suppliers == EVERY:
        return one.suppliers
    if one.suppliers == EVERY:
        return other.suppliers
    return tuple(code for code in one.suppliers if code in other.suppliers)


def _overlap(one: Programme, other: Programme) -> Programme:
    """Return ``other`` narrowed to the purchases, and the members, of both."""
    segment = () if one.segment is None else (Scope(segments=(one.segment,)),)
    return replace(
        other,
        suppliers=_common(one, other),
        within=(*other.within, one.scope, *one.within, *segment),
    )


class Reduced(NamedTuple):
    """What members bring after deductions, and a step for each deduction."""

    own: pl.DataFrame
    steps: pl.DataFrame


def reduced(own: pl.DataFrame, overlaps: pl.DataFrame, earned: pl.DataFrame) -> Reduced:
    """Take from each payable what other programmes earned on the same purchases.

    ``overlaps`` are those of :func:`overlapping`; ``earned``: ``chain, window, member,
    earned, programme`` of the programmes computed before.
    """
    others = earned.rename({"chain": "from", "programme": "code"})
    less = overlaps.join(others, on=["from", "window", "member"]).select(
        "p",
        "window",
        "member",
        "code",
        less=proportion(pl.col("earned"), pl.col("common"), pl.col("whole")),
    )
    keys = ["p", "window", "member"]
    summed = less.group_by(keys).agg(pl.col("less").sum())
    rest = pl.col("payable") - pl.col("less").fill_null(ZERO)
    steps = (
        own.select(*keys, "chain", "pool")
        .join(less, on=keys)
        .group_by(*MINE, "pool", "code")
        .agg(amount=-pl.col("less").sum())
        .with_columns(one for one in NO_STEPS if one.meta.output_name() in UNSAID)
        .with_columns(position=pl.lit(0, pl.Int64), step=pl.lit("less"))
    )
    return Reduced(
        own=own.join(summed, on=keys, how="left")
        .with_columns(payable=rest)
        .drop("less"),
        steps=steps.select(*STEP[:3], "member", *STEPS),
    )


def overlapping(
    qualified: pl.DataFrame, common: pl.DataFrame, terms: pl.DataFrame
) -> pl.DataFrame:
    """Return ``p, from, window, member, common, whole`` of programmes that overlap.

    ``common``: ``p, position, window, member, amount`` of what counts for both, where
    ``position`` is the chain of the one that reduces; ``whole`` is what counts for that
    one, out of ``qualified``.
    """
    whole = (
        qualified.join(terms.select("p", "chain"), on="p")
        .group_by("window", "member", pl.col("chain").alias("from"))
        .agg(whole=pl.col("amount").sum())
    )
    return (
        common.rename({"position": "from"})
        .group_by("p", "from", "window", "member")
        .agg(common=pl.col("amount").sum())
        .join(whole, on=["from", "window", "member"])
    )
