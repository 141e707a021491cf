"""An adjustment names the documents, or the other facts, that caused it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from books import GROUP, NOW, Q2, RETROACTIVE, consortium
from printing import printed
from rappel.actions import periods, rebates, statements
from rappel.actions.explaining import explanation_text, told
from rappel.actions.payments import record_payment
from rappel.core.access import SYSTEM
from rappel.core.statement_json import statement_from_json
from rappel.paper.view import view
from rappel.store import rebates as stored
from rappel.wording import translator

if TYPE_CHECKING:
    from collections.abc import Callable

    from books import Books
    from rappel.store.base import Database

LATE = ((0, "CAM-1"), (1, "X-1"))
FIRST = "norte andes 2026-01-05 CAM-1 1 100000.00"


@pytest.fixture
def books(db: Database) -> Books:
    return consortium(db)


def close(books: Books, code: str) -> None:
    periods.close(books.db, books.admin, code, now=NOW, early=True)


def pay(books: Books, invoice: int, day: date | None) -> None:
    with books.db.reading(SYSTEM) as session:
        ref = session.scalar(sa.text(f"select ref from invoice where id = {invoice}"))
    record_payment(books.db, books.admin, ref, paid_on=day, because="told", now=NOW)


def opened(books: Books, member: str) -> rebates.Explanation:
    with books.db.reading(SYSTEM) as session:
        found = stored.rebates_of(session, SYSTEM, "2026-Q2")
    ref = next(one.ref for one in found if one.line.adjusts and one.member == member)
    return rebates.explain(books.db, books.admin, ref)


def causes(
    books: Books, change: Callable[[], object], member: str = "norte"
) -> list[str]:
    """Change something after the first quarter was closed; say why it is corrected."""
    books.period("2026-Q2", *Q2)
    close(books, "2026-Q1")
    change()
    close(books, "2026-Q2")
    line = told(opened(books, member).rebate.line)
    return [f"{one.code}: {one.text}" for one in line.because]


def test_a_late_invoice_is_named_and_one_of_another_quarter_is_not(
    books: Books,
) -> None:
    books.buy(FIRST)
    late = (
        "norte andes 2026-03-31 CAM-1 1 7.00",
        "norte andes 2026-04-01 CAM-1 1 9.00",
    )
    others = (
        "norte boreal 2026-03-31 CAM-1 1 8.00",
        "sur andes 2026-03-31 CAM-1 1 6.00",
    )
    (said,) = causes(books, lambda: books.buy(*late, *others))
    assert said.startswith("came: ")
    assert said.endswith(
        " of 2026-03-31, Andes Ltda., came after the period was closed."
    )


@pytest.mark.parametrize("event", ["cancelled", "withdrawn", "replaced"])
def test_a_document_that_no_longer_counts_is_named(books: Books, event: str) -> None:
    invoice = books.buy(FIRST, "norte andes 2026-01-06 CAM-1 1 5.00")[0]
    (said,) = causes(books, lambda: books.event(invoice, event))
    assert said.startswith(f"{event}: ")
    assert said.endswith(
        f"of 2026-01-05, Andes Ltda., was {event} and no longer counts."
    )


def test_a_document_that_counts_again_is_named_once(books: Books) -> None:
    invoice = books.buy(FIRST, "norte andes 2026-01-06 CAM-1 1 5.00")[0]
    books.event(invoice, "withdrawn")
    (said,) = causes(books, lambda: books.event(invoice, "released"))
    assert said.endswith("was released and counts again.")


def test_what_does_not_count_is_no_cause_unless_the_terms_look_at_it(
    db: Database,
) -> None:
    scoped = RETROACTIVE.replace(
        'fee_percent = "10"', 'scope = { categories = ["cctv"] }'
    )
    books = consortium(db, scoped)
    books.item("andes", "CAM-1", "cctv")
    books.buy(FIRST)
    late = [f"norte andes 2026-03-3{day} {code} 1 7.00" for day, code in LATE]
    (said,) = causes(books, lambda: books.buy(*late))
    assert "of 2026-03-30" in said


def test_what_is_measured_beside_what_is_paid_on_is_a_cause(db: Database) -> None:
    measured = RETROACTIVE.replace(
        'fee_percent = "10"',
        'scope = { categories = ["cctv"] }\nmeasure_scope = { countries = ["MX"] }',
    )
    books = consortium(db, measured)
    books.item("andes", "CAM-1", "cctv")
    books.buy("norte andes 2026-01-05 CAM-1 1 60000.00")
    (said,) = causes(books, lambda: books.buy("norte andes 2026-03-31 X-1 1 60000.00"))
    assert "of 2026-03-31" in said


def test_a_payment_is_a_cause_where_what_is_paid_counts(db: Database) -> None:
    books = consortium(db, RETROACTIVE.replace('fee_percent = "10"', 'counts = "paid"'))
    first, second, late = (
        *books.buy(FIRST, "norte andes 2026-01-06 CAM-1 1 200000.00"),
        "norte andes 2026-03-31 CAM-1 1 7.00",
    )
    pay(books, first, date(2026, 1, 5))

    def change() -> None:
        books.buy(late)
        pay(books, first, None)
        pay(books, second, date(2026, 3, 31))

    gone, paid = causes(books, change)
    assert gone.startswith("unpaid: ")
    assert gone.endswith(
        "of 2026-01-05, Andes Ltda., is not paid and no longer counts."
    )
    assert paid.startswith("paid: ")
    assert paid.endswith("of 2026-01-06, Andes Ltda., was paid and counts now.")


def test_a_payment_is_no_cause_where_what_is_bought_counts(books: Books) -> None:
    (first,) = books.buy(FIRST)

    def change() -> None:
        pay(books, first, date(2026, 3, 31))
        books.buy("norte andes 2026-03-31 CAM-1 1 7.00")

    (said,) = causes(books, change)
    assert "of 2026-03-31" in said


def test_of_other_members_of_a_group_nothing_is_named(db: Database) -> None:
    books = consortium(db, GROUP)
    books.buy("norte boreal 2026-01-05 CAM-1 1 100000.00")
    late = "sur boreal 2026-01-06 CAM-1 1 100000.00"
    assert causes(books, lambda: books.buy(late)) == [
        "others: What other members of the pool bought changed."
    ]
    (own,) = opened(books, "sur").rebate.line.because
    assert own.code == "came"


def test_a_revision_is_named_that_reaches_into_the_window(books: Books) -> None:
    books.buy(FIRST)
    better = RETROACTIVE.replace('percent = "2"', 'percent = "3"')

    def sign() -> None:
        books.sign(better, since=date(2026, 1, 1))
        books.sign(better, since=date(2026, 4, 1))

    assert causes(books, sign) == [
        "terms: Revision 2 of the terms andes-2026 was signed."
    ]


def test_a_rate_is_a_cause_where_something_was_bought_abroad(db: Database) -> None:
    official = RETROACTIVE.replace('fee_percent = "10"', 'fx = "invoice_date"')
    books = consortium(db, official)
    books.buy("norte andes 2026-01-05 CAM-1 1 10000.00 USD@", "sur" + FIRST[5:])

    def change() -> None:
        books.rate("USD", "MXN", date(2026, 1, 5), "18.5")
        books.event(books.buy("sur" + FIRST[5:])[0], "released")

    assert causes(books, change) == ["rates: An exchange rate came or was corrected."]
    assert [one.code for one in opened(books, "sur").rebate.line.because] == [
        "released"
    ]


def test_a_catalogue_is_a_cause_of_who_bought_the_product(db: Database) -> None:
    scoped = RETROACTIVE.replace(
        'fee_percent = "10"', 'scope = { categories = ["cctv"] }'
    )
    books = consortium(db, scoped)
    books.buy(FIRST)
    assert causes(books, lambda: books.item("andes", "CAM-1", "cctv")) == [
        "catalogue: The catalogue says something else of a product that was bought."
    ]


def test_a_member_that_left_within_the_window_is_a_cause(books: Books) -> None:
    books.buy(FIRST)

    def leave() -> None:
        with books.db.writing(SYSTEM) as session:
            session.execute(
                sa.text("update member set left_on = '2026-01-05' where code = 'norte'")
            )

    assert causes(books, leave) == [
        "member: What is known of the member changed: its days, country or groups."
    ]


def test_text_statement_and_its_data_say_the_cause_in_the_members_language(
    books: Books,
) -> None:
    books.buy(FIRST)
    late = "norte andes 2026-03-31 CAM-1 1 7.00"
    causes(books, lambda: books.buy(late))
    text = explanation_text(opened(books, "norte"), translator("es-MX"))
    assert "del 2026-03-31, Andes Ltda., llegó después del cierre del período." in text
    for code in ("2026-Q1", "2026-Q2"):
        statements.issue(books.db, books.admin, code, now=NOW, render=printed)
    with books.db.reading(SYSTEM) as session:
        body = session.scalar(
            sa.text("select body from statement order by id desc limit 1")
        )
    statement = statement_from_json(json.dumps(body).encode())
    (line,) = statement.lines
    assert [one.code for one in line.because] == ["came"]
    (part,) = view(statement).parts
    (said,) = part.because
    assert said.endswith(
        " del 31 de marzo de 2026, Andes Ltda., llegó después del cierre del período."
    )
