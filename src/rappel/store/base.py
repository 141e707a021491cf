"""The metadata of the tables, the engine, and the two ways to open a transaction.

Owns how a session is opened: always with a viewer, which the database's own walls read
from ``rappel.role``, ``rappel.person``, ``rappel.member`` and ``rappel.supplier`` for
the length of that transaction. No viewer set means no rows. Money is ``numeric``
without a scale: exact, whatever the sums; the scales are those of the frames.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from psycopg.errors import DeadlockDetected, LockNotAvailable, UniqueViolation
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session

from rappel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rappel.core.access import Viewer

APP_ROLE = "rappel_app"
OWNER_ROLE = "rappel_owner"
PATIENCE = 10


class Base(DeclarativeBase):
    """Every table, with names of constraints that migrations can rely on."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain dict
        int: sa.BigInteger,
        str: sa.Text,
        Decimal: sa.Numeric,
        datetime: sa.DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


@dataclass(frozen=True, slots=True)
class Database:
    """The books: an engine whose connections act as the application's role."""

    engine: sa.Engine
    cache: Path  # the folder of the derived Parquet parts; may be deleted at any time

    @contextmanager
    def writing(self, viewer: Viewer) -> Iterator[Session]:
        """Open a transaction for a verb: committed at the end, rolled back on error."""
        last = _LAST.get()
        kept = last is not None and not last.busy
        opened = last.writing(self.engine) if last and kept else _session(self.engine)
        with _patience(), opened as session:
            show(session, viewer)
            yield session

    @contextmanager
    def reading(self, viewer: Viewer) -> Iterator[Session]:
        """Open a read-only snapshot: everything read in it is of one moment."""
        last = _LAST.get()
        if last is not None and last.connection is not None and not last.busy:
            with _session(last.connection) as session:
                show(session, viewer)
                yield session
            return
        with Session(self.engine) as session, session.begin():
            session.execute(
                sa.text("set transaction isolation level repeatable read, read only")
            )
            show(session, viewer)
            yield session

    @contextmanager
    def finishing(self) -> Iterator[Last]:
        """Keep the block's last transaction open until the block ends.

        What :meth:`adding` writes is committed together with what the block wrote last,
        or neither is; reads in between see what was written. A transaction before the
        last is committed when the next one opens; an error rolls back the last.
        """
        last = Last()
        token = _LAST.set(last)
        try:
            yield last
            last.end(commit=True)
        finally:
            last.end(commit=False)
            _LAST.reset(token)

    @contextmanager
    def adding(self, viewer: Viewer, last: Last) -> Iterator[Session]:
        """Write in the last transaction of a block, or in one of its own."""
        source = last.connection or self.engine
        with _patience(), _session(source) as session:
            show(session, viewer)
            yield session

    def dispose(self) -> None:
        """Close the connections that nobody uses."""
        self.engine.dispose()


@dataclass(slots=True)
class Last:
    """The last transaction of a block; ``busy`` while a verb writes in it."""

    connection: sa.Connection | None = None
    busy: bool = False

    @contextmanager
    def writing(self, engine: sa.Engine) -> Iterator[Session]:
        """Commit what is open and open the next one, which stays open."""
        self.end(commit=True)
        self.connection = engine.connect()
        self.connection.begin()
        self.busy = True
        try:
            with _session(self.connection) as session:
                yield session
        except BaseException:
            self.end(commit=False)
            raise
        finally:
            self.busy = False

    def end(self, *, commit: bool) -> None:
        """Commit what is open or roll it back, if anything is."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        with connection:  # closing it rolls back
            if commit:
                connection.commit()


_LAST: Final[ContextVar[Last | None]] = ContextVar("last", default=None)


@contextmanager
def _session(source: sa.Engine | sa.Connection) -> Iterator[Session]:
    """Open a session for a transaction; in one that is open already, only flush it."""
    with (
        Session(
            source, expire_on_commit=False, join_transaction_mode="rollback_only"
        ) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def _patience() -> Iterator[None]:
    """Answer a lock that others keep as a refusal: nothing is broken."""
    try:
        yield
    except sa.exc.OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable | DeadlockDetected):
            raise
        raise Refused(
            "Somebody else is changing the same books just now.",
            code="busy",
            repair="Try again in a few seconds.",
        ) from error


def add(session: Session, row: Base, *, taken: str) -> None:
    """Insert a row whose code, number or name must be free.

    Raises:
        Refused: it is not; ``taken`` is the sentence that says so.
    """
    session.add(row)
    try:
        session.flush()
    except sa.exc.IntegrityError as error:
        if not isinstance(error.orig, UniqueViolation):
            raise
        raise Refused(taken, code="taken") from error


def show(session: Session, viewer: Viewer) -> None:
    """Tell the database who is looking, for this transaction only."""
    session.execute(
        sa.text(
            "select set_config('rappel.role', :role, true),"
            " set_config('rappel.person', :person, true),"
            " set_config('rappel.member', :member, true),"
            " set_config('rappel.supplier', :supplier, true)"
        ),
        {
            "role": viewer.role.value,
            "person": _text(viewer.person),
            "member": _text(viewer.member),
            "supplier": _text(viewer.supplier),
        },
    )


def _text(row_id: int | None) -> str:
    return "" if row_id is None else str(row_id)


def connect(
    url: str, *, cache: Path, pool_size: int = 10, role: str | None = APP_ROLE
) -> Database:
    """Make the database of a URL; each connection takes ``role`` when it opens.

    Nobody waits for a lock, nor for a connection of the pool, longer than
    ``PATIENCE`` seconds; a transaction that does nothing is ended after a minute.
    """
    engine = sa.create_engine(
        address(url),
        hide_parameters=True,  # an error's text must not carry names and amounts
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
    )

    @sa.event.listens_for(engine, "connect")
    def _settle_in(connection: Any, _record: object) -> None:
        if role is not None:
            connection.execute(f"set role {role}")
        connection.execute(f"set lock_timeout = '{PATIENCE}s'")
        connection.execute("set idle_in_transaction_session_timeout = '60s'")
        connection.commit()

    return Database(engine, cache)


def address(url: str) -> str:
    """Return a URL as SQLAlchemy takes it: ``postgres://`` is written by many hosts."""
    if url.startswith("postgres://"):
        return "postgresql://" + url.removeprefix("postgres://")
    return url
