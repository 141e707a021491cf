"""Members' own terms, and limits that carry, from closing to a statement's proof."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from books import GROUP, NOW, Q2, consortium, posted
from printing import printed
from rappel.actions import periods, statements
from rappel.actions.verify import verify, verify_statement
from rappel.core.access import SYSTEM
from rappel.store import rebates as stored

if TYPE_CHECKING:
    from rappel.store.base import Database

LATER = datetime(2026, 7, 9, 12, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)
OWN = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "andes-volumen"
cap = { of = "earned", amount = "95" }
tiers = [{ from = "0", percent = "2" }, { from = "1000", percent = "5" }]

[programmes.outbound]
reach = "marginal"
tiers = [
    { from = "0", percent = "1", cap = "15" },
    { from = "2000", percent = "3" },
]
"""
CARRIED = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-01

[[programmes]]
code = "andes-volumen"
cap = { of = "earned", amount = "100", carry = true }
tiers = [{ from = "0", percent = "10" }]
"""


def test_both_legs_are_kept_and_the_members_statement_proves_its_own(
    db: Database,
) -> None:
    books = consortium(db, OWN)
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 1999.99",
        "sur andes 2026-01-05 CAM-1 1 3000.00",
        "centro andes 2026-01-05 CAM-1 1 500.00",
    )
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    assert [line.split(" -")[0] for line in posted(books)] == [
        "centro 01-01 500.00 0 5.00",
        "norte 01-01 1999.99 0 15.00",
        "sur 01-01 3000.00 2000 45.00",
    ]
    with books.db.reading(SYSTEM) as session:
        (pool,) = stored.pools_of(session, SYSTEM, "2026-Q1")
    assert (pool.inbound, pool.outbound, pool.difference) == (
        Decimal(200),
        Decimal(65),
        Decimal(135),
    )
    assert verify(books.db) == ()
    found = statements.issue(books.db, books.admin, "2026-Q1", now=NOW, render=printed)
    for one in found:
        pdf = statements.pdf_of(books.db, SYSTEM, one.number)
        assert verify_statement(pdf, db=books.db) == ()


def test_room_that_a_closed_quarter_left_counts_in_the_next(db: Database) -> None:
    books = consortium(db, GROUP)
    books.period("2026-Q2", *Q2)
    books.sign(CARRIED, since=SINCE)
    books.buy("norte andes 2026-01-05 CAM-1 1 500.00")
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    books.buy(
        "norte andes 2026-04-05 CAM-1 1 3000.00",
        "norte andes 2026-02-05 CAM-1 1 200.00",
    )
    periods.close(books.db, books.admin, "2026-Q2", now=LATER)
    earned = [line.split(" -")[0] for line in posted(books, "2026-Q2")]
    assert earned == ["norte 01-01 700.00 0 70.00", "norte 04-01 3000.00 0 130.00"]
    assert verify(books.db) == ()
