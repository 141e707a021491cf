"""Answers: a computation as the JSON of a simulation.

Owns the shape that people and programs read; computes nothing but what is payable of
what is due. Figures are text: money with the decimals of its minor unit at least, all
others with none to spare. Rows stand in the order of the case.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rappel.actions.explaining import said
from rappel.actions.working import claiming, settling, trimmed, working
from rappel.core.balances import pay
from rappel.core.legs import of_members
from rappel.core.money import places, plain
from rappel.core.statements import StatementLine, Value
from rappel.core.thresholds import PERCENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import polars as pl

    from rappel.core.agreements import Programme
    from rappel.core.balances import Payment
    from rappel.core.findings import Finding
    from rappel.core.frames import Facts
    from rappel.core.period import Period
    from rappel.core.rebates import Computation
    from rappel.core.statements import Step

VALUE: Final = ("percent", "per_unit", "amount", "plus")
SUMS: Final = ("earned", "fee", "holdback", "settled_before", "due")
LEGS: Final = ("inbound", "outbound", "fee", "difference")
ZERO: Final = Decimal(0)


def answer(
    computation: Computation,
    facts: Facts,
    programmes: Sequence[Programme],
    *,
    period: Period,
    outside: Sequence[Finding] = (),
) -> dict[str, Any]:
    """Write rebates, pools and findings as the published shape has them."""
    members = dict(facts.members.select("member", "code").iter_rows())
    order = {one.code: place for place, one in reversed([*enumerate(programmes)])}
    terms = {one.revision: of_members(one) for one in programmes}
    rows = sorted(
        computation.rebates.iter_rows(named=True),
        key=lambda row: (order[row["programme"]], row["window"], row["member"]),
    )
    slices = _by_row(computation.slices)
    changes = _by_row(computation.steps)
    payments = _payments(rows, terms)
    supplied = _by_row(computation.inbound.with_columns(member=0))
    pools = sorted(
        computation.pools.iter_rows(named=True),
        key=lambda row: (order[row["programme"]], row["window"]),
    )
    return {
        "rebates": [
            _rebate(
                row,
                terms[row["revision"]],
                period,
                member=members[row["member"]],
                slices=slices.get(_key(row), []),
                changes=changes.get(_key(row), []),
                payment=payments[_key(row)],
            )
            for row in rows
        ],
        "pools": [
            _pool(
                row,
                programmes[order[row["programme"]]],
                supplied.get((row["programme"], 0, row["window"]), ()),
            )
            for row in pools
        ],
        "findings": [finding(one) for one in (*computation.findings, *outside)],
    }


def finding(one: Finding) -> dict[str, Any]:
    """Write a finding in English, its sentences filled."""
    return {
        "code": one.code,
        "severity": one.severity.value,
        "row": one.row,
        "column": one.column,
        "message": one.kind.message.format_map(one.params),
        "repair": one.kind.repair.format_map(one.params),
    }


def _key(row: Mapping[str, Any]) -> tuple[str, int, date]:
    return row["programme"], row["member"], row["window"]


def _by_row(frame: pl.DataFrame) -> dict[tuple[str, int, date], list[dict[str, Any]]]:
    """Return the rows of each rebate, in their order."""
    found: dict[tuple[str, int, date], list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(_key(row), []).append(row)
    return found


def _payments(
    rows: Iterable[Mapping[str, Any]], terms: Mapping[int | None, Programme]
) -> dict[tuple[str, int, date], Payment]:
    """Say what is payable now of the balance of each member and programme."""
    together: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for row in rows:
        together.setdefault((row["programme"], row["member"]), []).append(row)
    return {
        _key(row): payment
        for ones in together.values()
        for row, payment in zip(
            ones,
            pay(
                [row["due"] for row in ones],
                brought=ZERO,
                minimum=terms[ones[-1]["revision"]].payout_minimum,
            ),
            strict=True,
        )
    }


def _value(row: Mapping[str, Any]) -> dict[str, str] | None:
    """Write what a tier gives, or nothing when none is reached."""
    given = {name: plain(row[name]) for name in VALUE if row[name] is not None}
    return given or None


def _rebate(
    row: Mapping[str, Any],
    programme: Programme,
    period: Period,
    *,
    member: str,
    slices: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    payment: Payment,
) -> dict[str, Any]:
    """Write one row, with its slices, its next tier and its working."""
    money = places(row["currency"])
    climbs, bought = _scales(programme, money)
    sums = {name: plain(row[name], money) for name in SUMS}
    following = None
    if row["next_threshold"] is not None:
        following = {
            "threshold": plain(row["next_threshold"]),
            "missing": plain(row["next_missing"], climbs),
            "worth": plain(row["next_worth"], money),
        }
    threshold = row["threshold"]
    line = _line(row, programme, period, payment)
    steps = (
        *working(line, programme, row, changes),
        *settling(payment.brought, line.payable_now, line.carried),
    )
    return {
        "programme": row["programme"],
        "member": member,
        "leg": "outbound",
        "window": row["window"].isoformat(),
        "volume": plain(row["volume"], bought),
        "measure": plain(row["measure"], climbs),
        "threshold": None if threshold is None else plain(threshold),
        "value": _value(row),
        **sums,
        "payable_now": plain(payment.payable_now, money),
        "carried": plain(payment.carried, money),
        "slices": [_slice(one, climbs, money) for one in slices],
        "next": following,
        "working": [_step(one) for one in steps],
    }


def _scales(programme: Programme, money: int) -> tuple[int, int]:
    """Return the decimals at least of the measure, and of what was bought."""
    bought = 0 if programme.by_quantity else money
    return 0 if programme.measure in PERCENTS else bought, bought


def _line(
    row: Mapping[str, Any], programme: Programme, period: Period, payment: Payment
) -> StatementLine:
    """Return the row as a statement's line, which its working is said of."""
    ends = {window.start: window.end for window in programme.windows(period)}
    money = places(row["currency"])
    climbs, bought = _scales(programme, money)
    threshold = row["threshold"]
    sums: dict[str, Any] = {name: trimmed(row[name], money) for name in SUMS}
    return StatementLine(
        programme=programme.code,
        name=programme.code,
        supplier=", ".join(programme.suppliers),
        revision=programme.revision,
        window=row["window"],
        window_end=ends[row["window"]],
        adjusts=None,
        pool=programme.shared.value,
        reach=programme.reach.value,
        boundary=programme.boundary.value,
        volume=trimmed(row["volume"], bought),
        measure=trimmed(row["measure"], climbs),
        threshold=None if threshold is None else trimmed(threshold),
        value=Value(),
        fee_percent=programme.fee_percent,
        payable_now=trimmed(payment.payable_now, money),
        carried=trimmed(payment.carried, money),
        **sums,
    )


