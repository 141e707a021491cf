"""Periods and runs: the queries, and the inserts of what a run computed.

Owns the rows of ``period`` and ``run``, and adding those of ``rebate``, ``volume`` and
``pool`` (:mod:`rappel.store.rebates` reads them); computes nothing. Everything obeys
this: rows of money are inserted once, by the system, inside the transaction that closes
their period.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from rappel.core.access import SYSTEM
from rappel.errors import NotFound
from rappel.store.agreements import ProgrammeRow
from rappel.store.parties import PersonRow
from rappel.store.periods import PeriodRow, PoolRow, RebateRow, RunRow, VolumeRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodState:
    """A period as people see it; ``run`` is the ref of the run that closed it."""

    id: int
    code: str
    starts: date
    ends: date
    state: str
    closed_at: datetime | None
    closed_by: str | None
    issued_at: datetime | None
    run: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A run as it was kept: its snapshot, and the hashes of both ends."""

    id: int
    ref: str
    period: PeriodState
    snapshot: dict[str, Any]
    snapshot_hash: bytes
    result_hash: bytes
    findings: list[Any]


def short_hash(*names: object) -> str:
    """Return 20 hexadecimal digits of the names' SHA-256, for a ref."""
    text = "\x1f".join(str(name) for name in names)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def list_periods(session: Session, _viewer: Viewer) -> tuple[PeriodState, ...]:
    """Return every period, the oldest first; everybody sees them all."""
    rows = session.execute(_periods().order_by(PeriodRow.starts))
    return tuple(_period(row) for row in rows)


def period_state(session: Session, _viewer: Viewer, code: str) -> PeriodState:
    """Return the period called ``code``; ``NotFound`` when there is none."""
    row = session.execute(_periods().where(PeriodRow.code == code)).one_or_none()
    if row is None:
        raise NotFound(f"There is no period {code!r}.")
    return _period(row)


def locked_period(session: Session, code: str) -> PeriodRow:
    """Return the period's own row, locked ``FOR UPDATE`` until the transaction ends."""
    row = session.scalar(
        sa.select(PeriodRow).where(PeriodRow.code == code).with_for_update()
    )
    if row is None:
        raise NotFound(f"There is no period {code!r}.")
    return row


def lock_periods(session: Session) -> None:
    """Let nobody else open a period until the transaction ends."""
    session.execute(sa.text("select pg_advisory_xact_lock(7203)"))


def overlapping(session: Session, starts: date, ends: date) -> str | None:
    """Return the code of a period that shares a day with these, if there is one."""
    return session.scalar(
        sa.select(PeriodRow.code)
        .where(PeriodRow.starts < ends, PeriodRow.ends > starts)
        .order_by(PeriodRow.starts)
        .limit(1)
    )


def neighbour(session: Session, period: PeriodRow) -> tuple[str | None, str | None]:
    """Return the first open period before, and the first closed one after, if any."""
    before = session.scalar(
        sa.select(PeriodRow.code)
        .where(PeriodRow.ends <= period.starts, PeriodRow.state == "open")
        .order_by(PeriodRow.starts)
        .limit(1)
    )
    after = session.scalar(
        sa.select(PeriodRow.code)
        .where(PeriodRow.starts >= period.ends, PeriodRow.state != "open")
        .order_by(PeriodRow.starts)
        .limit(1)
    )
    return before, after


def add_run(
    session: Session,
    *,
    period: PeriodRow,
    as_of: datetime,
    snapshot: Mapping[str, Any],
    snapshot_hash: bytes,
    result_hash: bytes,
    findings: Iterable[Any],
) -> tuple[int, str]:
    """Insert a run; answer its id and ref. The viewer of the session is the system."""
    ref = f"run_{short_hash(period.code, snapshot_hash.hex())}"
    row_id = session.scalar(
        sa.insert(RunRow)
        .values(
            ref=ref,
            period_id=period.id,
            as_of=as_of,
            snapshot=dict(snapshot),
            snapshot_hash=snapshot_hash,
            result_hash=result_hash,
            findings=list(findings),
        )
        .returning(RunRow.id)
    )
    assert row_id is not None
    return row_id, ref


def add_rows(
    session: Session,
    *,
    rebates: list[dict[str, Any]],
    pools: list[dict[str, Any]],
    volumes: list[dict[str, Any]],
) -> None:
    """Insert what a run computed. The viewer of the session is the system."""
    tables = ((RebateRow, rebates), (PoolRow, pools), (VolumeRow, volumes))
    for table, rows in tables:
        if rows:
            session.execute(sa.insert(table), rows)


def programme_ids(session: Session) -> dict[str, int]:
    """Return the row ids of all programmes by code."""
    rows = session.execute(sa.select(ProgrammeRow.code, ProgrammeRow.id))
    return {code: row_id for code, row_id in rows}  # noqa: C416  rows are not pairs to mypy


def kept_run(session: Session, code: str) -> KeptRun:
    """Return the run that closed a period; ``NotFound`` while it is open."""
    period = period_state(session, SYSTEM, code)
    row = session.scalar(sa.select(RunRow).where(RunRow.ref == period.run))
    if row is None:
        raise NotFound(f"The period {code!r} is not closed: it has no run yet.")
    return KeptRun(
        id=row.id,
        ref=row.ref,
        period=period,
        snapshot=row.snapshot,
        snapshot_hash=row.snapshot_hash,
        result_hash=row.result_hash,
        findings=row.findings,
    )


ROWS: Final[tuple[Any, ...]] = (PeriodRow, PersonRow.name, RunRow.ref)


def _periods() -> sa.Select[Any]:
    return (
        sa.select(*ROWS)
        .outerjoin(PersonRow, PersonRow.id == PeriodRow.closed_by)
        .outerjoin(RunRow, RunRow.id == PeriodRow.run_id)
    )


def _period(row: sa.Row[Any]) -> PeriodState:
    period, closed_by, run = tuple(row)
    return PeriodState(
        id=period.id,
        code=period.code,
        starts=period.starts,
        ends=period.ends,
        state=period.state,
        closed_at=period.closed_at,
        closed_by=closed_by,
        issued_at=period.issued_at,
        run=run,
    )
