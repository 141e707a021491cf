"""Every threshold from both sides: each measure, each reach, each boundary.

The figures are in ``thresholds.txt``, worked out by hand. Each of them is a member that
buys once, under a programme of its own; all are computed at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

import pytest

from core.published import tier_of
from deals import QUARTER, deal, purchases
from rappel.core.agreements import Programme, Target
from rappel.core.frames import (
    BASELINES,
    MEMBERS,
    RATES,
    SETTLED,
    SUPPLIERS,
    Facts,
)
from rappel.core.rebates import compute
from rappel.core.terms import Boundary, Measure, Payable, Reach
from rappel.ingest.comparing import GOES_WITH

TABLE: Final = Path(__file__).with_name("thresholds.txt")
BASE: Final = Decimal(1000)  # of growth, and of a target
IN_ALL: Final = Decimal(2000)  # of a share
ELSEWHERE: Final = 0  # another supplier
VALUES: Final = {
    Payable.AMOUNT: "percent",
    Payable.INCREMENT: "percent",
    Payable.QUANTITY: "per_unit",
    Payable.NONE: "amount",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the table under one boundary."""

    id: str
    terms: dict[str, Any]
    bought: tuple[Decimal, ...]
    earned: tuple[Decimal, ...]


def figures(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(figure) for figure in text.split())


def lines() -> list[Line]:
    """Read the table: a line of it is two, one for each boundary."""
    rows = [text.split("|") for text in TABLE.read_text().splitlines() if "|" in text]
    return [
        Line(
            id=f"{number} {cells[0].strip()} {cells[1].strip()} {boundary}",
            terms=_terms(cells, boundary),
            bought=figures(cells[3]),
            earned=figures(cells[place]),
        )
        for number, cells in enumerate(rows[1:], start=1)
        for place, boundary in ((4, Boundary.AT_LEAST), (5, Boundary.MORE_THAN))
    ]


def _terms(cells: list[str], boundary: Boundary) -> dict[str, Any]:
    measure, payable = cells[0].split()
    value = VALUES[Payable(payable)]
    return {
        "measure": Measure(measure),
        "payable": Payable(payable),
        "reach": Reach(cells[1].strip()),
        "boundary": boundary,
        "tiers": tuple(tier_of(text, value) for text in cells[2].split()),
    }


LINES: Final = lines()


def programme(number: int, line: Line) -> Programme:
    """Return the programme of one figure, which its own member alone buys under."""
    aimed = line.terms["measure"] is Measure.TARGET_PERCENT
    targets = (Target(member=f"m{number}", amount=BASE),) if aimed else ()
    supplier = (f"s{number}",)
    return deal(f"d{number}", suppliers=supplier, targets=targets, **line.terms)


def bought(number: int, line: Line, amount: Decimal) -> list[str]:
    """Return what is bought, and where shares count, the rest from elsewhere."""
    own = [f"{number} | {number} | {amount} | {amount}"]
    shared = line.terms["measure"] is Measure.SHARE
    rest = IN_ALL - amount
    return own + [f"{number} | {ELSEWHERE} | {rest} | {rest}"] * shared


@cache
def computed() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each line, in the order of its figures."""
    asked = [
        (number, line, amount)
        for number, (line, amount) in zip(
            count(1),
            ((line, one) for line in LINES for one in line.bought),
            strict=False,
        )
    ]
    rows = chain.from_iterable(bought(*one) for one in asked)
    known = Facts(
        lines=purchases("\n".join(["member | supplier | amount | quantity", *rows])),
        members=MEMBERS.of(
            [
                (number, f"m{number}", None, None, [], None, None)
                for number, _, _ in asked
            ]
        ),
        suppliers=SUPPLIERS.of(
            [(ELSEWHERE, "other"), *((number, f"s{number}") for number, _, _ in asked)]
        ),
        rates=RATES.empty(),
        settled=SETTLED.empty(),
        baselines=BASELINES.of(
            [(f"d{number}", number, BASE, None) for number, _, _ in asked]
        ),
    )
    terms = [programme(number, line) for number, line, _ in asked]
    found = compute(known, terms, period=QUARTER).rebates.iter_rows(named=True)
    by_code = {row["programme"]: row for row in found}
    answers: dict[str, list[dict[str, Any]]] = {line.id: [] for line in LINES}
    for number, line, _ in asked:
        answers[line.id].append(by_code[f"d{number}"])
    return answers


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_what_is_earned_below_on_and_above_a_threshold(line: Line) -> None:
    assert [row["exact"] for row in computed()[line.id]] == list(line.earned)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.id)
def test_the_tier_that_holds_below_on_and_above_a_threshold(line: Line) -> None:
    low, high = (tier.threshold for tier in line.terms["tiers"])
    reached = [None, low, low, low, high, high]
    if line.terms["boundary"] is Boundary.MORE_THAN:
        reached = [None, None, low, low, low, high]
    if line.bought[0] > low and line.terms["reach"] is Reach.INCREMENT:
        reached = [low] * len(reached)  # the steps of one tier
    assert [row["threshold"] for row in computed()[line.id]] == reached


def test_every_reach_that_a_measure_goes_with_is_in_the_table() -> None:
    told = {(line.terms["measure"], line.terms["reach"]) for line in LINES}
    every = {
        (measure, reach)
        for measure in Measure
        if measure is not Measure.NONE
        for reach in GOES_WITH.get(measure, frozenset(Reach))
    }
    assert told == every
