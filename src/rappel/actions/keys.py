"""API keys: made, revoked, and turned into the viewer that they prove.

A key is shown once, when it is made; only its digest is kept.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rappel.actions import inputs
from rappel.actions.permission import must_administer
from rappel.core.access import SYSTEM, Viewer
from rappel.errors import NotFound, Refused, Unauthenticated
from rappel.store import audit, people
from rappel.store.base import add
from rappel.store.keys import KeyRow, holder

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.store.base import Database

SHAPE: Final = re.compile(r"rpl_([0-9a-f]{12})_[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key just made: the only value that holds it whole."""

    ref: str
    key: str
    person: int


def create(
    db: Database, viewer: Viewer, *, person: int, note: str = "", now: datetime
) -> NewKey:
    """Make a key for a person.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such person.
    """
    must_administer(viewer)
    inputs.must_hold(inputs.text("note", note, empty=True))
    with db.writing(viewer) as session:
        people.person(session, viewer, person)
        made = grant(session, person=person, note=note, now=now)
        detail = {"person": person, "note": note}
        audit.note(session, viewer, "keys.create", made.ref, detail, at=now)
    return made


def grant(session: Session, *, person: int, note: str, now: datetime) -> NewKey:
    """Add a key to the books, within a verb that notes it."""
    ref = secrets.token_hex(6)
    key = f"rpl_{ref}_{secrets.token_urlsafe(32)}"
    row = KeyRow(
        ref=ref, person_id=person, digest=_digest(key), note=note, created_at=now
    )
    add(session, row, taken="That reference is taken.")
    return NewKey(ref=ref, key=key, person=person)


def revoke(db: Database, viewer: Viewer, ref: str, *, now: datetime) -> None:
    """Put a key out of force, at once and for ever.

    Raises:
        NotAllowed: the viewer does not administer.
        NotFound: there is no such key.
        Refused: it was revoked before.
    """
    must_administer(viewer)
    with db.writing(viewer) as session:
        row = session.get(KeyRow, ref, with_for_update=True)
        if row is None:
            raise NotFound(f"There is no key {ref}.")
        if row.revoked_at is not None:
            raise Refused(f"Key {ref} was revoked before.", code="already_revoked")
        row.revoked_at = now
        audit.note(
            session, viewer, "keys.revoke", ref, {"person": row.person_id}, at=now
        )


def viewer_of(db: Database, key: str) -> Viewer:
    """Return who a key makes its bearer.

    Raises:
        Unauthenticated: no key has this form, is known, or is in force; never which.
    """
    shape = SHAPE.fullmatch(key)
    if shape is not None:
        with db.reading(SYSTEM) as session:
            found = holder(session, shape.group(1))
        if found is not None and hmac.compare_digest(found[0], _digest(key)):
            return found[1]
    raise Unauthenticated(
        "This key is unknown or no longer in force.",
        repair="Ask an administrator of the consortium for a new one.",
    )


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
