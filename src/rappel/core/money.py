"""Money: exact decimals from the document to the cent that is paid.

Owns the scales of every figure, the minor units of currencies, the one rounding
(:func:`settle`), the one division (:func:`divide_up`) and how a figure is written
(:func:`plain`) and read (:func:`exact`). Everything obeys this: no float; a product of
a line (6 places), an exchange rate (6) and a rate (6) is exact at 18 places; Polars
keeps the larger scale of two factors, so a frame is widened to ``AMOUNT`` before it is
multiplied; quotients are never compared.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

AMOUNT: Final = pl.Decimal(38, 18)
RATE: Final = pl.Decimal(38, 6)
LINE: Final = pl.Decimal(38, 6)
QUANTITY: Final = pl.Decimal(38, 6)
AT_RATE: Final = pl.Decimal(38, 12)  # of a line's amount times a rate, exact
WHOLE: Final = pl.Decimal(38, 0)

ZERO: Final = Decimal(0)
HUNDRED: Final = Decimal(100)
DECIMALS: Final = 6
DIGITS: Final = 14
EXACT: Final = Context(prec=120)
ROOM: Final = Decimal(10**10)

NO_MINOR_UNIT: Final = frozenset({"CLP", "PYG", "JPY", "KRW", "UYI"})
CURRENCIES: Final = NO_MINOR_UNIT | frozenset(
    [
        "ARS",
        "BOB",
        "BRL",
        "CAD",
        "CHF",
        "CNY",
        "COP",
        "CRC",
        "CUP",
        "DOP",
        "EUR",
        "GBP",
        "GTQ",
        "HNL",
        "HTG",
        "JMD",
        "MXN",
        "NIO",
        "PAB",
        "PEN",
        "SVC",
        "TTD",
        "USD",
        "UYU",
        "VES",
    ]
)

FIGURE: Final = re.compile(r"-?[0-9]{1,14}(\.[0-9]+)?")


class Rounding(StrEnum):
    """How a half of the minor unit is settled."""

    HALF_AWAY_FROM_ZERO = "half_away_from_zero"  # 0.125 pays 0.13
    HALF_EVEN = "half_even"  # 0.125 pays 0.12


def places(currency: str) -> int:
    """Return the decimals of a currency's minor unit; KeyError when we do not know it.

    A currency is never guessed to have two: a wrong guess is a factor of a hundred.
    """
    if currency not in CURRENCIES:
        raise KeyError(currency)
    return 0 if currency in NO_MINOR_UNIT else 2


def settle(amount: pl.Expr, decimals: int, rounding: Rounding) -> pl.Expr:
    """Round an amount to what can be paid, once, at the end; the scale stays."""
    if rounding is Rounding.HALF_EVEN:
        return amount.round(decimals, mode="half_to_even")
    return amount.round(decimals, mode="half_away_from_zero")


def settle_rate(rate: pl.Expr) -> pl.Expr:
    """Round an average of rates to the places that a rate has."""
    return rate.round(RATE.scale, mode="half_away_from_zero").cast(RATE)


def settled(amount: Decimal, decimals: int, rounding: Rounding) -> Decimal:
    """Round one amount as :func:`settle` rounds a column of them."""
    mode = ROUND_HALF_EVEN if rounding is Rounding.HALF_EVEN else ROUND_HALF_UP
    return amount.quantize(Decimal(1).scaleb(-decimals), mode, EXACT)


def settle_each(amount: pl.Expr, decimals: pl.Expr, rounding: pl.Expr) -> pl.Expr:
    """Round each row to its own minor unit (none or two decimals) in its own way."""
    whole = decimals == 0
    even = rounding == Rounding.HALF_EVEN.value
    return (
        pl.when(whole & even)
        .then(settle(amount, 0, Rounding.HALF_EVEN))
        .when(whole)
        .then(settle(amount, 0, Rounding.HALF_AWAY_FROM_ZERO))
        .when(even)
        .then(settle(amount, 2, Rounding.HALF_EVEN))
        .otherwise(settle(amount, 2, Rounding.HALF_AWAY_FROM_ZERO))
    )


def ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Return a quotient of 18 places, 0 of nothing: to show, never to compare."""
    divisor = pl.when(whole == 0).then(1).otherwise(whole)
    quotient = part.cast(AMOUNT) / divisor
    return pl.when(whole == 0).then(0).otherwise(quotient)


