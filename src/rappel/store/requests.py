"""The first answers to requests that carried an ``Idempotency-Key``.

Owns the row and the lock under which it is looked up and written: equal requests that
arrive together wait for the first one. The lock is an advisory one on a connection of
its own, so that waiting requests never hold the connections that the first one needs.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from psycopg.errors import LockNotAvailable

from rappel.errors import Refused
from rappel.store.keys import IdempotencyRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from rappel.core.access import Viewer
    from rappel.store.base import Database

AWAY: Final = (  # what it looks like when the database is gone, or all its connections
    sa.exc.OperationalError,
    sa.exc.InterfaceError,
    sa.exc.TimeoutError,
)
PATIENCE: Final = "60s"
TURNS: Final = 7_214  # seeds the numbers of these locks, apart from all others


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered, and the hash of the request it answered."""

    request: bytes
    status: int
    answer: bytes
    media_type: str


@contextmanager
def in_turn(db: Database, viewer: Viewer, key: str) -> Iterator[None]:
    """Hold the turn of a person's key while the block runs.

    Raises:
        Refused: the request that has it is still at work after ``PATIENCE``.
    """
    engine = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
    with engine.connect() as connection, connection.begin():
        connection.execute(sa.text(f"set local lock_timeout = '{PATIENCE}'"))
        _wait(connection, f"{viewer.person}:{key}")
        yield


def _wait(connection: sa.Connection, turn: str) -> None:
    number = sa.func.hashtextextended(turn, TURNS)
    try:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
    except sa.exc.OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        raise Refused(
            "A request with this Idempotency-Key is still at work.",
            code="busy",
            repair="Ask again in a minute, with the same key.",
        ) from error


def first_answer(session: Session, viewer: Viewer, key: str) -> Answer | None:
    """Return what the key was first answered, if it was."""
    row = session.get(IdempotencyRow, (viewer.person, key))
    if row is None:
        return None
    return Answer(
        request=row.request,
        status=row.status,
        answer=row.answer,
        media_type=row.media_type,
    )


def keep(
    session: Session, viewer: Viewer, key: str, first: Answer, *, now: datetime
) -> None:
    """Keep the first answer of a key."""
    session.add(
        IdempotencyRow(
            person_id=viewer.person,
            key=key,
            request=first.request,
            status=first.status,
            answer=first.answer,
            media_type=first.media_type,
            created_at=now,
        )
    )
