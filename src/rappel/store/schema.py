"""The state of the database's tables: made, brought up to date, judged.

Owns the running of the migrations, as the role that owns the tables, and the two roles
themselves. Does not own what the migrations do (the folder ``migrations``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from rappel.bundled import bundled
from rappel.core.access import SYSTEM
from rappel.errors import Unavailable
from rappel.store import (
    accruals,
    agreements,
    audit,
    baselines,
    invoices,
    keys,
    pages,
    parties,
    payments,
    periods,
    statements,
    trusted,
)
from rappel.store.base import APP_ROLE, OWNER_ROLE, Base, address

if TYPE_CHECKING:
    from types import ModuleType

    from rappel.store.base import Database

TABLES: Final[tuple[ModuleType, ...]] = (
    accruals,
    agreements,
    audit,
    baselines,
    invoices,
    keys,
    pages,
    parties,
    payments,
    periods,
    statements,
    trusted,
)
METADATA: Final = Base.metadata  # of all the modules above
ONE_AT_A_TIME: Final = 7_237_128_888_997_146_477


class Standing(StrEnum):
    """How the tables compare with this code."""

    READY = "ready"
    BEHIND = "behind"  # there are migrations to run, perhaps all
    AHEAD = "ahead"  # a newer release has migrated them


@dataclass(frozen=True, slots=True)
class Schema:
    """The last migration that the database has seen, and what that means here."""

    revision: str | None
    standing: Standing


def migrate(url: str) -> str:
    """Bring the tables up to date, all or nothing; return the revision reached.

    ``url`` is of somebody who may act as the owner's role, and makes the roles where
    they are missing and it may. Several at once wait for each other.

    Raises:
        Unavailable: the roles are missing and may not be made here; ``repair`` is the
            SQL for the server's administrator. Or the schema is newer than the code.
    """
    engine = sa.create_engine(address(url), poolclass=sa.NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
            _ensure_roles(connection)
            if _standing(_revision(connection)) is Standing.AHEAD:
                raise ahead()
            connection.execute(sa.text(f"set local role {OWNER_ROLE}"))
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            return str(_revision(connection))
    except sa.exc.OperationalError as error:
        raise unreachable(error) from error
    finally:
        engine.dispose()


def look(url: str) -> Schema:
    """Return the standing of the tables at ``url``; changes nothing.

    Raises:
        Unavailable: the database does not answer.
    """
    engine = sa.create_engine(address(url), poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            revision = _revision(connection)
    except sa.exc.OperationalError as error:
        raise unreachable(error) from error
    finally:
        engine.dispose()
    return Schema(revision, _standing(revision))


def answers(db: Database) -> None:
    """Make sure that the database answers; ``Unavailable`` when it does not."""
    try:
        with db.reading(SYSTEM):
            pass
    except sa.exc.OperationalError as error:
        raise unreachable(error) from error


def unreachable(error: sa.exc.OperationalError) -> Unavailable:
    """Return the refusal for a server that does not answer."""
    said = str(error.orig).strip().splitlines()[-1]
    return Unavailable(
        f"The database does not answer: {said}",
        code="database_unreachable",
        repair="Check DATABASE_URL, and that the server it names is running.",
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(bundled("migrations")))
    return config


def _revision(connection: sa.Connection) -> str | None:
    found = connection.execute(sa.text("select to_regclass('alembic_version')"))
    if found.scalar_one() is None:
        return None
    version = sa.text("select version_num from alembic_version")
    return connection.execute(version).scalar_one_or_none()


def _standing(revision: str | None) -> Standing:
    scripts = ScriptDirectory.from_config(_config())
    if revision == scripts.get_current_head():
        return Standing.READY
    known = {script.revision for script in scripts.walk_revisions()}
    return Standing.BEHIND if revision in known | {None} else Standing.AHEAD


def ahead() -> Unavailable:
    """Return the refusal for tables of a newer release."""
    return Unavailable(
        "The database was migrated by a newer release of rappel.",
        code="schema_ahead",
        repair="Install that release, or restore a backup made before it.",
    )


def _ensure_roles(connection: sa.Connection) -> None:
    statements_to_run = _roles_missing(connection)
    try:
        with connection.begin_nested():
            for statement in statements_to_run:
                connection.execute(sa.text(statement))
    except sa.exc.ProgrammingError as error:
        raise Unavailable(
            "The database's roles are missing, and this login may not make them.",
            code="roles_missing",
            repair="As the server's administrator, in this database: "
            + " ".join(f"{statement};" for statement in statements_to_run),
        ) from error


def _roles_missing(connection: sa.Connection) -> list[str]:
    """Return the statements that are still to be run, with the login's own name."""
    login = connection.execute(sa.text("select quote_ident(session_user)")).scalar_one()
    needed = []
    for role in (OWNER_ROLE, APP_ROLE):
        exists = sa.text("select exists (select from pg_roles where rolname = :role)")
        if not connection.execute(exists, {"role": role}).scalar_one():
            needed += [f"create role {role} nologin", f"grant {role} to {login}"]
            continue
        member = sa.text("select pg_has_role(session_user, :role, 'member')")
        if not connection.execute(member, {"role": role}).scalar_one():
            needed.append(f"grant {role} to {login}")
    creates = sa.text("select has_schema_privilege(:role, 'public', 'create')")
    if needed or not connection.execute(creates, {"role": OWNER_ROLE}).scalar_one():
        needed.append(f"grant usage, create on schema public to {OWNER_ROLE}")
    return needed
