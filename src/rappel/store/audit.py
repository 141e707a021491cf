"""Who did what, when, to what: append only, each entry chained to the one before.

``hash`` is SHA-256 over the previous hash and the entry's canonical JSON, so that no
entry can be changed, removed or put between two others without it being seen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from rappel.store.base import Base

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer

TAIL: Final = sa.text("select id, hash from audit_tail()")


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


def note(
    session: Session,
    viewer: Viewer,
    verb: str,
    subject: str,
    detail: Mapping[str, object],
    *,
    at: datetime,
) -> None:
    """Add the entry of a change, in the transaction that makes it.

    From here to the end of the transaction no other entry is added anywhere, so it is
    a verb's last step; and the transaction sees what others commit meanwhile (READ
    COMMITTED), as every one that :meth:`Database.writing` opens does. ``detail`` holds
    texts, whole numbers, dates, exact decimals, and mappings and sequences of them: no
    secret, and no content of a document.

    Raises:
        TypeError: ``detail`` holds a float or anything else that is not exact.
    """
    session.flush()
    last, previous = session.execute(TAIL).one()
    entry = AuditRow(
        id=(last or 0) + 1,
        at=at,
        role=viewer.role.value,
        person_id=viewer.person,
        verb=verb,
        subject=_plain(subject),
        detail=_plain(detail),
        previous=previous or b"",
    )
    entry.hash = digest(entry)
    session.add(entry)
    session.flush()


def moments(session: Session) -> set[datetime]:
    """Return every moment at which something was done, as far as may be seen."""
    return set(session.scalars(sa.select(AuditRow.at)))


def digest(entry: AuditRow) -> bytes:
    """Return the hash that an entry should have."""
    value = {
        "id": entry.id,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "role": entry.role,
        "person": entry.person_id,
        "verb": entry.verb,
        "subject": entry.subject,
        "detail": entry.detail,
    }
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(entry.previous + text.encode()).digest()


def first_broken(session: Session) -> int | None:
    """Return the place in the chain where it breaks, ``None`` when it holds.

    Entries count from 1 without a gap; one that was changed, taken out or put in is
    the first that does not follow from those before it. What was cut off at the end
    shows only against a copy of the last hash kept elsewhere.
    """
    previous = b""
    entries = session.execute(sa.select(AuditRow).order_by(AuditRow.id)).yield_per(1000)
    for place, entry in enumerate(entries.scalars(), start=1):
        follows = entry.id == place and entry.previous == previous
        if not follows or entry.hash != digest(entry):
            return place
        previous = entry.hash
    return None


def _plain(value: Any) -> Any:
    """Return what PostgreSQL's JSON gives back exactly as it was put in."""
    match value:
        case None | bool() | int():
            return value
        case str():
            exact = value.replace("\0", "\N{REPLACEMENT CHARACTER}")
            return exact.encode(errors="replace").decode()
        case Decimal() | date():
            return str(value)
        case Mapping():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case Sequence():
            return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not exact enough for the audit trail")
