"""Agreements by which a purchase counts once it is paid, in the books."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from purchases import cfdi
from rappel.actions import agreements, periods, rebates
from rappel.actions.payments import record_payment
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.store import purchases as invoices
from rappel.store import rebates as stored
from rappel.store.audit import AuditRow
from rappel.store.payments import PaymentRow
from sending import send
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


@pytest.fixture
def world(db: Database) -> World:
    """Two open quarters under terms that count what is paid."""
    made = small_world(db, NOW)
    agreements.sign(db, SYSTEM, PAID, now=NOW)
    days = {"starts": date(2026, 4, 1), "ends": date(2026, 7, 1)}
    periods.open_period(db, made.administrator, code="2026-Q2", **days, now=NOW)
    return made


def document(name: str, **changes: str) -> Incoming:
    """Return an invoice of 1,000.00 in February, changed."""
    parties = {"issuer": TAX_IDS["andes"], "receiver": TAX_IDS["norte"]}
    return cfdi(name, **{**parties, **changes})


def bought(db: Database, world: World, **changes: str) -> str:
    """Send the invoice that is called ``returned``; answer its reference."""
    send(db, world.norte, document("returned", **changes))
    return ref_of(db, "returned")


def ref_of(db: Database, number: str) -> str:
    with db.reading(SYSTEM) as session:
        found = invoices.list_invoices(session, SYSTEM).items
    return next(one.ref for one in found if one.number == number)


def pay(db: Database, world: World, invoice: str, day: str | None) -> None:
    record_payment(
        db,
        world.administrator,
        invoice,
        paid_on=None if day is None else date.fromisoformat(day),
        because="the bank says so",
        now=NOW,
    )


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


Q1 = [(None, "1000.00", "20.00")]
LATER = [("2026-Q1", "1000.00", "20.00")]


@pytest.mark.parametrize(
    ("day", "first", "then"),
    [("2026-03-31", Q1, []), ("2026-04-01", [], LATER), (None, [], [])],
)
def test_a_purchase_counts_on_its_date_in_the_quarter_in_which_it_is_paid(
    db: Database,
    world: World,
    day: str | None,
    first: list[tuple[str | None, str, str]],
    then: list[tuple[str | None, str, str]],
) -> None:
    pay(db, world, bought(db, world), day)
    close(db, world, "2026-Q1")
    close(db, world, "2026-Q2")
    assert earned(db, "2026-Q1") == first
    assert earned(db, "2026-Q2") == then
    assert verify(db) == ()


def test_a_payment_told_after_closing_is_an_adjustment_of_the_invoice_s_quarter(
    db: Database, world: World
) -> None:
    invoice = bought(db, world)
    close(db, world, "2026-Q1")
    pay(db, world, invoice, "2026-03-20")
    close(db, world, "2026-Q2")
    assert earned(db, "2026-Q2") == LATER
    with db.reading(SYSTEM) as session:
        found = stored.rebates_of(session, SYSTEM, "2026-Q2")
    (ref,) = [one.ref for one in found if one.line.programme == "paid"]
    behind = rebates.explain(db, SYSTEM, ref).documents
    assert [(one.number, str(one.amount)) for one in behind] == [
        ("returned", "1000.00")
    ]
    assert verify(db) == ()


def test_a_payment_told_after_closing_changes_nothing_that_was_closed(
    db: Database, world: World
) -> None:
    pay(db, world, bought(db, world), "2026-03-20")
    send(db, world.norte, document("late", on="2026-03-05"))
    close(db, world, "2026-Q1")
    with db.reading(SYSTEM) as session:
        closed = stored.rebates_of(session, SYSTEM, "2026-Q1")
    pay(db, world, ref_of(db, "late"), "2026-03-25")
    close(db, world, "2026-Q2")
    with db.reading(SYSTEM) as session:
        assert stored.rebates_of(session, SYSTEM, "2026-Q1") == closed
    assert earned(db, "2026-Q1") == Q1
    assert earned(db, "2026-Q2") == [("2026-Q1", "2000.00", "20.00")]
    assert verify(db) == ()


def test_what_is_said_later_holds_and_takes_back_what_was_earned(
    db: Database, world: World
) -> None:
    invoice = bought(db, world)
    pay(db, world, invoice, "2026-03-20")
    close(db, world, "2026-Q1")
    assert earned(db, "2026-Q1") == Q1
    pay(db, world, invoice, None)
    close(db, world, "2026-Q2")
    assert [due for _, _, due in earned(db, "2026-Q2")] == ["-20.00"]
    assert verify(db) == ()
    with db.reading(SYSTEM) as session:
        days = session.scalars(sa.select(PaymentRow.paid_on).order_by(PaymentRow.id))
        assert [*days] == [date(2026, 3, 20), None]


@pytest.mark.parametrize(
    ("day", "volume"), [("2026-03-20", [(None, "800.00", "8.00")]), (None, [])]
)
def test_a_credit_note_counts_once_its_invoice_does(
    db: Database,
    world: World,
    day: str | None,
    volume: list[tuple[str | None, str, str]],
) -> None:
    invoice = bought(db, world)
    send(db, world.norte, document("E1", kind="E", net="200.00", on="2026-03-05"))
    pay(db, world, invoice, day)
    close(db, world, "2026-Q1")
    assert earned(db, "2026-Q1") == volume
    with pytest.raises(Refused) as refused:
        pay(db, world, ref_of(db, "E1"), "2026-03-06")
    assert refused.value.code == "not_payable"


def test_a_credit_note_on_an_invoice_that_is_not_here_counts_on_its_own(
    db: Database, world: World
) -> None:
    send(db, world.norte, document("E1", kind="E", net="200.00", on="2026-03-05"))
    close(db, world, "2026-Q1")
    assert earned(db, "2026-Q1") == [(None, "-200.00", "-2.00")]


def test_only_an_administrator_says_so_with_a_reason_and_leaves_a_trace(
    db: Database, world: World
) -> None:
    invoice = bought(db, world)
    said = {"paid_on": date(2026, 3, 1), "now": NOW}
    with pytest.raises(NotAllowed):
        record_payment(db, world.norte, invoice, because="mine", **said)
    with pytest.raises(NotFound):
        record_payment(db, SYSTEM, "inv_nobody", because="yes", **said)
    with pytest.raises(Malformed):
        record_payment(db, SYSTEM, invoice, because=" ", **said)
    record_payment(db, SYSTEM, invoice, because=" the bank ", **said)
    with db.reading(world.norte) as session:
        assert invoices.invoice(session, world.norte, invoice).paid_on == date(
            2026, 3, 1
        )
    with db.reading(SYSTEM) as session:
        entry = session.scalars(
            sa.select(AuditRow).order_by(AuditRow.id.desc())
        ).first()
        assert (entry.verb, entry.detail) == (
            "invoices.pay",
            {"paid_on": "2026-03-01", "because": "the bank"},
        )
