"""Certificates that administrators say are believed, beside those of the release.

Owns the table; what a certificate is worth is judged elsewhere. Convention:
rows are added, never changed; of a country and a certificate the newest one holds, and
one that is not believed takes an earlier word back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.errors import NotFound
from rappel.store.base import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer


class TrustedRow(Base):
    """What was said of a certificate for the documents of a country (ISO 3166)."""

    __tablename__ = "trusted_certificate"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    country: Mapped[str]
    fingerprint: Mapped[str]
    der: Mapped[bytes]
    believed: Mapped[bool]
    because: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """A certificate that holds, with who said so and why; ``fingerprint`` names it."""

    country: str
    fingerprint: str
    der: bytes
    because: str
    person: int | None
    at: datetime


def believed(session: Session, viewer: Viewer) -> tuple[Trusted, ...]:
    """Return the certificates that administrators believe now, oldest first.

    Raises:
        NotFound: the viewer does not administer.
    """
    if not viewer.administers:
        raise NotFound("There are no certificates here.")
    latest = sa.select(sa.func.max(TrustedRow.id)).group_by(
        TrustedRow.country, TrustedRow.fingerprint
    )
    holding = (
        sa.select(TrustedRow)
        .where(TrustedRow.id.in_(latest), TrustedRow.believed)
        .order_by(TrustedRow.id)
    )
    return tuple(
        Trusted(
            country=row.country,
            fingerprint=row.fingerprint,
            der=row.der,
            because=row.because,
            person=row.person_id,
            at=row.at,
        )
        for row in session.scalars(holding)
    )
