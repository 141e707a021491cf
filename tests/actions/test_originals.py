"""A return on its invoice's date: told by the e-invoice's relation, or by a column."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from printing import printed
from purchases import cfdi, table
from rappel.actions import agreements, periods, rebates, statements
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.store import rebates as stored
from rappel.store import runs
from sending import send
from world import TAX_IDS, small_world

if TYPE_CHECKING:
    from rappel.actions.invoices import Incoming
    from rappel.store.base import Database
    from world import World

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
MOVED = b"""\
code = "andes-devuelve"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "moved"
returns = "original_invoice"
tiers = [{ from = "0", percent = "1" }, { from = "1000", percent = "2" }]
"""
ADJUSTED = [("2026-Q1", "800.00", "8.00", "20.00", "-12.00")]
HEAD = (
    "invoice,date,type,original date,supplier tax id,receiver tax id,code,quantity,"
    "net,total,currency"
)


@pytest.fixture
def world(db: Database) -> World:
    """Two open quarters under terms that date a return by its invoice."""
    made = small_world(db, NOW)
    agreements.sign(db, SYSTEM, MOVED, now=NOW)
    days = {"starts": date(2026, 4, 1), "ends": date(2026, 7, 1)}
    periods.open_period(db, made.administrator, code="2026-Q2", **days, now=NOW)
    return made


def bought(**changes: str) -> Incoming:
    """Return the invoice that is called ``returned``, of 1,000.00 in February."""
    parties = {"issuer": TAX_IDS["andes"], "receiver": TAX_IDS["norte"]}
    return cfdi("returned", **{**parties, **changes})


def returned(on: str = "2026-04-05", **changes: str) -> Incoming:
    """Return a credit note of 200.00 on it."""
    parties = {"issuer": TAX_IDS["andes"], "receiver": TAX_IDS["norte"], **changes}
    return cfdi("E1", kind="E", net="200.00", on=on, **parties)


def row(*, kind: str, day: str, original: str, net: str) -> list[str]:
    """Return a row of a table with a column of original dates."""
    ids = [TAX_IDS["andes"], TAX_IDS["norte"]]
    return [f"T-{day}", day, kind, original, *ids, "CAM-1", "1", net, net, "MXN"]


def close(db: Database, world: World, period: str) -> None:
    periods.close(db, world.administrator, period, now=NOW)


def moved(db: Database, period: str) -> list[tuple[str | None, str, str, str, str]]:
    """Return what the programme posted: what it adjusts, volume, earned … due."""
    with db.reading(SYSTEM) as session:
        found = stored.rebates_of(session, SYSTEM, period)
    return [
        (
            one.line.adjusts,
            str(one.line.volume),
            str(one.line.earned),
            str(one.line.settled_before),
            str(one.line.due),
        )
        for one in found
        if one.line.programme == "moved"
    ]


def test_a_return_of_a_closed_quarters_invoice_adjusts_that_quarter(
    db: Database, world: World
) -> None:
    send(db, world.norte, bought())
    close(db, world, "2026-Q1")
    send(db, world.norte, returned())
    close(db, world, "2026-Q2")
    assert moved(db, "2026-Q1") == [(None, "1000.00", "20.00", "0.00", "20.00")]
    assert moved(db, "2026-Q2") == ADJUSTED
    with db.reading(SYSTEM) as session:
        found = stored.rebates_of(session, SYSTEM, "2026-Q2")
    (ref,) = [one.ref for one in found if one.line.programme == "moved"]
    behind = rebates.explain(db, SYSTEM, ref).documents
    assert [(one.number, str(one.amount)) for one in behind] == [
        ("returned", "1000.00"),
        ("E1", "-200.00"),
    ]
    assert verify(db) == ()


def test_a_return_that_counts_in_an_adjustment_is_not_left_out(
    db: Database, world: World
) -> None:
    only = MOVED.replace(b"andes", b"bravo").replace(b'"moved"', b'"alone"')
    agreements.sign(db, SYSTEM, only, now=NOW)
    send(db, world.norte, bought(issuer=TAX_IDS["bravo"]))
    close(db, world, "2026-Q1")
    send(db, world.norte, returned(issuer=TAX_IDS["bravo"]))
    before = row(kind="credit", day="2026-05-05", original="2025-12-01", net="9.00")
    before[4] = TAX_IDS["bravo"]
    send(db, world.norte, table([before], head=HEAD))
    close(db, world, "2026-Q2")
    for period in ("2026-Q1", "2026-Q2"):
        (issued,) = statements.issue(
            db, world.administrator, period, now=NOW, render=printed
        )
    statement = statements.statement_of(db, SYSTEM, issued.number)[1]
    counted = [one.number for row in statement.lines for one in row.documents]
    assert counted == ["returned", "E1"]
    left_out = [(one.number, one.reason) for one in statement.left_out]
    assert left_out == [("T-2026-05-05", "outside_window")]


def test_the_order_of_invoice_and_return_changes_nothing(
    db: Database, world: World
) -> None:
    send(db, world.norte, returned("2026-03-05"))
    send(db, world.norte, bought())
    close(db, world, "2026-Q1")
    assert moved(db, "2026-Q1") == [(None, "800.00", "8.00", "0.00", "8.00")]


@pytest.mark.parametrize("whose", ["nobody", "another supplier"])
def test_a_return_of_an_unknown_invoice_stops_the_programme_and_is_a_finding(
    db: Database, world: World, whose: str
) -> None:
    if whose == "another supplier":
        send(db, world.norte, bought(issuer=TAX_IDS["bravo"]))
    send(db, world.norte, returned("2026-03-05"))
    close(db, world, "2026-Q1")
    assert moved(db, "2026-Q1") == []
    with db.reading(SYSTEM) as session:
        found = runs.kept_run(session, "2026-Q1").findings
    assert "no_original" in {one["code"] for one in found}


def test_an_invoice_that_comes_after_its_return_pays_what_was_stopped(
    db: Database, world: World
) -> None:
    send(db, world.norte, returned("2026-03-05"))
    close(db, world, "2026-Q1")
    send(db, world.norte, bought())
    close(db, world, "2026-Q2")
    assert moved(db, "2026-Q2") == [("2026-Q1", "800.00", "8.00", "0.00", "8.00")]
    assert verify(db) == ()


def test_a_column_of_a_table_says_the_day_of_the_invoice(
    db: Database, world: World
) -> None:
    first = row(kind="invoice", day="2026-02-11", original="", net="1000.00")
    send(db, world.norte, table([first], head=HEAD))
    close(db, world, "2026-Q1")
    note = row(kind="credit", day="2026-04-05", original="2026-02-11", net="200.00")
    send(db, world.norte, table([note], head=HEAD, name="later.csv"))
    close(db, world, "2026-Q2")
    assert moved(db, "2026-Q2") == ADJUSTED
    assert verify(db) == ()
