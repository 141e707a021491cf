"""Both legs of a closed window, as later periods correct them: kept as differences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from books import Q2, RETROACTIVE, posted
from quarters import OWN, QUARTERS, SINCE, close, kept, opened
from rappel.actions import explaining, rebates
from rappel.actions.runs import replay
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.core.period import Period
from rappel.store import rebates as stored
from rappel.store import runs
from rappel.store.snapshots import Snapshot
from rappel.wording import translator

if TYPE_CHECKING:
    from books import Books
    from rappel.store.base import Database


def added(books: Books) -> tuple[Decimal, Decimal, Decimal]:
    """Sum what all the closed quarters added of the year's first window."""
    with books.db.reading(SYSTEM) as session:
        found = [
            one.change
            for code in QUARTERS
            for one in stored.pools_of(session, SYSTEM, code)
            if one.window == SINCE
        ]
    return (
        sum((one.inbound for one in found), Decimal()),
        sum((one.outbound for one in found), Decimal()),
        sum((one.difference for one in found), Decimal()),
    )


def test_a_late_invoice_a_return_and_other_terms_correct_both_legs(
    db: Database,
) -> None:
    """The supplier pays 2 % below 1,000 and 5 % from it on; members have 1 and 2 %."""
    books = opened(db, OWN)
    books.buy("norte andes 2026-01-05 CAM-1 1 999.99")
    first = close(books, "Q1")
    assert first == ["01-01 owes 20.00 +20.00 has 10.00 +10.00 keeps 10.00 +10.00"]
    books.buy("norte andes 2026-03-31 CAM-1 1 0.01")
    assert close(books, "Q2") == [
        "01-01 owes 50.00 +30.00 has 20.00 +10.00 keeps 30.00 +20.00 of Q1"
    ]
    books.buy("norte andes 2026-02-05 CAM-1 1 500.00 credit_note")
    assert close(books, "Q3") == [
        "01-01 owes 10.00 -40.00 has 5.00 -15.00 keeps 5.00 -25.00 of Q1"
    ]
    books.sign(OWN.replace('"2" }', '"8" }', 1), since=SINCE)
    assert close(books, "Q4") == [
        "01-01 owes 40.00 +30.00 has 5.00 +0.00 keeps 35.00 +30.00 of Q1"
    ]
    assert posted(books, "2026-Q4") == [], "the members' own terms are what they were"
    assert kept(books, "2026-Q1") == first, "what a closed period kept never changes"
    assert added(books) == (Decimal(40), Decimal(5), Decimal(35))
    assert verify(books.db) == ()


def test_without_own_terms_what_is_owed_is_what_members_have_and_the_fee(
    db: Database,
) -> None:
    books = opened(db, RETROACTIVE)
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 200000.00",
        "sur andes 2026-01-05 CAM-1 1 99999.99",
    )
    assert close(books, "Q1") == [
        "01-01 owes 4000.00 +4000.00 has 3600.00 +3600.00 keeps 400.00 +400.00"
    ]
    books.buy("sur andes 2026-03-31 CAM-1 1 0.01")
    assert close(books, "Q2") == [
        "01-01 owes 6000.00 +2000.00 has 5400.00 +1800.00 keeps 600.00 +200.00 of Q1"
    ]
    assert [row.split()[0] for row in posted(books, "2026-Q2")] == ["sur"]
    assert verify(books.db) == ()


def test_a_year_to_date_window_adds_to_what_it_kept_before(db: Database) -> None:
    yearly = OWN.replace("tiers", 'accumulate = "year"\ntiers', 1)
    books = opened(db, yearly)
    books.buy("norte andes 2026-01-05 CAM-1 1 500.00")
    close(books, "Q1")
    books.buy("norte andes 2026-04-05 CAM-1 1 500.00")
    assert close(books, "Q2") == [
        "01-01 owes 50.00 +40.00 has 20.00 +15.00 keeps 30.00 +25.00"
    ]
    assert verify(books.db) == ()


def test_a_window_that_had_nothing_is_kept_when_something_comes(db: Database) -> None:
    books = opened(db, OWN)
    assert close(books, "Q1") == []
    books.buy("norte andes 2026-01-05 CAM-1 1 100.00")
    assert close(books, "Q2") == [
        "01-01 owes 2.00 +2.00 has 1.00 +1.00 keeps 1.00 +1.00 of Q1"
    ]
    books.buy("norte andes 2026-07-05 CAM-1 1 100.00")
    assert close(books, "Q3") == [
        "07-01 owes 2.00 +2.00 has 1.00 +1.00 keeps 1.00 +1.00"
    ], "and not again where nothing changed"
    assert verify(books.db) == ()


