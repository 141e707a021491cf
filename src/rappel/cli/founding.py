"""``rappel init``, ``migrate`` and ``keys``: the books, and who may open them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rappel import clock
from rappel.actions import keys as verbs
from rappel.actions import setup
from rappel.cli import output
from rappel.cli.opening import address, books
from rappel.core.access import SYSTEM
from rappel.settings import current
from rappel.store.base import connect

if TYPE_CHECKING:
    from rappel.actions.keys import NewKey


@click.command()
@click.option("--name", required=True, help="The consortium's legal name.")
@click.option("--tax-id", required=True)
@click.option("--country", required=True, help="ISO 3166, for example MX.")
@click.option("--address", "where", default="", help="Its postal address.")
@click.option("--currency", required=True, help="ISO 4217, for example MXN.")
@click.option("--locale", default="es", show_default=True, help="en, es or pt.")
@click.option("--administrator", required=True, help="The first administrator's name.")
@click.option("--email", default=None)
@click.option("--json", "json_", is_flag=True)
def init(
    *,
    name: str,
    tax_id: str,
    country: str,
    where: str,
    currency: str,
    locale: str,
    administrator: str,
    email: str | None,
    json_: bool,
) -> None:
    """Make the books, and the first administrator with a key that is shown once."""
    settings = current()
    with address(settings) as url:
        setup.migrate(settings.migration_url or url)
        db = connect(url, cache=settings.state / "parts")
        try:
            key = setup.initialise(
                db,
                name=name,
                tax_id=tax_id,
                country=country,
                address=where,
                currency=currency,
                locale=locale,
                administrator=administrator,
                email=email,
                now=clock.now(),
            )
        finally:
            db.engine.dispose()
    show(key, json_=json_)


def show(key: NewKey, *, json_: bool) -> None:
    """Print a new key, the only time it can be seen."""
    if json_:
        output.as_json(key)
        return
    output.note("Keep this key: it is not shown again.")
    output.say(key.key)


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this program."""
    settings = current()
    with address(settings) as url:
        output.say(setup.migrate(settings.migration_url or url))


@click.group()
def keys() -> None:
    """Make and revoke the keys that people's programs show."""


@keys.command()
@click.option("--person", required=True, type=int, help="Whose it is: people list.")
@click.option("--note", default="", help="What it is for.")
@click.option("--json", "json_", is_flag=True)
def create(*, person: int, note: str, json_: bool) -> None:
    """Make a key for a person; it is shown once."""
    with books() as db:
        key = verbs.create(db, SYSTEM, person=person, note=note, now=clock.now())
    show(key, json_=json_)


@keys.command()
@click.argument("ref")
def revoke(ref: str) -> None:
    """Revoke the key whose REF stands between its first two underscores."""
    with books() as db:
        verbs.revoke(db, SYSTEM, ref, now=clock.now())
    output.note("done")
