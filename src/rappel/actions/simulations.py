"""Simulations: terms over given facts with the real engine; nothing is stored.

Owns the way from a case to its answer (``docs/schemas/simulation.schema.json``): every
fault at once, or every figure with its working. Everything obeys this: a refused case
of many answers its problem in its place; figures are text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from rappel.actions.answers import answer
from rappel.core.findings import Finding
from rappel.core.period import Period
from rappel.core.programmes import chained
from rappel.core.rebates import compute
from rappel.core.terms import AllocationBy
from rappel.errors import RappelError, as_problem
from rappel.ingest import cases
from rappel.ingest.case_figures import impossible
from rappel.ingest.schemas import faults_of
from rappel.ingest.terms import programmes_of, refuse
from rappel.ingest.uncounted import outside, uncounted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rappel.core.agreements import Programme
    from rappel.core.rebates import Computation


def simulate(case: Mapping[str, Any]) -> dict[str, Any]:
    """Compute what the case's programmes earn on its purchases.

    Raises:
        Malformed: with every fault of the case and its path.

    """
    shape = faults_of("simulation", case)
    refuse("case", [fault for fault in shape if not fault.field])  # it is no object
    programmes, faults = programmes_of(case, shape)
    refuse("case", faults if shape else (*cases.unsound(case), *faults))
    refuse("case", impossible(case))
    programmes = chained(programmes)
    period = Period(*cases.days(case["period"]))
    refuse("case", cases.unsettled(case, programmes, period))
    facts = cases.facts_of(case, programmes, period)
    computation = compute(facts, programmes, period=period)
    uncounting = (
        *outside(case, programmes, period),
        *uncounted(case, programmes, period),
        *_undivided(computation, programmes),
    )
    return answer(computation, facts, programmes, period=period, outside=uncounting)


def _undivided(
    computation: Computation, programmes: Sequence[Programme]
) -> Iterator[Finding]:
    """Yield the pools of several members in which there was nothing to divide by.

    Where they earned something that cannot be divided the engine says so itself.
    """
    by_payable = [
        one.code for one in programmes if one.allocation is AllocationBy.PAYABLE
    ]
    rows = computation.rebates.filter(
        pl.col("programme").is_in(by_payable),
        pl.col("contributors") > 1,
        pl.col("pool_payable") == 0,
    )
    pools = rows.select("programme", "window").unique().sort(pl.all())
    for programme, window in pools.iter_rows():
        named = {"programme": programme, "date": window.isoformat()}
        yield Finding(code="nothing_to_divide", params=named)


def simulate_all(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Compute each case; a refused one answers its problem in its place."""
    return [_answer(case) for case in given]


def _answer(case: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return simulate(case)
    except RappelError as error:
        return {"problem": as_problem(error)}
