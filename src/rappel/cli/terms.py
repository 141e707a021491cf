"""``rappel agreements``, ``catalogue``, ``rates``, ``baselines``.

What the money is computed by, besides the purchases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rappel import clock
from rappel.actions import agreements as verbs
from rappel.actions import baselines as stating
from rappel.actions import catalogue as mapping
from rappel.actions import proposals
from rappel.actions import rates as exchange
from rappel.cli import output
from rappel.cli import proposals as shown
from rappel.cli.opening import books
from rappel.cli.reading import FILE, content, naming
from rappel.core.access import SYSTEM
from rappel.settings import current
from rappel.store import agreements as stored

if TYPE_CHECKING:
    from pathlib import Path

    from rappel.actions.proposals import Check


@click.group()
def agreements() -> None:
    """What consortium and suppliers signed, as TOML documents."""


@agreements.command()
@click.argument("file", type=FILE)
@click.option("--because", default="", help="Why the terms change.")
@click.option("--json", "json_", is_flag=True)
def sign(file: Path, *, because: str, json_: bool) -> None:
    """Sign the agreement in FILE: its first revision, or the next one."""
    document = content(file)
    with books() as db:
        signed = verbs.sign(db, SYSTEM, document, because=because, now=clock.now())
        warnings = proposals.warnings(db, SYSTEM, document)
    if json_:
        told = [proposals.told(one, current().locale) for one in warnings]
        output.as_json(
            {
                "agreement": signed.agreement,
                "revision": signed.revision,
                "programmes": signed.programmes,
                "findings": told,
            }
        )
    else:
        output.say(f"{signed.agreement}: revision {signed.revision}")
        shown.warn(warnings)


@agreements.command()
@click.argument("file", type=FILE)
@click.option("--json", "json_", is_flag=True)
def check(file: Path, *, json_: bool) -> None:
    """Say what the agreement in FILE means; no database, nothing stored.

    Its terms in words, a worked example by the engine, and what to look at twice.
    """
    _show(proposals.check(content(file)), json_=json_)


@agreements.command()
@click.argument("agreement")
@click.option("--revision", type=int)
@click.option("--json", "json_", is_flag=True)
def describe(agreement: str, *, revision: int | None, json_: bool) -> None:
    """Say what a signed AGREEMENT means."""
    with books() as db:
        checked = proposals.describe(db, SYSTEM, agreement, revision)
    _show(checked, json_=json_)


def _show(checked: Check, *, json_: bool) -> None:
    if json_:
        output.as_json(proposals.check_json(checked, current().locale))
    else:
        shown.show(checked)


@agreements.command()
@click.argument("agreement")
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.option("--json", "json_", is_flag=True)
def compare(agreement: str, *, before: int, after: int, json_: bool) -> None:
    """Show two revisions of an AGREEMENT side by side, by their numbers."""
    with books() as db:
        compared = proposals.compare(db, SYSTEM, agreement, before, after)
    if json_:
        output.as_json(compared)
    else:
        shown.differ(compared)


@agreements.command()
@click.argument("agreement")
@click.option("--revision", type=int)
def export(agreement: str, *, revision: int | None) -> None:
    """Print an AGREEMENT's document as it was signed."""
    with books() as db:
        output.say(verbs.export(db, SYSTEM, agreement, revision))


@agreements.command(name="list")
@click.option("--json", "json_", is_flag=True)
def list_(*, json_: bool) -> None:
    """List the agreements."""
    with books() as db, db.reading(SYSTEM) as session:
        found = stored.list_agreements(session, SYSTEM, limit=1000).items
    if json_:
        output.as_json(found)
        return
    rows = [(one.code, one.currency, ", ".join(one.programmes)) for one in found]
    output.table(["agreement", "currency", "programmes"], rows)


@click.group()
def catalogue() -> None:
    """What the suppliers' codes are."""


@catalogue.command()
@click.argument("supplier")
@click.argument("file", type=FILE)
def load(supplier: str, file: Path) -> None:
    """Load a SUPPLIER's codes from a CSV: code, category, unit."""
    with naming(file):
        items = mapping.items_from_csv(content(file))
    with books() as db:
        count = mapping.map_codes(
            db, SYSTEM, supplier=supplier, items=items, now=clock.now()
        )
    output.say(f"{count} codes")


@click.group()
def rates() -> None:
    """Exchange rates, each with its source and date."""


@rates.command(name="load")
@click.argument("file", type=FILE)
@click.option("--source", required=True, help="Who published them.")
def load_rates(file: Path, *, source: str) -> None:
    """Load rates from a CSV: from, to, date, rate."""
    with naming(file):
        found = exchange.rates_from_csv(content(file), source)
    with books() as db:
        count = exchange.record(db, SYSTEM, found, now=clock.now())
    output.say(f"{count} rates")


@click.group()
def baselines() -> None:
    """What growth is measured from where it is stated, with its source and date."""


@baselines.command(name="load")
@click.argument("file", type=FILE)
@click.option("--source", required=True, help="Where they stand: a letter, a report.")
def load_baselines(file: Path, *, source: str) -> None:
    """Load baselines from a CSV: programme, member, window, measure, date."""
    rows = content(file)
    with books() as db, naming(file):
        count = stating.load(db, SYSTEM, rows, source, now=clock.now())
    output.say(f"{count} baselines")
