"""Verification finds each thing that must not be; the books are broken on purpose.

The owner of the server takes the guards away first: nobody else could do this.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl
import psycopg
import pytest
import sqlalchemy as sa

from books import GROUP, NOW, Q2, RETROACTIVE, consortium
from printing import printed
from rappel.actions import periods, statements
from rappel.actions.runs import warm
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.store import parts
from rappel.store.base import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.store.base import Database
    from rappel.store.embedded import Server

NUMBER = count(1)
LATER = datetime(2026, 7, 9, 12, 0, tzinfo=UTC)


TEMPLATE = "two_quarters"


@pytest.fixture(scope="module")
def filled(cluster: Server, template: str) -> Iterator[str]:
    """A database with an issued quarter and a closed one that adjusts it."""
    cluster.create_database(TEMPLATE, template=template)
    with TemporaryDirectory() as cache:
        db = connect(cluster.url(database=TEMPLATE), cache=Path(cache))
        made = consortium(db, RETROACTIVE, GROUP)
        made.period("2026-Q2", *Q2)
        made.buy(
            "norte andes 2026-01-05 CAM-1 3 120000.00",
            "sur boreal 2026-03-05 X 2 1000.00",
            "norte boreal 2026-03-05 X 2 500.00",
        )
        periods.close(db, made.admin, "2026-Q1", now=NOW)
        statements.issue(db, made.admin, "2026-Q1", now=NOW, render=printed)
        made.buy("norte andes 2026-01-06 CAM-1 3 10.00")
        periods.close(db, made.admin, "2026-Q2", now=LATER)
        assert verify(db) == ()
        db.dispose()
    yield TEMPLATE
    cluster.drop_database(TEMPLATE)


@pytest.fixture
def url(cluster: Server, filled: str) -> Iterator[str]:
    """The owner's address of this test's own copy."""
    name = f"broken_{next(NUMBER)}"
    cluster.create_database(name, template=filled)
    yield cluster.url(database=name)
    cluster.drop_database(name)


@pytest.fixture
def copied(url: str, tmp_path: Path) -> Iterator[Database]:
    db = connect(url, cache=tmp_path / "cache")
    yield db
    db.dispose()


def broken(db: Database, url: str, change: str) -> set[str]:
    """Change the books behind everybody's back; answer what verification says."""
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(change)
    return {one.invariant for one in verify(db)}


@pytest.mark.parametrize(
    ("change", "invariant"),
    [
        (
            "update statement set total = total + 0.01 where serial = 1",
            "lines of a statement sum to its total",
        ),
        (
            "update rebate set payable_now = payable_now + 0.01",
            "lines of a statement sum to its total",
        ),
        (
            "delete from statement where serial = 1",
            "every rebate of an issued period is on a statement",
        ),
        (
            "update pool set difference = difference + 0.01",
            "members' parts are the claim less what the group keeps",
        ),
        (
            "update pool set inbound = inbound + 1 where adjusts_id is not null",
            "members' parts of an adjusted claim are what each was told last",
        ),
        (
            "update pool set outbound = outbound + 0.01",
            "the consortium keeps what is between both legs",
        ),
        *(
            (
                f"update pool set {leg}_before = {leg}_before - 0.01",
                "what a claim had before is all that was kept before",
            )
            for leg in ("inbound", "outbound", "fee")
        ),
        (
            "delete from pool where adjusts_id is not null",
            "what adjusts members adjusts the claim",
        ),
        (
            "update rebate set due = due + 0.01 where adjusts_id is not null",
            "what is due follows from what is earned",
        ),
        (
            "update rebate set settled_before = 0 where adjusts_id is not null",
            "settled before is all that was posted before",
        ),
        (
            "update rebate set carried = carried + 0.01",
            "nothing due is lost in a balance",
        ),
        (
            "update invoice set fiscal_key = 'same'",
            "one fiscal key counts once",
        ),
        ("update statement_series set last = 9", "a number series has no gap"),
        (
            "update statement set number = 'MX-2026-0009' where serial = 2",
            "a statement's number is its series and serial",
        ),
        (
            "update period set run_id = null where code = '2026-Q2'",
            "a closed period has its run",
        ),
        (
            "update period set state = 'closed' where code = '2026-Q1'",
            "only issued periods have statements",
        ),
        (
            "update line set member_id = (select max(id) from member)",
            "a line is its invoice's",
        ),
        (
            "delete from audit_entry",
            "every closing and issue has its audit entry",
        ),
        ("update audit_entry set detail = '{}'", "audit chain"),
        ("delete from audit_entry where id = 1", "audit chain"),
        ("update line set net = net + 0.01", "parts equal rows"),
        ("update line set net = net + 0.01; delete from part", "replay"),
        ('update run set snapshot = snapshot || \'{"events": "{[1,2)}"}\'', "snapshot"),
        ("update run set result_hash = 'x'", "replay"),
        ("update statement set pdf = pdf || 'x'", "PDF hash"),
        (
            """update statement set
            body = replace(body::text, '120000.00', '920000.00')::jsonb""",
            "recomputed",
        ),
        ("update statement set total = 7", "statement row"),
    ],
)
def test_a_change_behind_everybodys_back_is_found(
    copied: Database, url: str, change: str, invariant: str
) -> None:
    assert invariant in broken(copied, url, change)


def test_a_run_of_nothing_is_found(copied: Database, url: str) -> None:
    again = (
        "insert into run (ref, period_id, as_of, snapshot, snapshot_hash, result_hash,"
        " findings) select 'run_2', period_id, as_of, snapshot, snapshot_hash,"
        " result_hash, findings from run limit 1"
    )
    assert broken(copied, url, again) == {"a run belongs to one closed period"}


def test_a_violation_names_its_first_row(copied: Database, url: str) -> None:
    broken(copied, url, "update statement_series set last = 9")
    (found,) = verify(copied)
    assert found.row == "code=MX-2026, last=9, statements=2, highest=2"


def test_a_part_with_other_lines_is_found(copied: Database) -> None:
    warm(copied)
    with copied.reading(SYSTEM) as session:
        part = parts.all_parts(session)[0]
    folder = copied.cache / "parts"
    path = parts.path_of(folder, part.sha256)
    frame = pl.read_parquet(path).with_columns(code=pl.lit("forged"))
    frame.write_parquet(path)
    assert verify(copied) == (), "a file with other bytes is not even read"
    digest = hashlib.sha256(path.read_bytes()).digest()
    path.rename(parts.path_of(folder, digest))
    with copied.writing(SYSTEM) as session:
        session.execute(
            sa.text("update part set sha256 = :new where sha256 = :old"),
            {"new": digest, "old": part.sha256},
        )
    assert "parts equal rows" in {one.invariant for one in verify(copied)}


def test_empty_books_hold(db: Database) -> None:
    assert verify(db) == ()
