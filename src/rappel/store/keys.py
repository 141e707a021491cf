"""API keys: only a digest is kept; the key itself is shown once, when it is made.

A key is ``rpl_<ref>_<secret>``; ``ref`` finds the row, SHA-256 of the whole key proves
it (the secret has 256 bits, so a slow hash would add nothing).
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.base import Base


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
