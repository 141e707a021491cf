"""``rappel trust``: whose seals and stamps the consortium believes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rappel import clock
from rappel.actions import trusting as verbs
from rappel.cli import output
from rappel.cli.opening import books
from rappel.cli.periods import day
from rappel.cli.reading import FILE, content, naming
from rappel.core.access import SYSTEM

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def trust() -> None:
    """Certificates of authorities and certifiers that are believed."""


@trust.command()
@click.argument("file", type=FILE)
@click.option("--country", default="MX", show_default=True, help="ISO 3166.")
@click.option("--because", required=True, help="Where it comes from.")
@click.option("--json", "json_", is_flag=True)
def add(file: Path, *, country: str, because: str, json_: bool) -> None:
    """Believe the certificate in FILE (.cer, DER or PEM)."""
    given = content(file)
    with books() as db, naming(file):
        made = verbs.believe(
            db, SYSTEM, given, country=country, because=because, now=clock.now()
        )
    if json_:
        output.as_json(made)
        return
    output.say(f"{made.holder} ({made.authority}), {day(made.ends.date())}")


@trust.command()
@click.argument("fingerprint")
@click.option("--because", required=True, help="Why it is believed no longer.")
def remove(fingerprint: str, *, because: str) -> None:
    """Believe a certificate that was added no longer; FINGERPRINT as in the list."""
    with books() as db:
        verbs.disbelieve(db, SYSTEM, fingerprint, because=because, now=clock.now())
    output.note("done")


@trust.command(name="list")
@click.option("--json", "json_", is_flag=True)
def list_(*, json_: bool) -> None:
    """List whom documents are believed by, the release's authorities first."""
    with books() as db, db.reading(SYSTEM) as session:
        found = verbs.list_trusted(session, SYSTEM)
    if json_:
        output.as_json(found)
        return
    rows = [
        (
            one.fingerprint,
            one.country,
            one.holder,
            one.number,
            day(one.ends.date()),
            "test" if one.is_trial else one.source,
        )
        for one in found
    ]
    output.table(
        ["certificate", "country", "holder", "number", "until", "source"], rows
    )
