"""What comes in after a period was closed is paid in the next one, and names it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from books import NOW, Q2, RETROACTIVE, consortium, posted
from rappel.actions import periods
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.store import rebates as stored
from rappel.store import runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from books import Books
    from rappel.actions.keeping import RunSummary
    from rappel.store.base import Database

LATER = datetime(2026, 7, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def books(db: Database) -> Books:
    return consortium(db)


def close(books: Books, code: str = "2026-Q1", now: datetime = NOW) -> RunSummary:
    return periods.close(books.db, books.admin, code, now=now, early=True)


def test_a_late_invoice_is_adjusted_in_the_next_period_and_names_the_closed_one(
    books: Books,
) -> None:
    books.period("2026-Q2", *Q2)
    books.buy("norte andes 2026-01-05 CAM-1 1 200000.00")
    close(books)
    before = posted(books)
    books.buy("norte andes 2026-03-31 CAM-1 1 50000.00")
    summary = close(books, "2026-Q2", LATER)
    assert posted(books) == before, "what a closed period pays never changes"
    assert posted(books, "2026-Q2") == [
        (
            "norte 01-01 250000.00 250000 8750.00 -875.00 -3600.00"
            " = 4275.00 pays 4275.00 carries 0.00 adjusts 2026-Q1"
        )
    ]
    assert summary.adjustments == 1
    assert verify(books.db) == ()


def test_instalments_add_up_whatever_comes_in_later(books: Books) -> None:
    """After 5, 8 and 9 % on 1,000 the total is 90, not 120."""
    books.period("2026-Q2", *Q2)
    books.period("2026-Q3", Q2[1], date(2026, 10, 1))
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    close(books)
    books.buy("norte andes 2026-01-06 CAM-1 1 150000.00")
    close(books, "2026-Q2", LATER)
    books.buy("norte andes 2026-01-07 CAM-1 1 1000.00 credit_note")
    close(books, "2026-Q3", LATER)
    dues = []
    for code in ("2026-Q1", "2026-Q2", "2026-Q3"):
        with books.db.reading(SYSTEM) as session:
            rows = stored.rebates_of(session, SYSTEM, code)
        dues += [row.line.due for row in rows]
    assert dues == [Decimal("1800.00"), Decimal("6075.00"), Decimal("-3393.00")]
    assert sum(dues) == Decimal(249000) * 2 / 100 * 90 / 100
    assert verify(books.db) == ()


def test_what_a_return_takes_back_is_carried_until_it_is_earned(books: Books) -> None:
    books.period("2026-Q2", *Q2)
    books.period("2026-Q3", Q2[1], date(2026, 10, 1))
    withdrawn = books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")[0]
    close(books)
    books.event(withdrawn, "cancelled")
    close(books, "2026-Q2", LATER)
    assert posted(books, "2026-Q2") == [
        (
            "norte 01-01 0.00 0 0.00 -0.00 -1800.00"
            " = -1800.00 pays 0.00 carries -1800.00 adjusts 2026-Q1"
        )
    ]
    books.buy("norte andes 2026-07-05 CAM-1 1 200000.00")
    close(books, "2026-Q3", LATER)
    assert posted(books, "2026-Q3") == [
        (
            "norte 07-01 200000.00 100000 4000.00 -400.00 -0.00"
            " = 3600.00 pays 1800.00 carries 0.00"
        )
    ]
    assert verify(books.db) == ()


def test_a_year_to_date_window_settles_late_facts_in_itself(db: Database) -> None:
    yearly = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
[[programmes]]
code = "andes-anual"
accumulate = "year"
tiers = [{ from = "0", percent = "1" }, { from = "100000", percent = "2" }]
"""
    books = consortium(db, yearly)
    books.period("2026-Q2", *Q2)
    books.buy("norte andes 2026-01-05 CAM-1 1 60000.00")
    close(books)
    books.buy("norte andes 2026-03-31 CAM-1 1 10000.00")
    books.buy("norte andes 2026-04-01 CAM-1 1 30000.00")
    close(books, "2026-Q2", LATER)
    assert posted(books, "2026-Q2") == [
        (
            "norte 01-01 100000.00 100000 2000.00 -0.00 -600.00"
            " = 1400.00 pays 1400.00 carries 0.00"
        )
    ]
    assert verify(books.db) == ()


def test_a_revision_signed_late_counts_from_its_day_and_is_adjusted(
    books: Books,
) -> None:
    books.period("2026-Q2", *Q2)
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    close(books)
    books.sign(
        RETROACTIVE.replace('percent = "2"', 'percent = "3"'), since=date(2026, 1, 1)
    )
    close(books, "2026-Q2", LATER)
    assert posted(books, "2026-Q2") == [
        (
            "norte 01-01 100000.00 100000 3000.00 -300.00 -1800.00"
            " = 900.00 pays 900.00 carries 0.00 adjusts 2026-Q1"
        )
    ]
    assert verify(books.db) == ()


