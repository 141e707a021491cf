"""``rappel upload`` and ``rappel documents``: what comes in, and what is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from rappel import clock
from rappel.actions import documents as judging
from rappel.actions import invoices
from rappel.actions.payments import record_payment
from rappel.cli import output
from rappel.cli.opening import books
from rappel.cli.reading import FILE, column_map, content
from rappel.core.access import SYSTEM
from rappel.settings import current
from rappel.store import documents as stored
from rappel.store import purchases
from rappel.wording import say_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from rappel.actions.invoices import Received
    from rappel.core.findings import Finding


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--member", help="Whose purchases they are; else the receiver decides.")
@click.option("--columns", type=FILE, help="A column map (TOML) for tables.")
@click.option("--json", "json_", is_flag=True, help="Print the outcome as JSON.")
def upload(
    files: tuple[Path, ...], *, member: str | None, columns: Path | None, json_: bool
) -> None:
    """Take in FILES: e-invoices, ZIPs of them, CSV and XLSX tables."""
    incoming = [invoices.Incoming(file.name, content(file)) for file in files]
    mapped = column_map(columns)
    with books() as db, output.progress("Uploading", len(incoming)) as step:
        received = invoices.receive(
            db,
            SYSTEM,
            incoming,
            member=member,
            columns=mapped,
            now=clock.now(),
            progress=step,
        )
    if json_:
        outcomes = [output.with_words(one) for one in received.outcomes]
        output.as_json(output.fields(received) | {"outcomes": outcomes})
    else:
        show(received)


def show(received: Received) -> None:
    """Print what became of each document."""
    output.say(f"upload {received.upload}")
    rows = [
        (
            one.file,
            one.state + (" (known)" if one.known else ""),
            one.number or "—",
            one.document,
            why(one.findings),
        )
        for one in received.outcomes
    ]
    output.table(["file", "state", "number", "document", "why"], rows)


def why(findings: Iterable[Finding]) -> str:
    """Say the findings of a document, each with its place and what to do."""
    told = []
    for one in findings:
        message, repair = say_finding(one, current().locale)
        row = f"row {one.row}, " if one.row is not None else ""
        column = f"column {one.column}: " if one.column is not None else ""
        told.append(f"{row}{column}{message} → {repair}")
    return "\n".join(told)


@click.group()
def documents() -> None:
    """See what is held; release, refuse, reassign it; say when an invoice was paid."""


@documents.command(name="list")
@click.option(
    "--state", type=click.Choice(stored.STATES), default="held", show_default=True
)
@click.option("--json", "json_", is_flag=True)
def list_(*, state: str, json_: bool) -> None:
    """List the documents in a state, with their reasons."""
    with books() as db, db.reading(SYSTEM) as session:
        found = stored.list_documents(session, SYSTEM, state=state, limit=1000).items
    if json_:
        output.as_json([output.with_words(one) for one in found])
        return
    rows = [
        (
            one.ref,
            one.file,
            one.number or "—",
            why(one.findings),
        )
        for one in found
    ]
    output.table(["document", "file", "number", "why"], rows)


def decide(
    verb: Callable[..., Any], document: str, *, because: str, **more: Any
) -> None:
    """Carry out an administrator's decision on a held document."""
    with books() as db:
        verb(db, SYSTEM, document, because=because, now=clock.now(), **more)
    output.note("done")


DAY = click.DateTime(formats=["%Y-%m-%d"])
BECAUSE = click.option("--because", required=True, help="The reason, kept for ever.")


@documents.command()
@click.argument("document")
@BECAUSE
def release(document: str, because: str) -> None:
    """Let a held DOCUMENT count."""
    decide(judging.release, document, because=because)


@documents.command()
@click.argument("document")
@BECAUSE
def refuse(document: str, because: str) -> None:
    """Refuse a held DOCUMENT."""
    decide(judging.refuse, document, because=because)


@documents.command()
@click.argument("document")
@click.option("--member", required=True, help="Whose purchase it is.")
@BECAUSE
def reassign(document: str, member: str, because: str) -> None:
    """Give a held DOCUMENT to a member."""
    decide(judging.reassign, document, member=member, because=because)


@documents.command()
@click.argument("document")
@click.option("--on", "day", type=DAY, help="The day on which it was paid.")
@click.option("--unpaid", is_flag=True, help="It is not paid after all.")
@BECAUSE
def pay(document: str, day: datetime | None, because: str, *, unpaid: bool) -> None:
    """Say on which day the invoice of an accepted DOCUMENT was paid."""
    if unpaid == (day is not None):
        raise click.UsageError("Give --on with the day, or --unpaid.")
    on = None if day is None else day.date()
    with books() as db, db.reading(SYSTEM) as session:
        invoice = purchases.of_document(session, SYSTEM, document)
    decide(record_payment, invoice, because=because, paid_on=on)
