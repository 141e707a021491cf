"""What proves less than an agreement asks for does not count, and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from books import GROUP, NOW, consortium
from printing import printed
from rappel.actions import periods, statements
from rappel.core.access import SYSTEM

if TYPE_CHECKING:
    from rappel.store.base import Database

AMOUNTS = {"A": "1000.00", "B": "200.00", "C": "30.00", "D": "4.00"}


@pytest.mark.parametrize(
    ("minimum", "counts"), [("A", "A"), ("B", "AB"), ("C", "ABC"), ("D", "ABCD")]
)
def test_a_document_counts_from_the_grade_that_the_agreement_asks_for(
    db: Database, minimum: str, counts: str
) -> None:
    books = consortium(db, f'evidence_minimum = "{minimum}"\n{GROUP}')
    books.buy(
        *(
            f"norte boreal 2026-01-05 X 1 {amount} {grade}"
            for grade, amount in AMOUNTS.items()
        )
    )
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    statements.issue(books.db, books.admin, "2026-Q1", now=NOW, render=printed)
    _, statement = statements.statement_of(books.db, SYSTEM, "MX-2026-0001")
    (line,) = statement.lines
    assert [one.evidence for one in line.documents] == list(counts)
    assert [(one.evidence, one.reason) for one in statement.left_out] == [
        (grade, "evidence_below_minimum") for grade in AMOUNTS if grade not in counts
    ]
