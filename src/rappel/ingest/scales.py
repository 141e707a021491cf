"""Scales: tables that give the upper ends of their tiers, turned into thresholds.

Owns ``up_to`` of a tier, and the refusal of gaps and overlaps, naming both rows. Works
on fields whose shape has been checked. Everything obeys this: up to 1,000 holds 1,000
itself, so such a table has the boundary ``more_than``.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from rappel.core.money import plain
from rappel.core.terms import Boundary
from rappel.ingest.comparing import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Row = Mapping[str, Any]

FROM: Final = "from"
UP_TO: Final = "up_to"
TABLE: Final = "tiers"
OWN: Final = "outbound"  # the members' own table, inside a programme


def scaled(given: Row) -> dict[str, Any]:
    """Return a programme's fields with thresholds in place of upper ends.

    What :func:`misfits` says of them is not repaired.
    """
    own = given.get(OWN)
    return _turned(given) | ({OWN: _turned(own)} if own else {})


def _turned(given: Row) -> dict[str, Any]:
    rows = given[TABLE]
    if not _is_scale(rows):
        return dict(given)
    turned = [
        {**_without_end(row), FROM: start or "0"}
        for row, start in zip(rows, _starts(rows), strict=True)
    ]
    return {**given, TABLE: turned, "boundary": Boundary.MORE_THAN.value}


def _is_scale(rows: Sequence[Row]) -> bool:
    return any(row.get(UP_TO) is not None for row in rows)


def _without_end(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != UP_TO}


def _starts(rows: Sequence[Row]) -> list[str | None]:
    """Return where each tier starts: as it says, or where the one before it ends."""
    ends = ["0", *(row.get(UP_TO) for row in rows)]
    return [row.get(FROM) or end for row, end in zip(rows, ends, strict=False)]


def misfits(given: Row) -> Iterator[Doubt]:
    """Refuse what makes no scale, at its path in the programme."""
    own = given.get(OWN)
    for table, at in ((given, ""), *([(own, f"{OWN}.")] if own else [])):
        for doubt in _misfits(table):
            yield doubt._replace(field=f"{at}{doubt.field}")


def _misfits(given: Row) -> Iterator[Doubt]:
    rows = given[TABLE]
    if not _is_scale(rows):
        return
    if given.get("boundary") == Boundary.AT_LEAST.value:
        yield Doubt(
            "boundary",
            "scale_boundary",
            "A tier up to an amount holds that amount, and at_least gives it to the "
            "next one.",
            "Write more_than or leave it out; or give thresholds instead of up_to.",
        )
    if rows[-1].get(UP_TO) is not None:
        yield Doubt(
            f"{TABLE}[{len(rows) - 1}].{UP_TO}",
            "closed_scale",
            f"Tier {len(rows)} is the last one and ends at {rows[-1][UP_TO]}.",
            "Leave its end out: the last tier is open.",
        )
    for index, (row, start) in enumerate(zip(rows, _starts(rows), strict=True)):
        yield from _inverted(index, row, start)
    for index, (before, row) in enumerate(pairwise(rows), start=1):
        yield from _apart(index, before.get(UP_TO), row.get(FROM))


def _inverted(index: int, row: Row, start: str | None) -> Iterator[Doubt]:
    """Refuse a tier that starts nowhere, or ends where it starts or before."""
    end = row.get(UP_TO)
    if start is None:
        yield Doubt(
            f"{TABLE}[{index}].{FROM}",
            "missing_field",
            f"Tier {index + 1} does not say where it starts, nor tier {index} before "
            "it where it ends.",
            "Give from, or the up_to of the tier before it.",
        )
    elif end is not None and Decimal(end) <= Decimal(start):
        same = Decimal(end) == Decimal(start)
        before = f", and tier {index} before it at" if index else " and starts at"
        yield Doubt(
            f"{TABLE}[{index}].{UP_TO}",
            "duplicate_threshold" if same else "unsorted_tiers",
            f"Tier {index + 1} ends at {_shown(end)}{before} {_shown(start)}.",
            "Let every tier end above the one before it.",
        )


def _apart(index: int, end: str | None, start: str | None) -> Iterator[Doubt]:
    """Refuse a tier that does not start where the one before it ends."""
    if end is None or start is None or Decimal(end) == Decimal(start):
        return
    gap = Decimal(start) > Decimal(end)
    yield Doubt(
        f"{TABLE}[{index}].{FROM}",
        "tier_gap" if gap else "tier_overlap",
        f"Tier {index} ends at {_shown(end)}, and tier {index + 1} starts from "
        f"{_shown(start)}: {'none holds' if gap else 'both hold'} what lies between.",
        "Let every tier start where the one before it ends, without adding a cent.",
    )


def _shown(figure: str) -> str:
    return plain(Decimal(figure))
