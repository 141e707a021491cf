"""Cliffs: where a tier table pays so much at once that buying more costs less.

Owns what a whole purchase earns as a curve of straight pieces, and the zones below each
threshold. Knows no limits, promotions or rounding, and no frames: it looks at terms
before anybody bought. Everything obeys this: exact fractions; a piece holds from its
start until the next one's; a zone is open at its lower end and ends at the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rappel.core.terms import Reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rappel.core.agreements import Tier

ALL: Final = Fraction(1)
HALF: Final = Fraction(1, 2)
NOTHING: Final = Fraction(0)
SLICED: Final = frozenset({Reach.MARGINAL, Reach.ROLLING})
SUMMED: Final = SLICED | {Reach.STACKED, Reach.EACH_FIXED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """From ``start`` on, a measure m earns ``slope`` x m + ``constant``.

    ``tier`` is the place in the table, -1 below the first threshold.
    """

    tier: int
    start: Fraction
    slope: Fraction
    constant: Fraction

    def earned(self, measure: Fraction) -> Fraction:
        """Return what a measure earns if it lies on this piece."""
        return self.slope * measure + self.constant


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A tier as it pays: from ``low``, until ``upper`` where it is a slice."""

    low: Fraction
    upper: Fraction | None
    rate: Fraction
    fixed: Fraction
    cap: Fraction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a threshold pays at once: ``jump``, negative where the total falls.

    Above ``cheaper`` buying up to the threshold returns more than it costs, above
    ``half`` more than half of it; both are the threshold where there is no such zone.
    """

    tier: int
    threshold: Fraction
    jump: Fraction
    cheaper: Fraction
    half: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """An interpolated stretch whose last unit returns ``share`` of its price.

    Above ``start``, and until the threshold of ``tier``, it is more than half.
    """

    tier: int
    start: Fraction
    threshold: Fraction
    share: Fraction


def curve(tiers: Sequence[Tier], reach: Reach) -> tuple[Piece, ...]:
    """Return what a measure earns that is also what is paid on.

    Of a linear table only its first point, where it jumps; nothing of steps
    (:func:`resets`).
    """
    if reach is Reach.INCREMENT:
        return ()
    given = tiers[:1] if reach is Reach.LINEAR else tiers
    starts = [Fraction(tier.threshold) for tier in given]
    parts = [
        Part(
            low=start,
            upper=upper,
            rate=Fraction(tier.rate or 0),
            fixed=Fraction(tier.amount or 0) + Fraction(tier.plus or 0),
            cap=None if tier.cap is None else Fraction(tier.cap),
        )
        for tier, start, upper in zip(given, starts, [*starts[1:], None], strict=True)
    ]
    stops = [stop for part in parts for stop in _stops(part, reach)]
    below = Piece(tier=-1, start=NOTHING, slope=NOTHING, constant=NOTHING)
    pieces = tuple(_piece(parts, reach, start) for start in sorted({*starts, *stops}))
    return (below, *pieces) if starts[0] > 0 else pieces


def _piece(parts: Sequence[Part], reach: Reach, start: Fraction) -> Piece:
    """Return what is earned from a measure on, until something changes."""
    reached = [part for part in parts if part.low <= start]
    paying = reached if reach in SUMMED else reached[-1:]
    given = [_given(part, reach, start) for part in paying]
    slope = sum((slope for slope, _ in given), NOTHING)
    earned = sum((amount for _, amount in given), NOTHING)
    return Piece(
        tier=len(reached) - 1, start=start, slope=slope, constant=earned - slope * start
    )


def _given(part: Part, reach: Reach, measure: Fraction) -> tuple[Fraction, Fraction]:
    """Return how fast a tier's amount climbs from a measure on, and what it is there.

    Rule: a tier's own cap is of all that it gives.
    """
    upper = part.upper if reach in SLICED else None
    end = measure if upper is None else min(measure, upper)
    base = end - part.low if reach is Reach.MARGINAL else end
    amount = part.rate * base + part.fixed
    if part.cap is not None and amount >= part.cap:
        return NOTHING, part.cap
    return NOTHING if end == upper else part.rate, amount


def _stops(part: Part, reach: Reach) -> Iterator[Fraction]:
    """Yield where a tier's own cap is reached, if a purchase can reach it."""
    if part.cap is None or not part.rate:
        return
    base = Fraction(part.cap - part.fixed, part.rate)
    stop = base + part.low if reach is Reach.MARGINAL else base
    upper = None if reach is Reach.STACKED else part.upper
    if stop > part.low and (upper is None or stop < upper):
        yield stop


def steps(pieces: Sequence[Piece]) -> tuple[Step, ...]:
    """Return what each threshold pays at once, where it pays anything or takes it."""
    found = []
    for place, (below, piece) in enumerate(pairwise(pieces), start=1):
        jump = piece.earned(piece.start) - below.earned(piece.start)
        if jump:
            found.append(
                Step(
                    tier=piece.tier,
                    threshold=piece.start,
                    jump=jump,
                    cheaper=_zone(pieces[: place + 1], ALL),
                    half=_zone(pieces[: place + 1], HALF),
                )
            )
    return tuple(found)


def _zone(pieces: Sequence[Piece], share: Fraction) -> Fraction:
    """Return above which measure reaching the last piece returns more than ``share``.

    Rule: from m up to the threshold t it is E(t) - E(m) > share x (t - m), for every m
    of the zone, which touches t and may go through several tiers.
    """
    *lower, top = pieces
    end = top.start
    reached = share * end - top.earned(end)
    for below in reversed(lower):
        rise = share - below.slope
        bound = reached + below.constant
        if rise * end <= bound:
            break
        edge = Fraction(bound, rise) if rise > 0 else below.start
        end = max(edge, below.start)
        if edge > below.start:
            break
    return end


def slopes(tiers: Sequence[Tier]) -> tuple[Slope, ...]:
    """Return the stretches of a linear table that return more than half at their end.

    The rate climbs on everything, so a further unit returns the rate and what the rate
    gains on all before it.
    """
    found = []
    points = [(Fraction(tier.threshold), Fraction(tier.rate or 0)) for tier in tiers]
    for place, ((low, rate), (high, above)) in enumerate(pairwise(points), start=1):
        gain = Fraction(above - rate, high - low)
        share = above + gain * high
        if share > HALF and gain > 0:
            start = Fraction(HALF - rate + gain * low, 2 * gain)
            found.append(
                Slope(tier=place, start=max(start, low), threshold=high, share=share)
            )
    return tuple(found)


def resets(tiers: Sequence[Tier]) -> tuple[Step, ...]:
    """Return where a table of steps starts to count anew, and what is lost there.

    Rule: only the steps above the reached tier's own threshold count, and pay at most
    its cap.
    """
    found = []
    for place, (tier, above) in enumerate(pairwise(tiers), start=1):
        span = Fraction(above.threshold) - Fraction(tier.threshold)
        whole = -(-span // Fraction(tier.every or span)) - 1
        paid = whole * Fraction(tier.amount or 0)
        lost = paid if tier.cap is None else min(paid, Fraction(tier.cap))
        end = Fraction(above.threshold)
        if lost:
            found.append(
                Step(tier=place, threshold=end, jump=-lost, cheaper=end, half=end)
            )
    return tuple(found)


def shown(value: Fraction, decimals: int) -> Decimal:
    """Return a fraction cut down to so many decimals."""
    scaled = value * 10**decimals
    return Decimal(scaled.numerator // scaled.denominator).scaleb(-decimals)
