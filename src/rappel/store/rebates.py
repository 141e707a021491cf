"""Rebates, volumes and pools as they were posted: the queries.

Owns what each viewer is answered: a member its own rebates, a supplier the volumes of
its own programmes, an administrator all and the pools. Everything obeys this: a row
that is another's is in no answer and counts as not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from rappel.core.access import Role
from rappel.core.frames import VOLUMES
from rappel.core.statement_json import line_from_fields
from rappel.errors import NotFound
from rappel.store.agreements import ProgrammeRow
from rappel.store.pages import Page, page
from rappel.store.parties import MemberRow, SupplierRow
from rappel.store.periods import PeriodRow, PoolRow, RebateRow, VolumeRow

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.core.statements import StatementLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebate:
    """A row of money; ``line`` is the statement's line, without its documents."""

    ref: str
    period: str
    member: str
    member_id: int
    currency: str
    line: StatementLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What a member bought of a supplier that counted for a programme in a month.

    ``adjusts`` is the closed period that the month belongs to where the volume was
    found later, and then a difference to what was told before; else ``None``.
    """

    programme: str
    supplier: str
    member: str
    month: date
    currency: str
    amount: Decimal
    quantity: Decimal
    lines: int
    adjusts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """What the supplier owes, what members have of it, and the fee between."""

    inbound: Decimal
    outbound: Decimal
    fee: Decimal

    @property
    def difference(self) -> Decimal:
        """What the consortium keeps."""
        return self.inbound - self.outbound


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolFigures:
    """A programme's window as a whole, for administrators alone.

    Figures are the window's until the end of ``period``; ``before`` is what earlier
    periods kept of it. ``adjusts`` is the closed period that it corrects, else None.
    """

    period: str
    programme: str
    window: date
    currency: str
    measure: Decimal
    contributors: int
    inbound: Decimal
    outbound: Decimal
    fee: Decimal
    difference: Decimal
    adjusts: str | None
    before: Legs

    @property
    def change(self) -> Legs:
        """What the period adds to all that was kept before."""
        return Legs(
            inbound=self.inbound - self.before.inbound,
            outbound=self.outbound - self.before.outbound,
            fee=self.fee - self.before.fee,
        )


def list_rebates(
    session: Session,
    viewer: Viewer,
    *,
    period: str | None = None,
    member: str | None = None,
    programme: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Rebate]:
    """Return rebates in the order they were posted: a member's own, or all."""
    query = _rebates(viewer)
    if period is not None:
        query = query.where(PeriodRow.code == period)
    if member is not None:
        query = query.where(MemberRow.code == member)
    if programme is not None:
        query = query.where(ProgrammeRow.code == programme)
    return page(session, query, [RebateRow.id], cursor=cursor, limit=limit).map(_rebate)


def rebates_of(session: Session, viewer: Viewer, period: str) -> tuple[Rebate, ...]:
    """Return every rebate of a period, by member, programme and window."""
    query = _rebates(viewer).where(PeriodRow.code == period)
    order = (MemberRow.code, RebateRow.currency, ProgrammeRow.code)
    rows = session.execute(query.order_by(*order, RebateRow.window_start))
    return tuple(_rebate(row) for row in rows)


def rebate_of(session: Session, viewer: Viewer, ref: str) -> Rebate:
    """Return one rebate; ``NotFound`` also when it is another member's."""
    row = session.execute(_rebates(viewer).where(RebateRow.ref == ref)).one_or_none()
    if row is None:
        raise NotFound(f"There is no rebate {ref!r}.")
    return _rebate(row)


def volumes_of(session: Session, viewer: Viewer, period: str) -> tuple[Volume, ...]:
    """Return a closed period's volumes: a member's or a supplier's own, or all."""
    query = (
        sa.select(VolumeRow, ProgrammeRow.code, SupplierRow.code, MemberRow.code)
        .join(PeriodRow, PeriodRow.id == VolumeRow.period_id)
        .join(ProgrammeRow, ProgrammeRow.id == VolumeRow.programme_id)
        .join(SupplierRow, SupplierRow.id == VolumeRow.supplier_id)
        .join(MemberRow, MemberRow.id == VolumeRow.member_id)
        .where(PeriodRow.code == period, own(viewer, VolumeRow))
        .order_by(ProgrammeRow.code, SupplierRow.code, MemberRow.code, VolumeRow.month)
    )
    return tuple(
        Volume(
            programme=programme,
            supplier=supplier,
            member=member,
            month=row.month,
            currency=row.currency,
            amount=row.amount,
            quantity=row.quantity,
            lines=row.lines,
        )
        for row, programme, supplier, member in session.execute(query)
    )


