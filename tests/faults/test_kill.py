"""``kill -9`` at any moment of closing and issuing; then the same again, as anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from books import GROUP, NOW, RETROACTIVE, consortium
from faults.killing import KILLED, close_and_issue, forks
from rappel.actions import rebates, statements
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.store import issued
from rappel.store import rebates as stored

if TYPE_CHECKING:
    from rappel.store.base import Database

MOST = 150
QUICK = 30  # between two places that a quick run tries


def moments(db: Database) -> set[str]:
    """Say how far the books are; anything between these would be a half."""
    with db.reading(SYSTEM) as session:
        state = session.scalar(sa.text("select state from period"))
        rows = session.scalar(sa.text("select count(*) from rebate"))
        printed = session.scalar(sa.text("select count(*) from statement"))
    return {f"{state} {rows} {printed}"}


@pytest.mark.parametrize(
    "every", [pytest.param(QUICK), pytest.param(1, marks=pytest.mark.full)]
)
def test_a_killed_close_is_all_or_nothing_and_the_next_one_completes_it(
    db: Database, owner_url: str, every: int
) -> None:
    books = consortium(db, RETROACTIVE, GROUP)
    books.buy(
        "norte andes 2026-01-05 CAM-1 3 120000.00",
        "sur boreal 2026-03-05 X 2 1000.00",
        "norte boreal 2026-03-05 X 2 500.00",
    )
    expected = rebates.preview(db, SYSTEM, "2026-Q1", now=NOW).rebates
    seen: set[str] = set()
    for place in range(1, MOST, every):
        child = forks().Process(
            target=close_and_issue,
            args=(owner_url, str(db.cache), "2026-Q1", place),
        )
        child.start()
        child.join(60)
        assert child.exitcode in {0, KILLED}
        seen |= moments(db)
        if child.exitcode == 0:
            break
    assert child.exitcode == 0, "it never completed"
    assert seen <= {"open 0 0", "closed 3 0", "issued 3 2"}
    with db.reading(SYSTEM) as session:
        assert stored.rebates_of(session, SYSTEM, "2026-Q1") == expected
        found = issued.statements_of(session, SYSTEM, "2026-Q1")
    assert [one.number for one in found] == ["MX-2026-0001", "MX-2026-0002"]
    assert statements.pdf_of(db, SYSTEM, found[0].number)
    assert verify(db) == ()
