"""Parts are a cache: whatever happens to it, the lines read are those of the tables."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from books import consortium
from rappel.core.access import SYSTEM
from rappel.errors import NotAllowed
from rappel.store import parts, ranges

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from books import Books
    from rappel.store.base import Database


@pytest.fixture
def books(db: Database) -> Books:
    made = consortium(db)
    made.buy(
        "norte andes 2026-01-05 CAM-1 2 100.10",
        "sur andes 2026-01-06 CAM-2 1 5.000001 credit_note",
        'sur boreal 2026-01-07 \\N,"x 3 7.5 USD@18.5 out=freight D',
    )
    return made


def prepare(db: Database) -> None:
    with db.writing(SYSTEM) as session:
        parts.prepare(session, db.cache)


def read(db: Database, invoices: str | None = None) -> pl.DataFrame:
    with db.reading(SYSTEM) as session:
        wanted = ranges.beyond(session, []) if invoices is None else invoices
        return parts.lines(session, SYSTEM, db.cache, wanted).sort("line").collect()


def rows_of_parts(db: Database) -> list[tuple[str, int]]:
    with db.reading(SYSTEM) as session:
        return [(part.invoices, part.rows) for part in parts.all_parts(session)]


def files(db: Database) -> list[Path]:
    return sorted((db.cache / "parts").glob("*"))


def test_without_any_part_the_lines_are_those_of_the_tables(books: Books) -> None:
    columns = ("kind", "currency", "amount", "quantity", "rate", "evidence", "reason")
    assert [
        [str(value) for value in row] for row in read(books.db)[columns].rows()
    ] == [
        ["invoice", "MXN", "100.100000", "2.000000", "None", "C", "None"],
        ["credit_note", "MXN", "5.000001", "1.000000", "None", "C", "None"],
        ["invoice", "USD", "7.500000", "3.000000", "18.500000", "D", "freight"],
    ]


def test_a_part_holds_the_same_lines_as_the_tables(books: Books) -> None:
    from_tables = read(books.db)
    prepare(books.db)
    assert rows_of_parts(books.db) == [("{[1,4)}", 3)]
    assert read(books.db).equals(from_tables)
    assert parts.PURCHASES.check(from_tables).equals(from_tables)


def test_a_second_preparation_makes_nothing_new(books: Books) -> None:
    prepare(books.db)
    before = files(books.db)
    prepare(books.db)
    assert files(books.db) == before
    assert len(before) == 1


def test_later_purchases_get_a_part_of_their_own(books: Books) -> None:
    prepare(books.db)
    books.buy("norte andes 2026-02-01 CAM-1 1 9.99")
    assert read(books.db).height == 4, "what no part holds is read from the tables"
    prepare(books.db)
    assert rows_of_parts(books.db) == [("{[1,4)}", 3), ("{[4,5)}", 1)]
    assert read(books.db).height == 4


def test_a_document_released_later_joins_an_upload_already_read(books: Books) -> None:
    prepare(books.db)
    from_the_same_upload = books.buy("sur andes 2026-01-09 CAM-1 1 1.00")
    with books.db.reading(SYSTEM) as session:
        pinned = f"{{[1,3),[{from_the_same_upload[0]},5)}}"
        found = parts.lines(session, SYSTEM, books.db.cache, pinned).collect()
    assert sorted(found["document"]) == [1, 2, 4]


def test_only_the_pinned_invoices_are_read_of_a_part(books: Books) -> None:
    prepare(books.db)
    assert read(books.db, "{[2,3)}")["document"].to_list() == [2]
    assert read(books.db, "{}").is_empty()


def test_deleting_the_cache_changes_nothing(books: Books) -> None:
    prepare(books.db)
    before = read(books.db)
    shutil.rmtree(books.db.cache)
    assert read(books.db).equals(before)
    prepare(books.db)
    assert read(books.db).equals(before)
    assert len(files(books.db)) == 1


@pytest.mark.parametrize("damage", [b"", b"PAR1 and nothing more"])
def test_a_bad_part_is_not_read_and_is_made_again(books: Books, damage: bytes) -> None:
    before = read(books.db)
    prepare(books.db)
    (path,) = files(books.db)
    whole = path.read_bytes()
    path.write_bytes(damage)
    assert read(books.db).equals(before)
    prepare(books.db)
    assert path.read_bytes() == whole
    assert read(books.db).equals(before)


def test_files_without_a_row_are_swept(books: Books) -> None:
    prepare(books.db)
    kept = files(books.db)
    (books.db.cache / "parts" / "left-by-a-crash.part").write_bytes(b"half a file")
    (books.db.cache / "parts" / f"{'0' * 64}.parquet").write_bytes(b"no row")
    prepare(books.db)
    assert files(books.db) == kept


def test_nothing_is_swept_while_somebody_reads(books: Books) -> None:
    prepare(books.db)
    garbage = books.db.cache / "parts" / "being-read.parquet"
    garbage.write_bytes(b"x")
    with books.db.reading(SYSTEM) as session:
        parts.lines(session, SYSTEM, books.db.cache, "{[1,4)}")
        prepare(books.db)
        assert garbage.exists()
    prepare(books.db)
    assert not garbage.exists()


def test_eight_small_parts_are_left_alone_and_nine_are_merged(books: Books) -> None:
    for number in range(parts.MANY):
        prepare(books.db)
        books.buy(f"norte andes 2026-02-0{number + 1} CAM-1 1 {number}.01")
    assert len(rows_of_parts(books.db)) == parts.MANY
    before = read(books.db)
    prepare(books.db)
    assert rows_of_parts(books.db) == [("{[1,12)}", 11)]
    assert len(files(books.db)) == 1
    assert read(books.db).equals(before)


def test_a_piece_ends_where_a_part_is_full(books: Books) -> None:
    with books.db.reading(SYSTEM) as session:
        pieces = ranges.pieces(session, "{[1,4)}", size=2)
    assert pieces == ["{[1,3)}", "{[3,4)}"]


def test_two_parts_never_hold_one_invoice(books: Books) -> None:
    prepare(books.db)
    with (
        pytest.raises(sa.exc.IntegrityError, match="part_invoices"),
        books.db.writing(SYSTEM) as session,
    ):
        session.execute(
            sa.text("insert into part values ('x', '{[3,9)}'::int8multirange, 1, 'y')")
        )


@pytest.mark.parametrize("who", ["norte", "andes"])
def test_members_and_suppliers_open_no_part(books: Books, who: str) -> None:
    viewer = books.viewers[who]
    with books.db.reading(viewer) as session, pytest.raises(NotAllowed):
        parts.lines(session, viewer, books.db.cache, "{[1,4)}")
