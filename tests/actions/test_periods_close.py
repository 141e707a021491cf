"""Closing a period: what it posts, what it refuses, and what comes in later."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from books import GROUP, NOW, Q2, consortium, posted
from rappel.actions import periods, rebates
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound, Refused
from rappel.store import rebates as stored
from rappel.store import runs

if TYPE_CHECKING:
    from books import Books
    from rappel.actions.keeping import RunSummary
    from rappel.store.base import Database

LATER = datetime(2026, 7, 9, 12, 0, tzinfo=UTC)


@pytest.fixture
def books(db: Database) -> Books:
    return consortium(db)


def close(books: Books, code: str = "2026-Q1", now: datetime = NOW) -> RunSummary:
    return periods.close(books.db, books.admin, code, now=now)


def test_a_volume_on_the_threshold_has_reached_its_tier_and_a_cent_less_has_not(
    books: Books,
) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    books.buy("sur andes 2026-01-05 CAM-1 1 99999.99")
    summary = close(books)
    assert posted(books) == [
        (
            "norte 01-01 100000.00 100000 2000.00 -200.00 -0.00"
            " = 1800.00 pays 1800.00 carries 0.00"
        ),
        "sur 01-01 99999.99 0 0.00 -0.00 -0.00 = 0.00 pays 0.00 carries 0.00",
    ]
    assert summary.due == {"MXN": Decimal("1800.00")}
    assert (summary.rebates, summary.members, summary.adjustments) == (2, 2, 0)
    assert verify(books.db) == ()


def test_a_credit_note_is_subtracted_and_what_is_out_does_not_count(
    books: Books,
) -> None:
    replaced = books.buy("norte andes 2026-02-01 CAM-1 1 500000.00")[0]
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 260000.00",
        "norte andes 2026-01-06 CAM-1 1 10000.01 credit_note",
        "norte andes 2026-01-07 CAM-1 1 9000.00 out=freight",
        "norte boreal 2026-01-08 CAM-1 1 7000.00",
        "norte andes 2026-04-01 CAM-1 1 6000.00",
    )
    books.event(replaced, "replaced")
    close(books)
    assert posted(books) == [
        (
            "norte 01-01 249999.99 100000 5000.00 -500.00 -0.00"
            " = 4500.00 pays 4500.00 carries 0.00"
        )
    ]


def test_a_released_document_counts_again(books: Books) -> None:
    invoice = books.buy("norte andes 2026-02-01 CAM-1 1 100000.00")[0]
    books.event(invoice, "withdrawn")
    books.event(invoice, "released")
    close(books)
    assert posted(books)[0].startswith("norte 01-01 100000.00")


def test_an_upload_may_prove_too_little_for_an_agreement(db: Database) -> None:
    strict = 'evidence_minimum = "C"\n' + GROUP
    books = consortium(db, strict)
    books.buy(
        "norte boreal 2026-01-05 X 1 1000.00", "norte boreal 2026-01-06 X 1 500.00 D"
    )
    close(books)
    assert [row.split()[:3] for row in posted(books)] == [["norte", "01-01", "1000.00"]]


def test_a_closed_period_is_not_closed_again_and_says_by_whom_and_when(
    books: Books,
) -> None:
    close(books)
    with pytest.raises(Refused, match=r"closed at 2026-04-10 12:00 by Ada") as refusal:
        close(books)
    assert refusal.value.code == "already_closed"


def test_periods_are_closed_in_order(books: Books) -> None:
    books.period("2026-Q2", *Q2)
    with pytest.raises(Refused, match="'2026-Q1' is still open"):
        close(books, "2026-Q2")
    close(books)
    close(books, "2026-Q2", LATER)


def test_an_earlier_period_opened_too_late_cannot_be_closed(books: Books) -> None:
    close(books)
    books.period("2025-Q4", date(2025, 10, 1), date(2026, 1, 1))
    with pytest.raises(Refused, match="'2026-Q1' is closed already"):
        close(books, "2025-Q4")


@pytest.mark.parametrize(
    ("moment", "over"), [("2026-03-31T23:59:59", False), ("2026-04-01T00:00:00", True)]
)
def test_a_period_is_closed_when_it_is_over_or_when_that_is_said(
    books: Books, moment: str, *, over: bool
) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    if not over:
        with pytest.raises(Refused, match="its last day is 2026-03-31") as refusal:
            close(books, now=now)
        assert refusal.value.code == "not_over"
        assert posted(books) == []
    periods.close(books.db, books.admin, "2026-Q1", now=now, early=not over)
    with books.db.reading(SYSTEM) as session:
        assert runs.period_state(session, SYSTEM, "2026-Q1").state == "closed"


@pytest.mark.parametrize("who", ["norte", "andes"])
def test_only_administrators_open_and_close(books: Books, who: str) -> None:
    viewer = books.viewers[who]
    with pytest.raises(NotAllowed):
        periods.close(books.db, viewer, "2026-Q1", now=NOW)
    with pytest.raises(NotAllowed):
        periods.open_period(
            books.db, viewer, code="x", starts=Q2[0], ends=Q2[1], now=NOW
        )


def test_an_unknown_period_is_not_found(books: Books) -> None:
    with pytest.raises(NotFound):
        close(books, "2031-Q1")


def test_periods_touch_and_never_share_a_day(books: Books) -> None:
    def open_(code: str, starts: date, ends: date) -> None:
        periods.open_period(
            books.db, books.admin, code=code, starts=starts, ends=ends, now=NOW
        )

    with pytest.raises(Refused, match="'2026-Q1' has some of these days"):
        open_("2026-Q2", date(2026, 3, 31), Q2[1])
    with pytest.raises(Refused, match="exists already"):
        open_("2026-Q1", date(2030, 1, 1), date(2030, 4, 1))
    with pytest.raises(Malformed):
        open_("2026-Q2", Q2[1], Q2[0])
    with pytest.raises(Malformed):
        open_(" ", *Q2)
    open_("2026-Q2", *Q2)
    with books.db.reading(SYSTEM) as session:
        found = [one.code for one in runs.list_periods(session, SYSTEM)]
    assert found == ["2026-Q1", "2026-Q2"]


def test_a_preview_is_the_closing_and_stores_nothing(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 123456.78")
    seen = rebates.preview(books.db, books.admin, "2026-Q1", now=NOW)
    assert posted(books) == []
    summary = close(books)
    with books.db.reading(SYSTEM) as session:
        assert stored.rebates_of(session, SYSTEM, "2026-Q1") == seen.rebates
    assert seen.snapshot == summary.snapshot
    assert seen.payable == summary.due
    with pytest.raises(Refused, match="do not change"):
        rebates.preview(books.db, books.admin, "2026-Q1", now=NOW)


def test_the_cache_may_be_deleted_at_any_time(books: Books) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 123456.78")
    first = rebates.preview(books.db, books.admin, "2026-Q1", now=NOW)
    shutil.rmtree(books.db.cache)
    assert rebates.preview(books.db, books.admin, "2026-Q1", now=NOW) == first
    close(books)
    shutil.rmtree(books.db.cache)
    assert verify(books.db) == ()


def test_a_cache_that_cannot_be_written_costs_time_and_no_answer(
    books: Books,
) -> None:
    books.buy("norte andes 2026-01-05 CAM-1 1 123456.78")
    books.db.cache.write_bytes(b"a file where the folder should be")
    close(books)
    assert posted(books)[0].startswith("norte 01-01 123456.78")


def test_an_unmapped_code_and_a_missing_rate_are_findings_of_the_run(
    db: Database,
) -> None:
    scoped = GROUP.replace('reach = "marginal"', 'scope = { categories = ["cctv"] }')
    books = consortium(db, scoped)
    books.buy("norte boreal 2026-01-05 X 1 1000.00")
    summary = close(books)
    assert [one["code"] for one in summary.findings] == ["unmapped_code"]
    assert "1000" in str(summary.findings[0]["params"])
