"""Accruals as they were taken: the rows, and what a new one needs of them.

Owns ``accrual`` and ``accrual_line``; :mod:`rappel.store.accrued` reads them for
people. Everything obeys this: both are the administrators' alone, are inserted by the
system and never change; what is held of a member, programme and window is what the
newest line of it says.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.agreements import ProgrammeRow
from rappel.store.base import Base
from rappel.store.periods import PeriodRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TAKING: Final = 7_219
FIGURES: Final = (
    "earned",
    "expected",
    "accrued",
    "received",
    "outstanding",
    "earlier",
    "change",
)


class AccrualRow(Base):
    """What was stated of a period as of ``day``, on the facts of ``as_of``."""

    __tablename__ = "accrual"
    __table_args__ = (
        sa.CheckConstraint("policy in ('reached', 'projected')", name="policy"),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"), index=True)
    day: Mapped[date]
    policy: Mapped[str]
    as_of: Mapped[datetime]
    snapshot_hash: Mapped[bytes]
    taken_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class AccrualLineRow(Base):
    """A member's programme and window in an accrual; net of the fee.

    ``supplier_id`` is who owes it: the payer, else the only supplier; null for several.
    """

    __tablename__ = "accrual_line"
    __table_args__ = (
        sa.CheckConstraint("outstanding = accrued - received", name="outstanding"),
        sa.CheckConstraint("change = outstanding - earlier", name="change"),
        sa.UniqueConstraint(
            "accrual_id",
            "programme_id",
            "member_id",
            "window_start",
            "currency",
            name="uq_accrual_line_once",
        ),
        sa.Index(
            "ix_accrual_line_of",
            "programme_id",
            "member_id",
            "window_start",
            "currency",
        ),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    accrual_id: Mapped[int] = mapped_column(sa.ForeignKey("accrual.id"))
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    supplier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("supplier.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    window_start: Mapped[date]
    currency: Mapped[str]
    earned: Mapped[Decimal]
    expected: Mapped[Decimal]
    accrued: Mapped[Decimal]
    received: Mapped[Decimal]
    outstanding: Mapped[Decimal]
    earlier: Mapped[Decimal]
    change: Mapped[Decimal]


class Held(NamedTuple):
    """What the newest line of a member, programme and window left outstanding."""

    programme: str
    supplier: int | None
    member: int
    window: date
    currency: str
    outstanding: Decimal
    period: int
    open: bool


def one_at_a_time(session: Session) -> None:
    """Wait until no other accrual is being taken."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(TAKING)))


def newest(session: Session, period: int) -> AccrualRow | None:
    """Return the accrual of a period that was taken last."""
    return session.scalar(
        sa.select(AccrualRow)
        .where(AccrualRow.period_id == period)
        .order_by(AccrualRow.id.desc())
        .limit(1)
    )


def held(session: Session) -> tuple[Held, ...]:
    """Return all that earlier accruals left outstanding, by the newest line of each."""
    key = (
        AccrualLineRow.programme_id,
        AccrualLineRow.member_id,
        AccrualLineRow.window_start,
        AccrualLineRow.currency,
    )
    last = (
        sa.select(AccrualLineRow.id, AccrualLineRow.outstanding)
        .ext(distinct_on(*key))
        .order_by(*key, AccrualLineRow.id.desc())
        .subquery()
    )
    query = (
        sa.select(
            ProgrammeRow.code,
            AccrualLineRow.supplier_id,
            AccrualLineRow.member_id,
            AccrualLineRow.window_start,
            AccrualLineRow.currency,
            AccrualLineRow.outstanding,
            PeriodRow.id,
            PeriodRow.state.in_(("open", "closing")),
        )
        .join(last, last.c.id == AccrualLineRow.id)
        .join(AccrualRow, AccrualRow.id == AccrualLineRow.accrual_id)
        .join(PeriodRow, PeriodRow.id == AccrualRow.period_id)
        .join(ProgrammeRow, ProgrammeRow.id == AccrualLineRow.programme_id)
        .where(last.c.outstanding != 0)
    )
    return tuple(Held(*row) for row in session.execute(query))


def add(session: Session, row: AccrualRow, lines: list[dict[str, Any]]) -> None:
    """Insert an accrual with its lines. The viewer of the session is the system."""
    session.add(row)
    session.flush()
    if lines:
        session.execute(
            sa.insert(AccrualLineRow), [{"accrual_id": row.id, **one} for one in lines]
        )
