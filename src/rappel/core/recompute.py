"""Recomputation: a statement checked from its own data, by arithmetic done anew.

Owns what can be proved from a statement alone, without the books and without the
engine: documents → volume → tier → earned → fee → due → payable → total. What depends
on other members' purchases (a group's measure, its rebate's division) is checked as far
as the statement shows it. Everything obeys this: a fault is a value, the first figure
that does not follow from those before it, and none means that all of them follow.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Final

from rappel.core import proof
from rappel.core.proof import Fault

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rappel.core.statements import (
        DocumentRow,
        Slice,
        Statement,
        StatementLine,
        Value,
    )

ZERO: Final = Decimal(0)
EXACT: Final = Context(prec=120)
MODES: Final = {"half_away_from_zero": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
OWN: Final = "member"
CHANGES: Final = frozenset({"tier_cap", "promotion", "cap", "minimum", "guarantee"})
SHOWN: Final = Decimal("0.0000005")  # what the last place of a rate hides
DIVIDED: Final = Decimal("1.5")  # minor units that a part may differ by when divided


def recompute(statement: Statement) -> tuple[Fault, ...]:
    """Check every figure of a statement that its own data prove; answer the faults."""
    return tuple(_faults(statement))


def _faults(statement: Statement) -> Iterator[Fault]:
    for position, line in enumerate(statement.lines):
        place = f"lines[{position}]"
        for number, row in enumerate(line.documents):
            yield from _document(f"{place}.documents[{number}]", row, statement)
        yield from _volume(f"{place}.volume", line)
        yield from _tier(f"{place}.threshold", line)
        for number, part in enumerate(line.slices):
            yield from _slice(f"{place}.slices[{number}]", part, line)
        yield from _sliced(f"{place}.slices", line)
        yield from _earned(f"{place}.earned", line, statement.places)
        yield from _due(place, line, statement.places)
        yield from _working(f"{place}.working", line)
    for number, row in enumerate(statement.left_out):
        if row.amount or row.reason is None:
            yield Fault(
                place=f"left_out[{number}].amount",
                stated=str(row.amount),
                recomputed="0, with a reason",
            )
    total = sum((line.payable_now for line in statement.lines), ZERO)
    yield from _equal("total", statement.total, total)


def _equal(place: str, stated: Decimal, recomputed: Decimal) -> Iterator[Fault]:
    if stated != recomputed:
        yield Fault(place=place, stated=str(stated), recomputed=str(recomputed))


def _document(place: str, row: DocumentRow, statement: Statement) -> Iterator[Fault]:
    """Check what a document counted for: its own figure, converted, with its sign."""
    if row.reason is not None:
        yield from _equal(f"{place}.amount", row.amount, ZERO)
        return
    if row.rate is None and row.currency != statement.currency:
        yield Fault(
            place=f"{place}.rate", stated="none", recomputed="the exchange rate used"
        )
        return
    sign = -1 if row.kind == "credit_note" else 1
    rate = Decimal(1) if row.rate is None else row.rate
    amount = EXACT.multiply(EXACT.multiply(row.net, rate), Decimal(sign))
    if row.rate is not None and abs(amount - row.amount) <= row.net * SHOWN:
        return  # an average of rates is exact, and shown with 6 places
    yield from _equal(f"{place}.amount", row.amount, amount)


def _volume(place: str, line: StatementLine) -> Iterator[Fault]:
    """Check that the documents add up to the volume, where it is one of money."""
    if line.measured == "amount":
        total = sum((row.amount for row in line.documents), ZERO)
        yield from _equal(place, line.volume, total)
    if line.pool == OWN and line.measure is not None:
        yield from proof.measure_of(f"{place} as measure", line)


def _tier(place: str, line: StatementLine) -> Iterator[Fault]:
    """Check that the tier is the highest that the measure reaches, and its value.

    Rule: the tier of a negative measure is that of its absolute value.
    """
    by_code = {row.threshold: row for row in line.tiers}
    if line.measure is not None and line.tiers:
        highest = proof.tier_of(line)
        if highest != line.threshold:
            yield Fault(
                place=place, stated=str(line.threshold), recomputed=str(highest)
            )
            return
    row = None if line.threshold is None else by_code.get(line.threshold)
    if row is not None and _given(row.value) != _given(line.value):
        yield Fault(
            place=f"{place} as value",
            stated=str(_given(line.value)),
            recomputed=str(_given(row.value)),
        )


def _given(value: Value) -> tuple[Decimal | None, ...]:
    return (value.percent, value.per_unit, value.amount, value.plus or None)


def _slice(place: str, part: Slice, line: StatementLine) -> Iterator[Fault]:
    """Check what a slice earns: its payable at its rate, and its fixed amounts."""
    value = part.value
    fixed = (value.amount or ZERO) + (value.plus or ZERO)
    if value.percent is not None:
        rated = EXACT.multiply(part.payable, value.percent).scaleb(-2, EXACT)
    elif value.per_unit is not None:
        rated = EXACT.multiply(part.payable, value.per_unit)
    else:
        rated = ZERO
    if line.pool == OWN and not proof.is_near(part.amount, rated + fixed, part):
        yield from _equal(f"{place}.amount", part.amount, rated + fixed)


def _sliced(place: str, line: StatementLine) -> Iterator[Fault]:
    """Check that the slices make up the whole that is payable on."""
    on_volume = line.measured == "amount" and line.pool == OWN
    rated = [one for one in line.slices if one.value.percent is not None]
    if on_volume and rated and line.reach in {"retroactive", "marginal", "linear"}:
        total = sum((one.payable for one in line.slices), ZERO)
        left = line.volume + _sum(line, {"less"}) - _sum(line, {"earlier_terms"})
        yield from proof.paid_of(f"{place} payable", line, left, total)


def _earned(place: str, line: StatementLine, places: int) -> Iterator[Fault]:
    """Check the rounding of what the slices earn; of a pool, to the division's unit."""
    exact = sum((part.amount for part in line.slices), ZERO) + _sum(line, CHANGES)
    unit = Decimal(1).scaleb(-places)
    if line.pool == OWN:
        mode = MODES.get(_rounding(line), ROUND_HALF_UP)
        yield from _equal(place, line.earned, exact.quantize(unit, mode, EXACT))
    elif abs(line.earned - exact) > DIVIDED * unit:
        yield Fault(place=place, stated=str(line.earned), recomputed=str(exact))


