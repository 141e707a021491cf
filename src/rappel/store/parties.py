"""The consortium, its chapters, members, suppliers and people: tables, then queries."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.base import Base


class ConsortiumRow(Base):
    """The one consortium of this deployment."""

    __tablename__ = "consortium"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    tax_id: Mapped[str]
    country: Mapped[str]
    address: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str]


class ChapterRow(Base):
    """The consortium's part in a country; ``country`` is ISO 3166 alpha-2."""

    __tablename__ = "chapter"

    country: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str]


class MemberRow(Base):
    """An integrator. It counts from ``joined`` up to and not including ``left_on``."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str] = mapped_column(sa.ForeignKey("chapter.country"))
    address: Mapped[str] = mapped_column(server_default="")
    family: Mapped[str | None]
    segments: Mapped[list[str]] = mapped_column(
        sa.ARRAY(sa.Text), server_default=sa.text("'{}'")
    )
    joined: Mapped[date | None]
    left_on: Mapped[date | None]
    locale: Mapped[str | None]
    created_at: Mapped[datetime]


class MemberTaxIdRow(Base):
    """A tax id under which a member buys; unique over the whole consortium."""

    __tablename__ = "member_tax_id"

    tax_id: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str]
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"), index=True)


class SupplierRow(Base):
    """A preferred vendor."""

    __tablename__ = "supplier"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    country: Mapped[str]
    created_at: Mapped[datetime]


class SupplierTaxIdRow(Base):
    """A tax id under which a supplier bills."""

    __tablename__ = "supplier_tax_id"

    tax_id: Mapped[str] = mapped_column(primary_key=True)
    country: Mapped[str]
    supplier_id: Mapped[int] = mapped_column(sa.ForeignKey("supplier.id"), index=True)


class PersonRow(Base):
    """Who acts, in one of three roles; a member's or supplier's person belongs to it."""

    __tablename__ = "person"
    __table_args__ = (
        sa.CheckConstraint(
            "(role = 'administrator' and member_id is null and supplier_id is null)"
            " or (role = 'member' and member_id is not null and supplier_id is null)"
            " or (role = 'supplier' and supplier_id is not null and member_id is null)",
            name="role",
        ),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None]
    role: Mapped[str]
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"))
    supplier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("supplier.id"))
    created_at: Mapped[datetime]
