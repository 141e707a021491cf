"""The rows of a signing: an agreement, its revision, its programmes, whom they count.

Owns the statements, not the rules (:mod:`rappel.actions.agreements`). Signings wait for
each other, so that what one has seen still holds when it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from rappel.store.agreements import (
    AgreementRow,
    ProgrammeRow,
    ProgrammeSupplierRow,
    RevisionRow,
)
from rappel.store.base import add
from rappel.store.parties import SupplierRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

SIGNING: Final = 7_213


class Owned(NamedTuple):
    """A row and what it hangs on: an agreement's currency, or whose programme it is."""

    id: int
    owner: str | int


def one_at_a_time(session: Session) -> None:
    """Wait until no other signing is under way."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(SIGNING)))


def agreement_of(session: Session, code: str) -> Owned | None:
    """Return the agreement's row id and its currency."""
    query = sa.select(AgreementRow.id, AgreementRow.currency)
    row = session.execute(query.where(AgreementRow.code == code)).one_or_none()
    return None if row is None else Owned(row.id, row.currency)


def add_agreement(session: Session, code: str, currency: str, *, now: datetime) -> int:
    """Add an agreement; return its row id."""
    row = AgreementRow(code=code, currency=currency, created_at=now)
    add(session, row, taken=f"There is an agreement {code} already.")
    return row.id


def add_revision(session: Session, revision: RevisionRow) -> None:
    """Add a revision."""
    add(session, revision, taken="This revision is signed already.")


def programme_of(session: Session, code: str) -> Owned | None:
    """Return the programme's row id and its agreement's."""
    query = sa.select(ProgrammeRow.id, ProgrammeRow.agreement_id)
    row = session.execute(query.where(ProgrammeRow.code == code)).one_or_none()
    return None if row is None else Owned(row.id, row.agreement_id)


def add_programme(session: Session, code: str, agreement: int) -> int:
    """Add a programme; return its row id."""
    row = ProgrammeRow(code=code, agreement_id=agreement)
    add(session, row, taken=f"There is a programme {code} already.")
    return row.id


def suppliers(session: Session) -> dict[str, int]:
    """Return the row id of every supplier by its code."""
    rows = session.execute(sa.select(SupplierRow.code, SupplierRow.id))
    return {row.code: row.id for row in rows}


def documents(session: Session) -> list[str]:
    """Return every document that was signed, oldest first."""
    query = sa.select(RevisionRow.document).order_by(RevisionRow.id)
    return list(session.scalars(query))


def programmes(session: Session, codes: Collection[str]) -> list[int]:
    """Return the row ids of programmes."""
    query = sa.select(ProgrammeRow.id).where(ProgrammeRow.code.in_(codes))
    return list(session.scalars(query))


def let_count(session: Session, pairs: Iterable[tuple[int, int]]) -> None:
    """Let programmes count suppliers, by row ids; what they do already stays."""
    for programme, supplier in pairs:
        session.execute(
            insert(ProgrammeSupplierRow)
            .values(programme_id=programme, supplier_id=supplier)
            .on_conflict_do_nothing()
        )
