"""What seldom happens to a statement, and is still said in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from books import NOW, RETROACTIVE, consortium
from printing import printed
from rappel.actions import periods, statements
from rappel.actions.terms import settlements, terms_of
from rappel.actions.verify import verify, verify_statement
from rappel.actions.working import HOLDBACK, NO_TIER, working
from rappel.core.access import SYSTEM
from rappel.core.period import Period
from rappel.errors import NotFound, Refused
from rappel.ingest.terms import agreement_from_toml
from rappel.store import issued, runs
from rappel.store import rebates as stored
from rappel.store.snapshots import Signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from books import Books
    from rappel.core.statements import Statement
    from rappel.store.base import Database

Q1 = Period(date(2026, 1, 1), date(2026, 4, 1))
NO_FLOOR = RETROACTIVE.replace('{ from = "0", percent = "0" },', "")


@pytest.fixture
def books(db: Database) -> Books:
    made = consortium(db, NO_FLOOR)
    made.buy("norte andes 2026-01-05 CAM-1 1 100.00")
    periods.close(db, made.admin, "2026-Q1", now=NOW)
    return made


def issue(books: Books) -> str:
    found = statements.issue(books.db, books.admin, "2026-Q1", now=NOW, render=printed)
    return found[0].number


def test_a_volume_below_the_first_threshold_reaches_no_tier(books: Books) -> None:
    _, statement = statements.statement_of(books.db, SYSTEM, issue(books))
    (line,) = statement.lines
    assert (line.threshold, line.earned) == (None, Decimal("0.00"))
    assert NO_TIER in {step.text for step in line.working}
    assert verify(books.db) == ()


def test_a_holdback_is_a_step_of_the_working(books: Books) -> None:
    with books.db.reading(SYSTEM) as session:
        (found,) = stored.rebates_of(session, SYSTEM, "2026-Q1")
    (programme,) = agreement_from_toml(RETROACTIVE).programmes
    held = replace(found.line, holdback=Decimal("5.00"))
    row = {"exact": Decimal(0)}
    steps = {step.text: step.amount for step in working(held, programme, row)}
    assert steps[HOLDBACK] == Decimal("-5.00")


def test_who_is_overtaken_every_time_is_told_to_try_again(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "ATTEMPTS", 2)

    def overtaken(
        given: Sequence[Statement], workers: int = 1, progress: object = None
    ) -> list[bytes]:
        assert (workers, progress) == (2, None)
        with books.db.writing(SYSTEM) as session:
            issued.take_numbers(session, "MX-2026", 1)
        return printed(given)

    with pytest.raises(Refused, match="took the numbers"):
        statements.issue(books.db, books.admin, "2026-Q1", now=NOW, render=overtaken)


def test_a_number_that_was_never_issued_here_is_told(books: Books) -> None:
    _, statement = statements.statement_of(books.db, SYSTEM, issue(books))
    (forged,) = printed([replace(statement, number="MX-2026-0099")])
    assert verify_statement(forged) == ()
    (found,) = verify_statement(forged, db=books.db)
    assert (found.invariant, found.row) == ("as issued", "MX-2026-0099")


def test_a_list_of_statements_is_that_of_a_period_and_a_member(books: Books) -> None:
    number = issue(books)
    with books.db.reading(SYSTEM) as session:

        def listed(**wanted: str) -> list[str]:
            page = issued.list_statements(session, SYSTEM, **wanted)
            return [one.number for one in page.items]

        assert listed(period="2026-Q1", member="norte") == [number]
        assert listed(period="2026-Q2") == listed(member="sur") == []


def test_books_without_a_consortium_issue_nothing(db: Database) -> None:
    with db.reading(SYSTEM) as session, pytest.raises(NotFound, match="rappel init"):
        issued.issuer(session)


def test_an_open_period_has_no_run(db: Database) -> None:
    consortium(db)
    with db.reading(SYSTEM) as session, pytest.raises(NotFound, match="is not closed"):
        runs.kept_run(session, "2026-Q1")


@pytest.mark.parametrize(("until", "pays"), [("2026-04-01", True), (None, False)])
def test_what_settles_once_in_its_life_is_paid_when_it_ends(
    until: str | None, *, pays: bool
) -> None:
    once = RETROACTIVE.replace(
        'fee_percent = "10"', 'accumulate = "lifetime"\nsettle = "lifetime"'
    )
    signed = Signed(
        id=1,
        number=1,
        agreement="andes-2026",
        in_force_from=date(2025, 6, 1),
        in_force_until=date.fromisoformat(until) if until else None,
        document=once,
    )
    (terms,) = terms_of([signed])
    (found,) = settlements(terms, Q1)
    assert found.pays is pays
    assert found.windows == {("andes-volumen", date(2025, 6, 1))}
