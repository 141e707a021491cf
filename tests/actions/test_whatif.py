"""What if: other terms over stored facts, and one more purchase."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from books import GROUP, RETROACTIVE, consortium, posted
from rappel.actions import periods, rebates, whatif
from rappel.errors import Malformed, NotAllowed, NotFound, Refused

if TYPE_CHECKING:
    from books import Books
    from rappel.core.access import Viewer
    from rappel.store.base import Database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
YEAR = {"start": date(2025, 1, 1), "end": date(2026, 1, 1)}


@pytest.fixture
def books(db: Database) -> Books:
    return consortium(db)


def had(
    books: Books, document: str, viewer: Viewer | None = None, **days: Any
) -> list[str]:
    found = whatif.terms_last_year(
        books.db,
        viewer or books.admin,
        document.encode(),
        now=NOW,
        **YEAR | days,
    )
    return [
        f"{one.member} {one.line.window:%m-%d} {one.line.volume} {one.line.earned}"
        for one in found.rebates
    ]


def test_the_terms_hold_on_the_days_asked_for_and_on_no_other(books: Books) -> None:
    books.buy(
        "norte andes 2024-12-31 CAM-1 1 900000.00",
        "norte andes 2025-01-01 CAM-1 1 100000.00",
        "sur andes 2025-12-31 CAM-1 1 99999.99",
        "sur andes 2026-01-01 CAM-1 1 900000.00",
    )
    signed = f"in_force_from = 2030-01-01\n{RETROACTIVE}"
    assert had(books, signed) == [
        "norte 01-01 100000.00 2000.00",
        "sur 10-01 99999.99 0.00",
    ]


def test_what_closing_posts_is_what_the_same_terms_would_have_earned(
    books: Books,
) -> None:
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 260000.00",
        "sur andes 2026-01-05 CAM-1 1 100000.00",
    )
    periods.close(books.db, books.admin, "2026-Q1", now=NOW, early=True)
    asked = had(books, RETROACTIVE, start=date(2026, 1, 1), end=date(2026, 4, 1))
    kept = [line.split() for line in posted(books)]
    assert asked == [f"{row[0]} {row[1]} {row[2]} {row[4]}" for row in kept]


def test_a_member_asks_on_its_own_and_not_of_a_pool(books: Books) -> None:
    books.buy(
        "norte andes 2025-01-05 CAM-1 1 100000.00",
        "sur andes 2025-01-05 CAM-1 1 100000.00",
    )
    sur = books.viewers["sur"]
    assert had(books, RETROACTIVE, sur) == ["sur 01-01 100000.00 2000.00"]
    with pytest.raises(NotAllowed):
        had(books, GROUP, sur)
    assert had(books, GROUP) == []
    with pytest.raises(NotAllowed):
        had(books, RETROACTIVE, books.viewers["andes"])


def test_terms_of_nobody_or_of_no_days_are_refused(books: Books) -> None:
    with pytest.raises(Malformed) as refused:
        had(books, RETROACTIVE.replace('"andes"', '"nadie"'))
    assert refused.value.faults[0].field == "programmes[0].supplier"
    with pytest.raises(Malformed) as refused:
        had(books, RETROACTIVE, end=date(2025, 1, 1))
    assert refused.value.faults[0].field == "end"
    assert had(books, RETROACTIVE, end=date(2025, 1, 2)) == []


def more(
    books: Books,
    amount: str,
    *,
    viewer: Viewer | None = None,
    member: str = "norte",
    supplier: str = "andes",
    **given: Any,
) -> tuple[whatif.Change, ...]:
    return whatif.buy_more(
        books.db,
        viewer or books.admin,
        member,
        supplier,
        amount=Decimal(amount),
        **{"currency": "MXN", "period": "2026-Q1", "now": NOW} | given,
    ).changes


def test_one_more_purchase_up_to_the_threshold_and_a_cent_less(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 98000.00")
    (reached,) = more(books, "2000")
    (short,) = more(books, "1999.99")
    assert reached.before is not None
    assert reached.after is not None
    assert (reached.before.earned, reached.after.earned) == (0, 2000)
    assert (reached.more, short.more) == (1800, 0)


def test_it_answers_what_really_buying_it_would(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 98000.00")
    (asked,) = more(books, "5000.50")
    books.buy("norte andes 2026-03-01 CAM-1 1 5000.50")
    (kept,) = rebates.preview(books.db, books.admin, "2026-Q1", now=NOW).rebates
    assert asked.after is not None
    assert (asked.after.volume, asked.after.earned) == (
        kept.line.volume,
        kept.line.earned,
    )


def test_nothing_is_stored(books: Books) -> None:
    more(books, "100000")
    assert rebates.preview(books.db, books.admin, "2026-Q1", now=NOW).rebates == ()


def test_a_first_purchase_has_no_before(books: Books) -> None:
    (one,) = more(books, "100000")
    assert one.before is None
    assert one.more == 1800


def test_a_category_counts_where_it_is_asked_for(db: Database) -> None:
    document = RETROACTIVE.replace(
        'fee_percent = "10"', 'scope = { categories = ["cctv"] }'
    )
    books = consortium(db, document)
    (one,) = more(books, "100000", category="cctv")
    assert one.more == 2000
    assert more(books, "100000", category="access") == ()
    assert more(books, "100000") == ()


def test_where_the_group_is_withheld_trying_tells_nothing(db: Database) -> None:
    books = consortium(db, GROUP)
    books.buy(
        "norte boreal 2026-01-05 CAM-1 1 60000.00",
        "sur boreal 2026-01-05 CAM-1 1 20000.00",
    )
    for amount in ("1", "1000000"):
        (one,) = more(
            books,
            amount,
            viewer=books.viewers["sur"],
            member="sur",
            supplier="boreal",
        )
        assert (one.after, one.more) == (None, None)


def test_a_tried_purchase_makes_nobody_a_contributor(db: Database) -> None:
    """With four others the fifth would open the gate by a cent that it never spends."""
    books = consortium(db, GROUP)
    names = [f"m{n}" for n in range(1, 5)]
    for name in names:
        books.member(name)
    books.buy(*(f"{name} boreal 2026-01-05 CAM-1 1 10000.00" for name in names))
    asked = {"member": "sur", "supplier": "boreal"}
    (one,) = more(books, "10000", viewer=books.viewers["sur"], **asked)
    assert (one.before, one.after, one.more) == (None, None, None)
    (told,) = more(books, "10000", **asked)
    assert told.more == 100
    books.buy("sur boreal 2026-01-06 CAM-1 1 10000.00")
    (shown,) = more(books, "1", viewer=books.viewers["sur"], **asked)
    assert shown.after is not None
    assert shown.after.measure == 50001


def test_a_member_asks_for_itself_alone(books: Books) -> None:
    sur = books.viewers["sur"]
    assert more(books, "100000", viewer=sur, member="sur")[0].more == 1800
    for stranger in ("norte", "nobody"):
        with pytest.raises(NotFound) as refused:
            more(books, "1", viewer=sur, member=stranger)
        assert str(refused.value) == f"There is no member {stranger!r}."
    with pytest.raises(NotAllowed):
        more(books, "1", viewer=books.viewers["andes"])


def test_a_question_that_makes_no_sense_is_refused(books: Books) -> None:
    with pytest.raises(Malformed):
        more(books, "0")
    with pytest.raises(Malformed):
        more(books, "1", currency="XXX")
    with pytest.raises(NotFound):
        more(books, "1", supplier="nadie")
    assert more(books, "0.01")[0].more == 0
    periods.close(books.db, books.admin, "2026-Q1", now=NOW, early=True)
    with pytest.raises(Refused):
        more(books, "1")


def test_the_purchase_is_dated_inside_the_period(books: Books) -> None:
    for now in (datetime(2025, 6, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)):
        assert more(books, "100000", now=now)[0].more == 1800
