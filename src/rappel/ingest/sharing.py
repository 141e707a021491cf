"""A document's own discount, shared among its lines.

Owns one rule for every scheme: what a document discounts beyond its lines is taken from
their nets in proportion, by largest remainder, in the document's own scale; so is the
stated net shared where prices have tax in them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rappel.core.invoices import ZERO
from rappel.core.money import divide_up
from rappel.ingest.figures import scale
from rappel.ingest.judge import cents

if TYPE_CHECKING:
    from decimal import Decimal

    from rappel.core.invoices import Line


def discounted(lines: tuple[Line, ...], discount: Decimal) -> tuple[Line, ...]:
    """Take from the nets what the document discounts beyond its lines.

    ``discount`` is the whole, that of the lines included. A difference of a cent a line
    is the rounding of the document and stays out.
    """
    own = sum((line.discount for line in lines), ZERO)
    beyond = discount - own
    weights = [max(line.net, ZERO) for line in lines]
    tolerated = cents(len(lines)) if own else ZERO
    if beyond <= tolerated or beyond > sum(weights, ZERO):
        return lines
    places = max(2, scale(beyond), *(scale(line.net) for line in lines))
    order = [f"{line.position:06}" for line in lines]
    shares = divide_up(beyond, weights, order, places)
    return tuple(
        replace(line, net=line.net - share)
        for line, share in zip(lines, shares, strict=True)
    )


def without_tax(
    lines: tuple[Line, ...], whole: Decimal, places: int
) -> tuple[Line, ...]:
    """Share the stated net ``whole`` among lines whose prices have tax in them."""
    weights = [max(line.net, ZERO) for line in lines]
    if not sum(weights, ZERO):
        return lines
    order = [f"{line.position:06}" for line in lines]
    shares = divide_up(whole, weights, order, places)
    return tuple(
        replace(line, gross=share, discount=ZERO, net=share)
        for line, share in zip(lines, shares, strict=True)
    )
