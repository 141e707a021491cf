"""Keeping a run: the rows that closing a period adds, all at once.

Owns the turning of a result into rows and the summary of it; opens no transaction and
decides nothing. Everything obeys this: refs are made from what a row is about, so the
same run has the same refs whenever it is kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rappel.core.statement_json import line_fields
from rappel.store import runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.actions.postings import Posting
    from rappel.actions.runs import Result
    from rappel.store.periods import PeriodRow

SUMS: Final = (
    "volume",
    "measure",
    "threshold",
    "earned",
    "fee",
    "holdback",
    "settled_before",
    "due",
    "payable_now",
    "carried",
)
POOL: Final = (
    "contributors",
    "currency",
    "measure",
    "inbound",
    "outbound",
    "fee",
    "difference",
    "inbound_before",
    "outbound_before",
    "fee_before",
)
VOLUME: Final = ("month", "currency", "amount", "quantity", "lines")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What closing did: the run's ref, both hashes, and what is due by currency.

    ``due`` maps a currency to the sum of what was posted, adjustments included.
    """

    period: str
    run: str
    as_of: datetime
    snapshot: str
    result: str
    rebates: int
    adjustments: int
    members: int
    due: dict[str, Decimal]
    findings: tuple[dict[str, Any], ...]


def keep(
    session: Session, period: PeriodRow, result: Result, now: datetime
) -> tuple[RunSummary, int]:
    """Insert the run and its rows; answer its summary and row id.

    The viewer of the session is the system.
    """
    run_id, ref = runs.add_run(
        session,
        period=period,
        as_of=now,
        snapshot=result.snapshot.as_json(),
        snapshot_hash=result.snapshot.sha256,
        result_hash=result.sha256,
        findings=result.findings,
    )
    ids = runs.programme_ids(session)
    codes = {one["member"]: one["code"] for one in result.snapshot.members}
    closed = {one.code: one.id for one in result.snapshot.closed}
    common = {"run_id": run_id, "period_id": period.id}
    runs.add_rows(
        session,
        rebates=[
            common | _rebate(one, ids, ref_of(one, period.code, codes[one.member]))
            for one in result.postings
        ],
        pools=[
            common | _pool(row, ids, closed)
            for row in result.pools.iter_rows(named=True)
        ],
        volumes=[
            common | _volume(row, ids) for row in result.volumes.iter_rows(named=True)
        ],
    )
    return _summary(period.code, ref, result, now), run_id


def ref_of(posting: Posting, period: str, member: str) -> str:
    """Name a posting by what it is about: period, programme, member and window."""
    line = posting.line
    about = (period, line.programme, member, line.window, line.adjusts)
    return f"reb_{runs.short_hash(*about)}"


def _rebate(one: Posting, ids: Mapping[str, int], ref: str) -> dict[str, Any]:
    line = one.line
    return {
        "ref": ref,
        "adjusts_id": one.adjusts.id if one.adjusts else None,
        "programme_id": ids[line.programme],
        "revision_id": one.revision,
        "member_id": one.member,
        "window_start": line.window,
        "window_end": line.window_end,
        "currency": one.currency,
        "detail": line_fields(line),
    } | {name: getattr(line, name) for name in SUMS}


def _pool(
    row: Mapping[str, Any], ids: Mapping[str, int], closed: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "programme_id": ids[row["programme"]],
        "window_start": row["window"],
        "adjusts_id": closed.get(row["adjusts"]),
    } | {name: row[name] for name in POOL}


def _volume(row: Mapping[str, Any], ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "programme_id": ids[row["programme"]],
        "supplier_id": row["supplier"],
        "member_id": row["member"],
    } | {name: row[name] for name in VOLUME}


def _summary(period: str, ref: str, result: Result, now: datetime) -> RunSummary:
    due: dict[str, Decimal] = defaultdict(Decimal)
    for one in result.postings:
        due[one.currency] += one.line.due
    return RunSummary(
        period=period,
        run=ref,
        as_of=now,
        snapshot=result.snapshot.sha256.hex(),
        result=result.sha256.hex(),
        rebates=len(result.postings),
        adjustments=sum(one.adjusts is not None for one in result.postings),
        members=len({one.member for one in result.postings}),
        due=dict(sorted(due.items())),
        findings=result.findings,
    )
