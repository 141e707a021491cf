"""Who did what, when, to what: append only, each entry chained to the one before.

``hash`` is SHA-256 over the previous hash and the entry's canonical JSON, so that no
entry can be changed, removed or put between two others without it being seen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.base import Base


class AuditRow(Base):
    """One change of state."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    role: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    verb: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[dict[str, Any]]
    previous: Mapped[bytes]
    hash: Mapped[bytes]