def proportion(amount: pl.Expr, part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Return amount * part / whole in 18 places, 0 of nothing: to show.

    Multiplied first, which is exact where the quotient is, unless both are so large
    that there is no room between them.
    """
    room = (amount.abs() < ROOM) & (part.abs() < ROOM)
    near = pl.when(room).then(amount)
    return (
        pl.when(room)
        .then(ratio(near * part, whole))
        .otherwise(amount * ratio(part, whole))
    )


def divide_up(
    total: Decimal, weights: Sequence[Decimal], keys: Sequence[str], decimals: int
) -> tuple[Decimal, ...]:
    """Divide ``total`` in proportion to ``weights`` so that the parts sum to it.

    Rule: largest remainder. Each part is its quota rounded down to the minor unit, and
    the units left over go to the largest fractions, on a tie to the larger weight, then
    to the first of ``keys``. A negative total is divided as its absolute value. Weights
    may be negative; ``ValueError`` when they sum to zero.
    """
    unit = 10**decimals
    units = int(EXACT.multiply(total.copy_abs(), Decimal(unit)))
    integers = _integers(weights)
    whole = sum(integers)
    if whole == 0:
        raise ValueError("cannot divide up by weights that sum to zero")
    if whole < 0:
        integers, whole = [-weight for weight in integers], -whole
    parts = [units * weight // whole for weight in integers]
    fractions = [units * weight % whole for weight in integers]
    order = sorted(
        range(len(parts)), key=lambda i: (-fractions[i], -integers[i], keys[i])
    )
    for i in order[: units - sum(parts)]:
        parts[i] += 1
    sign = -1 if total < 0 else 1
    return tuple(Decimal(sign * part).scaleb(-decimals, EXACT) for part in parts)


def _integers(weights: Sequence[Decimal]) -> list[int]:
    """Bring the weights to one scale without a decimal point."""
    scale = max((-int(w.as_tuple().exponent) for w in weights), default=0)
    return [int(weight.scaleb(scale, EXACT)) for weight in weights]


def divided_up(
    frame: pl.DataFrame, *, total: str, weight: str, by: Sequence[str], tie: str
) -> pl.DataFrame:
    """Add ``part``: ``total`` divided up by ``weight`` inside each group of ``by``.

    The frame form of :func:`divide_up`, sorted by ``by`` and ``tie``. ``total`` and
    ``weight`` are ``AMOUNT``; a total is whole in the minor unit that its row's column
    ``decimals`` names (none or two) and the same in every row of its group; ``tie`` is
    the stable code. No group's weights may sum to zero. Polars raises on overflow.
    """
    keys = list(by)
    shift = pl.when(pl.col("decimals") == 0).then(1).otherwise(100)
    turned = pl.col("_whole").sign()
    quota = pl.col("_units") * pl.col("_weight")
    odd = pl.col("_units") - pl.col("_floor").sum().over(keys)
    more = (pl.int_range(pl.len()).over(keys) < odd).cast(pl.Int64)
    sign = pl.col(total).sign()
    return (
        frame.with_columns(
            _units=(pl.col(total).abs() * shift).cast(WHOLE),
            _weight=_whole(pl.col(weight), _scale(frame[weight])),
        )
        .with_columns(_whole=pl.col("_weight").sum().over(keys))
        .with_columns(_weight=pl.col("_weight") * turned, _whole=pl.col("_whole").abs())
        .with_columns(
            _floor=quota // pl.col("_whole"), _fraction=quota % pl.col("_whole")
        )
        .sort(
            *keys,
            "_fraction",
            "_weight",
            tie,
            descending=[False] * len(keys) + [True, True, False],
        )
        .with_columns(part=(pl.col("_floor") + more) * sign / shift)
        .drop("_units", "_weight", "_whole", "_floor", "_fraction")
        .sort(*keys, tie)
    )


def _whole(figure: pl.Expr, decimals: int) -> pl.Expr:
    """Return a figure in units of its last decimal; in two halves, to have room."""
    shift = pl.lit(Decimal(10**decimals))
    above = (figure // pl.lit(Decimal(1))).cast(WHOLE) * shift
    return above + ((figure % pl.lit(Decimal(1))) * shift).cast(WHOLE)


def _scale(weights: pl.Series) -> int:
    """Return how many decimals the weights need: small integers divide further."""
    held = (scale for scale in (2, 6, 12) if (weights.round(scale) == weights).all())
    return next(held, AMOUNT.scale)


def plain(value: Decimal, at_least: int = 0) -> str:
    """Write a figure without exponent, trimmed, with ``at_least`` so many decimals.

    Money is written with the decimals of its minor unit at least (``2000.00``), and
    with all the others it has; a threshold, quantity or percent with none to spare.
    """
    text = f"{value:f}"
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(at_least, "0")
    joined = f"{whole}.{decimals}" if decimals else whole
    return joined.removeprefix("-") if not value else joined


class InexactError(ValueError):
    """A text that is not an exact figure we keep; says why."""


def exact(text: str, decimals: int = DECIMALS) -> Decimal:
    """Read a figure: ``-12.50``, no exponent, no grouping, at most so many decimals.

    Raises:
        InexactError: no plain decimal of at most 14 digits, or more decimals.

    """
    if not FIGURE.fullmatch(text):
        raise InexactError(f"{text!r} is no plain decimal of at most {DIGITS} digits")
    _, _, fraction = text.partition(".")
    if len(fraction) > decimals:
        raise InexactError(f"{text!r} has more than {decimals} decimals")
    return Decimal(text)
