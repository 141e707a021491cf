"""Comparisons: what a measure was compared with, as steps of a working.

Owns the sentences of baselines, wholes, targets and gates; computes nothing. Everything
obeys this: what would tell a withheld measure of a group is withheld with it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from rappel.core.gates import CLOSED, EARLIER
from rappel.core.money import plain
from rappel.core.statements import Step
from rappel.core.terms import Measure, MeasureOver, Pool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import polars as pl

    from rappel.core.agreements import Programme
    from rappel.core.statements import StatementLine

MEASURED_MEMBER: Final = "Measure: what climbs the tiers"
MEASURED_GROUP: Final = "Measure of the group: what climbs the tiers"
WITHHELD: Final = "The group's measure is withheld: too few members make it up"
OTHER: Final = "The measure counts other purchases, or other days, than what is paid on"
NOTHING: Final = "Nothing is measured: the first tier always holds"
UNPAID: Final = (
    "Bought under earlier terms, of which no tier or not every gate is reached"
)
COMPARED: Final = {
    "baseline": "Baseline that growth is measured from",
    "beyond": "Baseline: only what is bought beyond it is paid on",
    "whole": "All purchases that the share is of",
    "target": "Target that the percent is of",
}
STATED_OWN: Final = {
    "baseline": "Baseline that growth is measured from, stated in {source} of {date}",
    "beyond": (
        "Baseline: only what is bought beyond it is paid on; "
        "stated in {source} of {date}"
    ),
}
STATED_PART: Final = {
    "baseline": (
        "Baseline that growth is measured from; "
        "the own part of it is stated in {source} of {date}"
    ),
    "beyond": (
        "Baseline: only what is bought beyond it is paid on; "
        "the own part of it is stated in {source} of {date}"
    ),
}
"""The same of a baseline that was stated: a member's, and the group's."""
GATES: Final = {
    "amount": "Gate: {payable} bought, and {figure} is asked for",
    "quantity": "Gate: {payable} units, and {figure} are asked for",
    "growth_amount": "Gate: growth of {payable}, and {figure} is asked for",
    "growth_percent": "Gate: growth of {payable} %, and {figure} % is asked for",
    "share": "Gate: a share of {payable} %, and {figure} % is asked for",
    "target_percent": "Gate: {payable} % of the target, and {figure} % is asked for",
}
"""The steps of :mod:`rappel.core.gates`, and of its gates, by what they measure."""


class Origin(NamedTuple):
    """Where a baseline is stated, and of which day that is."""

    source: str
    date: date


def measuring(
    line: StatementLine, programme: Programme, changes: Sequence[Mapping[str, Any]]
) -> Iterator[Step]:
    """Say what climbs the tiers, what it was compared with, and what gates ask."""
    if line.measure is None:
        yield Step(step="measure", amount=Decimal(0), text=WITHHELD)
        return
    own = line.pool == Pool.MEMBER.value
    text = MEASURED_MEMBER if own else MEASURED_GROUP
    yield Step(step="measure", amount=line.measure, text=text)
    elsewhere = programme.measure_over is not MeasureOver.WINDOW
    if elsewhere or programme.measure_scope is not None:
        yield Step(step="other_purchases", amount=line.measure, text=OTHER)
    if programme.measure is Measure.NONE:
        yield Step(step="no_measure", amount=Decimal(0), text=NOTHING)
    for row in changes:
        if row["step"] in COMPARED:
            text = COMPARED[row["step"]]
            yield Step(step=row["step"], amount=_short(row["figure"]), text=text)
        elif row["step"] in {"gate", CLOSED}:
            yield _gate(row)


def unpaid(changes: Sequence[Mapping[str, Any]]) -> Iterator[Step]:
    """Say on what of the own purchases earlier terms pay nothing."""
    for row in changes:
        if row["step"] == EARLIER:
            yield Step(step=EARLIER, amount=_short(row["amount"]), text=UNPAID)


def origins(stated: pl.DataFrame) -> dict[tuple[str, int, date], Origin]:
    """Return where baselines are stated, by programme, member and window.

    ``stated``: :data:`rappel.store.baselines.STATED`; those of a case say no source.
    """
    if "source" not in stated.columns:
        return {}
    names = ("programme", "member", "window", "source", "source_date")
    return {
        (programme, member, window): Origin(source, day)
        for programme, member, window, source, day in stated.select(names).rows()
    }


def sourced(
    steps: Sequence[Step], origin: Origin | None, *, pooled: bool
) -> tuple[Step, ...]:
    """Say in the steps of a baseline where it is stated, if it is.

    Rule: of a pool's baseline the member is told the source of its own part.
    """
    if origin is None:
        return tuple(steps)
    texts = STATED_PART if pooled else STATED_OWN
    told = {"source": origin.source, "date": origin.date.isoformat()}
    return tuple(
        replace(step, text=texts[step.step], params=told)
        if step.step in texts
        else step
        for step in steps
    )


def is_shut(changes: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a gate is not reached."""
    return any(row["step"] == CLOSED for row in changes)


def _gate(row: Mapping[str, Any]) -> Step:
    told = {name: plain(row[name]) for name in ("payable", "figure")}
    amount, text = _short(row["payable"]), GATES[row["of"]]
    return Step(step=row["step"], amount=amount, text=text, params=told)


def _short(figure: Decimal) -> Decimal:
    return Decimal(plain(figure))