def test_a_member_that_cannot_be_computed_leaves_the_whole_as_it_was(
    db: Database,
) -> None:
    """What norte was paid stays; the claim waits for the rate, and then has it all."""
    books = opened(db, OWN.replace("tiers", 'fx = "invoice_date"\ntiers', 1))
    books.buy(
        "norte andes 2026-01-05 CAM-1 1 1000.00", "sur andes 2026-01-05 CAM-1 1 100.00"
    )
    close(books, "Q1")
    books.buy(
        "norte andes 2026-01-06 CAM-1 1 10.00 USD@",
        "sur andes 2026-01-06 CAM-1 1 100.00",
    )
    assert close(books, "Q2") == []
    assert [row.split()[0] for row in posted(books, "2026-Q2")] == ["sur"]
    assert verify(books.db) == ()
    books.rate("USD", "MXN", date(2026, 1, 6), "20")
    assert close(books, "Q3") == [
        "01-01 owes 64.00 +12.00 has 26.00 +5.00 keeps 38.00 +7.00 of Q1"
    ]
    assert verify(books.db) == ()


def test_more_that_is_all_held_back_is_told_and_owes_nothing(db: Database) -> None:
    held = RETROACTIVE.replace('fee_percent = "10"', "").replace(
        'percent = "2" }', 'percent = "2.5" }'
    )
    release = 'holdback = { percent = "20", release = { from = "900000" } }'
    books = opened(db, RETROACTIVE.replace('fee_percent = "10"', ""))
    books.buy("norte andes 2026-01-05 CAM-1 1 100000.00")
    close(books, "Q1")
    books.sign(held.replace("tiers", f"{release}\ntiers"), since=SINCE)
    assert close(books, "Q2") == [
        "01-01 owes 2500.00 +500.00 has 2500.00 +500.00 keeps 0.00 +0.00 of Q1"
    ]
    (row,) = posted(books, "2026-Q2")
    assert row.endswith("= 0.00 pays 0.00 carries 0.00 adjusts 2026-Q1")
    assert verify(books.db) == ()


def test_a_run_of_before_is_computed_again_as_it_was_kept(db: Database) -> None:
    """A snapshot that names no pools kept those of its own windows alone."""
    books = opened(db, OWN)
    books.buy("norte andes 2026-01-05 CAM-1 1 100.00")
    close(books, "Q1")
    books.buy("norte andes 2026-03-31 CAM-1 1 900.00")
    close(books, "Q2")
    with db.reading(SYSTEM) as session:
        now = Snapshot.of(runs.kept_run(session, "2026-Q2").snapshot)
        before = replace(now, pools=None)
        days = Period(*Q2)
        found, new = (replay(session, db, one, days) for one in (before, now))
    assert found.postings == new.postings
    assert found.pools.is_empty()
    assert new.pools["adjusts"].to_list() == ["2026-Q1"]
    assert found.sha256 != new.sha256
    assert "pools" not in before.as_json()
    assert Snapshot.of(before.as_json()) == before


def test_an_explanation_shows_both_legs_to_who_administers_alone(db: Database) -> None:
    books = opened(db, OWN)
    books.buy("norte andes 2026-01-05 CAM-1 1 999.99")
    close(books, "Q1")
    books.buy("norte andes 2026-03-31 CAM-1 1 0.01")
    close(books, "Q2")
    with db.reading(SYSTEM) as session:
        (found,) = stored.list_rebates(session, SYSTEM, period="2026-Q2").items
    opened_ = rebates.explain(db, books.admin, found.ref)
    text = explaining.explanation_text(opened_)
    assert (
        "50.00  The supplier owes for the whole programme in this window; 20.00 of it"
        " was kept before, and 30.00 is new." in text
    )
    assert "20.00  Members have of it, the fee taken off; 10.00 was kept" in text
    assert "30.00  The consortium keeps the rest; 10.00 was kept" in text
    for language in ("es", "pt"):
        said = explaining.explanation_text(opened_, translator(language))
        assert "kept before" not in said
    mine = rebates.explain(db, books.viewers["norte"], found.ref)
    assert mine.pool is None
    assert "supplier owes" not in explaining.explanation_text(mine)
