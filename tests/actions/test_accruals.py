"""Accruals: what is stated of an open period, what is taken of it, and for whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from books import NOW, Q2, RETROACTIVE, consortium
from rappel.actions import accruals, periods
from rappel.core.accruals import Policy
from rappel.errors import NotAllowed

if TYPE_CHECKING:
    from books import Books
    from rappel.core.access import Viewer
    from rappel.store.base import Database

MIDDLE = date(2026, 2, 14)  # the 45th of 90 days
YEARLY = RETROACTIVE.replace(
    'fee_percent = "10"',
    'accumulate = "year"\nsettle = "year"',
)


@pytest.fixture
def books(db: Database) -> Books:
    return consortium(db)


def accrued(
    books: Books,
    policy: Policy = Policy.PROJECTED,
    *,
    viewer: Viewer | None = None,
    period: str = "2026-Q1",
    today: date = MIDDLE,
    earlier: tuple[accruals.Accrual, ...] = (),
) -> tuple[accruals.Accrual, ...]:
    return accruals.accrue(
        books.db,
        viewer or books.admin,
        period,
        policy=policy,
        today=today,
        now=NOW,
        earlier=earlier,
    ).rows


def test_the_reached_tier_and_the_projected_one_accrue_differently(
    books: Books,
) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 125000.00")
    (reached,) = accrued(books, Policy.REACHED)
    (projected,) = accrued(books, Policy.PROJECTED)
    assert (reached.earned, reached.expected, reached.accrued) == (2250, 2250, 2250)
    assert (projected.earned, projected.expected) == (2250, 7875)
    assert projected.accrued == Decimal("3937.50")


def test_the_change_is_what_came_since_the_earlier_accrual(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    first = accrued(books, Policy.REACHED)
    books.buy(
        "norte andes 2026-02-05 CAM-1 1 50000.00",
        "sur andes 2026-02-05 CAM-1 1 100000.00",
    )
    norte, sur = accrued(books, Policy.REACHED, earlier=first)
    assert (norte.earlier, norte.outstanding, norte.change) == (1800, 2700, 900)
    assert (sur.earlier, sur.change) == (0, 1800)
    assert accrued(books, Policy.REACHED, earlier=(norte, sur))[0].change == 0


def test_what_a_statement_posted_is_received(db: Database) -> None:
    books = consortium(db, YEARLY.replace('settle = "year"', 'settle = "quarter"'))
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    books.period("2026-Q2", *Q2)
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    books.buy("norte andes 2026-04-05 CAM-1 1 50000.00")
    (one,) = accrued(books, Policy.REACHED, period="2026-Q2", today=date(2026, 5, 1))
    assert (one.earned, one.received, one.outstanding) == (3000, 2000, 1000)


def test_totals_are_by_currency(books: Books) -> None:
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 100000.00",
        "sur andes 2026-01-05 CAM-1 1 100000.00",
    )
    found = accruals.totals(accrued(books, Policy.REACHED))
    assert list(found) == ["MXN"]
    assert found["MXN"]["outstanding"] == 3600


def test_an_earlier_row_of_nobody_is_left_out(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    (one,) = accrued(books, Policy.REACHED)
    gone = accruals.Accrual(
        **{name: getattr(one, name) for name in one.__slots__} | {"member": "nobody"}
    )
    (again,) = accrued(books, Policy.REACHED, earlier=(gone,))
    assert again.earlier == 0


def test_a_member_sees_its_own_and_a_supplier_nothing(books: Books) -> None:
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 98000.00",
        "sur andes 2026-01-05 CAM-1 1 50000.00",
    )
    stated = accrued(books, Policy.REACHED, viewer=books.viewers["sur"])
    assert [one.member for one in stated] == ["sur"]
    with pytest.raises(NotAllowed):
        accrued(books, viewer=books.viewers["andes"])


@pytest.mark.parametrize(
    ("day", "earned"), [(date(2026, 2, 9), 1800), (date(2026, 2, 10), 2700)]
)
def test_what_is_dated_after_the_day_has_not_come_about(
    books: Books, day: date, earned: int
) -> None:
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 100000.00",
        "norte andes 2026-02-10 CAM-1 1 50000.00",
    )
    (one,) = accrued(books, Policy.REACHED, today=day)
    assert one.earned == earned
