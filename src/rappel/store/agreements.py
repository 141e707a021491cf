"""Agreements, their revisions and programmes; the catalogue; the FX rates.

Terms are the administrators' and the system's: of other people's, a member sees the
code of an agreement, and a supplier the codes of its own. A revision holds from its day
until the next one's, whenever it was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.orm import Mapped, mapped_column

from rappel.core.access import Role
from rappel.errors import NotFound
from rappel.store.base import Base
from rappel.store.pages import Page, page

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.store.pages import Query


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement by its codes; ``revisions`` is 0 for those who may not see them."""

    code: str
    currency: str
    programmes: tuple[str, ...]
    revisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Terms as they were signed; ``document`` is the TOML's own text."""

    id: int
    number: int
    in_force_from: date | None
    in_force_until: date | None
    sha256: bytes
    signed_at: datetime
    because: str
    document: str


def list_agreements(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[Agreement]:
    """Return the agreements by code: all, but for a supplier its own."""
    query = _agreements(viewer)
    keys = (AgreementRow.code,)
    found = page(session, query, keys, cursor=cursor, limit=limit)
    return found.map(_agreement)


def agreement(session: Session, viewer: Viewer, code: str) -> Agreement:
    """Return an agreement.

    Raises:
        NotFound: there is none of that code, or it is not the viewer's to see.
    """
    query = _agreements(viewer).where(AgreementRow.code == code)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no agreement {code}.")
    return _agreement(row)


def revisions(session: Session, viewer: Viewer, code: str) -> tuple[Revision, ...]:
    """Return the revisions of an agreement by number; none to who may not see them."""
    if not viewer.administers:
        return ()
    query = (
        sa.select(RevisionRow)
        .join(AgreementRow, AgreementRow.id == RevisionRow.agreement_id)
        .where(AgreementRow.code == code)
        .order_by(RevisionRow.number)
    )
    return tuple(
        Revision(
            id=row.id,
            number=row.number,
            in_force_from=row.in_force_from,
            in_force_until=row.in_force_until,
            sha256=row.sha256,
            signed_at=row.signed_at,
            because=row.because,
            document=row.document,
        )
        for row in session.execute(query).scalars()
    )


def newest_items(
    session: Session, supplier: int, codes: Collection[str]
) -> dict[str, tuple[str, str | None]]:
    """Return the category and unit that hold for each of the supplier's codes."""
    query = (
        sa.select(CatalogueRow.code, CatalogueRow.category, CatalogueRow.unit)
        .where(
            CatalogueRow.supplier_id == supplier,
            CatalogueRow.code == sa.any_(sa.cast(list(codes), sa.ARRAY(sa.Text))),
        )
        .ext(distinct_on(CatalogueRow.code))
        .order_by(CatalogueRow.code, CatalogueRow.id.desc())
    )
    return {row.code: (row.category, row.unit) for row in session.execute(query)}


def newest_rates(
    session: Session, days: Collection[date]
) -> dict[tuple[str, str, date], tuple[Decimal, str]]:
    """Return the rate and source that hold on these days, for each two currencies."""
    pair = (RateRow.from_currency, RateRow.to_currency, RateRow.rate_date)
    query = (
        sa.select(*pair, RateRow.rate, RateRow.source)
        .where(RateRow.rate_date == sa.any_(sa.cast(list(days), sa.ARRAY(sa.Date))))
        .ext(distinct_on(*pair))
        .order_by(*pair, RateRow.id.desc())
    )
    return {
        (row.from_currency, row.to_currency, row.rate_date): (row.rate, row.source)
        for row in session.execute(query)
    }


def _agreements(viewer: Viewer) -> Query:
    of_it = ProgrammeRow.agreement_id == AgreementRow.id
    counted = sa.exists().where(
        ProgrammeSupplierRow.programme_id == ProgrammeRow.id,
        ProgrammeSupplierRow.supplier_id == viewer.supplier,
    )
    mine = of_it & counted if viewer.role is Role.SUPPLIER else of_it
    codes = sa.func.array_agg(aggregate_order_by(ProgrammeRow.code, ProgrammeRow.code))
    signed = sa.select(sa.func.count(RevisionRow.id)).where(
        RevisionRow.agreement_id == AgreementRow.id
    )
    if not viewer.administers:
        signed = signed.where(sa.false())
    query = sa.select(
        AgreementRow.code,
        AgreementRow.currency,
        sa.select(sa.func.coalesce(codes, sa.text("'{}'")))
        .where(mine)
        .scalar_subquery()
        .label("programmes"),
        signed.scalar_subquery().label("revisions"),
    )
    if viewer.role is Role.SUPPLIER:
        return query.where(sa.exists(sa.select(ProgrammeRow.id).where(mine)))
    return query


def _agreement(row: sa.Row[*tuple[Any, ...]]) -> Agreement:
    return Agreement(
        code=row.code,
        currency=row.currency,
        programmes=tuple(row.programmes),
        revisions=row.revisions,
    )