def volumes_told(session: Session, until: date) -> pl.DataFrame:
    """Return the volumes kept by every period that ended by ``until``, for the system.

    ``VOLUMES`` with a ``currency``; a late row stands under the month it belongs to.
    """
    query = (
        sa.select(
            ProgrammeRow.code.label("programme"),
            VolumeRow.supplier_id.label("supplier"),
            VolumeRow.member_id.label("member"),
            VolumeRow.month,
            VolumeRow.amount,
            VolumeRow.quantity,
            VolumeRow.lines,
            VolumeRow.currency,
        )
        .join(PeriodRow, PeriodRow.id == VolumeRow.period_id)
        .join(ProgrammeRow, ProgrammeRow.id == VolumeRow.programme_id)
        .where(PeriodRow.ends <= until)
    )
    return pl.DataFrame(
        [tuple(row) for row in session.execute(query)],
        schema={**VOLUMES.columns, "currency": pl.String()},
        orient="row",
    )


def pools_of(session: Session, viewer: Viewer, period: str) -> tuple[PoolFigures, ...]:
    """Return a closed period's pools; the walls show them to administrators alone."""
    corrected = aliased(PeriodRow)
    query = (
        sa.select(PoolRow, ProgrammeRow.code, corrected.code)
        .join(PeriodRow, PeriodRow.id == PoolRow.period_id)
        .outerjoin(corrected, corrected.id == PoolRow.adjusts_id)
        .join(ProgrammeRow, ProgrammeRow.id == PoolRow.programme_id)
        .where(PeriodRow.code == period, own(viewer, PoolRow))
        .order_by(ProgrammeRow.code, PoolRow.window_start)
    )
    return tuple(
        PoolFigures(
            period=period,
            programme=programme,
            window=row.window_start,
            currency=row.currency,
            measure=row.measure,
            contributors=row.contributors,
            inbound=row.inbound,
            outbound=row.outbound,
            fee=row.fee,
            difference=row.difference,
            adjusts=adjusts,
            before=Legs(
                inbound=row.inbound_before,
                outbound=row.outbound_before,
                fee=row.fee_before,
            ),
        )
        for row, programme, adjusts in session.execute(query)
    )


def pool_behind(session: Session, viewer: Viewer, rebate: Rebate) -> PoolFigures | None:
    """Return the pool that a rebate is a part of; None to who does not administer.

    None also where its run kept none (:mod:`rappel.actions.claims`).
    """
    found = pools_of(session, viewer, rebate.period)
    key = (rebate.line.programme, rebate.line.window)
    return next((one for one in found if (one.programme, one.window) == key), None)


def own(viewer: Viewer, table: Any) -> sa.ColumnElement[bool]:
    """Return the condition that a row is the viewer's to see; the walls say it too."""
    if viewer.administers:
        return sa.true()
    if viewer.role is Role.MEMBER and hasattr(table, "member_id"):
        return sa.and_(sa.true(), table.member_id == viewer.member)
    if viewer.role is Role.SUPPLIER and hasattr(table, "supplier_id"):
        return sa.and_(sa.true(), table.supplier_id == viewer.supplier)
    return sa.false()


ROWS: Final[tuple[Any, ...]] = (RebateRow, PeriodRow.code, MemberRow.code)


def _rebates(viewer: Viewer) -> sa.Select[Any]:
    return (
        sa.select(*ROWS)
        .join(PeriodRow, PeriodRow.id == RebateRow.period_id)
        .join(MemberRow, MemberRow.id == RebateRow.member_id)
        .join(ProgrammeRow, ProgrammeRow.id == RebateRow.programme_id)
        .where(own(viewer, RebateRow))
    )


def _rebate(row: sa.Row[Any]) -> Rebate:
    rebate, period, member = tuple(row)[:3]
    return Rebate(
        ref=rebate.ref,
        period=period,
        member=member,
        member_id=rebate.member_id,
        currency=rebate.currency,
        line=line_from_fields(rebate.detail),
    )
