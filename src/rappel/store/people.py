"""People: who acts in the books, as an administrator or they themselves see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from rappel.core.access import Role
from rappel.errors import NotFound
from rappel.store.pages import Page, page
from rappel.store.parties import MemberRow, PersonRow, SupplierRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.store.pages import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who acts; ``member`` and ``supplier`` are codes."""

    id: int
    name: str
    email: str | None
    role: Role
    member: str | None = None
    supplier: str | None = None


def list_people(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[Person]:
    """Return the people in the order they were added: all, or the viewer itself."""
    found = page(session, _people(viewer), (PersonRow.id,), cursor=cursor, limit=limit)
    return found.map(_person)


def person(session: Session, viewer: Viewer, number: int) -> Person:
    """Return a person.

    Raises:
        NotFound: there is none of that number, or it is not the viewer's to see.
    """
    query = _people(viewer).where(PersonRow.id == number)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no person {number}.")
    return _person(row)


def _people(viewer: Viewer) -> Query:
    query = (
        sa.select(
            PersonRow.id,
            PersonRow.name,
            PersonRow.email,
            PersonRow.role,
            MemberRow.code.label("member"),
            SupplierRow.code.label("supplier"),
        )
        .outerjoin(MemberRow, MemberRow.id == PersonRow.member_id)
        .outerjoin(SupplierRow, SupplierRow.id == PersonRow.supplier_id)
    )
    return query if viewer.administers else query.where(PersonRow.id == viewer.person)


def _person(row: sa.Row[*tuple[Any, ...]]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        email=row.email,
        role=Role(row.role),
        member=row.member,
        supplier=row.supplier,
    )
