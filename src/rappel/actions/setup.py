"""The first verbs of a deployment: its tables, its consortium, its administrator."""

from __future__ import annotations

from rappel.errors import Unavailable
from rappel.store import schema
from rappel.store.schema import Standing


def migrate(url: str) -> str:
    """Bring the tables of ``url`` up to date; return the revision reached.

    Raises:
        Unavailable: the server does not answer, its roles are missing and may not be
            made by this login, or a newer release has migrated it.
    """
    return schema.migrate(url)


def check_schema(url: str) -> None:
    """Make sure that the tables of ``url`` are those of this release.

    Raises:
        Unavailable: the server does not answer, or its tables are older (``rappel
            migrate`` brings them up to date) or newer than this release.
    """
    match schema.look(url).standing:
        case Standing.BEHIND:
            raise Unavailable(
                "The database's tables are not those of this release yet.",
                code="schema_behind",
                repair="rappel migrate",
            )
        case Standing.AHEAD:
            raise schema.ahead()
        case Standing.READY:
            return
