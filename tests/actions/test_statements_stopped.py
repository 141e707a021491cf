"""What a statement and a preview say of a programme that could not be computed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from books import GROUP, NOW, Q2, RETROACTIVE, consortium
from printing import printed
from rappel.actions import periods, rebates, statements
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.paper.statement import html

if TYPE_CHECKING:
    from books import Books
    from rappel.core.statements import Statement
    from rappel.store.base import Database

ISSUED_AT = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
YEARLY = """
code = "boreal-2026"
supplier = "boreal"
currency = "MXN"
[[programmes]]
code = "boreal-anual"
accumulate = "year"
settle = "year"
tiers = [{ from = "0", percent = "1" }]
"""
GROWTH = """
code = "boreal-2026"
supplier = "boreal"
currency = "MXN"
[[programmes]]
code = "boreal-crece"
measure = "growth_percent"
tiers = [{ from = "0", percent = "1" }]
baseline = { source = "previous_year" }
"""
PIECES = """
code = "boreal-2026"
supplier = "boreal"
currency = "MXN"
[[programmes]]
code = "boreal-piezas"
measure = "quantity"
payable = "quantity"
tiers = [{ from = "0", per_unit = "4" }]
"""


def told(books: Books, period: str = "2026-Q1") -> dict[str, Statement]:
    """Close and issue; answer each member's statement."""
    periods.close(books.db, books.admin, period, now=NOW, early=True)
    found = statements.issue(
        books.db, books.admin, period, now=ISSUED_AT, render=printed
    )
    assert verify(books.db) == ()
    return {
        one.member: statements.statement_of(books.db, SYSTEM, one.number)[1]
        for one in found
    }


def reasons(statement: Statement) -> list[tuple[str, str | None]]:
    return [(one.number, one.reason) for one in statement.left_out]


@pytest.fixture
def books(db: Database) -> Books:
    made = consortium(db, RETROACTIVE, GROUP)
    made.buy(
        "norte andes 2026-01-05 CAM-1 1 120000.00",
        "norte andes 2026-01-06 CAM-1 1 300.00 USD@",
        "norte boreal 2026-01-07 X 1 1000.00",
        "sur andes 2026-02-05 CAM-1 1 100.00 USD@",
    )
    return made


def test_a_statement_names_the_programme_that_was_not_computed_and_what_it_lacks(
    books: Books,
) -> None:
    norte = told(books)["norte"]
    (stop,) = norte.stopped
    assert (stop.programme, stop.supplier, stop.reason) == (
        "andes-volumen",
        "Andes Ltda.",
        "no_rate",
    )
    assert stop.params["currency"] == "USD"
    assert stop.params["amount"] == "300.00"
    assert [line.programme for line in norte.lines] == ["boreal-grupo"]
    assert reasons(norte) == [("A-2", "programme_stopped"), ("A-3", "no_rate")]


def test_the_page_says_it_in_the_members_language(books: Books) -> None:
    page = html(told(books)["norte"])
    assert "Sin calcular" in page
    assert "No hay tipo de cambio de USD" in page
    assert "vendrá como ajuste" in page
    assert "otro documento" not in page


def test_a_member_whose_only_programme_was_not_computed_has_a_statement_that_says_so(
    books: Books,
) -> None:
    sur = told(books)["sur"]
    assert (sur.lines, sur.total) == ((), 0)
    assert [one.reason for one in sur.stopped] == ["no_rate"]
    assert reasons(sur) == [("A-5", "no_rate")]
    assert "No hay nada que pagar" in html(sur)


def test_it_comes_as_an_adjustment_once_the_rate_is_there(books: Books) -> None:
    told(books)
    books.period("2026-Q2", *Q2)
    books.rate("USD", "MXN", date(2026, 1, 6), "20")
    books.sign(
        RETROACTIVE.replace(
            'fee_percent = "10"', 'fee_percent = "10"\nfx = "invoice_date"'
        ),
        since=date(2025, 1, 1),
    )
    norte = told(books, "2026-Q2")["norte"]
    (line,) = norte.lines
    assert (line.adjusts, str(line.earned)) == ("2026-Q1", "2520.00")
    assert norte.stopped == ()


def test_a_late_document_that_lacks_a_rate_is_told_with_its_closed_period(
    db: Database,
) -> None:
    books = consortium(db)
    books.period("2026-Q2", *Q2)
    books.buy("norte andes 2026-01-05 CAM-1 1 120000.00")
    told(books)
    books.buy(
        "norte andes 2026-01-09 CAM-1 1 50.00 USD@",
        "norte andes 2026-04-09 CAM-1 1 120000.00",
    )
    norte = told(books, "2026-Q2")["norte"]
    (line,) = norte.lines
    assert (line.adjusts, str(line.earned)) == (None, "2400.00")
    (stop,) = norte.stopped
    assert (stop.adjusts, stop.reason) == ("2026-Q1", "no_rate")
    assert "Ajuste de 2026-Q1" in html(norte)
    assert reasons(norte) == []


def test_a_programme_that_is_not_due_yet_is_not_told_on_paper(db: Database) -> None:
    books = consortium(db, YEARLY)
    books.buy("norte boreal 2026-01-07 X 1 1000.00 USD@")
    assert told(books) == {}


def test_a_document_of_a_member_without_a_baseline_is_not_silent(db: Database) -> None:
    books = consortium(db, GROWTH)
    books.buy("norte boreal 2026-01-07 X 1 1000.00")
    norte = told(books)["norte"]
    assert [one.reason for one in norte.stopped] == ["no_baseline"]
    assert reasons(norte) == [("A-2", "programme_stopped")]


def test_a_preview_tells_a_member_its_own_findings_and_nobody_elses(
    books: Books,
) -> None:
    def found(who: str) -> list[tuple[str, str]]:
        viewer = books.viewers.get(who, books.admin)
        preview = rebates.preview(books.db, viewer, "2026-Q1", now=NOW)
        return [(one.code, one.params["member"]) for one in preview.findings]

    assert found("norte") == [("no_rate", "norte")]
    assert found("sur") == [("no_rate", "sur")]
    assert found("centro") == []
    assert found("ada") == [("no_rate", "norte"), ("no_rate", "sur")]


def test_a_line_without_a_quantity_stops_a_programme_that_counts_pieces(
    db: Database,
) -> None:
    books = consortium(db, PIECES)
    books.buy(
        "norte boreal 2026-01-07 X 3 100.00",
        "norte boreal 2026-01-08 X 0 50.00",
        "sur boreal 2026-01-08 X 2 50.00",
    )
    found = told(books)
    assert reasons(found["norte"]) == [
        ("A-2", "programme_stopped"),
        ("A-3", "no_quantity"),
    ]
    assert "no dicen la cantidad" in html(found["norte"])
    (line,) = found["sur"].lines
    assert (str(line.volume), str(line.earned)) == ("2.00", "8.00")