def test_a_year_that_is_paid_at_its_end_is_not_paid_before(db: Database) -> None:
    """Windows of a quarter, settled by the year: the last quarter pays all four."""
    yearly = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
[[programmes]]
code = "andes-anual"
settle = "year"
tiers = [{ from = "0", percent = "1" }, { from = "100000", percent = "2" }]
"""
    books = consortium(db, yearly)
    books.period("2026-Q2", *Q2)
    books.period("2026-Q3", Q2[1], date(2026, 10, 1))
    books.period("2026-Q4", date(2026, 10, 1), date(2027, 1, 1))
    books.period("2027-Q1", date(2027, 1, 1), date(2027, 4, 1))
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    for code in ("2026-Q1", "2026-Q2", "2026-Q3"):
        close(books, code)
        assert posted(books, code) == []
    with db.reading(SYSTEM) as session:
        seen = stored.volumes_of(session, SYSTEM, "2026-Q1")
    assert [one.amount for one in seen] == [Decimal(100000)], "volumes are told at once"
    books.buy("norte andes 2026-11-05 CAM-1 1 50.00")
    close(books, "2026-Q4")
    assert [row.split(" -")[0] for row in posted(books, "2026-Q4")] == [
        "norte 01-01 100000.00 100000 2000.00",
        "norte 10-01 50.00 0 0.50",
    ]
    books.buy("norte andes 2026-02-05 CAM-1 1 100.00")
    close(books, "2027-Q1")
    (row,) = posted(books, "2027-Q1")
    assert row.startswith("norte 01-01 100100.00 100000 2002.00")
    assert row.endswith("= 2.00 pays 2.00 carries 0.00 adjusts 2026-Q4")
    assert verify(db) == ()


def test_a_lifetime_counts_from_the_first_day_of_the_terms(db: Database) -> None:
    lifetime = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
in_force_from = 2026-01-15
[[programmes]]
code = "andes-vida"
accumulate = "lifetime"
tiers = [{ from = "0", percent = "1" }, { from = "100", percent = "2" }]
"""
    books = consortium(db)
    books.sign(
        lifetime.replace("andes-2026", "andes-vida-2026"), since=date(2026, 1, 15)
    )
    books.period("2026-Q2", *Q2)
    books.buy(
        "norte andes 2026-01-14 CAM-1 1 1000.00", "norte andes 2026-01-15 CAM-1 1 60.00"
    )
    close(books)
    books.buy("norte andes 2026-04-15 CAM-1 1 40.00")
    close(books, "2026-Q2")
    found = [row for row in posted(books, "2026-Q2") if " 01-15 " in row]
    assert found == [
        "norte 01-15 100.00 100 2.00 -0.00 -0.60 = 1.40 pays 1.40 carries 0.00"
    ]
    assert verify(db) == ()


def adjusted(books: Books, change: Callable[[], object]) -> list[str]:
    """Change something between two closings; answer what the second one corrects."""
    books.period("2026-Q2", *Q2)
    close(books)
    change()
    close(books, "2026-Q2")
    assert verify(books.db) == ()
    return [row.partition(" adjusts ")[2] for row in posted(books, "2026-Q2")]


def test_a_quarter_that_nothing_touched_is_not_computed_again(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")

    def unrelated() -> None:
        books.buy("norte andes 2026-04-05 CAM-1 1 5.00")
        books.rate("USD", "MXN", date(2026, 4, 1), "18.5")
        books.member("este")

    assert adjusted(books, unrelated) == [""]
    with books.db.reading(SYSTEM) as session:
        assert runs.kept_run(session, "2026-Q2").snapshot["closed"] == []


def test_a_rate_that_comes_late_pays_what_it_stopped(db: Database) -> None:
    official = RETROACTIVE.replace('fee_percent = "10"', 'fx = "invoice_date"')
    books = consortium(db, official)
    books.buy("norte andes 2026-01-05 CAM-1 1 10000.00 USD@")

    def late() -> None:
        books.rate("USD", "MXN", date(2026, 1, 5), "18.5")

    assert adjusted(books, late) == ["2026-Q1"]


def test_a_code_that_is_mapped_late_counts_then(db: Database) -> None:
    scoped = RETROACTIVE.replace(
        'fee_percent = "10"', 'scope = { categories = ["cctv"] }'
    )
    books = consortium(db, scoped)
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    assert adjusted(books, lambda: books.item("andes", "CAM-1", "cctv")) == ["2026-Q1"]


def test_a_member_that_left_earlier_than_was_known_gives_it_back(
    books: Books,
) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")

    def leave() -> None:
        with books.db.writing(SYSTEM) as session:
            session.execute(
                sa.text("update member set left_on = '2026-01-05' where code = 'norte'")
            )

    assert adjusted(books, leave) == ["2026-Q1"]
