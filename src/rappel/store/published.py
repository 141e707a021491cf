"""What suppliers and central banks published: codes and rates, as they hold now.

Owns the lists that people look through; the rows and how a verb adds them are in
:mod:`rappel.store.agreements`. Of several rows for the same code, or the same two
currencies and day, the newest holds and is the one that is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from rappel.errors import NotFound
from rappel.store.agreements import CatalogueRow, RateRow
from rappel.store.pages import Page, page
from rappel.store.parties import SupplierRow

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.store.pages import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a supplier's code is."""

    code: str
    category: str
    unit: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Units of ``to_currency`` for 1 of ``from_currency`` on a day."""

    from_currency: str
    to_currency: str
    rate_date: date
    rate: Decimal
    source: str
    received_at: datetime


def list_items(
    session: Session,
    viewer: Viewer,
    supplier: str,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Item]:
    """Return a supplier's codes, each as it holds now.

    Raises:
        NotFound: there is no such supplier, or the viewer may not see its catalogue.
    """
    owner = sa.select(SupplierRow.id).where(
        SupplierRow.code == supplier, _may_see(viewer)
    )
    found = session.execute(owner).scalar_one_or_none()
    if found is None:
        raise NotFound(f"There is no supplier {supplier}.")
    newer = aliased(CatalogueRow)
    overtaken = sa.exists().where(
        newer.supplier_id == CatalogueRow.supplier_id,
        newer.code == CatalogueRow.code,
        newer.id > CatalogueRow.id,
    )
    query = sa.select(
        CatalogueRow.code,
        CatalogueRow.category,
        CatalogueRow.unit,
        CatalogueRow.received_at,
    ).where(CatalogueRow.supplier_id == found, ~overtaken)
    rows = page(session, query, (CatalogueRow.code,), cursor=cursor, limit=limit)
    return rows.map(
        lambda row: Item(
            code=row.code,
            category=row.category,
            unit=row.unit,
            received_at=row.received_at,
        )
    )


def list_rates(
    session: Session,
    viewer: Viewer,
    *,
    from_currency: str | None = None,
    to_currency: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Rate]:
    """Return the rates as they hold now, by currencies and day.

    Raises:
        NotFound: the viewer does not administer.
    """
    if not viewer.administers:
        raise NotFound("There are no rates here.")
    keys = (RateRow.from_currency, RateRow.to_currency, RateRow.rate_date)
    found = page(
        session, _rates(from_currency, to_currency), keys, cursor=cursor, limit=limit
    )
    return found.map(
        lambda row: Rate(
            from_currency=row.from_currency,
            to_currency=row.to_currency,
            rate_date=row.rate_date,
            rate=row.rate,
            source=row.source,
            received_at=row.received_at,
        )
    )


def _rates(from_currency: str | None, to_currency: str | None) -> Query:
    newer = aliased(RateRow)
    overtaken = sa.exists().where(
        newer.from_currency == RateRow.from_currency,
        newer.to_currency == RateRow.to_currency,
        newer.rate_date == RateRow.rate_date,
        newer.id > RateRow.id,
    )
    wanted: list[sa.ColumnElement[Any]] = [~overtaken]
    if from_currency is not None:
        wanted.append(RateRow.from_currency == from_currency)
    if to_currency is not None:
        wanted.append(RateRow.to_currency == to_currency)
    return sa.select(
        RateRow.from_currency,
        RateRow.to_currency,
        RateRow.rate_date,
        RateRow.rate,
        RateRow.source,
        RateRow.received_at,
    ).where(*wanted)


def _may_see(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.administers:
        return sa.true()
    return sa.and_(sa.true(), SupplierRow.id == viewer.supplier)
