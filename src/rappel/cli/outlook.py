"""``rappel outlook`` and ``what-if``: looks ahead that store nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rappel import clock
from rappel.actions import outlook as verbs
from rappel.actions import whatif
from rappel.cli import output
from rappel.cli.opening import books
from rappel.core.access import SYSTEM
from rappel.core.money import InexactError, exact, places, plain
from rappel.errors import Fault, Malformed
from rappel.settings import current
from rappel.wording import fill, translator

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from rappel.core.statements import StatementLine

DAY = click.DateTime(formats=["%Y-%m-%d"])
TODAY = click.option("--today", type=DAY, help="As of this day; else the present one.")


@click.command()
@click.argument("period")
@TODAY
@click.option("--json", "json_", is_flag=True)
def outlook(period: str, *, today: datetime | None, json_: bool) -> None:
    """Show how far the next tier is in PERIOD, what it is worth, and the pace."""
    with books() as db:
        found = verbs.outlook(db, SYSTEM, period, today=day(today), now=clock.now())
    if json_:
        output.as_json(found)
        return
    heard = translator(current().locale)
    rows = [
        (
            one.programme,
            one.member,
            one.currency,
            money(one.volume, one.currency),
            money(one.earned, one.currency),
            plain(one.next.missing) if one.next else "",
            money(one.next.worth, one.currency) if one.next else "",
            money(one.projected_earned, one.currency),
            " ".join(fill(heard(said.text), said.params) for said in one.advice),
        )
        for one in found.rows
    ]
    columns = ["programme", "member", "", ">volume", ">earned", ">missing", ">worth"]
    output.table([*columns, ">projected", "what it means"], rows)


@click.group(name="what-if")
def what_if() -> None:
    """Ask what other terms, or one more purchase, would earn; nothing is stored."""


@what_if.command()
@click.argument("agreement", type=click.Path(path_type=Path))
@click.option("--from", "starts", type=DAY, required=True, help="The first day.")
@click.option("--until", "ends", type=DAY, required=True, help="The first day after.")
@click.option("--json", "json_", is_flag=True)
def terms(agreement: Path, *, starts: datetime, ends: datetime, json_: bool) -> None:
    """Compute what the terms of AGREEMENT.toml would have earned on those days."""
    document = content(agreement)
    with books() as db:
        found = whatif.terms_last_year(
            db,
            SYSTEM,
            document,
            start=starts.date(),
            end=ends.date(),
            now=clock.now(),
        )
    if json_:
        output.as_json(found)
        return
    rows = [
        (
            one.line.programme,
            one.member,
            one.line.window.isoformat(),
            one.currency,
            money(one.line.volume, one.currency),
            money(one.line.earned, one.currency),
            money(one.line.fee, one.currency),
        )
        for one in found.rebates
    ]
    columns = ["programme", "member", "window", "", ">volume", ">earned", ">fee"]
    output.table(columns, rows)


@what_if.command()
@click.argument("period")
@click.argument("member")
@click.argument("supplier")
@click.argument("amount")
@click.argument("currency")
@click.option("--category", help="What is bought; else nothing that asks for one.")
@click.option("--json", "json_", is_flag=True)
def bought(
    period: str,
    member: str,
    supplier: str,
    amount: str,
    currency: str,
    *,
    category: str | None,
    json_: bool,
) -> None:
    """Compute what one more purchase of MEMBER from SUPPLIER changes in PERIOD."""
    try:
        figure = exact(amount)
    except InexactError as error:
        raise click.BadParameter(str(error), param_hint="AMOUNT") from error
    with books() as db:
        found = whatif.buy_more(
            db,
            SYSTEM,
            member,
            supplier,
            category=category,
            amount=figure,
            currency=currency,
            period=period,
            now=clock.now(),
        )
    if json_:
        output.as_json(found)
        return
    rows = [
        (
            one.programme,
            one.window.isoformat(),
            one.currency,
            earned(one.before, one.currency),
            earned(one.after, one.currency),
            money(one.more, one.currency),
        )
        for one in found.changes
    ]
    columns = ["programme", "window", "", ">earned before", ">after", ">more"]
    output.table(columns, rows)


def earned(line: StatementLine | None, currency: str) -> str:
    """Write what a line earned, if there is one."""
    return money(line.earned if line else None, currency)


def money(figure: Decimal | None, currency: str) -> str:
    """Write an amount that may be missing."""
    return "" if figure is None else plain(figure, places(currency))


def day(given: datetime | None) -> date:
    """Return the day that was asked for, or the present one."""
    return (given or clock.now()).date()


def content(path: Path) -> bytes:
    """Read a file, or say why not."""
    try:
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or "it cannot be opened"
        raise unreadable(path, why) from error


def unreadable(path: Path, why: str) -> Malformed:
    """Return the refusal of a file that cannot be read."""
    fault = Fault(
        code="bad_file",
        message=f"This cannot be read: {why}.",
        repair="Give the file as it was written.",
        file=str(path),
    )
    return Malformed(f"{path} cannot be read.", code="bad_file", faults=(fault,))
