"""Published cases, restated as tables beside this file, and the engine's answers.

Owns the reading of ``oracles/*.txt``. All cases of a file are computed at once: each is
a programme of its own, with a supplier of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from deals import QUARTER, deal, facts, purchases
from rappel.core.agreements import Limit, Programme, Tier
from rappel.core.frames import SETTLED, SUPPLIERS
from rappel.core.rebates import compute
from rappel.core.terms import Boundary, LimitOf, Measure, Payable, Reach

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDER: Final = Path(__file__).parent / "oracles"
BY_VALUE: Final = {
    "percent": Payable.AMOUNT,
    "per_unit": Payable.QUANTITY,
    "amount": Payable.NONE,
}
FIXED: Final = {"highest_fixed", "increment"}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A table, and what its source says that it earns."""

    id: str
    terms: Programme
    totals: tuple[Decimal, ...]
    figures: tuple[str, ...]


@cache
def cases(name: str) -> tuple[Case, ...]:
    """Return the cases of a file, ``figures`` being the cells after the totals."""
    lines = (FOLDER / f"{name}.txt").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")] for line in lines if _told(line)]
    limited = name == "instalments"
    return tuple(_case(row if limited else [*row[:4], "", *row[4:]]) for row in rows)


def _told(line: str) -> bool:
    return bool(line) and line[0] not in "#@"


def _case(row: Sequence[str]) -> Case:
    name, kinds, value, rows, limit, totals, *figures = row
    measure, reach, boundary = kinds.split()
    terms = deal(
        name,
        suppliers=(name,),
        measure=Measure(measure),
        payable=BY_VALUE[value],
        reach=Reach(reach),
        boundary=Boundary(boundary),
        tiers=tuple(tier_of(text, value) for text in rows.split()),
        **_limit(limit),
    )
    told = tuple(Decimal(total) for total in totals.split())
    return Case(id=name, terms=terms, totals=told, figures=tuple(figures))


def tier_of(text: str, value: str) -> Tier:
    """Read ``from:value``, ``from:value+plus`` or ``from:value/every``."""
    start, _, gives = text.partition(":")
    gives, _, every = gives.partition("/")
    gives, _, plus = gives.partition("+")
    more = {"every": every, "plus": plus}
    return Tier(
        threshold=Decimal(start),
        **{value: Decimal(gives)},
        **{name: Decimal(figure) for name, figure in more.items() if figure},
    )


def _limit(text: str) -> dict[str, Limit]:
    name, _, amount = text.partition(" ")
    limit = {name: Limit(of=LimitOf.EARNED, amount=Decimal(amount or 0))}
    return limit if name else {}


def answers(given: Sequence[Case]) -> list[dict[str, dict[str, Any]]]:
    """Return the rows of each instalment by case, each less what was due before."""
    before: dict[str, Decimal] = {}
    found = []
    for step in range(max(len(case.totals) for case in given)):
        asked = [case for case in given if len(case.totals) > step]
        found.append(_answered(asked, step, before))
        for name, row in found[-1].items():
            before[name] = before.get(name, Decimal(0)) + row["due"]
    return found


def _answered(
    asked: Sequence[Case], step: int, before: dict[str, Decimal]
) -> dict[str, dict[str, Any]]:
    """Let the engine answer for one figure of each case: so much, at 1 a unit."""
    numbered = list(zip(count(1), asked, strict=False))
    lines = [
        f"{number} | {abs(total)} | {abs(total)} | {kind}"
        for number, case in numbered
        for total in (case.totals[step],)
        for kind in ("credit_note" if total < 0 else "invoice",)
    ]
    settled = [
        (name, 1, QUARTER.start, amount)
        for name, amount in before.items()
        if name in {case.id for case in asked}
    ]
    known = replace(
        facts("amount\n1"),
        lines=purchases("\n".join(["supplier | amount | quantity | kind", *lines])),
        suppliers=SUPPLIERS.of([(number, case.id) for number, case in numbered]),
        settled=SETTLED.of(settled),
    )
    terms = [case.terms for case in asked]
    rows = compute(known, terms, period=QUARTER).rebates.iter_rows(named=True)
    return {row["programme"]: row for row in rows}
