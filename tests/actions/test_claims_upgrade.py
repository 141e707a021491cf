"""Books from before both legs of closed windows were kept: brought up, and going on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
from psycopg.types.json import Jsonb

from quarters import OWN, QUARTERS, close, kept, opened
from rappel.actions.runs import replay
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.core.period import Period
from rappel.store import runs
from rappel.store.schema import migrate
from rappel.store.snapshots import Snapshot

if TYPE_CHECKING:
    from books import Books
    from rappel.store.base import Database

YEARLY = OWN.replace("tiers", 'accumulate = "year"\ntiers', 1).replace("andes-", "a-")


def of_before(db: Database, url: str, *quarters: str) -> None:
    """Take away what runs of before did not keep, columns and rows."""
    with db.reading(SYSTEM) as session:
        found = []
        for code in quarters:
            run = runs.kept_run(session, code)
            snapshot = replace(Snapshot.of(run.snapshot), pools=None)
            result = replay(session, db, snapshot, Period(*QUARTERS[code]))
            found.append((Jsonb(snapshot.as_json()), snapshot.sha256, result.sha256))
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        for code, row in zip(quarters, found, strict=True):
            connection.execute(
                "update run set snapshot = %s, snapshot_hash = %s, result_hash = %s"
                " where period_id = (select id from period where code = %s)",
                (*row, code),
            )
        connection.execute("delete from pool where adjusts_id is not null")
        connection.execute("drop index ix_pool_programme_id_pool_window_start")
        connection.execute(
            "alter table pool drop column adjusts_id, drop column inbound_before,"
            " drop column outbound_before, drop column fee_before"
        )
        connection.execute("update alembic_version set version_num = '0011_trusted'")


def played(db: Database) -> Books:
    """Close two quarters; the second adjusts the first, and goes on with a year."""
    books = opened(db, OWN)
    books.sign(YEARLY)
    books.buy("norte andes 2026-01-05 CAM-1 1 500.00")
    close(books, "Q1")
    books.buy(
        "norte andes 2026-03-31 CAM-1 1 100.00", "norte andes 2026-04-05 CAM-1 1 400.00"
    )
    close(books, "Q2")
    return books


def test_what_was_kept_stays_and_the_next_run_adds_the_difference_to_it(
    db: Database, owner_url: str
) -> None:
    books = played(db)
    whole = kept(books, "2026-Q2")
    assert whole == [
        "01-01 owes 50.00 +40.00 has 20.00 +15.00 keeps 30.00 +25.00",
        "01-01 owes 12.00 +2.00 has 6.00 +1.00 keeps 6.00 +1.00 of Q1",
        "04-01 owes 8.00 +8.00 has 4.00 +4.00 keeps 4.00 +4.00",
    ]
    of_before(db, owner_url, "2026-Q1", "2026-Q2")
    migrate(owner_url)
    assert kept(books, "2026-Q2") == [whole[0], whole[2]]
    assert verify(db) == ()
    books.buy("norte andes 2026-02-05 CAM-1 1 400.00")
    assert close(books, "Q3") == [
        "01-01 owes 70.00 +20.00 has 28.00 +8.00 keeps 42.00 +12.00",
        "01-01 owes 50.00 +40.00 has 20.00 +15.00 keeps 30.00 +25.00 of Q1",
    ]
    assert verify(db) == ()
