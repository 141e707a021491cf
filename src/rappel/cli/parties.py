"""``rappel chapters``, ``members``, ``suppliers`` and ``people``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rappel import clock
from rappel.actions import parties as verbs
from rappel.cli import output
from rappel.cli.opening import books
from rappel.cli.periods import DAY
from rappel.core.access import SYSTEM
from rappel.store import parties as stored
from rappel.store import people as registered

if TYPE_CHECKING:
    from datetime import datetime

TAX_ID = click.option(
    "--tax-id", "tax_ids", multiple=True, required=True, help="May be given again."
)


@click.group()
def chapters() -> None:
    """The consortium's countries."""


@chapters.command(name="open")
@click.argument("country")
@click.option("--name", required=True)
@click.option("--currency", required=True)
@click.option("--locale", required=True, help="Language of its statements: es-MX, …")
def open_chapter(country: str, *, name: str, currency: str, locale: str) -> None:
    """Open the chapter of a COUNTRY (ISO 3166)."""
    with books() as db:
        verbs.open_chapter(
            db,
            SYSTEM,
            country=country,
            name=name,
            currency=currency,
            locale=locale,
            now=clock.now(),
        )
    output.note("done")


@click.group()
def members() -> None:
    """The integrators."""


@members.command(name="list")
@click.option("--json", "json_", is_flag=True)
def list_members(*, json_: bool) -> None:
    """List the members."""
    with books() as db, db.reading(SYSTEM) as session:
        found = stored.list_members(session, SYSTEM, limit=1000).items
    if json_:
        output.as_json(found)
        return
    rows = [
        (one.code, one.name, one.country or "", ", ".join(one.tax_ids)) for one in found
    ]
    output.table(["member", "name", "country", "tax ids"], rows)


@members.command()
@click.argument("code")
@click.option("--name", required=True)
@click.option("--country", required=True)
@TAX_ID
@click.option("--address", default="")
@click.option("--family")
@click.option("--segment", "segments", multiple=True)
@click.option("--joined", type=DAY, help="Purchases count from this day.")
@click.option("--locale", help="Language of its statements; else its chapter's.")
def admit(
    code: str,
    *,
    name: str,
    country: str,
    tax_ids: tuple[str, ...],
    address: str,
    family: str | None,
    segments: tuple[str, ...],
    joined: datetime | None,
    locale: str | None,
) -> None:
    """Admit a member under a CODE of your own."""
    with books() as db:
        verbs.admit(
            db,
            SYSTEM,
            code=code,
            name=name,
            country=country,
            tax_ids=tax_ids,
            address=address,
            family=family,
            segments=segments,
            joined=joined.date() if joined else None,
            locale=locale,
            now=clock.now(),
        )
    output.note("done")


@members.command(name="let-go")
@click.argument("code")
@click.option("--on", "left_on", type=DAY, required=True, help="The first day out.")
def let_go(code: str, *, left_on: datetime) -> None:
    """Let a member go: its purchases count until the day before."""
    with books() as db:
        verbs.let_go(db, SYSTEM, member=code, left_on=left_on.date(), now=clock.now())
    output.note("done")


@members.command(name="add-tax-id")
@click.argument("code")
@click.argument("tax_id")
def add_tax_id(code: str, tax_id: str) -> None:
    """Add a tax id to a member; what was held for it is judged again."""
    with books() as db:
        verbs.add_tax_id(db, SYSTEM, member=code, tax_id=tax_id, now=clock.now())
    output.note("done")


@click.group()
def suppliers() -> None:
    """The preferred vendors."""


@suppliers.command(name="list")
@click.option("--json", "json_", is_flag=True)
def list_suppliers(*, json_: bool) -> None:
    """List the suppliers."""
    with books() as db, db.reading(SYSTEM) as session:
        found = stored.list_suppliers(session, SYSTEM, limit=1000).items
    if json_:
        output.as_json(found)
        return
    rows = [(one.code, one.name, one.country, ", ".join(one.tax_ids)) for one in found]
    output.table(["supplier", "name", "country", "tax ids"], rows)


@suppliers.command()
@click.argument("code")
@click.option("--name", required=True)
@click.option("--country", required=True)
@TAX_ID
def add(code: str, *, name: str, country: str, tax_ids: tuple[str, ...]) -> None:
    """Add a supplier under a CODE of your own."""
    with books() as db:
        verbs.add_supplier(
            db,
            SYSTEM,
            code=code,
            name=name,
            country=country,
            tax_ids=tax_ids,
            now=clock.now(),
        )
    output.note("done")


@suppliers.command(name="add-tax-id")
@click.argument("code")
@click.argument("tax_id")
def add_supplier_tax_id(code: str, tax_id: str) -> None:
    """Add a tax id to a supplier; what was held for it is judged again."""
    with books() as db:
        verbs.add_supplier_tax_id(
            db, SYSTEM, supplier=code, tax_id=tax_id, now=clock.now()
        )
    output.note("done")


@click.group()
def people() -> None:
    """Who acts, in one of three roles."""


@people.command(name="list")
@click.option("--json", "json_", is_flag=True)
def list_people(*, json_: bool) -> None:
    """List the people."""
    with books() as db, db.reading(SYSTEM) as session:
        found = registered.list_people(session, SYSTEM, limit=1000).items
    if json_:
        output.as_json(found)
        return
    rows = [
        (str(one.id), one.name, one.role, one.member or one.supplier or "")
        for one in found
    ]
    output.table([">person", "name", "role", "of"], rows)


@people.command(name="add")
@click.option("--name", required=True)
@click.option("--email")
@click.option(
    "--role",
    required=True,
    type=click.Choice(["administrator", "member", "supplier"]),
)
@click.option("--member", help="Whose person it is, for the role member.")
@click.option("--supplier", help="Whose person it is, for the role supplier.")
def add_person(
    *,
    name: str,
    email: str | None,
    role: str,
    member: str | None,
    supplier: str | None,
) -> None:
    """Add a person; prints the number that a key is made for."""
    with books() as db:
        person = verbs.add_person(
            db,
            SYSTEM,
            name=name,
            email=email,
            role=role,
            member=member,
            supplier=supplier,
            now=clock.now(),
        )
    output.say(str(person))
