"""API keys: only a digest is kept; the key itself is shown once, when it is made.

A key is ``rpl_<ref>_<secret>``; ``ref`` finds the row, SHA-256 of the whole key proves
it (the secret has 256 bits, so a slow hash would add nothing).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.core.access import Role, Viewer
from rappel.errors import NotFound
from rappel.store.base import Base
from rappel.store.pages import Page, page
from rappel.store.parties import PersonRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class KeyRow(Base):
    """A key of a person; never deleted, only revoked."""

    __tablename__ = "api_key"

    ref: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    digest: Mapped[bytes]
    note: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class IdempotencyRow(Base):
    """The first answer to a request that carried an ``Idempotency-Key``."""

    __tablename__ = "idempotency"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request: Mapped[bytes]
    status: Mapped[int]
    answer: Mapped[bytes]
    media_type: Mapped[str]
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What may be known of a key once it was shown."""

    ref: str
    person: int
    note: str
    created_at: datetime
    revoked_at: datetime | None


def list_keys(
    session: Session, viewer: Viewer, *, cursor: str | None = None, limit: int = 50
) -> Page[Key]:
    """Return every key, newest first.

    Raises:
        NotFound: the viewer does not administer.
    """
    if not viewer.administers:
        raise NotFound("There are no keys here.")
    query = sa.select(
        KeyRow.ref,
        KeyRow.person_id.label("person"),
        KeyRow.note,
        KeyRow.created_at,
        KeyRow.revoked_at,
    )
    keys = (KeyRow.created_at, KeyRow.ref)
    found = page(session, query, keys, cursor=cursor, limit=limit, newest_first=True)
    return found.map(
        lambda row: Key(
            ref=row.ref,
            person=row.person,
            note=row.note,
            created_at=row.created_at,
            revoked_at=row.revoked_at,
        )
    )


def holder(session: Session, ref: str) -> tuple[bytes, Viewer] | None:
    """Return the digest of a key in force and who it makes its bearer, if there is one.

    The session is the system's: before this answer there is no viewer yet.
    """
    query = (
        sa.select(
            KeyRow.digest,
            PersonRow.id,
            PersonRow.role,
            PersonRow.member_id,
            PersonRow.supplier_id,
        )
        .join(PersonRow, PersonRow.id == KeyRow.person_id)
        .where(KeyRow.ref == ref, KeyRow.revoked_at.is_(None))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    viewer = Viewer(
        role=Role(row.role),
        person=row.id,
        member=row.member_id,
        supplier=row.supplier_id,
    )
    return row.digest, viewer
