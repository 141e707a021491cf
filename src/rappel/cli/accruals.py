"""``rappel accruals``, ``accrue`` and ``accrued``: what finance states and keeps."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from rappel import clock
from rappel.actions import accruals as verbs
from rappel.actions import taking
from rappel.actions.accruals import Accrual
from rappel.cli import output
from rappel.cli.opening import books
from rappel.cli.outlook import TODAY, content, day, money, unreadable
from rappel.core.access import SYSTEM
from rappel.core.accruals import Policy
from rappel.store import accrued as stored

if TYPE_CHECKING:
    from datetime import datetime

    from rappel.store.accrued import Sum, Taken

SHOWN: Final = ("earned", "expected", "accrued", "received", "outstanding", "change")
POLICY: Final = click.option(
    "--policy",
    type=click.Choice([one.value for one in Policy]),
    default=Policy.REACHED.value,
)


@click.command()
@click.argument("period")
@POLICY
@TODAY
@click.option(
    "--earlier",
    type=click.Path(path_type=Path),
    help="What an earlier accrual answered with --json; the difference is shown.",
)
@click.option("--json", "json_", is_flag=True)
def accruals(
    period: str,
    *,
    policy: str,
    today: datetime | None,
    earlier: Path | None,
    json_: bool,
) -> None:
    """State what is earned, expected, received and outstanding; store nothing."""
    before = stated(earlier) if earlier else ()
    with books() as db:
        found = verbs.accrue(
            db,
            SYSTEM,
            period,
            policy=Policy(policy),
            today=day(today),
            now=clock.now(),
            earlier=before,
        )
    if json_:
        output.as_json(found)
        return
    rows = [
        (
            one.programme,
            one.member,
            one.currency,
            *(money(getattr(one, name), one.currency) for name in SHOWN),
        )
        for one in found.rows
    ]
    rows += [
        ("", "", currency, *(money(sums[name], currency) for name in SHOWN))
        for currency, sums in verbs.totals(found.rows).items()
    ]
    columns = ["programme", "member", "", *(f">{name}" for name in SHOWN)]
    output.table(columns, rows)


@click.command()
@click.argument("period")
@POLICY
@TODAY
@click.option("--json", "json_", is_flag=True)
def accrue(period: str, *, policy: str, today: datetime | None, json_: bool) -> None:
    """Take the accrual of PERIOD into the books, with the difference to the last.

    The same facts again take nothing: the answer is the one of before.
    """
    with books() as db:
        taken = taking.take(
            db,
            SYSTEM,
            period,
            policy=Policy(policy),
            today=day(today),
            now=clock.now(),
        )
        with db.reading(SYSTEM) as session:
            sums = stored.sums_of(session, SYSTEM, taken.id)
    _show(taken, sums, json_=json_)


@click.command()
@click.argument("accrual", required=False)
@click.option("--period", help="Only those of a period.")
@click.option("--json", "json_", is_flag=True)
def accrued(accrual: str | None, *, period: str | None, json_: bool) -> None:
    """List the accruals that were taken, or show ACCRUAL by programme and supplier."""
    with books() as db, db.reading(SYSTEM) as session:
        if accrual is not None:
            taken = stored.taken_of(session, SYSTEM, accrual)
            _show(taken, stored.sums_of(session, SYSTEM, taken.id), json_=json_)
            return
        found = stored.list_taken(session, SYSTEM, period=period, limit=1000).items
    if json_:
        output.as_json([_head(one) for one in found])
        return
    rows = [(one.ref, one.period, one.day.isoformat(), one.policy) for one in found]
    output.table(["accrual", "period", "day", "policy"], rows)


def stated(path: Path) -> tuple[Accrual, ...]:
    """Read what ``rappel accruals --json`` answered earlier."""
    try:
        read = msgspec.json.decode(content(path), type=dict[str, msgspec.Raw])
        return msgspec.json.decode(read["rows"], type=tuple[Accrual, ...])
    except (msgspec.DecodeError, KeyError) as error:
        raise unreadable(path, str(error)) from error


def _head(one: Taken) -> dict[str, Any]:
    return {
        "accrual": one.ref,
        "period": one.period,
        "today": one.day,
        "policy": one.policy,
        "as_of": one.as_of,
        "snapshot": one.snapshot,
    }


def _show(taken: Taken, sums: tuple[Sum, ...], *, json_: bool) -> None:
    """Print an accrual: its head, and its figures by programme and supplier."""
    if json_:
        totals = [
            {
                "programme": one.programme,
                "supplier": one.supplier,
                "currency": one.currency,
                "members": one.members,
                **{name: money(f, one.currency) for name, f in one.figures.items()},
            }
            for one in sums
        ]
        output.as_json(_head(taken) | {"totals": totals})
        return
    output.say(f"{taken.ref}: {taken.period}, {taken.day}, {taken.policy}")
    names = (*SHOWN[:-1], "earlier", SHOWN[-1])
    rows = [
        (
            one.programme,
            one.supplier or "",
            one.currency,
            *(money(one.figures[name], one.currency) for name in names),
        )
        for one in sums
    ]
    columns = ["programme", "supplier", "", *(f">{name}" for name in names)]
    output.table(columns, rows)
