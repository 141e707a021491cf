"""Outlook: the next tier, the pace, and for whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from books import GROUP, NOW, RETROACTIVE, consortium
from rappel.actions import outlook, periods, rebates
from rappel.core import reduction
from rappel.errors import NotAllowed, NotFound, Refused

if TYPE_CHECKING:
    from books import Books
    from rappel.actions.ahead import Ahead
    from rappel.core.access import Viewer
    from rappel.store.base import Database

MIDDLE = date(2026, 2, 14)  # the 45th of 90 days
YEARLY = RETROACTIVE.replace(
    'fee_percent = "10"',
    'accumulate = "year"\nsettle = "year"',
)
UNITS = RETROACTIVE.replace('fee_percent = "10"', 'measure = "quantity"')
GROWTH = RETROACTIVE.replace(
    'fee_percent = "10"',
    'measure = "growth_amount"\nbaseline = { source = "previous_year" }',
)


@pytest.fixture
def books(db: Database) -> Books:
    return consortium(db)


def look(
    books: Books, today: date = MIDDLE, viewer: Viewer | None = None
) -> tuple[Ahead, ...]:
    who = viewer or books.admin
    return outlook.outlook(books.db, who, "2026-Q1", today=today, now=NOW).rows


def said(one: Ahead) -> list[str]:
    return [step.text.format(**step.params) for step in one.advice]


def test_2000_more_returns_what_the_whole_volume_then_earns(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 98000.00")
    (one,) = look(books)
    assert one.next is not None
    assert (one.next.missing, one.next.worth) == (Decimal(2000), Decimal(2000))
    assert said(one)[0] == "2000.00 MXN more returns 2000.00 MXN."


def test_a_cliff_is_said_as_one(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 98000.01")
    (one,) = look(books)
    assert said(one)[0] == (
        "Buying 1999.99 MXN more costs less than buying nothing: it returns 2000.00 "
        "MXN."
    )


def test_the_pace_leads_to_the_tier_on_its_last_day_or_not_in_time(
    books: Books,
) -> None:
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 50000.00",
        "sur andes 2026-01-05 CAM-1 1 49999.99",
    )
    norte, sur = look(books)
    assert (norte.days, norte.days_left) == (90, 45)
    assert (norte.projected_volume, norte.projected_threshold) == (100000, 100000)
    assert norte.projected_earned == 2000
    assert norte.reached_on == date(2026, 3, 31)
    assert said(norte)[1] == (
        "At this pace the tier from 100000 is reached on 2026-03-31."
    )
    assert (sur.projected_volume, sur.projected_threshold) == (Decimal("99999.98"), 0)
    assert (sur.reached_on, sur.projected_earned) == (None, 0)
    assert said(sur)[1] == "At this pace the tier from 100000 is not reached in time."


def test_the_last_tier_has_no_next_and_no_advice(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 250000.00")
    (one,) = look(books)
    assert (one.next, one.advice, one.reached_on) == (None, (), None)


@pytest.mark.parametrize("today", [date(2025, 12, 31), date(2026, 4, 1)])
def test_outside_the_window_there_is_a_gap_and_no_pace(
    books: Books, today: date
) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 98000.00")
    (one,) = look(books, today)
    assert one.next is not None
    assert (one.days, one.volume_a_day, one.projected_earned) == (None, None, None)
    assert len(one.advice) == 1


def test_a_programme_that_the_period_does_not_pay_yet_is_looked_at_too(
    db: Database,
) -> None:
    books = consortium(db, YEARLY)
    books.buy("norte andes 2026-01-05 CAM-1 1 50000.00")
    (one,) = look(books)
    assert one.projected_threshold == 100000
    assert rebates.preview(books.db, books.admin, "2026-Q1", now=NOW).rebates == ()


def test_units_are_said_as_units(db: Database) -> None:
    books = consortium(db, UNITS)
    books.buy("norte andes 2026-01-05 CAM-1 99000 500.00")
    (one,) = look(books)
    assert one.measured == "quantity"
    assert said(one)[0].startswith("1000 units more return ")


def test_a_members_group_is_told_to_it_when_the_gate_shows_it(db: Database) -> None:
    books = consortium(db, GROUP.replace("marginal", "retroactive"))
    names = [f"m{n}" for n in range(1, 6)]
    for name in names:
        books.member(name)
    books.buy(*(f"{name} boreal 2026-01-05 CAM-1 1 10000.00" for name in names))
    rows = look(books)
    assert len(rows) == 5
    assert said(rows[0])[0].startswith("50000.00 MXN more, bought by anybody")
    assert rows[0].projected_measure == 100000


def test_what_the_gate_withholds_no_projection_tells(db: Database) -> None:
    books = consortium(db, GROUP)
    books.buy(
        "norte boreal 2026-01-05 CAM-1 1 60000.00",
        "sur boreal 2026-01-05 CAM-1 1 20000.00",
    )
    (one,) = look(books, viewer=books.viewers["sur"])
    assert one.member == "sur"
    assert (one.measure, one.next, one.advice) == (None, None, ())
    hidden = (one.projected_measure, one.projected_threshold, one.projected_earned)
    assert hidden == (None, None, None)
    assert one.projected_volume == 40000


def test_growth_is_no_purchase_and_has_no_advice(db: Database) -> None:
    books = consortium(db, GROWTH)
    books.buy(
        "norte andes 2025-01-05 CAM-1 1 10000.00",
        "norte andes 2026-01-05 CAM-1 1 60000.00",
    )
    (one,) = look(books)
    assert one.advice == ()
    assert one.reached_on is None


def test_a_member_sees_its_own_and_a_supplier_nothing(books: Books) -> None:
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 98000.00",
        "sur andes 2026-01-05 CAM-1 1 50000.00",
    )
    assert [one.member for one in look(books)] == ["norte", "sur"]
    assert [one.member for one in look(books, viewer=books.viewers["sur"])] == ["sur"]
    with pytest.raises(NotAllowed):
        look(books, viewer=books.viewers["andes"])


def test_a_period_that_is_closed_or_nowhere_is_not_looked_at(books: Books) -> None:
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    with pytest.raises(Refused):
        look(books)
    with pytest.raises(NotFound):
        outlook.outlook(books.db, books.admin, "2026-Q9", today=MIDDLE, now=NOW)


def test_looking_ahead_again_reads_no_line(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 50000.00")
    first = look(books)
    monkeypatch.delattr(reduction, "LINES")
    assert look(books) == first
    assert first[0].projected_earned == 2000


def test_another_day_or_another_purchase_is_another_pace(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 50000.00")
    (one,) = look(books)
    (next_day,) = look(books, date(2026, 2, 15))
    assert one.projected_measure == 100000
    assert next_day.projected_measure == Decimal("97826.086957")
    books.buy("norte andes 2026-01-06 CAM-1 1 1.00")
    (more,) = look(books)
    assert more.projected_measure == 100002


def test_a_programme_looks_ahead_with_what_it_is_paid_after(db: Database) -> None:
    second = """
[[programmes]]
code = "andes-bono"
order = 2
less = ["andes-volumen"]
tiers = [{ from = "0", percent = "10" }]
"""
    monthly = second.replace("bono", "mes").replace(
        'less = ["andes-volumen"]', 'accumulate = "month"'
    )
    made = consortium(db, RETROACTIVE + second + monthly)
    made.buy("norte andes 2026-02-05 CAM-1 1 50000.00")
    bono, mes, volumen = look(made)
    assert volumen.projected_earned == 2000
    assert bono.projected_earned == 9800
    assert mes.projected_earned == 10000


def test_other_terms_are_computed_anew(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 300000.00")
    (one,) = look(books)
    assert one.earned == 10500
    books.sign(RETROACTIVE.replace('"3.5"', '"4"'), since=date(2026, 1, 1))
    (revised,) = look(books)
    assert revised.earned == 12000
