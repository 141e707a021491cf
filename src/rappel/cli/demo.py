"""``rappel demo``: a consortium's story from nothing to its issued statements.

A quarter of many surprises, or a year that is paid each quarter. Builds everything in a
folder (the embedded database included), plays the story in it, and compares every
figure with what the story's README computed by hand. Interrupted, it goes on where it
stopped.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import msgspec

from rappel.actions import setup, statements
from rappel.bundled import bundled
from rappel.cli import EXIT_FAILED, output
from rappel.cli.ending import Ending, differences, gather
from rappel.cli.opening import address
from rappel.cli.story import Story, Teller
from rappel.core.access import SYSTEM
from rappel.settings import current
from rappel.store.base import Database, connect

if TYPE_CHECKING:
    from rappel.settings import Settings

STORIES: Final = {"ceiba": "ceiba-2026-q1", "jacaranda": "jacaranda-2026"}
FIRST: Final = "ceiba"


@click.command()
@click.option(
    "--story",
    "told",
    type=click.Choice(list(STORIES)),
    default=FIRST,
    help="ceiba, a quarter of surprises; or jacaranda, a year paid each quarter.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="The folder to build in; else one in the state folder.",
)
@click.option("--json", "json_", is_flag=True, help="Print the ending as JSON.")
def demo(*, told: str, out: Path | None, json_: bool) -> None:
    """Play a consortium's story from nothing to its issued statements.

    Exit 0 only when every figure is the one that the story computed by hand.
    """
    own = "demo" if told == FIRST else f"demo-{told}"
    folder = (out or current().state / own).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    story = Story.of(bundled("stories") / STORIES[told])
    settings = replace(current(), state=folder / "state", database_url=None)
    output.note(about(story))
    ending = play(story, folder, settings)
    wrong = list(differences(story, ending))
    if json_:
        output.as_json({"ending": ending, "differences": wrong})
    else:
        show(ending, folder, wrong)
    if wrong:
        raise click.exceptions.Exit(EXIT_FAILED)


def play(story: Story, folder: Path, settings: Settings) -> Ending:
    """Play the story and gather what it came to; write the statements down."""
    with address(settings) as url:
        setup.migrate(url)
        db = connect(url, cache=settings.state / "parts")
        try:
            with output.progress("Playing", len(story.events)) as step:
                teller = Teller(
                    db=db,
                    story=story,
                    workers=settings.pdf_workers,
                    told=lambda *_: step(),
                )
                if key := teller.found():
                    keep_key(folder / "administrator.key", key.key)
                preview = teller.play()
            ending = gather(db, story, preview)
            write(db, ending, folder)
        finally:
            db.dispose()
    return ending


def about(story: Story) -> str:
    """Say who is in the story."""
    world = story.world
    countries = {member["country"] for member in world["members"]}
    suppliers = world["suppliers"]
    return (
        f"{world['consortium']['name']}: {len(world['members'])} members in"
        f" {len(countries)} {plural('country', 'countries', len(countries))},"
        f" {len(suppliers)} {plural('supplier', 'suppliers', len(suppliers))},"
        f" {' to '.join(dict.fromkeys([story.periods[0], story.periods[-1]]))}."
    )


def plural(one: str, several: str, count: int) -> str:
    """Choose the word for so many."""
    return one if count == 1 else several


def keep_key(file: Path, key: str) -> None:
    """Keep the administrator's key where only its owner reads it."""
    file.touch(mode=0o600)
    file.write_text(key + "\n")


def write(db: Database, ending: Ending, folder: Path) -> None:
    """Write ``statements.json`` and the PDFs as they were issued."""
    printed = folder / "statements"
    printed.mkdir(exist_ok=True)
    for row in ending.statements:
        pdf = statements.pdf_of(db, SYSTEM, row["number"])
        (printed / f"{row['number']}.pdf").write_bytes(pdf)
    content = msgspec.json.format(msgspec.json.encode(ending.statements), indent=2)
    (folder / "statements.json").write_bytes(content + b"\n")


def show(ending: Ending, folder: Path, wrong: list[str]) -> None:
    """Print the ending for a person."""
    output.say("Statements")
    output.table(
        ["number", "period", "member", "programmes", ">total", ""],
        [
            (
                row["number"],
                row["period"],
                row["member"],
                ", ".join(line["programme"] for line in row["lines"]),
                figure(row["total"]),
                row["currency"],
            )
            for row in ending.statements
        ],
    )
    output.say("")
    output.say("What suppliers owe, what members are paid, what the consortium keeps")
    output.table(
        ["period", "programme", ">measure", ">inbound", ">outbound", ">kept", "", ""],
        [
            (
                row["period"],
                row["programme"],
                figure(row["measure"]),
                figure(row["inbound"]),
                figure(row["outbound"]),
                figure(row["difference"]),
                row["currency"],
                f"adjusts {row['adjusts']}" if row["adjusts"] else "",
            )
            for row in ending.pools
        ],
    )
    if ending.year:
        show_instalments(ending)
    output.say("")
    states = ", ".join(f"{count} {state}" for state, count in ending.states.items())
    output.say(f"Documents: {states}.")
    for row in ending.late:
        output.say(
            f"Late: {row['member']} is owed {figure(row['due'])} {row['currency']} more"
            f" for {row['adjusts']}. The next statement will say so; the closed period"
            " did not change."
        )
    output.say(f"Statements: {folder / 'statements'}")
    output.say(
        f"Look around: RAPPEL_STATE={folder / 'state'} ./run serve"
        f"   (key in {folder / 'administrator.key'})"
    )
    for one in wrong:
        output.say(f"NOT THE STORY'S: {one}")
    if not wrong:
        output.say("Every figure is the one that the story computed by hand.")


def show_instalments(ending: Ending) -> None:
    """Print what each window came to, and that its instalments add up to it."""
    output.say("")
    output.say("What each window came to, and what was due of it in each period")
    output.table(
        [
            "programme",
            "member",
            *(f">{period}" for period in ending.periods),
            ">sum of due",
            ">earned less fee",
            ">paid",
            ">carried",
            "",
        ],
        [
            (
                one["programme"],
                row["member"],
                *map(figure, row["due"]),
                figure(row["sum_of_due"]),
                figure(row["net"]),
                figure(row["sum_of_paid"]),
                figure(row["carried"]),
                one["currency"],
            )
            for one in ending.year["programmes"]
            for row in one["members"]
        ],
    )


def figure(text: str) -> str:
    """Write a figure with its thousands apart and two decimals."""
    return f"{Decimal(text):,.2f}"
