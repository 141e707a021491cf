"""The tables of the consortium, its chapters, members, suppliers and people.

Owns the questions about members and suppliers too; the others are asked in
:mod:`rappel.store.consortium` and :mod:`rappel.store.people`. What a viewer is told of
a party is decided here as well as by the walls: a supplier knows a member by its code
and name, a member knows no supplier's tax ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Mapped, mapped_column

from rappel.core.access import Role
from rappel.errors import NotFound
from rappel.store.base import Base
from rappel.store.pages import Page, page
from rappel.store.periods import VolumeRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.store.pages import Query


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
    """Who acts, in one of three roles; of a member or supplier for those two."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member; a supplier is told its code and name alone."""

    id: int
    code: str
    name: str
    country: str | None = None
    address: str = ""
    family: str | None = None
    segments: tuple[str, ...] = ()
    joined: date | None = None
    left_on: date | None = None
    locale: str | None = None
    tax_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A supplier; its tax ids are for itself and the administrators."""

    id: int
    code: str
    name: str
    country: str
    tax_ids: tuple[str, ...] = ()


def list_members(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[Member]:
    """Return the members the viewer may see, by code.

    All for those who administer, itself for a member, and for a supplier those that
    have volume with it, by code and name.
    """
    keys = (MemberRow.code,)
    found = page(session, _members(viewer), keys, cursor=cursor, limit=limit)
    return found.map(lambda row: _member(row, viewer))


def member(session: Session, viewer: Viewer, code: str) -> Member:
    """Return a member.

    Raises:
        NotFound: there is none of that code, or it is not the viewer's to see.
    """
    query = _members(viewer).where(MemberRow.code == code)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no member {code}.")
    return _member(row, viewer)


def list_suppliers(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[Supplier]:
    """Return the suppliers by code: all, but for a supplier only itself."""
    keys = (SupplierRow.code,)
    found = page(session, _suppliers(viewer), keys, cursor=cursor, limit=limit)
    return found.map(_supplier)


def supplier(session: Session, viewer: Viewer, code: str) -> Supplier:
    """Return a supplier.

    Raises:
        NotFound: there is none of that code, or it is not the viewer's to see.
    """
    query = _suppliers(viewer).where(SupplierRow.code == code)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no supplier {code}.")
    return _supplier(row)


def _members(viewer: Viewer) -> Query:
    tax_ids = _sorted(MemberTaxIdRow.tax_id, MemberTaxIdRow.member_id == MemberRow.id)
    query = sa.select(MemberRow, tax_ids.label("tax_ids"))
    if viewer.administers:
        return query
    if viewer.role is Role.MEMBER:
        return query.where(MemberRow.id == viewer.member)
    buys = sa.exists().where(
        VolumeRow.supplier_id == viewer.supplier, VolumeRow.member_id == MemberRow.id
    )
    return query.where(buys)


def _suppliers(viewer: Viewer) -> Query:
    owned = SupplierTaxIdRow.supplier_id == SupplierRow.id
    if viewer.role is Role.MEMBER:
        owned = owned & sa.false()
    tax_ids = _sorted(SupplierTaxIdRow.tax_id, owned)
    query = sa.select(SupplierRow, tax_ids.label("tax_ids"))
    if viewer.role is Role.SUPPLIER:
        return query.where(SupplierRow.id == viewer.supplier)
    return query


def _sorted(
    column: sa.orm.InstrumentedAttribute[str], where: sa.ColumnElement[bool]
) -> sa.ScalarSelect[list[str]]:
    every = sa.func.array_agg(aggregate_order_by(column, column))
    return (
        sa.select(sa.func.coalesce(every, sa.text("'{}'")))
        .where(where)
        .scalar_subquery()
    )


def _member(row: sa.Row[*tuple[Any, ...]], viewer: Viewer) -> Member:
    found: MemberRow = row.MemberRow
    if viewer.role is Role.SUPPLIER:
        return Member(id=found.id, code=found.code, name=found.name)
    return Member(
        id=found.id,
        code=found.code,
        name=found.name,
        country=found.country,
        address=found.address,
        family=found.family,
        segments=tuple(found.segments),
        joined=found.joined,
        left_on=found.left_on,
        locale=found.locale,
        tax_ids=tuple(row.tax_ids),
    )


def _supplier(row: sa.Row[*tuple[Any, ...]]) -> Supplier:
    found: SupplierRow = row.SupplierRow
    return Supplier(
        id=found.id,
        code=found.code,
        name=found.name,
        country=found.country,
        tax_ids=tuple(row.tax_ids),
    )
