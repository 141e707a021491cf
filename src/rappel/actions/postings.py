"""Postings: a computation's rows as what is kept, printed and explained.

Owns the turning of frames into statement lines: tiers as a ladder, the working in the
fixed order of the business, the group's figures withheld where the disclosure gate says
so, and what is payable now. Computes no rebate (:mod:`rappel.core.rebates`). Everything
obeys this: one posting for each member, programme and window; figures are trimmed, not
rounded; sentences are English templates, translated at the rim.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rappel.actions.comparisons import origins, sourced
from rappel.actions.working import settling, trimmed, working
from rappel.core.balances import pay
from rappel.core.disclosure import discloses
from rappel.core.legs import of_members
from rappel.core.money import places
from rappel.core.statements import (
    NextTier,
    Slice,
    StatementLine,
    TierRow,
    Value,
)
from rappel.core.terms import Pool
from rappel.core.thresholds import PERCENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import polars as pl

    from rappel.core.agreements import Programme
    from rappel.core.period import Period
    from rappel.core.rebates import Computation
    from rappel.store.snapshots import Closed

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A row of money: whose, under which revision, and the line as printed.

    ``line`` has no documents yet; ``adjusts`` is the closed period it corrects.
    """

    member: int
    revision: int
    adjusts: Closed | None
    currency: str
    line: StatementLine


def postings(
    computation: Computation,
    programmes: Iterable[Programme],
    *,
    period: Period,
    numbers: Mapping[int, int],
    stated: pl.DataFrame | None = None,
    adjusts: Closed | None = None,
) -> list[Posting]:
    """Make the postings of a computation, in the order of its rows.

    ``numbers`` gives a revision's number by its row id, ``stated`` the baselines with
    their sources (:data:`rappel.store.baselines.STATED`). What is payable is not
    decided here: it depends on every row of the run (:func:`paid`).
    """
    terms = {(one.code, one.revision): of_members(one) for one in programmes}
    ends = {
        key: {window.start: window.end for window in one.windows(period)}
        for key, one in terms.items()
    }
    shown = {
        (pool["programme"], pool["window"]): discloses(
            contributors=pool["contributors"],
            largest=pool["largest"],
            measure=pool["measure"],
        )
        for pool in computation.pools.iter_rows(named=True)
    }
    slices = _slices(computation.slices)
    sources = {} if stated is None else origins(stated)
    changes: dict[tuple[str, int, date], list[dict[str, Any]]] = {}
    for change in computation.steps.iter_rows(named=True):
        key = (change["programme"], change["member"], change["window"])
        changes.setdefault(key, []).append(change)
    found = []
    for row in computation.rebates.iter_rows(named=True):
        said = (row["programme"], row["revision"])
        programme, end = terms[said], ends[said][row["window"]]
        line = _line(row, programme, end, numbers[row["revision"]], adjusts)
        key = (row["programme"], row["member"], row["window"])
        line = replace(line, slices=slices.get(key, ()))
        pooled = programme.shared is not Pool.MEMBER
        if pooled and not shown.get((row["programme"], row["window"]), False):
            line = withhold(line)
        steps = working(line, programme, row, changes.get(key, ()))
        steps = sourced(steps, sources.get(key), pooled=pooled)
        line = replace(line, working=steps)
        found.append(
            Posting(
                member=row["member"],
                revision=row["revision"],
                adjusts=adjusts,
                currency=programme.currency,
                line=line,
            )
        )
    return found


def paid(
    found: Iterable[Posting],
    *,
    brought: Mapping[tuple[str, int], Decimal],
    minimums: Mapping[str, Decimal | None],
) -> tuple[Posting, ...]:
    """Say what each posting makes payable, by the balance of member and programme.

    Rule: adjustments come first, the oldest window before the next. Answers every
    posting, sorted by programme, member and window.
    """
    ordered = sorted(found, key=place_of)
    groups: dict[tuple[str, int], list[Posting]] = {}
    for posting in ordered:
        groups.setdefault((posting.line.programme, posting.member), []).append(posting)
    answered = []
    for key, rows in groups.items():
        payments = pay(
            [row.line.due for row in rows],
            brought=brought.get(key, ZERO),
            minimum=minimums.get(key[0]),
        )
        for row, (before, payable, carried) in zip(rows, payments, strict=True):
            steps = (*row.line.working, *settling(before, payable, carried))
            line = replace(
                row.line, payable_now=payable, carried=carried, working=steps
            )
            answered.append(replace(row, line=line))
    return tuple(answered)


