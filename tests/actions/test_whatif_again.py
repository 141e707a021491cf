"""What is asked again is answered from kept reductions, and never from old ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from books import RETROACTIVE, consortium
from rappel.actions import positions, whatif
from rappel.core import reduction
from rappel.core.access import SYSTEM
from rappel.core.period import Period
from rappel.store import parts, ranges, snapshots

if TYPE_CHECKING:
    from books import Books
    from rappel.store.base import Database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
BOREAL = RETROACTIVE.replace("andes", "boreal")
CCTV = RETROACTIVE.replace("tiers = [", 'scope = { categories = ["cctv"] }\ntiers = [')


@pytest.fixture
def books(db: Database) -> Books:
    made = consortium(db)
    made.buy(
        "norte andes 2026-01-05 CAM-1 1 100000.00",
        "norte boreal 2026-01-05 CAM-1 1 7.00",
        "sur andes 2026-02-05 CAM-9 1 300000.00",
    )
    return made


def had(books: Books, document: str = RETROACTIVE) -> dict[str, Decimal]:
    found = whatif.terms_last_year(
        books.db,
        books.admin,
        document.encode(),
        start=date(2026, 1, 1),
        end=date(2026, 4, 1),
        now=NOW,
    )
    return {one.member: one.line.volume for one in found.rebates}


def test_the_second_question_reduces_no_line_again(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = had(books)
    monkeypatch.delattr(reduction, "LINES")
    assert had(books) == first == {"norte": 100_000, "sur": 300_000}


def test_a_new_purchase_and_an_event_are_seen_at_once(books: Books) -> None:
    had(books)
    (bought,) = books.buy("norte andes 2026-01-06 CAM-1 1 5.00")
    assert had(books)["norte"] == 100_005
    books.event(bought, "cancelled")
    assert had(books)["norte"] == 100_000
    books.event(bought, "released")
    assert had(books)["norte"] == 100_005


def test_a_code_that_is_mapped_later_counts_at_once(books: Books) -> None:
    assert had(books, CCTV) == {}
    books.item("andes", "CAM-9", "cctv")
    assert had(books, CCTV) == {"sur": 300_000}


def test_other_rules_of_evidence_are_other_lines(books: Books) -> None:
    books.buy("norte andes 2026-01-06 CAM-1 1 9.00 D")
    strict = f'evidence_minimum = "C"\n{RETROACTIVE}'
    assert [had(books, one)["norte"] for one in (RETROACTIVE, strict)] == [
        100_009,
        100_000,
    ]


def test_a_tried_purchase_is_not_there_the_next_time(books: Books) -> None:
    for _ in range(2):
        (change,) = whatif.buy_more(
            books.db,
            books.admin,
            "norte",
            "andes",
            amount=Decimal(1),
            currency="MXN",
            period="2026-Q1",
            now=NOW,
        ).changes
        assert change.before is not None
        assert change.after is not None
        assert (change.before.volume, change.after.volume) == (100_000, 100_001)


def test_only_agreements_that_look_at_a_supplier_are_computed_for_it(
    db: Database,
) -> None:
    found = positions.opened(consortium(db, RETROACTIVE, BOREAL).db, "2026-Q1")

    def computed(supplier: str | None = None) -> list[str]:
        seen = positions.positions(found, supplier=supplier)
        return [one.code for position in seen for one in position.programmes]

    both = ["andes-volumen", "boreal-volumen"]
    assert computed() == both
    assert computed("andes") == both[:1]
    assert computed("boreal") == both[1:]
    assert computed("nobody") == []


def test_a_purchase_from_one_supplier_leaves_the_others_as_they_are(
    db: Database,
) -> None:
    made = consortium(db, RETROACTIVE, BOREAL)
    made.buy(
        "norte andes 2026-01-05 CAM-1 1 100000.00",
        "norte boreal 2026-01-05 CAM-1 1 7.00",
    )
    found = whatif.buy_more(
        made.db,
        made.admin,
        "norte",
        "boreal",
        amount=Decimal(1),
        currency="MXN",
        period="2026-Q1",
        now=NOW,
    )
    andes, boreal = found.changes
    assert (andes.programme, boreal.programme) == ("andes-volumen", "boreal-volumen")
    assert andes.before is not None
    assert andes.before == andes.after
    assert boreal.before is not None
    assert boreal.after is not None
    assert (boreal.before.volume, boreal.after.volume) == (7, 8)


def test_the_pin_names_every_invoice_with_or_without_parts(books: Books) -> None:
    period = Period(date(2026, 1, 1), date(2026, 2, 5))

    def pinned() -> str:
        with books.db.reading(SYSTEM) as session:
            return snapshots.pin(
                session, period=0, starts=period.start, ends=period.end
            ).invoices

    assert pinned() == "{[1,3)}"
    with books.db.writing(SYSTEM) as session:
        parts.prepare(session, books.db.cache)
    assert pinned() == "{[1,3)}"
    books.buy("norte andes 2026-02-04 CAM-1 1 5.00", "sur andes 2026-02-05 CAM-1 1 1")
    assert pinned() == "{[1,3),[4,5)}"
    with books.db.reading(SYSTEM) as session:
        assert ranges.beyond(session, ["{[1,4)}"]) == "{[4,6)}"
        assert ranges.beyond(session, ["{[2,3),[5,9)}"]) == "{[1,2),[3,5)}"
        assert ranges.beyond(session, ["{[1,6)}"]) == ranges.NONE
