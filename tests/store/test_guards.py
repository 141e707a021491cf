"""What the database refuses to anybody, and the few doors in its walls."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from rappel.core.access import SYSTEM, Viewer
from rappel.errors import Refused
from rappel.store import base
from store_walls import ADMINISTRATOR, MEMBER_1, SUPPLIER_1, fill, put

if TYPE_CHECKING:
    from rappel.store.base import Database

STATES = ["open", "closing", "closed", "issued", "settled"]


@pytest.fixture
def books(db: Database) -> Database:
    fill(db)
    return db


def run(db: Database, statement: str, **values: object) -> None:
    with db.writing(SYSTEM) as session:
        session.execute(sa.text(statement), values)


def claim(db: Database, viewer: Viewer, key: str, document: int, member: int) -> str:
    with db.writing(viewer) as session:
        asked = sa.select(sa.func.claim_fiscal_key(key, document, member))
        return str(session.scalar(asked))


def two_more_documents(db: Database) -> None:
    """Documents 3 of member 1 and 4 of member 2."""
    with db.writing(SYSTEM) as session:
        for n in (3, 4):
            put(
                session,
                "document",
                id=n,
                ref=f"d{n}",
                upload_id=n - 2,
                sha256=bytes([n - 2]),
                member_id=n - 2,
                state="held",
            )


def test_a_period_moves_only_forward(db: Database) -> None:
    insert = "insert into period (code, starts, ends, state)"
    insert += " values (:code, '2026-01-01', '2026-04-01', :state)"
    change = "update period set state = :state where code = :code"
    for here, before in enumerate(STATES):
        for there, after in enumerate(STATES):
            code = f"from {before} to {after}"
            run(db, insert, code=code, state=before)
            if there >= here:
                run(db, change, code=code, state=after)
                continue
            with pytest.raises(sa.exc.IntegrityError, match="does not go back"):
                run(db, change, code=code, state=after)


@pytest.mark.parametrize(
    ("change", "last"),
    [
        ("code = 'other'", "open"),
        ("starts = starts - 1", "open"),
        ("ends = ends + 1", "open"),
        ("run_id = 1", "closing"),
        ("closed_at = now()", "closing"),
        ("closed_by = 3", "closing"),
        ("issued_at = now()", "closed"),
    ],
)
def test_what_a_period_was_closed_with_stays(
    books: Database, change: str, last: str
) -> None:
    run(books, "update period set state = :state", state=last)
    run(books, f"update period set {change}")
    undo = {"code": "'again'", "starts": "starts - 9", "ends": "ends + 9"}
    column = change.partition(" ")[0]
    following = STATES[STATES.index(last) + 1]
    run(books, "update period set state = :state", state=following)
    with pytest.raises(sa.exc.IntegrityError, match="does not change"):
        run(books, f"update period set {column} = {undo.get(column, 'null')}")


@pytest.mark.parametrize(
    ("starts", "ends", "allowed"),
    [("01-01", "01-02", True), ("01-01", "01-01", False), ("01-02", "01-01", False)],
)
def test_a_period_has_at_least_a_day(
    db: Database, starts: str, ends: str, *, allowed: bool
) -> None:
    days = {
        "starts": date.fromisoformat(f"2026-{starts}"),
        "ends": date.fromisoformat(f"2026-{ends}"),
    }
    insert = "insert into period (code, starts, ends) values ('p', :starts, :ends)"
    if allowed:
        run(db, insert, **days)
        return
    with pytest.raises(sa.exc.IntegrityError, match="ck_period_order"):
        run(db, insert, **days)


def test_what_was_read_in_a_document_stays(books: Database) -> None:
    for column in ("reading", "sha256", "upload_id", "fiscal_key", "received_at"):
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            run(books, f"update document set {column} = {column}")
    run(books, "update document set state = 'held', because = 'why'")


def test_a_key_is_new_once_then_yours_or_held(books: Database) -> None:
    two_more_documents(books)
    assert claim(books, SYSTEM, "k", 3, 1) == "new"
    assert claim(books, SYSTEM, "k", 3, 1) == "new"  # it is this document's own
    assert claim(books, SYSTEM, "k", 1, 1) == "yours"
    assert claim(books, SYSTEM, "k", 4, 2) == "held"


def test_a_key_is_released_only_by_the_document_that_has_it(books: Database) -> None:
    two_more_documents(books)
    claim(books, SYSTEM, "k", 3, 1)
    release = sa.text("select release_fiscal_key('k', :document)")
    with books.writing(ADMINISTRATOR) as session:
        assert session.scalar(release, {"document": 4}) is False
        assert session.scalar(release, {"document": 3}) is True
        assert session.scalar(release, {"document": 3}) is False
    assert claim(books, SYSTEM, "k", 4, 2) == "new"


@pytest.mark.parametrize("viewer", [MEMBER_1, SUPPLIER_1], ids=["member", "supplier"])
def test_a_member_or_supplier_asks_nothing_of_the_keys(
    books: Database, viewer: Viewer
) -> None:
    with pytest.raises(sa.exc.ProgrammingError, match="only an administrator"):
        claim(books, viewer, "key 2", 1, 1)
    with (
        pytest.raises(sa.exc.ProgrammingError, match="only an administrator"),
        books.writing(viewer) as session,
    ):
        session.execute(sa.text("select release_fiscal_key('key 1', 1)"))


@pytest.mark.parametrize("viewer", [SYSTEM, ADMINISTRATOR, MEMBER_1, SUPPLIER_1])
def test_nobody_reads_the_keys_themselves(books: Database, viewer: Viewer) -> None:
    with (
        pytest.raises(sa.exc.ProgrammingError, match="permission denied"),
        books.reading(viewer) as session,
    ):
        session.execute(sa.text("select * from fiscal_key"))


def test_of_two_members_at_once_one_has_the_key(books: Database) -> None:
    for turn in range(20):
        together = Barrier(2)

        def attempt(member: int, turn: int = turn, together: Barrier = together) -> str:
            document = 100 + 2 * turn + member
            with books.writing(SYSTEM) as session:
                put(
                    session,
                    "document",
                    id=document,
                    ref=f"d{document}",
                    upload_id=member,
                    sha256=bytes([member]),
                    state="held",
                )
                together.wait(timeout=10)
                asked = sa.func.claim_fiscal_key(f"race {turn}", document, member)
                return str(session.scalar(sa.select(asked)))

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(attempt, [1, 2])) == ["held", "new"]


def test_a_claim_that_is_rolled_back_leaves_the_key_free(books: Database) -> None:
    two_more_documents(books)
    with Session(books.engine) as session:
        base.show(session, SYSTEM)
        session.execute(sa.select(sa.func.claim_fiscal_key("k", 3, 1)))
        session.rollback()
    assert claim(books, SYSTEM, "k", 4, 2) == "new"


def test_a_lock_that_another_keeps_is_refused_in_the_end(
    books: Database, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PATIENCE", 1)
    hasty = base.connect(owner_url, cache=books.cache)
    lock = sa.text("select id from period for update")
    with books.writing(SYSTEM) as session:
        session.execute(lock)
        with pytest.raises(Refused) as refusal, hasty.writing(SYSTEM) as other:
            other.execute(lock)
    assert refusal.value.code == "busy"
    with hasty.writing(SYSTEM) as other:
        other.execute(lock)
    hasty.dispose()


def test_a_reading_sees_one_moment_and_writes_nothing(books: Database) -> None:
    count = sa.text("select count(*) from supplier")
    with books.reading(SYSTEM) as session:
        assert session.scalar(count) == 2
        with books.writing(SYSTEM) as other:
            put(other, "supplier", id=3, code="third")
        assert session.scalar(count) == 2
    with (
        pytest.raises(sa.exc.InternalError, match="read-only"),
        books.reading(SYSTEM) as session,
    ):
        session.execute(sa.text("update supplier set name = 'x'"))
    with books.reading(SYSTEM) as session:
        assert session.scalar(count) == 3
