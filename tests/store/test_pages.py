"""Pages: each row once, whatever is added meanwhile, and cursors that are ours."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from rappel.core.access import SYSTEM
from rappel.errors import Malformed
from rappel.store.pages import page
from rappel.store.parties import SupplierRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from rappel.store.base import Database

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CODES = ["ágata", "andes", "Boreal", "cobre", "delta"]
BY_CODE = (SupplierRow.code,)
BY_TIME = (SupplierRow.created_at, SupplierRow.id)


@pytest.fixture
def books(db: Database) -> Database:
    with db.writing(SYSTEM) as session:
        for place, code in enumerate(CODES):
            add(session, code, NOW + timedelta(days=place // 2))
    return db


def add(session: Session, code: str, at: datetime) -> None:
    session.add(SupplierRow(code=code, name=code, country="MX", created_at=at))
    session.flush()


def walk(
    session: Session, keys: tuple[sa.orm.InstrumentedAttribute[object], ...], limit: int
) -> Iterator[list[str]]:
    cursor = None
    while True:
        found = page(
            session, sa.select(SupplierRow.code), keys, cursor=cursor, limit=limit
        )
        yield [row.code for row in found.items]
        cursor = found.next_cursor
        if cursor is None:
            return


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6])
def test_the_pages_together_are_the_list(books: Database, limit: int) -> None:
    with books.reading(SYSTEM) as session:
        whole = session.scalars(
            sa.select(SupplierRow.code).order_by(SupplierRow.code)
        ).all()
        pages = list(walk(session, BY_CODE, limit))
    assert [code for one in pages for code in one] == whole
    assert [len(one) for one in pages[:-1]] == [limit] * (len(pages) - 1)
    assert len(pages) == -(-len(CODES) // limit)


def test_newest_first_goes_back_through_equal_times(books: Database) -> None:
    query = sa.select(SupplierRow.code)
    with books.reading(SYSTEM) as session:
        first = page(session, query, BY_TIME, limit=2, newest_first=True)
        second = page(
            session,
            query,
            BY_TIME,
            limit=9,
            newest_first=True,
            cursor=first.next_cursor,
        )
    assert [row.code for row in (*first.items, *second.items)] == CODES[::-1]
    assert second.next_cursor is None


def test_what_is_added_meanwhile_moves_nothing(books: Database) -> None:
    query = sa.select(SupplierRow.code)
    with books.writing(SYSTEM) as session:
        first = page(session, query, BY_TIME, limit=3)
        add(session, "earlier", NOW - timedelta(days=1))
        add(session, "later", NOW + timedelta(days=9))
        second = page(session, query, BY_TIME, limit=9, cursor=first.next_cursor)
    assert [row.code for row in second.items] == [*CODES[3:], "later"]


def test_a_cursor_that_was_not_given_is_malformed(books: Database) -> None:
    query = sa.select(SupplierRow.code)
    with books.reading(SYSTEM) as session:
        given = page(session, query, BY_CODE, limit=2).next_cursor
        assert given is not None
        raw = bytearray(base64.urlsafe_b64decode(given))
        raw[-3] ^= 1
        changed = base64.urlsafe_b64encode(raw).decode()
        for cursor in ("", "x", "é", "AAAA", given[:-4], given + "AAAA", changed):
            with pytest.raises(Malformed) as refusal:
                page(session, query, BY_CODE, cursor=cursor)
            assert refusal.value.faults[0].field == "cursor"
        assert page(session, query, BY_CODE, cursor=given).items


def test_a_cursor_of_another_list_or_direction_is_malformed(books: Database) -> None:
    query = sa.select(SupplierRow.code)
    with books.reading(SYSTEM) as session:
        given = page(session, query, BY_CODE, limit=2).next_cursor
        with pytest.raises(Malformed):
            page(session, query, (SupplierRow.name,), cursor=given)
        with pytest.raises(Malformed):
            page(session, query, BY_CODE, cursor=given, newest_first=True)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_too_long_or_empty_is_malformed(books: Database, limit: int) -> None:
    with pytest.raises(Malformed), books.reading(SYSTEM) as session:
        page(session, sa.select(SupplierRow.code), BY_CODE, limit=limit)


def test_the_longest_page_is_a_thousand(books: Database) -> None:
    with books.reading(SYSTEM) as session:
        found = page(session, sa.select(SupplierRow.code), BY_CODE, limit=1000)
    assert len(found.items) == len(CODES)
