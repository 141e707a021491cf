"""Payments that tables tell: with the invoice, of a known one, and handed on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from purchases import cfdi, table
from rappel.actions import agreements, periods
from rappel.actions.payments import record_payment
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.errors import Refused
from rappel.store import purchases as invoices
from rappel.store import rebates as stored
from rappel.store.payments import PaymentRow
from sending import send, told
from world import TAX_IDS, small_world

if TYPE_CHECKING:
    from rappel.actions.invoices import Incoming
    from rappel.store.base import Database
    from world import World

NOW = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)
PAID = b"""\
code = "andes-paga"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "paid"
counts = "paid"
tiers = [{ from = "0", percent = "1" }, { from = "1000", percent = "2" }]
"""
HEAD = (
    "invoice,date,fecha de pago,supplier tax id,receiver tax id,code,quantity,"
    "net,total,currency"
)
Q1 = [(None, "1000.00", "20.00")]
LATER = [("2026-Q1", "1000.00", "20.00")]
PARTIES = {"issuer": TAX_IDS["andes"], "receiver": TAX_IDS["norte"]}


@pytest.fixture
def world(db: Database) -> World:
    """Two open quarters under terms that count what is paid."""
    made = small_world(db, NOW)
    agreements.sign(db, SYSTEM, PAID, now=NOW)
    days = {"starts": date(2026, 4, 1), "ends": date(2026, 7, 1)}
    periods.open_period(db, made.administrator, code="2026-Q2", **days, now=NOW)
    return made


def listed(paid: str, number: str = "A1") -> Incoming:
    """Return a table of one invoice of February, paid on that day."""
    ids = [TAX_IDS["andes"], TAX_IDS["norte"]]
    figures = ["CAM-1", "1", "1000.00", "1160.00", "MXN"]
    row = [number, "2026-02-11", paid, *ids, *figures]
    return table([row], head=HEAD, name=f"{number}-{paid}.csv")


def close(db: Database, world: World, period: str) -> None:
    periods.close(db, world.administrator, period, now=NOW)


def earned(db: Database, period: str) -> list[tuple[str | None, str, str]]:
    """Return what the programme posted: what it adjusts, its volume, and its due."""
    with db.reading(SYSTEM) as session:
        found = stored.rebates_of(session, SYSTEM, period)
    return [
        (one.line.adjusts, str(one.line.volume), str(one.line.due))
        for one in found
        if one.line.programme == "paid"
    ]


def payments(db: Database) -> list[tuple[date | None, str]]:
    with db.reading(SYSTEM) as session:
        said = sa.select(PaymentRow.paid_on, PaymentRow.because)
        return [tuple(row) for row in session.execute(said.order_by(PaymentRow.id))]


def counting(db: Database) -> invoices.Invoice:
    """Return the one invoice that still counts."""
    with db.reading(SYSTEM) as session:
        found = invoices.list_invoices(session, SYSTEM).items
    (one,) = [each for each in found if each.stopped is None]
    return one


@pytest.mark.parametrize(
    ("paid", "first", "then"),
    [("2026-03-31", Q1, []), ("2026-04-01", [], LATER), ("", [], [])],
)
def test_a_table_s_payment_counts_in_the_quarter_in_which_it_was_made(
    db: Database,
    world: World,
    paid: str,
    first: list[tuple[str | None, str, str]],
    then: list[tuple[str | None, str, str]],
) -> None:
    send(db, world.norte, listed(paid))
    close(db, world, "2026-Q1")
    close(db, world, "2026-Q2")
    assert (earned(db, "2026-Q1"), earned(db, "2026-Q2")) == (first, then)
    assert verify(db) == ()


def test_a_payment_before_the_invoice_is_refused_and_nothing_of_it_is_kept(
    db: Database, world: World
) -> None:
    received = send(db, world.norte, listed("2026-02-10"))
    ((state, codes),) = told(received)
    assert (state, codes) == ("refused", ["paid_before_issued"])
    (finding,) = received.outcomes[0].findings
    assert (finding.row, finding.column) == (2, "fecha de pago")
    assert received.outcomes[0].file == "A1-2026-02-10.csv"
    assert payments(db) == []


def test_a_known_invoice_learns_its_payment_after_closing_as_an_adjustment(
    db: Database, world: World
) -> None:
    send(db, world.norte, cfdi("A1", **PARTIES))
    close(db, world, "2026-Q1")
    assert told(send(db, world.norte, listed("2026-03-20"))) == [
        ("known", ["known_already"])
    ]
    close(db, world, "2026-Q2")
    assert (earned(db, "2026-Q1"), earned(db, "2026-Q2")) == ([], LATER)
    assert verify(db) == ()


def test_a_table_is_heard_only_where_nothing_was_said(
    db: Database, world: World
) -> None:
    send(db, world.norte, listed("2026-03-20"), listed("2026-03-21"))
    assert payments(db) == [(date(2026, 3, 20), "A table says so.")]
    invoice = counting(db).ref
    with pytest.raises(Refused) as refused:
        record_payment(
            db, SYSTEM, invoice, paid_on=date(2026, 2, 10), because="early", now=NOW
        )
    assert refused.value.code == "paid_before_issued"
    record_payment(db, SYSTEM, invoice, paid_on=None, because="it bounced", now=NOW)
    send(db, world.norte, listed("2026-03-22"))
    assert counting(db).paid_on is None


def test_the_e_invoice_takes_over_the_payment_of_the_table_s_row(
    db: Database, world: World
) -> None:
    send(db, world.norte, listed("2026-03-20"))
    send(db, world.norte, cfdi("A1", **PARTIES))
    held = counting(db)
    assert (held.scheme, held.paid_on) == ("cfdi", date(2026, 3, 20))
    assert payments(db)[1][1] == "It was said of the document that this one replaces."
    close(db, world, "2026-Q1")
    assert earned(db, "2026-Q1") == Q1
    assert verify(db) == ()


def test_it_does_so_within_one_upload_and_an_unpaid_one_hands_on_nothing(
    db: Database, world: World
) -> None:
    send(db, world.norte, listed("2026-03-20"), cfdi("A1", **PARTIES))
    assert counting(db).paid_on == date(2026, 3, 20)
    send(db, world.norte, listed("", "B2"))
    send(db, world.norte, cfdi("B2", **PARTIES))
    assert len(payments(db)) == 2