def _sum(line: StatementLine, names: Collection[str]) -> Decimal:
    """Return what some steps of the working change."""
    return sum((step.amount for step in line.working if step.step in names), ZERO)


def _divided(line: StatementLine) -> Decimal:
    """Return what limits change in the member's own part, after its division."""
    names = [step.step for step in line.working]
    after = line.working[names.index("share") :] if "share" in names else ()
    return sum((step.amount for step in after if step.step in CHANGES), ZERO)


def _rounding(line: StatementLine) -> str:
    said = (step.params.get("rounding") for step in line.working)
    return next((name for name in said if name), "half_away_from_zero")


def _due(place: str, line: StatementLine, places: int) -> Iterator[Fault]:
    """Check the deductions, and that nothing of what is due is lost."""
    mode = MODES.get(_rounding(line), ROUND_HALF_UP)
    fee = EXACT.multiply(line.earned, line.fee_percent).scaleb(-2, EXACT)
    unit = Decimal(1).scaleb(-places)
    yield from _equal(f"{place}.fee", line.fee, fee.quantize(unit, mode, EXACT))
    due = line.earned - line.fee - line.holdback - line.settled_before
    yield from _equal(f"{place}.due", line.due, due)
    brought = sum(
        (step.amount for step in line.working if step.step == "brought_forward"), ZERO
    )
    balance = line.payable_now + line.carried
    yield from _equal(f"{place}.payable_now", balance, line.due + brought)


def _working(place: str, line: StatementLine) -> Iterator[Fault]:
    """Check that the steps say the same figures as the line."""
    figures = {
        "volume": line.volume,
        "measure": ZERO if line.measure is None else line.measure,
        "tier": ZERO if line.threshold is None else line.threshold,
        "rounded": line.earned,
        "share": line.earned - _divided(line),
        "fee": -line.fee,
        "holdback": -line.holdback,
        "settled_before": -line.settled_before,
        "due": line.due,
        "payable_now": line.payable_now,
        "carried": line.carried,
    }
    for step in line.working:
        if step.step in figures:
            yield from _equal(f"{place}.{step.step}", step.amount, figures[step.step])
