"""Volumes that came in after their period was closed, and who is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from books import NOW, Q2, RETROACTIVE, consortium
from rappel.actions import periods, rebates
from rappel.actions.verify import verify

if TYPE_CHECKING:
    from books import Books
    from rappel.store.base import Database

JULY = datetime(2026, 7, 9, 12, 0, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 9, 12, 0, tzinfo=UTC)
JANUARY = "norte andes 01 120000.00 lines 1"
YEARLY = RETROACTIVE.replace(
    'fee_percent = "10"', 'fee_percent = "10"\naccumulate = "year"'
)


@pytest.fixture(params=[RETROACTIVE, YEARLY], ids=["quarterly", "yearly"])
def books(db: Database, request: pytest.FixtureRequest) -> Books:
    made = consortium(db, request.param)
    made.period("2026-Q2", *Q2)
    made.buy("norte andes 2026-01-05 CAM-1 1 120000.00")
    periods.close(made.db, made.admin, "2026-Q1", now=NOW)
    return made


def told(books: Books, who: str = "andes", period: str = "2026-Q2") -> list[str]:
    viewer = books.viewers.get(who, books.admin)
    found = rebates.volumes(books.db, viewer, period, now=NOW)
    return [
        f"{one.member} {one.supplier} {one.month:%m} {one.amount:.2f} lines {one.lines}"
        + (f" of {one.adjusts}" if one.adjusts else "")
        for one in found
    ]


def late(books: Books) -> list[int]:
    return books.buy(
        "norte andes 2026-01-20 CAM-1 1 50.00",
        "sur andes 2026-03-20 CAM-1 1 7.00",
        "sur andes 2026-04-20 CAM-1 1 9.00",
    )


@pytest.mark.parametrize("closed", [False, True])
def test_a_late_volume_is_told_by_the_next_period_with_the_one_it_belongs_to(
    books: Books, *, closed: bool
) -> None:
    late(books)
    if closed:
        periods.close(books.db, books.admin, "2026-Q2", now=JULY)
        assert verify(books.db) == ()
    norte = ["norte andes 01 50.00 lines 1 of 2026-Q1"]
    sur = [
        "sur andes 03 7.00 lines 1 of 2026-Q1",
        "sur andes 04 9.00 lines 1",
    ]
    assert told(books) == told(books, "ada") == [*norte, *sur]
    assert told(books, "norte") == norte
    assert told(books, "sur") == sur
    assert told(books, "centro") == told(books, "boreal") == []


def test_what_the_closed_period_told_never_changes(books: Books) -> None:
    late(books)
    periods.close(books.db, books.admin, "2026-Q2", now=JULY)
    assert told(books, period="2026-Q1") == [JANUARY]


def test_a_late_volume_is_told_once(books: Books) -> None:
    first, *_ = late(books)
    periods.close(books.db, books.admin, "2026-Q2", now=JULY)
    books.period("2026-Q3", Q2[1], date(2026, 10, 1))
    assert told(books, period="2026-Q3") == []
    books.event(first, "withdrawn")
    books.buy("norte andes 2026-02-02 CAM-1 1 3.00")
    assert told(books, period="2026-Q3") == [
        "norte andes 01 -50.00 lines -1 of 2026-Q1",
        "norte andes 02 3.00 lines 1 of 2026-Q1",
    ]
    periods.close(books.db, books.admin, "2026-Q3", now=OCTOBER)
    assert verify(books.db) == ()


def test_what_could_not_be_computed_again_is_not_told_as_withdrawn(
    books: Books,
) -> None:
    books.buy("norte andes 2026-01-20 CAM-1 1 50.00 USD@")
    assert told(books) == []
