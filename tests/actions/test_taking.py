"""Accruals that are taken into the books: what they change, and what they refuse."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from books import NOW, Q2, RETROACTIVE, consortium
from rappel.actions import accruals, periods, taking
from rappel.core.access import SYSTEM
from rappel.core.accruals import Policy
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.store import accrued as stored

if TYPE_CHECKING:
    from books import Books
    from rappel.core.access import Viewer
    from rappel.store.accrued import Sum, Taken
    from rappel.store.base import Database

JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 14), date(2026, 3, 31)
YEARLY = RETROACTIVE.replace(
    'fee_percent = "10"', 'accumulate = "year"\nsettle = "year"'
)
QUARTERLY = YEARLY.replace('settle = "year"', 'settle = "quarter"')
BOTH = 'supplier = ["andes", "boreal"]'
SEVERAL = RETROACTIVE.replace("fee_percent", f"{BOTH}\nfee_percent")
OWED = SEVERAL.replace("fee_percent", 'payer = "boreal"\nfee_percent')


@pytest.fixture
def books(db: Database) -> Books:
    return consortium(db)


def take(
    books: Books,
    day: date = FEBRUARY,
    policy: Policy = Policy.REACHED,
    *,
    period: str = "2026-Q1",
    viewer: Viewer | None = None,
) -> Taken:
    who = viewer or books.admin
    return taking.take(books.db, who, period, policy=policy, today=day, now=NOW)


def sums(books: Books, taken: Taken) -> tuple[Sum, ...]:
    with books.db.reading(books.admin) as session:
        return stored.sums_of(session, books.admin, taken.id)


def told(books: Books, taken: Taken, *names: str) -> list[str]:
    """Write each sum of an accrual: programme, supplier, and the figures named."""
    wanted = names or ("outstanding", "earlier", "change")
    return [
        f"{one.programme} {one.supplier} {one.members}: "
        + " ".join(f"{one.figures[name]:f}" for name in wanted)
        for one in sums(books, taken)
    ]


def test_each_accrual_states_the_difference_to_the_one_before(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    assert told(books, take(books, JANUARY)) == [
        "andes-volumen andes 1: 1800.00 0.00 1800.00"
    ]
    books.buy(
        "norte andes 2026-02-05 CAM-1 1 50000.00",
        "sur andes 2026-02-05 CAM-1 1 100000.00",
    )
    assert told(books, take(books)) == [
        "andes-volumen andes 2: 4500.00 1800.00 2700.00"
    ]


def test_the_policy_may_change_and_the_difference_is_to_what_is_booked(
    books: Books,
) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 125000.00")
    first = take(books)
    second = take(books, policy=Policy.PROJECTED)
    assert told(books, first, "expected", "change") == [
        "andes-volumen andes 1: 2250.00 2250.00"
    ]
    assert told(books, second, "earned", "expected", "accrued", "change") == [
        "andes-volumen andes 1: 2250.00 7875.00 3937.50 1687.50"
    ]


def test_the_same_facts_day_and_policy_take_nothing(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    first = take(books)
    assert take(books) == first
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: take(books), range(4)))
    assert set(again) == {first}
    other = take(books, MARCH)
    assert other != first
    books.buy("norte andes 2026-01-06 CAM-1 1 1.00")
    assert take(books, MARCH) not in {first, other}
    with books.db.reading(books.admin) as session:
        listed = stored.list_taken(session, books.admin).items
    assert [one.day for one in listed] == [MARCH, MARCH, FEBRUARY]
    assert listed[-1].taken_by == "Ada"


def test_what_is_withdrawn_is_taken_back(books: Books) -> None:
    (invoice,) = books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    take(books)
    books.event(invoice, "withdrawn")
    assert told(books, take(books)) == ["andes-volumen andes 1: 0.00 1800.00 -1800.00"]
    books.buy("sur andes 2026-01-05 CAM-1 1 1.00")
    assert told(books, take(books)) == ["andes-volumen andes 1: 0.00 0.00 0.00"]


def test_what_a_closed_period_left_is_taken_back_by_the_next_one_once(
    books: Books,
) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    books.period("2026-Q2", *Q2)
    take(books)
    assert told(books, take(books, date(2026, 4, 2), period="2026-Q2")) == []
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    after = take(books, date(2026, 4, 2), period="2026-Q2")
    assert told(books, after) == ["andes-volumen andes 1: 0.00 1800.00 -1800.00"]
    books.buy("sur andes 2026-04-01 CAM-1 1 1.00")
    last = take(books, date(2026, 4, 2), period="2026-Q2")
    assert told(books, last) == ["andes-volumen andes 1: 0.00 0.00 0.00"]


def test_a_window_that_two_periods_share_is_booked_once(db: Database) -> None:
    books = consortium(db, YEARLY)
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    books.period("2026-Q2", *Q2)
    take(books)
    books.buy("norte andes 2026-04-01 CAM-1 1 50000.00")
    after = take(books, date(2026, 4, 2), period="2026-Q2")
    assert told(books, after) == ["andes-volumen andes 1: 3000.00 2000.00 1000.00"]


def test_what_statements_posted_is_received(db: Database) -> None:
    books = consortium(db, QUARTERLY)
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    take(books)
    books.period("2026-Q2", *Q2)
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    books.buy("norte andes 2026-04-01 CAM-1 1 50000.00")
    after = take(books, date(2026, 4, 2), period="2026-Q2")
    assert told(books, after, "earned", "received", "outstanding", "change") == [
        "andes-volumen andes 1: 3000.00 2000.00 1000.00 -1000.00"
    ]


@pytest.mark.parametrize(
    ("terms", "owes"), [(RETROACTIVE, "andes"), (SEVERAL, None), (OWED, "boreal")]
)
def test_the_payer_owes_it_else_the_only_supplier(
    db: Database, terms: str, owes: str | None
) -> None:
    books = consortium(db, terms)
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    assert [one.supplier for one in sums(books, take(books))] == [owes]


def test_its_lines_are_those_of_the_members(books: Books) -> None:
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 100000.00",
        "sur andes 2026-01-05 CAM-1 1 99999.99",
    )
    taken = take(books)
    with books.db.reading(books.admin) as session:
        line, other = stored.list_lines(session, books.admin, taken.id).items
        again = stored.taken_of(session, books.admin, taken.ref)
    assert (line.member, line.supplier, line.window) == (
        "norte",
        "andes",
        date(2026, 1, 1),
    )
    assert line.figures["change"] == 1800
    assert (other.member, other.figures["change"]) == ("sur", 0)
    assert again == taken


def test_only_an_administrator_takes_and_reads_them(books: Books) -> None:
    taken = take(books)
    for code in ("norte", "andes"):
        viewer = books.viewers[code]
        with pytest.raises(NotAllowed):
            take(books, viewer=viewer)
        with books.db.reading(viewer) as session:
            assert stored.list_taken(session, viewer).items == ()
            with pytest.raises(NotFound):
                stored.taken_of(session, viewer, taken.ref)
    assert take(books, MARCH, viewer=SYSTEM).taken_by is None


def test_a_day_to_come_an_earlier_day_and_a_closed_period_are_refused(
    books: Books,
) -> None:
    take(books, NOW.date())
    with pytest.raises(Malformed, match="still to come"):
        take(books, NOW.date() + timedelta(days=1))
    with pytest.raises(Refused, match="taken already"):
        take(books, NOW.date() - timedelta(days=1))
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    with pytest.raises(Refused, match="figures do not change"):
        take(books)
    with pytest.raises(NotFound):
        take(books, period="2026-Q9")


def test_a_period_that_is_closed_meanwhile_is_refused(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    figures = accruals.opened

    def slowly(*args: object) -> object:
        found = figures(*args)
        periods.close(books.db, books.admin, "2026-Q1", now=NOW)
        return found

    monkeypatch.setattr(accruals, "opened", slowly)
    with pytest.raises(Refused, match="figures do not change"):
        take(books)
