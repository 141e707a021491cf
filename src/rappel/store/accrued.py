"""Accruals that were taken, as people read them: the lists, the sums, the lines.

Owns the queries; the rows are in :mod:`rappel.store.accruals`. Everything obeys this:
they are the administrators' alone, and to anybody else count as not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from rappel.errors import NotFound
from rappel.store.accruals import FIGURES, AccrualLineRow, AccrualRow
from rappel.store.agreements import ProgrammeRow
from rappel.store.pages import Page, page
from rappel.store.parties import MemberRow, PersonRow, SupplierRow
from rappel.store.periods import PeriodRow
from rappel.store.rebates import own

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An accrual that was taken; ``snapshot`` is its facts' hash, in hexadecimal."""

    id: int
    ref: str
    period: str
    day: date
    policy: str
    as_of: datetime
    snapshot: str
    taken_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Figures of an accrual summed by programme, supplier and currency, by name."""

    programme: str
    supplier: str | None
    currency: str
    members: int
    figures: dict[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A member's programme and window in an accrual, its figures by name."""

    programme: str
    supplier: str | None
    member: str
    window: date
    currency: str
    figures: dict[str, Decimal]


def list_taken(
    session: Session,
    viewer: Viewer,
    *,
    period: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Taken]:
    """Return the accruals that were taken, the newest first."""
    query = _taken(viewer)
    if period is not None:
        query = query.where(PeriodRow.code == period)
    keys = (AccrualRow.id,)
    rows = page(session, query, keys, cursor=cursor, limit=limit, newest_first=True)
    return rows.map(_one)


def taken_of(session: Session, viewer: Viewer, ref: str) -> Taken:
    """Return one accrual; ``NotFound`` also to who does not administer."""
    row = session.execute(_taken(viewer).where(AccrualRow.ref == ref)).one_or_none()
    if row is None:
        raise NotFound(f"There is no accrual {ref!r}.")
    return _one(row)


def sums_of(session: Session, viewer: Viewer, accrual: int) -> tuple[Sum, ...]:
    """Return an accrual's figures by programme, supplier and currency."""
    by = (ProgrammeRow.code, SupplierRow.code, AccrualLineRow.currency)
    summed = (sa.func.sum(getattr(AccrualLineRow, name)) for name in FIGURES)
    members = sa.func.count(AccrualLineRow.member_id.distinct())
    query = (
        _lines(sa.select(*by, members, *summed), viewer, accrual)
        .group_by(*by)
        .order_by(*by)
    )
    return tuple(
        Sum(
            programme=programme,
            supplier=supplier,
            currency=currency,
            members=count,
            figures=dict(zip(FIGURES, figures, strict=True)),
        )
        for programme, supplier, currency, count, *figures in session.execute(query)
    )


def list_lines(
    session: Session,
    viewer: Viewer,
    accrual: int,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Line]:
    """Return an accrual's lines, in the order they were computed."""
    names = (ProgrammeRow.code, SupplierRow.code, MemberRow.code)
    shown: tuple[Any, ...] = (AccrualLineRow, *names)
    query = _lines(sa.select(*shown), viewer, accrual)
    found = page(session, query, (AccrualLineRow.id,), cursor=cursor, limit=limit)
    return found.map(_line)


ROWS: Final[tuple[Any, ...]] = (AccrualRow, PeriodRow.code, PersonRow.name)


def _taken(viewer: Viewer) -> sa.Select[Any]:
    return (
        sa.select(*ROWS)
        .join(PeriodRow, PeriodRow.id == AccrualRow.period_id)
        .outerjoin(PersonRow, PersonRow.id == AccrualRow.taken_by)
        .where(_administered(viewer))
    )


def _lines(query: sa.Select[Any], viewer: Viewer, accrual: int) -> sa.Select[Any]:
    return (
        query.select_from(AccrualLineRow)
        .join(ProgrammeRow, ProgrammeRow.id == AccrualLineRow.programme_id)
        .join(MemberRow, MemberRow.id == AccrualLineRow.member_id)
        .outerjoin(SupplierRow, SupplierRow.id == AccrualLineRow.supplier_id)
        .where(AccrualLineRow.accrual_id == accrual, _administered(viewer))
    )


def _administered(viewer: Viewer) -> sa.ColumnElement[bool]:
    return own(viewer, AccrualRow)


def _one(row: sa.Row[Any]) -> Taken:
    accrual, period, person = tuple(row)[:3]
    return Taken(
        id=accrual.id,
        ref=accrual.ref,
        period=period,
        day=accrual.day,
        policy=accrual.policy,
        as_of=accrual.as_of,
        snapshot=accrual.snapshot_hash.hex(),
        taken_by=person,
    )


def _line(row: sa.Row[Any]) -> Line:
    line, programme, supplier, member = tuple(row)[:4]
    return Line(
        programme=programme,
        supplier=supplier,
        member=member,
        window=line.window_start,
        currency=line.currency,
        figures={name: getattr(line, name) for name in FIGURES},
    )
