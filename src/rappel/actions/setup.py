"""The first verbs of a deployment: its tables, its consortium, its administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rappel.actions import inputs, keys
from rappel.core.access import SYSTEM, Role
from rappel.errors import Unavailable
from rappel.store import audit, schema
from rappel.store.base import add
from rappel.store.parties import ConsortiumRow, PersonRow
from rappel.store.schema import Standing

if TYPE_CHECKING:
    from datetime import datetime

    from rappel.actions.keys import NewKey
    from rappel.store.base import Database


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
        Unavailable: the server does not answer, there are no tables yet (``rappel
            init`` makes them), or they are older (``rappel migrate`` brings them up to
            date) or newer than this release.
    """
    found = schema.look(url)
    match found.standing:
        case Standing.BEHIND if found.revision is None:
            raise _no_books()
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


def check_books(db: Database) -> None:
    """Make sure that the books have their consortium.

    Raises:
        Unavailable: they have none yet; ``rappel init`` makes it.
    """
    with db.reading(SYSTEM) as session:
        if session.get(ConsortiumRow, 1) is None:
            raise _no_books()


def _no_books() -> Unavailable:
    return Unavailable(
        "There are no books here yet.",
        code="no_books",
        repair="Make them: rappel init, or rappel demo to look around first.",
    )


def initialise(
    db: Database,
    *,
    name: str,
    tax_id: str,
    country: str,
    address: str,
    currency: str,
    locale: str,
    administrator: str,
    email: str | None,
    now: datetime,
) -> NewKey:
    """Make the consortium and its first administrator, with a key that is shown once.

    Raises:
        Malformed: with a fault for each value that cannot be.
        Refused: these books have their consortium.
    """
    inputs.must_hold(
        inputs.text("name", name),
        inputs.country("country", country),
        inputs.text("address", address, empty=True),
        inputs.currency("currency", currency),
        inputs.locale("locale", locale),
        inputs.text("administrator", administrator),
        inputs.email("email", email),
    )
    (own_id,) = inputs.tax_ids("tax_id", [tax_id])
    with db.writing(SYSTEM) as session:
        consortium = ConsortiumRow(
            id=1,
            name=name,
            tax_id=own_id,
            country=country,
            address=address,
            currency=currency,
            locale=locale,
        )
        add(session, consortium, taken="These books have their consortium.")
        person = PersonRow(
            name=administrator,
            email=email,
            role=Role.ADMINISTRATOR.value,
            created_at=now,
        )
        add(session, person, taken="This person is there.")
        key = keys.grant(session, person=person.id, note="first key", now=now)
        detail = {"name": name, "administrator": person.id, "key": key.ref}
        audit.note(session, SYSTEM, "setup.initialise", "consortium", detail, at=now)
    return key