def withhold(line: StatementLine) -> StatementLine:
    """Leave out what would tell the group's measure; what was earned stays."""
    hidden = tuple(replace(one, measure=None) for one in line.slices)
    return replace(line, measure=None, next=None, slices=hidden)


def place_of(posting: Posting) -> tuple[str, int, date]:
    """Return its programme, member and window."""
    return (posting.line.programme, posting.member, posting.line.window)


def window_of(posting: Posting) -> tuple[str, date]:
    """Return its programme and window."""
    return (posting.line.programme, posting.line.window)


def _line(
    row: dict[str, Any],
    programme: Programme,
    end: date,
    number: int,
    adjusts: Closed | None,
) -> StatementLine:
    """Make the line of one row, without slices and working."""
    money = places(programme.currency)
    threshold = row["threshold"]
    following = None
    if row["next_threshold"] is not None:
        following = NextTier(
            threshold=trimmed(row["next_threshold"]),
            missing=trimmed(row["next_missing"]),
            worth=trimmed(row["next_worth"], money),
        )

    def sum_of(name: str) -> Decimal:
        return trimmed(row[name], money)

    return StatementLine(
        programme=programme.code,
        name=programme.code,
        supplier=", ".join(programme.suppliers),
        revision=number,
        window=row["window"],
        window_end=end,
        adjusts=adjusts.code if adjusts else None,
        pool=programme.shared.value,
        reach=programme.reach.value,
        boundary=programme.boundary.value,
        measured=_measured(programme),
        volume=trimmed(row["volume"], money),
        measure=None if row["measure"] is None else trimmed(row["measure"]),
        threshold=None if threshold is None else trimmed(threshold),
        value=value_of(row),
        fee_percent=trimmed(programme.fee_percent),
        tiers=_ladder(programme, threshold),
        next=following,
        earned=sum_of("earned"),
        fee=sum_of("fee"),
        holdback=sum_of("holdback"),
        settled_before=sum_of("settled_before"),
        due=sum_of("due"),
        payable_now=sum_of("payable_now"),
        carried=sum_of("carried"),
    )


def _measured(programme: Programme) -> str:
    """Say what measure and thresholds are: ``amount``, ``quantity`` or ``percent``."""
    if programme.measure in PERCENTS:
        return "percent"
    return "quantity" if programme.by_quantity else "amount"


def value_of(row: Mapping[str, Any]) -> Value:
    """Return what a tier gives, from a row that has its columns."""
    names = ("percent", "per_unit", "amount", "plus")
    given = {name: row[name] for name in names if row[name] is not None}
    if not given.get("plus", 1):
        del given["plus"]
    return Value(**{name: trimmed(figure) for name, figure in given.items()})


def _ladder(programme: Programme, reached: Decimal | None) -> tuple[TierRow, ...]:
    return tuple(
        TierRow(
            threshold=trimmed(tier.threshold),
            value=Value(
                percent=tier.percent,
                per_unit=tier.per_unit,
                amount=tier.amount,
                plus=tier.plus,
            ),
            reached=reached is not None and tier.threshold <= reached,
        )
        for tier in programme.tiers
    )


Place = tuple[str, int, "date"]


def _slices(frame: pl.DataFrame) -> dict[Place, tuple[Slice, ...]]:
    """Group the slices by programme, member and window, in their order."""
    found: dict[Place, list[Slice]] = {}
    for row in frame.iter_rows(named=True):
        key = (row["programme"], row["member"], row["window"])
        found.setdefault(key, []).append(_slice(row))
    return {key: tuple(rows) for key, rows in found.items()}


def _slice(row: dict[str, Any]) -> Slice:
    rated = row["percent"] is not None or row["per_unit"] is not None
    fixed = row["fixed"]
    value = {
        "percent": row["percent"],
        "per_unit": row["per_unit"],
        "amount": None if rated else fixed,
        "plus": fixed if rated else None,
    }
    return Slice(
        threshold=trimmed(row["threshold"]),
        measure=None if row["measure"] is None else trimmed(row["measure"]),
        payable=trimmed(row["payable"]),
        value=value_of(value),
        amount=trimmed(row["amount"]),
    )
