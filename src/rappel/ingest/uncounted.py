"""Uncounted: which purchases of a simulation count nowhere, and why.

Owns the findings for purchases that lie in no window, from a supplier that no programme
names, of a member that had not joined or had left, and of days on which no terms were
in force; and for pools that had nothing to divide. Computes nothing: the engine leaves
them out.
"""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from rappel.core.agreements import EVERY
from rappel.core.findings import Finding
from rappel.core.terms import Measure, Returns
from rappel.core.views import looked_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rappel.core.agreements import Programme
    from rappel.core.period import Period


def outside(
    case: Mapping[str, Any], programmes: Sequence[Programme], period: Period
) -> tuple[Finding, ...]:
    """Return a finding for each purchase that lies in no window of any programme.

    Nor on the days of a baseline or of a measure that looks back. Rule: a return lies
    on the day on which it counts, which of its invoice it may be.
    """
    windows = {window for one in programmes for window in one.windows(period)}
    windows |= set(looked_at(programmes, period))
    found = []
    for row, purchase in enumerate(case["purchases"], start=1):
        naming = _naming(programmes, purchase["supplier"])
        days = {_day(purchase, [one]) for one in naming} or {_day(purchase, ())}
        if not any(day in one for day in days for one in windows):
            told = {"date": min(days).isoformat(), "member": purchase["member"]}
            found.append(Finding(code="outside_every_window", row=row, params=told))
    return tuple(found)


def uncounted(
    case: Mapping[str, Any], programmes: Sequence[Programme], period: Period
) -> tuple[Finding, ...]:
    """Return a finding for each purchase that nobody counts, whatever its product."""
    return tuple(chain(_unnamed(case, programmes), _untimely(case, programmes, period)))


def _unnamed(
    case: Mapping[str, Any], programmes: Sequence[Programme]
) -> Iterator[Finding]:
    """Yield the purchases from a supplier that no programme names."""
    if any(one.measure is Measure.SHARE for one in programmes):
        return  # there every purchase is part of the whole
    for row, purchase in enumerate(case["purchases"], start=1):
        if not _naming(programmes, purchase["supplier"]):
            named = {"supplier": purchase["supplier"], "member": purchase["member"]}
            yield Finding(code="uncounted_supplier", row=row, params=named)


def _untimely(
    case: Mapping[str, Any], programmes: Sequence[Programme], period: Period
) -> Iterator[Finding]:
    """Yield the purchases before joining, after leaving, or under no terms."""
    members = {one["code"]: one for one in case.get("members", ())}
    back = looked_at(programmes, period)
    for row, purchase in enumerate(case["purchases"], start=1):
        naming = _naming(programmes, purchase["supplier"])
        day = _day(purchase, naming)
        code = _belongs(members.get(purchase["member"], {}), day)
        settled = any(day in one for each in naming for one in each.windows(period))
        if code is None and settled and not any(day in one for one in back):
            code = None if _in_force(naming, day) else "not_in_force"
        if code is not None:
            named = {"member": purchase["member"], "date": day.isoformat()}
            yield Finding(code=code, row=row, params=named)


def _naming(programmes: Iterable[Programme], supplier: str) -> list[Programme]:
    return [
        one for one in programmes if one.suppliers == EVERY or supplier in one.suppliers
    ]


def _day(purchase: Mapping[str, Any], naming: Iterable[Programme]) -> date:
    """Return the day that a purchase counts on: a return's may be its invoice's."""
    original = (purchase.get("original") or {}).get("date")
    moved = any(one.returns is Returns.ORIGINAL_INVOICE for one in naming)
    returned = purchase.get("kind") == "credit_note"
    return date.fromisoformat(
        original if original and moved and returned else purchase["date"]
    )


def _belongs(member: Mapping[str, Any], day: date) -> str | None:
    """Say why a member's purchase of a day does not count, if it does not."""
    joined, left = member.get("joined"), member.get("left")
    if joined and day < date.fromisoformat(joined):
        return "before_joining"
    if left and day >= date.fromisoformat(left):
        return "after_leaving"
    return None


def _in_force(naming: Iterable[Programme], day: date) -> bool:
    return any(
        (one.in_force_from or date.min) <= day < (one.in_force_until or date.max)
        for one in naming
    )
