"""Closing and issuing that fail anywhere: all of it is there, or nothing of it is.

A counter lets the 1st, 2nd, 3rd … statement or file operation fail until the verb
completes untouched, so that a new step is covered without a list to maintain.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from books import GROUP, NOW, Q2, RETROACTIVE, Books, consortium
from printing import printed
from rappel.actions import periods, rebates, statements
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.store import issued
from rappel.store import rebates as stored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rappel.store.base import Database

MOST = 120  # steps of one verb; one that runs away fails the test
TABLES = ("run", "rebate", "pool", "volume", "statement", "statement_series")


class Crashed(BaseException):
    """The power went; nothing is meant to catch it."""


class Counter:
    """Fails at the n-th step, and counts them."""

    def __init__(self, place: int) -> None:
        self.place, self.seen = place, 0

    def __call__(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self.place:
            raise Crashed


@pytest.fixture
def books(db: Database) -> Books:
    made = consortium(db, RETROACTIVE, GROUP)
    made.buy(
        "norte andes 2026-01-05 CAM-1 3 120000.00",
        "sur boreal 2026-03-05 X 2 1000.00",
        "norte boreal 2026-03-05 X 2 500.00",
    )
    return made


def fails(db: Database, counter: Counter, verb: Callable[[], object]) -> bool:
    """Run a verb whose statements and commits are counted; say whether it failed."""
    events = ("before_cursor_execute", "commit")
    for event in events:
        sa.event.listen(db.engine, event, counter)
    try:
        verb()
    except Crashed:
        return True
    finally:
        for event in events:
            sa.event.remove(db.engine, event, counter)
    return False


def standing(db: Database) -> tuple[dict[str, int], list[tuple[str, str]], int]:
    """Count the rows of money, and say the state of each period."""
    with db.reading(SYSTEM) as session:
        count = {
            table: session.scalar(sa.text(f"select count(*) from {table}")) or 0
            for table in TABLES
        }
        states = session.execute(sa.text("select code, state from period order by 1"))
        audit = session.scalar(sa.text("select count(*) from audit_entry")) or 0
        return count, [(code, state) for code, state in states], audit


def figures(db: Database, period: str) -> list[object]:
    """Return all that a member is told of a period's money."""
    with db.reading(SYSTEM) as session:
        lines = [
            (one.member, one.line) for one in stored.rebates_of(session, SYSTEM, period)
        ]
        numbers = [
            (one.number, one.member, one.total)
            for one in issued.statements_of(session, SYSTEM, period)
        ]
    return [lines, numbers]


def test_a_close_that_fails_anywhere_left_the_period_open_with_nothing(
    books: Books,
) -> None:
    db = books.db
    expected = rebates.preview(db, SYSTEM, "2026-Q1", now=NOW).rebates
    before = standing(db)
    for place in range(1, MOST):
        counter = Counter(place)
        if not fails(
            db, counter, lambda: periods.close(db, books.admin, "2026-Q1", now=NOW)
        ):
            break
        assert standing(db) == before, place
    assert place > 20
    with db.reading(SYSTEM) as session:
        assert stored.rebates_of(session, SYSTEM, "2026-Q1") == expected
    assert verify(db) == ()


def test_an_issue_that_fails_anywhere_left_no_statement_and_no_number(
    books: Books,
) -> None:
    db = books.db
    periods.close(db, books.admin, "2026-Q1", now=NOW)
    before = standing(db)

    def issue() -> object:
        return statements.issue(db, books.admin, "2026-Q1", now=NOW, render=printed)

    for place in range(1, MOST):
        if not fails(db, Counter(place), issue):
            break
        assert standing(db) == before, place
    assert place > 15
    with db.reading(SYSTEM) as session:
        found = issued.statements_of(session, SYSTEM, "2026-Q1")
    assert [one.number for one in found] == ["MX-2026-0001", "MX-2026-0002"]
    assert verify(db) == ()


def test_a_printer_that_fails_leaves_the_period_closed(books: Books) -> None:
    db = books.db
    periods.close(db, books.admin, "2026-Q1", now=NOW)
    before = standing(db)

    def jammed(*_: object, **__: object) -> list[bytes]:
        raise OSError("no paper")

    with pytest.raises(OSError, match="no paper"):
        statements.issue(db, books.admin, "2026-Q1", now=NOW, render=jammed)
    assert standing(db) == before
    statements.issue(db, books.admin, "2026-Q1", now=NOW, render=printed)
    assert verify(db) == ()


@pytest.fixture
def failing_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Counter]]:
    """Let the file operations of the cache be counted by the list's last counter."""
    counters: list[Counter] = []

    def counted(whole: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **named: object) -> object:
            if counters:
                counters[-1]()
            return whole(*args, **named)

        return step

    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    monkeypatch.setattr(Path, "rename", counted(Path.rename))
    monkeypatch.setattr(Path, "unlink", counted(Path.unlink))
    yield counters
    counters.clear()


def test_a_cache_that_is_cut_off_anywhere_changes_no_figure(
    books: Books, failing_files: list[Counter]
) -> None:
    db = books.db
    expected = rebates.preview(db, SYSTEM, "2026-Q1", now=NOW)
    for number in range(9):  # so many small parts are merged, and the old ones swept
        books.buy(f"centro andes 2026-04-0{number + 1} CAM-1 1 1.00")
        for place in range(1, MOST):
            failing_files.append(Counter(place))
            try:
                seen = rebates.preview(db, SYSTEM, "2026-Q1", now=NOW)
            except Crashed:
                failing_files.clear()
                continue
            assert seen.rebates == expected.rebates
            break
        failing_files.clear()
        assert place > 1
    periods.close(db, books.admin, "2026-Q1", now=NOW)
    assert verify(db) == ()


def test_a_full_disk_costs_the_cache_and_no_answer(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = rebates.preview(books.db, SYSTEM, "2026-Q1", now=NOW)
    books.buy("centro andes 2026-04-01 CAM-1 1 1.00")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)
    with books.db.reading(SYSTEM) as session:
        kept = stored.rebates_of(session, SYSTEM, "2026-Q1")
    assert kept == expected.rebates
    assert verify(books.db) == ()


def test_a_retry_gives_what_an_undisturbed_run_gives(books: Books) -> None:
    db = books.db
    books.period("2026-Q2", *Q2)
    periods.close(db, books.admin, "2026-Q1", now=NOW)
    books.buy("norte andes 2026-02-01 CAM-1 1 1.00 credit_note")
    expected = rebates.preview(db, SYSTEM, "2026-Q2", now=NOW)
    for place in (5, 15, 25):
        close = Counter(place)
        assert fails(
            db,
            close,
            lambda: periods.close(db, books.admin, "2026-Q2", now=NOW, early=True),
        )
    summary = periods.close(db, books.admin, "2026-Q2", now=NOW, early=True)
    assert summary.snapshot == expected.snapshot
    assert figures(db, "2026-Q2")[0] == [
        (one.member, one.line) for one in expected.rebates
    ]
    assert verify(db) == ()
