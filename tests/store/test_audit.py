"""The trail of changes: chained, without a gap, and never changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from rappel.core.access import SYSTEM, Role, Viewer
from rappel.store.audit import AuditRow, first_broken, note

if TYPE_CHECKING:
    from rappel.store.base import Database

NOW = datetime(2026, 4, 2, 9, 30, 0, 123456, tzinfo=UTC)


def write(db: Database, times: int = 1) -> None:
    for _ in range(times):
        with db.writing(SYSTEM) as session:
            note(session, SYSTEM, "test.note", "thing", {"amount": "1.00"}, at=NOW)


def broken(db: Database) -> int | None:
    with db.reading(SYSTEM) as session:
        return first_broken(session)


def count(db: Database) -> int:
    with db.reading(SYSTEM) as session:
        return session.scalar(sa.select(sa.func.count(AuditRow.id))) or 0


def test_an_empty_trail_holds(db: Database) -> None:
    assert broken(db) is None


def test_entries_follow_each_other_from_one(db: Database) -> None:
    write(db, 3)
    with db.reading(SYSTEM) as session:
        rows = session.execute(
            sa.select(AuditRow.id, AuditRow.previous, AuditRow.hash).order_by(
                AuditRow.id
            )
        ).all()
    assert [row.id for row in rows] == [1, 2, 3]
    assert rows[0].previous == b""
    assert rows[2].previous == rows[1].hash
    assert broken(db) is None


def test_every_exact_value_is_read_back_as_it_was_hashed(db: Database) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-6)))
    detail = {
        "é\0": "ñ\0 \ud800",
        "decimal": Decimal("1.20"),
        "day": date(2026, 1, 31),
        "list": (1, None, True, {"deep": "x"}),
        "big": 10**30,
    }
    with db.writing(SYSTEM) as session:
        note(session, SYSTEM, "test.note", "a\0b", detail, at=elsewhere)
    assert broken(db) is None


@pytest.mark.parametrize("value", [1.5, {"a": 2.0}, [float("nan")], object()])
def test_what_is_not_exact_is_refused_and_nothing_is_written(
    db: Database, value: object
) -> None:
    with pytest.raises(TypeError), db.writing(SYSTEM) as session:
        note(session, SYSTEM, "test.note", "thing", {"value": value}, at=NOW)
    assert count(db) == 0


def test_many_at_once_make_one_chain(db: Database) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: write(db, 5), range(8)))
    assert count(db) == 40
    assert broken(db) is None


@pytest.mark.parametrize(
    ("forgery", "place"),
    [
        ("update audit_entry set detail = '{}' where id = 2", 2),
        ("update audit_entry set at = at + interval '1 microsecond' where id = 3", 3),
        ("update audit_entry set person_id = null, role = 'member' where id = 1", 1),
        ("delete from audit_entry where id = 2", 2),
        ("update audit_entry set id = 5 where id = 3", 3),
        (
            (
                "update audit_entry set hash = sha256('') where id = 1;"
                "update audit_entry set previous = sha256('') where id = 2"
            ),
            1,
        ),
    ],
)
def test_a_forgery_behind_every_guard_is_found(
    db: Database, owner_url: str, forgery: str, place: int
) -> None:
    write(db, 4)
    engine = sa.create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(sa.text("set session_replication_role = replica"))
        for statement in forgery.split(";"):
            connection.execute(sa.text(statement))
    engine.dispose()
    assert broken(db) == place


def test_an_entry_that_does_not_follow_is_refused_by_the_database(
    db: Database,
) -> None:
    write(db)
    row = {"at": NOW, "role": "system", "verb": "v", "subject": "s", "detail": {}}
    for wrong in (
        {"id": 3, "previous": b"", "hash": b"x"},
        {"id": 2, "previous": b"other", "hash": b"x"},
    ):
        with (
            pytest.raises(sa.exc.IntegrityError, match="does not follow"),
            db.writing(SYSTEM) as session,
        ):
            session.execute(sa.insert(AuditRow).values(**row, **wrong))


def test_nobody_signs_an_entry_with_anothers_name(db: Database) -> None:
    me = Viewer(role=Role.MEMBER, person=7, member=1)
    other = Viewer(role=Role.ADMINISTRATOR, person=8)
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        db.writing(me) as session,
    ):
        note(session, other, "test.note", "thing", {}, at=NOW)
    assert count(db) == 0
