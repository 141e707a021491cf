"""Issuing statements: numbers, documents behind each line, and the proof of a PDF."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from books import GROUP, NOW, Q2, RETROACTIVE, consortium
from printing import pdf_of, printed
from rappel.actions import periods, statements
from rappel.actions.verify import verify, verify_statement
from rappel.core.access import SYSTEM
from rappel.core.statement_json import statement_json
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.paper.statement import render_many
from rappel.store import issued

if TYPE_CHECKING:
    from collections.abc import Sequence

    from books import Books
    from rappel.core.statements import Statement
    from rappel.store.base import Database
    from rappel.store.issued import Issued

ISSUED_AT = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
DOLLARS = """
code = "boreal-usd"
supplier = "boreal"
currency = "USD"
[[programmes]]
code = "boreal-dolares"
tiers = [{ from = "0", percent = "5" }]
"""


@pytest.fixture
def books(db: Database) -> Books:
    made = consortium(db, RETROACTIVE, DOLLARS)
    made.buy(
        "norte andes 2026-01-05 CAM-1 1 120000.00",
        "norte andes 2026-01-06 CAM-1 1 500.00 out=freight",
        "norte andes 2026-02-01 CAM-1 1 20000.00 credit_note",
        "norte boreal 2026-02-03 X 1 1000.00 USD@",
        "sur andes 2026-03-31 CAM-1 1 99.99",
        "centro andes 2026-03-01 CAM-1 1 250000.00",
    )
    return made


def issue(books: Books, period: str = "2026-Q1") -> tuple[Issued, ...]:
    return statements.issue(
        books.db, books.admin, period, now=ISSUED_AT, render=printed
    )


def closed(books: Books, period: str = "2026-Q1") -> Books:
    periods.close(books.db, books.admin, period, now=NOW, early=True)
    return books


def test_numbers_run_by_chapter_and_year_in_the_order_of_member_and_currency(
    books: Books,
) -> None:
    found = issue(closed(books))
    assert [(one.number, one.member, one.currency, one.total) for one in found] == [
        ("CO-2026-0001", "centro", "MXN", Decimal("7875.00")),
        ("MX-2026-0001", "norte", "MXN", Decimal("1800.00")),
        ("MX-2026-0002", "norte", "USD", Decimal("50.00")),
        ("MX-2026-0003", "sur", "MXN", Decimal("0.00")),
    ]
    assert {one.due_on for one in found} == {date(2026, 5, 20)}
    assert verify(books.db) == ()


def test_numbers_go_on_in_the_next_period_and_start_anew_in_the_next_year(
    books: Books,
) -> None:
    books.period("2026-Q2", *Q2)
    books.period("2026-Q3", Q2[1], date(2026, 10, 1))
    issue(closed(books))
    books.buy("sur andes 2026-04-02 CAM-1 1 1.00", "sur andes 2026-07-02 CAM-1 1 1.00")
    assert [one.number for one in issue(closed(books, "2026-Q2"), "2026-Q2")] == [
        "MX-2026-0004"
    ]
    closed(books, "2026-Q3")
    in_january = datetime(2027, 1, 2, tzinfo=UTC)
    late = statements.issue(
        books.db, books.admin, "2026-Q3", now=in_january, render=printed
    )
    assert [one.number for one in late] == ["MX-2027-0001"]
    assert verify(books.db) == ()


def test_issuing_again_answers_the_same_statements_and_prints_nothing(
    books: Books,
) -> None:
    first = issue(closed(books))

    def never(
        given: Sequence[Statement], workers: int = 1, progress: object = None
    ) -> list[bytes]:
        raise AssertionError((given, workers, progress))

    again = statements.issue(books.db, books.admin, "2026-Q1", now=NOW, render=never)
    assert again == first


def test_an_open_period_is_not_issued(books: Books) -> None:
    with pytest.raises(Refused, match="still open") as refusal:
        issue(books)
    assert "close" in refusal.value.repair
    with pytest.raises(NotFound):
        issue(books, "2031-Q1")


def test_only_administrators_issue(books: Books) -> None:
    closed(books)
    for viewer in books.viewers.values():
        with pytest.raises(NotAllowed):
            statements.issue(books.db, viewer, "2026-Q1", now=NOW, render=printed)


def test_a_period_without_a_rebate_is_issued_without_statements(db: Database) -> None:
    books = consortium(db)
    assert issue(closed(books)) == ()
    assert verify(db) == ()


def test_each_line_names_the_documents_behind_it_with_their_sign(
    books: Books,
) -> None:
    issue(closed(books))
    _, statement = statements.statement_of(books.db, SYSTEM, "MX-2026-0001")
    (line,) = statement.lines
    assert [(d.number, d.kind, str(d.net), str(d.amount)) for d in line.documents] == [
        ("A-2", "invoice", "120000.00", "120000.00"),
        ("A-4", "credit_note", "20000.00", "-20000.00"),
    ]
    assert line.volume == Decimal("100000.00")
    assert [(d.number, d.reason) for d in statement.left_out] == [("A-3", "freight")]
    assert line.supplier == "Andes Ltda."
    assert statement.member.tax_ids == ("TAX-norte",)
    assert statement.locale == "es-MX"


def test_a_document_that_earned_nothing_says_why(books: Books) -> None:
    replaced = books.buy("sur andes 2026-01-09 CAM-1 1 10.00")[0]
    books.event(replaced, "replaced")
    books.buy(
        "sur boreal 2026-01-10 X 1 10.00 USD@17",
        "sur boreal 2026-01-11 X 1 10.00",
        "sur andes 2026-04-01 CAM-1 1 10.00",
    )
    issue(closed(books))
    _, statement = statements.statement_of(books.db, SYSTEM, "MX-2026-0003")
    assert [(d.number, d.reason) for d in statement.left_out] == [
        ("A-9", "replaced"),
        ("A-11", "programme_stopped"),
        ("A-12", "no_rate"),
    ]


def test_a_foreign_document_shows_the_rate_that_was_used(db: Database) -> None:
    books = consortium(db)
    books.buy("norte andes 2026-01-05 CAM-1 1 10000.00 USD@18.5")
    issue(closed(books))
    _, statement = statements.statement_of(db, SYSTEM, "MX-2026-0001")
    (document,) = statement.lines[0].documents
    assert (str(document.net), document.currency) == ("10000.00", "USD")
    assert (document.rate, document.amount) == (Decimal("18.5"), Decimal("185000.00"))


def test_an_adjustment_stands_on_the_statement_and_names_the_closed_period(
    books: Books,
) -> None:
    books.period("2026-Q2", *Q2)
    issue(closed(books))
    books.buy("norte andes 2026-01-31 CAM-1 1 50000.00")
    issue(closed(books, "2026-Q2"), "2026-Q2")
    _, statement = statements.statement_of(books.db, SYSTEM, "MX-2026-0004")
    (line,) = statement.lines
    assert (line.adjusts, line.due) == ("2026-Q1", Decimal("900.00"))
    assert [d.number for d in line.documents] == ["A-2", "A-9", "A-4"]
    assert verify(books.db) == ()


def test_members_see_their_own_statements_and_nobody_elses(books: Books) -> None:
    found = issue(closed(books))
    for who, viewer in books.viewers.items():
        for one in found:
            if one.member == who:
                assert statements.statement_of(books.db, viewer, one.number)[0] == one
                continue
            with pytest.raises(NotFound):
                statements.statement_of(books.db, viewer, one.number)
            with pytest.raises(NotFound):
                statements.pdf_of(books.db, viewer, one.number)
        with books.db.reading(viewer) as session:
            seen = issued.list_statements(session, viewer).items
        assert {one.member for one in seen} <= {who}


def test_the_kept_bytes_are_those_that_were_printed(books: Books) -> None:
    for one in issue(closed(books)):
        pdf = statements.pdf_of(books.db, SYSTEM, one.number)
        assert hashlib.sha256(pdf).hexdigest() == one.sha256
        assert verify_statement(pdf) == ()
        assert verify_statement(pdf, db=books.db) == ()


def test_a_printed_statement_proves_itself(books: Books) -> None:
    closed(books)
    found = statements.issue(
        books.db, books.admin, "2026-Q1", now=ISSUED_AT, workers=1, render=render_many
    )
    for one in found:
        pdf = statements.pdf_of(books.db, SYSTEM, one.number)
        assert verify_statement(pdf, db=books.db) == ()


@pytest.mark.parametrize(
    "figure", ["120000.00", "100000.00", "2000.00", "1800.00", "200.00"]
)
def test_one_changed_digit_of_the_data_is_found(books: Books, figure: str) -> None:
    issue(closed(books))
    _, statement = statements.statement_of(books.db, SYSTEM, "MX-2026-0001")
    data = statement_json(statement)
    changed = data.replace(f'"{figure}"'.encode(), f'"9{figure[1:]}"'.encode(), 1)
    assert changed != data
    honest_page = verify_statement(pdf_of(changed, stated=data))
    assert "data hash" in {one.invariant for one in honest_page}
    forged_page = verify_statement(pdf_of(changed), db=books.db)
    assert {one.invariant for one in forged_page} == {"recomputed", "as issued"}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and no more", b"\0" * 100])
def test_what_is_no_statement_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed, match="no statement of rappel"):
        verify_statement(content)


def test_a_pdf_without_our_data_is_refused(books: Books) -> None:
    pdf = pdf_of(b"{}")
    with pytest.raises(Malformed, match="Not a statement"):
        verify_statement(pdf)
    assert books


def test_a_group_that_five_do_not_make_up_is_withheld_from_its_members(
    db: Database,
) -> None:
    books = consortium(db, GROUP)
    books.buy(
        "norte boreal 2026-01-05 X 1 60000.00", "sur boreal 2026-01-05 X 1 60000.00"
    )
    issue(closed(books))
    _, statement = statements.statement_of(db, SYSTEM, "MX-2026-0001")
    (line,) = statement.lines
    assert (line.measure, line.next) == (None, None)
    assert {one.measure for one in line.slices} == {None}
    assert line.threshold == Decimal(100000), "that a tier is reached may be told"
    assert line.earned == Decimal("700.00")
    with db.reading(SYSTEM) as session:
        measure = session.scalar(sa.text("select measure from pool"))
    assert measure == Decimal(120000), "the pool keeps the true figure"
    assert verify(db) == ()


def test_a_group_of_five_with_none_above_a_quarter_is_shown(db: Database) -> None:
    books = consortium(db, GROUP)
    for code in ("este", "oeste"):
        books.member(code)
    for code in books.members:
        books.buy(f"{code} boreal 2026-01-05 X 1 30000.00")
    issue(closed(books))
    _, statement = statements.statement_of(db, SYSTEM, "MX-2026-0001")
    assert statement.lines[0].measure == Decimal(150000)
    assert verify(db) == ()
