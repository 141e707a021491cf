"""Baselines as they were stated: what growth is measured from, and who says so.

Rows are added; of several for one programme, member and window the newest holds.
Administrators and the system read them all, a member its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Mapped, aliased, mapped_column

from rappel.core.access import Role
from rappel.core.frames import BASELINES, Shape
from rappel.errors import NotFound
from rappel.store.agreements import ProgrammeRow
from rappel.store.base import Base
from rappel.store.pages import Page, page
from rappel.store.parties import MemberRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer

Key = tuple[str, str, date]
STATED: Final = Shape(
    "stated",
    {**BASELINES.columns, "source": pl.String(), "source_date": pl.Date()},
    key=BASELINES.key,
)
BASELINE_ROWS: Final = """
select distinct on (b.programme_id, b.member_id, b.window_start)
  p.code, b.member_id, b.measure, b.window_start, b.source, b.source_date
from baseline b join programme p on p.id = b.programme_id
where cast(:baselines as int8multirange) @> b.id
order by b.programme_id, b.member_id, b.window_start, b.id desc
"""


class BaselineRow(Base):
    """What a member bought before a window, as stated. The newest row holds."""

    __tablename__ = "baseline"
    __table_args__ = (sa.Index(None, "programme_id", "member_id", "window_start"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"))
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("member.id"))
    window_start: Mapped[date]
    measure: Mapped[Decimal] = mapped_column(sa.Numeric(38, 6))
    source: Mapped[str]
    source_date: Mapped[date]
    received_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a member bought before the window that starts on ``window``.

    ``measure`` is an amount in the agreement's currency, or pieces where these grow;
    ``source`` says where it stands, and ``source_date`` of which day that is.
    """

    programme: str
    member: str
    window: date
    measure: Decimal
    source: str
    source_date: date
    received_at: datetime


def newest(session: Session) -> dict[Key, tuple[Decimal, str, date]]:
    """Return what holds, by programme, member and window's first day."""
    row = BaselineRow
    key = (ProgrammeRow.code, MemberRow.code, row.window_start)
    query = (
        sa.select(*key, row.measure, row.source, row.source_date)
        .join(ProgrammeRow, ProgrammeRow.id == row.programme_id)
        .join(MemberRow, MemberRow.id == row.member_id)
        .ext(distinct_on(*key))
        .order_by(*key, row.id.desc())
    )
    return {
        (one[0], one[1], one[2]): (one[3], one[4], one[5])
        for one in session.execute(query)
    }


def ids_of(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """Return the ids of programmes, and of members, by code."""
    programmes = session.execute(sa.select(ProgrammeRow.code, ProgrammeRow.id))
    members = session.execute(sa.select(MemberRow.code, MemberRow.id))
    numbers = {row.code: row.id for row in members}
    return {row.code: row.id for row in programmes}, numbers


def list_baselines(
    session: Session,
    viewer: Viewer,
    *,
    programme: str | None = None,
    member: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Baseline]:
    """Return the baselines as they hold now, by programme, member and window.

    Raises:
        NotFound: the viewer is a supplier's.
    """
    if viewer.role is Role.SUPPLIER:
        raise NotFound("There are no baselines here.")
    row, newer = BaselineRow, aliased(BaselineRow)
    overtaken = sa.exists().where(
        newer.programme_id == row.programme_id,
        newer.member_id == row.member_id,
        newer.window_start == row.window_start,
        newer.id > row.id,
    )
    wanted: list[sa.ColumnElement[Any]] = [~overtaken]
    if not viewer.administers:
        wanted.append(row.member_id == viewer.member)
    if programme is not None:
        wanted.append(ProgrammeRow.code == programme)
    if member is not None:
        wanted.append(MemberRow.code == member)
    key = (ProgrammeRow.code, MemberRow.code, row.window_start)
    query = (
        sa.select(
            ProgrammeRow.code.label("programme"),
            MemberRow.code.label("member"),
            row.window_start,
            row.measure,
            row.source,
            row.source_date,
            row.received_at,
        )
        .join(ProgrammeRow, ProgrammeRow.id == row.programme_id)
        .join(MemberRow, MemberRow.id == row.member_id)
        .where(*wanted)
    )
    return page(session, query, key, cursor=cursor, limit=limit).map(
        lambda found: Baseline(
            programme=found.programme,
            member=found.member,
            window=found.window_start,
            measure=found.measure,
            source=found.source,
            source_date=found.source_date,
            received_at=found.received_at,
        )
    )
