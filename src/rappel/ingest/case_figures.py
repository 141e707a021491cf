"""The figures of a simulation's facts: what cannot be, and what counts nowhere.

Owns the checks of rates and settled amounts that a schema cannot make, and
the finding for purchases from a supplier that no programme names.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from rappel.core.agreements import EVERY
from rappel.core.findings import Finding
from rappel.core.money import places, plain
from rappel.core.terms import Measure
from rappel.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rappel.core.agreements import Programme


def impossible(case: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return a fault for each figure that cannot be."""
    return tuple(chain(_rates(case), _settled(case)))


def uncounted(
    case: Mapping[str, Any], programmes: Sequence[Programme]
) -> tuple[Finding, ...]:
    """Return a finding for each purchase from a supplier that nobody counts."""
    if any(one.measure is Measure.SHARE for one in programmes):
        return ()  # there every purchase is part of the whole
    return tuple(
        Finding(
            code="uncounted_supplier",
            row=row,
            params={"supplier": purchase["supplier"], "member": purchase["member"]},
        )
        for row, purchase in enumerate(case["purchases"], start=1)
        if not any(_names(one, purchase["supplier"]) for one in programmes)
    )


def _names(one: Programme, supplier: str) -> bool:
    return one.suppliers == EVERY or supplier in one.suppliers


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
