"""Issued statements and their number series: added once, never changed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.base import Base


class SeriesRow(Base):
    """The last number given in a series such as ``MX-2026``; the row is the lock."""

    __tablename__ = "statement_series"

    code: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class StatementRow(Base):
    """A statement: the value it was made from, and the very bytes of its PDF."""

    __tablename__ = "statement"
    __table_args__ = (
        sa.UniqueConstraint("period_id", "member_id", "currency"),
        sa.UniqueConstraint("series", "serial"),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    series: Mapped[str] = mapped_column(sa.ForeignKey("statement_series.code"))
    serial: Mapped[int]
    period_id: Mapped[int] = mapped_column(sa.ForeignKey("period.id"), index=True)
    run_id: Mapped[int] = mapped_column(sa.ForeignKey("run.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)
    currency: Mapped[str]
    total: Mapped[Decimal]
    locale: Mapped[str]
    template: Mapped[str]
    body: Mapped[dict[str, Any]]
    pdf: Mapped[bytes]
    sha256: Mapped[bytes]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    due_on: Mapped[date]