def _slice(row: Mapping[str, Any], climbs: int, money: int) -> dict[str, Any]:
    rated = row["percent"] is not None or row["per_unit"] is not None
    fixed = row["fixed"] or None
    value = {
        **row,
        "amount": None if rated else row["fixed"],
        "plus": fixed if rated else None,
    }
    paid_in = money if row["per_unit"] is None else 0
    return {
        "from": plain(row["threshold"]),
        "measure": plain(row["measure"], climbs),
        "payable": plain(row["payable"], paid_in),
        "value": _value(value),
        "amount": plain(row["amount"], money),
    }


def _step(step: Step) -> dict[str, str]:
    return {
        "step": step.step,
        "amount": format(step.amount or abs(step.amount), "f"),
        "text": said(step),
    }


def _pool(
    row: Mapping[str, Any],
    programme: Programme,
    supplied: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """Write both legs; and how the supplier's came about where the members' differs."""
    money = places(row["currency"])
    climbs, _ = _scales(programme, money)
    return {
        "programme": row["programme"],
        "window": row["window"].isoformat(),
        "measure": plain(row["measure"], climbs),
        **{name: plain(row[name], money) for name in LEGS},
        **(
            {"working": [_step(one) for one in claiming(supplied, row["inbound"])]}
            if supplied
            else {}
        ),
    }
