"""Explaining: a working said in a person's language, the same for text and programs.

Owns how steps and documents are written out; computes nothing
(:func:`rappel.actions.rebates.explain` opens an amount). Everything obeys this: the
code and what fills a sentence stay beside it; a figure that the disclosure gate
withholds, or that there is not, is none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rappel.core.gates import CLOSED
from rappel.core.money import places, plain
from rappel.paper.words import REASONS, ROUNDINGS
from rappel.wording import fill

if TYPE_CHECKING:
    from collections.abc import Callable

    from rappel.actions.rebates import Explanation
    from rappel.core.statements import DocumentRow, Slice, StatementLine, Step
    from rappel.store.rebates import PoolFigures

TITLE: Final = (
    "{programme} for {member}, {start} to {end} (not included), {period}, "
    "revision {revision}, in {currency}"
)
ADJUSTS: Final = "It corrects the closed period {adjusts}."
LEGS: Final = {
    "inbound": "The supplier owes for the whole programme in this window; "
    "{before} of it was kept before, and {change} is new.",
    "outbound": "Members have of it, the fee taken off; "
    "{before} was kept before, and {change} is new.",
    "difference": "The consortium keeps the rest; "
    "{before} was kept before, and {change} is new.",
}
DOCUMENTS: Final = "The documents behind it, in {currency}:"
PERCENT: Final = "{percent} % of {payable}, in the tier from {threshold}"
PER_UNIT: Final = "{per_unit} for each of {payable}, in the tier from {threshold}"
FIXED: Final = "What is fixed of the tier from {threshold}"
PLUS: Final = "{percent} % of {payable} and {plus}, in the tier from {threshold}"
PLUS_UNIT: Final = (
    "{per_unit} for each of {payable} and {plus}, in the tier from {threshold}"
)
MEASURED: Final = frozenset({"volume", "measure", "tier", "other_purchases"})
COMPARED: Final = frozenset({"baseline", "beyond", "whole", "target", "gate", CLOSED})


def said(step: Step, translate: Callable[[str], str] = str) -> str:
    """Say a step: its sentence, filled, in the language of ``translate``."""
    params = {
        name: translate(ROUNDINGS[text]) if text in ROUNDINGS else text
        for name, text in step.params.items()
    }
    return fill(translate(step.text), params)


def told(line: StatementLine, translate: Callable[[str], str] = str) -> StatementLine:
    """Return a line whose working and causes are said; codes and parameters stay."""
    working = tuple(replace(one, text=said(one, translate)) for one in line.working)
    because = tuple(
        replace(one, text=fill(translate(one.text), one.params)) for one in line.because
    )
    return replace(line, working=working, because=because)


def has_figure(step: Step, line: StatementLine) -> bool:
    """Say whether a step has a figure: no tier has none, nor what is withheld."""
    absent = {"measure": line.measure is None, "tier": line.threshold is None}
    return not absent.get(step.step, False)


def explanation_text(
    explanation: Explanation, translate: Callable[[str], str] = str
) -> str:
    """Write an explanation as plain text, in the language of ``translate``."""
    rebate, line = explanation.rebate, explanation.rebate.line
    about = {
        "programme": line.programme,
        "member": rebate.member,
        "start": line.window.isoformat(),
        "end": line.window_end.isoformat(),
        "period": rebate.period,
        "adjusts": line.adjusts or "",
        "revision": str(line.revision),
        "currency": rebate.currency,
    }
    rows = [fill(translate(TITLE), about)]
    if line.adjusts:
        rows.append(fill(translate(ADJUSTS), about))
        rows += [fill(translate(one.text), one.params) for one in line.because]
    money = places(rebate.currency)
    figures = []
    for one in line.working:
        if one.step == "exact":
            figures += [_slice(part, money, translate) for part in line.slices]
        figures.append((_figure(one, line, money), said(one, translate)))
    if explanation.pool is not None:
        figures += _legs(explanation.pool, money, translate)
    width = max((len(figure) for figure, _ in figures), default=0)
    rows += [f"{figure:>{width}}  {text}" for figure, text in figures]
    rows += ["", fill(translate(DOCUMENTS), about)]
    rows += [
        _document(one, rebate.currency, translate) for one in explanation.documents
    ]
    return "\n".join(rows)


def _legs(
    pool: PoolFigures, money: int, translate: Callable[[str], str]
) -> list[tuple[str, str]]:
    """Write both legs of the whole programme, beside what was kept before."""
    return [
        (
            plain(getattr(pool, leg), money),
            fill(
                translate(text),
                {
                    "before": plain(getattr(pool.before, leg), money),
                    "change": plain(getattr(pool.change, leg), money),
                },
            ),
        )
        for leg, text in LEGS.items()
    ]


def _figure(step: Step, line: StatementLine, money: int) -> str:
    """Write a step's figure: money with its cents, pieces and percents as they are."""
    if not has_figure(step, line):
        return ""
    counted = step.step in MEASURED and line.measured != "amount"
    return plain(step.amount, 0 if counted or step.step in COMPARED else money)


def _slice(one: Slice, money: int, translate: Callable[[str], str]) -> tuple[str, str]:
    """Write a slice: what it earns, at which rate, on what, by which tier."""
    value = one.value
    text = FIXED
    if value.percent is not None:
        text = PLUS if value.plus else PERCENT
    elif value.per_unit is not None:
        text = PLUS_UNIT if value.plus else PER_UNIT
    told = {
        name: plain(figure)
        for name, figure in (
            ("percent", value.percent),
            ("per_unit", value.per_unit),
            ("plus", value.plus),
            ("payable", one.payable),
            ("threshold", one.threshold),
        )
        if figure is not None
    }
    return plain(one.amount, money), fill(translate(text), told)


def _document(one: DocumentRow, currency: str, translate: Callable[[str], str]) -> str:
    """Write a document: its day and number, what it counted for, and how."""
    amount = f"{plain(one.amount, places(currency)):>14}"
    row = f"{amount}  {one.invoice_date}  {one.number}  {one.supplier}"
    if one.currency != currency:
        rate = "" if one.rate is None else f" x {plain(one.rate)}"
        row += f"  {one.currency} {plain(one.net, places(one.currency))}{rate}"
    if one.reason is None:
        return row
    return f"{row}  [{translate(REASONS.get(one.reason, one.reason))}]"
