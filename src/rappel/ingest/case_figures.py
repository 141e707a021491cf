"""The figures of a simulation's facts: what cannot be.

Owns the checks of rates and settled amounts that a schema cannot make.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from rappel.core.money import places, plain
from rappel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def impossible(case: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return a fault for each figure that cannot be."""
    return tuple(chain(_rates(case), _settled(case)))


def _rates(case: Mapping[str, Any]) -> Iterator[Fault]:
    for field in ("purchases", "rates"):
        for place, row in enumerate(case.get(field, ())):
            if row.get("rate") is not None and Decimal(row["rate"]) == 0:
                yield Fault(
                    code="zero_rate",
                    message="A rate is above zero.",
                    repair="State how many units one unit of the other currency is.",
                    field=f"{field}[{place}].rate",
                )


def _settled(case: Mapping[str, Any]) -> Iterator[Fault]:
    cents = places(case["currency"])
    for place, row in enumerate(case.get("settled", ())):
        amount = Decimal(row["amount"])
        if amount != round(amount, cents):
            yield Fault(
                code="no_such_cent",
                message=f"{plain(amount)} cannot have been settled in that currency.",
                repair=f"State it with at most {cents} decimals.",
                field=f"settled[{place}].amount",
            )
