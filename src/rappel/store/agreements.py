"""Agreements, their revisions and programmes; the catalogue; the FX rates."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.base import Base


class AgreementRow(Base):
    """What consortium and supplier signed; its terms are in the revisions."""

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[str]
    created_at: Mapped[datetime]


class RevisionRow(Base):
    """The terms from a day on, as signed: the document's own text and its hash."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("agreement_id", "number"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"))
    number: Mapped[int]
    in_force_from: Mapped[date | None]
    in_force_until: Mapped[date | None]
    document: Mapped[str]
    sha256: Mapped[bytes]
    because: Mapped[str] = mapped_column(server_default="")
    signed_at: Mapped[datetime]
    signed_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class ProgrammeRow(Base):
    """One way of earning; its code is unique over the consortium."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    agreement_id: Mapped[int] = mapped_column(sa.ForeignKey("agreement.id"))


class ProgrammeSupplierRow(Base):
    """Which suppliers a programme counts; it is what lets a supplier see it."""

    __tablename__ = "programme_supplier"

    programme_id: Mapped[int] = mapped_column(
        sa.ForeignKey("programme.id"), primary_key=True
    )
    supplier_id: Mapped[int] = mapped_column(
        sa.ForeignKey("supplier.id"), primary_key=True
    )


class CatalogueRow(Base):
    """A supplier's code and what it is. Rows are added; the newest one holds."""

    __tablename__ = "catalogue_item"
    __table_args__ = (sa.Index(None, "supplier_id", "code"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"))
    code: Mapped[str]
    category: Mapped[str]
    unit: Mapped[str | None]
    received_at: Mapped[datetime]


class RateRow(Base):
    """Units of ``to_currency`` for 1 of ``from_currency``. The newest row holds."""

    __tablename__ = "fx_rate"
    __table_args__ = (sa.Index(None, "from_currency", "to_currency", "rate_date"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    from_currency: Mapped[str]
    to_currency: Mapped[str]
    rate_date: Mapped[date]
    rate: Mapped[Decimal] = mapped_column(sa.Numeric(38, 6))
    source: Mapped[str]
    received_at: Mapped[datetime]
