"""The consortium and its chapters, as every viewer may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from rappel.errors import NotFound
from rappel.store.parties import ChapterRow, ConsortiumRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Consortium:
    """The consortium as its statements name it."""

    name: str
    tax_id: str
    country: str
    address: str
    currency: str
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The consortium in a country."""

    country: str
    name: str
    currency: str
    locale: str


def consortium(session: Session, _viewer: Viewer) -> Consortium:
    """Return the consortium, which every viewer may see.

    Raises:
        NotFound: the books have not been initialised.
    """
    columns = ConsortiumRow.__table__.c
    shown = sa.select(*(column for column in columns if column.name != "id"))
    row = session.execute(shown).one_or_none()
    if row is None:
        raise NotFound("These books hold no consortium.", repair="rappel init")
    return Consortium(**row._asdict())


def list_chapters(session: Session, _viewer: Viewer) -> tuple[Chapter, ...]:
    """Return every chapter by country; there are few, and every viewer may see them."""
    shown = sa.select(*ChapterRow.__table__.c).order_by(ChapterRow.country)
    return tuple(Chapter(**row._asdict()) for row in session.execute(shown))
