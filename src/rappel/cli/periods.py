"""``rappel periods``, ``close``, ``issue`` and ``explain``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rappel import clock
from rappel.actions import explaining, rebates, statements
from rappel.actions import periods as verbs
from rappel.cli import output
from rappel.cli.opening import books
from rappel.core.access import SYSTEM
from rappel.core.money import places, plain
from rappel.settings import current
from rappel.store import documents as listed
from rappel.store import rebates as computed
from rappel.store import runs as stored
from rappel.store.readings import findings_from
from rappel.wording import say_finding, translator

if TYPE_CHECKING:
    from datetime import date, datetime

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def periods() -> None:
    """Open periods, and see the state of each."""


@periods.command(name="open")
@click.argument("code")
@click.argument("starts", type=DAY)
@click.argument("ends", type=DAY)
def open_(code: str, starts: datetime, ends: datetime) -> None:
    """Open the period CODE from the day STARTS up to and not including ENDS."""
    with books() as db:
        verbs.open_period(
            db,
            SYSTEM,
            code=code,
            starts=starts.date(),
            ends=ends.date(),
            now=clock.now(),
        )
    output.note("done")


@periods.command(name="list")
@click.option("--json", "json_", is_flag=True)
def list_(*, json_: bool) -> None:
    """List the periods."""
    with books() as db, db.reading(SYSTEM) as session:
        found = stored.list_periods(session, SYSTEM)
    if json_:
        output.as_json(found)
        return
    rows = [(one.code, day(one.starts), day(one.ends), one.state) for one in found]
    output.table(["period", "from", "until", "state"], rows)


def day(value: date) -> str:
    """Write a day."""
    return value.isoformat()


@click.command()
@click.argument("period")
@click.option("--early", is_flag=True, help="Also before its last day is over.")
@click.option("--json", "json_", is_flag=True)
def close(period: str, *, early: bool, json_: bool) -> None:
    """Close PERIOD: compute what it earned, for ever."""
    with books() as db:
        with output.progress(f"Closing {period}") as step:
            summary = verbs.close(
                db, SYSTEM, period, now=clock.now(), early=early, progress=step
            )
        with db.reading(SYSTEM) as session:
            held = listed.list_documents(session, SYSTEM, state="held", limit=500).items
    found = findings_from(summary.findings)
    if json_:
        told = [output.in_words(one) for one in found]
        output.as_json(output.fields(summary) | {"findings": told})
        return
    output.say(f"{period} is closed: run {summary.run}")
    for currency, amount in summary.due.items():
        output.say(f"  due {plain(amount, places(currency))} {currency}")
    output.say(f"  {summary.rebates} rebates of {summary.members} members")
    if held:
        output.say(f"  {len(held)} documents are held: rappel documents list")
    for finding in found:
        message, repair = say_finding(finding, current().locale)
        output.say(f"  {finding.severity}: {message}")
        output.say(f"    → {repair}")


@click.command()
@click.argument("period")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write the PDFs there too."
)
@click.option("--json", "json_", is_flag=True)
def issue(period: str, *, out: Path | None, json_: bool) -> None:
    """Issue the statements of a closed PERIOD."""
    with books() as db, output.progress("Printing") as step:
        issued = statements.issue(
            db,
            SYSTEM,
            period,
            now=clock.now(),
            workers=current().pdf_workers,
            progress=step,
        )
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            for one in issued:
                (out / f"{one.number}.pdf").write_bytes(
                    statements.pdf_of(db, SYSTEM, one.number)
                )
    if json_:
        output.as_json(issued)
        return
    rows = [
        (
            one.number,
            one.member,
            one.currency,
            plain(one.total, places(one.currency)),
            one.sha256[:16],
        )
        for one in issued
    ]
    columns = ["number", "member", "currency", ">total", "sha256"]
    output.table(columns, rows)


@click.command(name="rebates")
@click.argument("period")
@click.option("--json", "json_", is_flag=True)
def list_rebates(period: str, *, json_: bool) -> None:
    """List the rebates of a closed PERIOD; `explain` opens each by its name."""
    with books() as db, db.reading(SYSTEM) as session:
        found = computed.rebates_of(session, SYSTEM, period)
    if json_:
        output.as_json(found)
        return
    rows = [
        (
            one.ref,
            one.member,
            one.line.programme,
            plain(one.line.due, places(one.currency)),
            one.currency,
        )
        for one in found
    ]
    output.table(["rebate", "member", "programme", ">due", ""], rows)


@click.command()
@click.argument("rebate")
@click.option("--json", "json_", is_flag=True)
def explain(rebate: str, *, json_: bool) -> None:
    """Open the amount of a REBATE down to its documents."""
    with books() as db:
        explanation = rebates.explain(db, SYSTEM, rebate)
    heard = translator(current().locale)
    if json_:
        opened = explanation.rebate
        line = explaining.told(opened.line, heard)
        output.as_json(replace(explanation, rebate=replace(opened, line=line)))
    else:
        output.say(explaining.explanation_text(explanation, heard))
