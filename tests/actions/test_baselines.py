"""Growth in real runs: from baselines that were stated, and from the year before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from books import NOW, Q2, consortium, posted
from printing import printed
from rappel.actions import periods, statements
from rappel.actions.baselines import Baseline, load, record
from rappel.actions.verify import verify
from rappel.core.access import SYSTEM
from rappel.errors import Malformed, NotAllowed, NotFound
from rappel.store.baselines import list_baselines

if TYPE_CHECKING:
    from books import Books
    from rappel.core.statements import Statement
    from rappel.store.base import Database

ISSUED_AT = datetime(2026, 4, 20, 9, 30, tzinfo=UTC)
Q1 = date(2026, 1, 1)
GROWTH = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
[[programmes]]
code = "andes-crece"
measure = "growth_percent"
tiers = [{ from = "10", percent = "1" }, { from = "25", percent = "2" }]
baseline = { source = "previous_year" }
"""
VOLUME = """
code = "boreal-2026"
supplier = "boreal"
currency = "MXN"
[[programmes]]
code = "boreal-volumen"
tiers = [{ from = "0", percent = "1" }]
"""
HEAD = b"programme,member,window,measure,date\n"


def stated(measure: str, member: str = "sur", window: date = Q1) -> Baseline:
    return Baseline(
        programme="andes-crece",
        member=member,
        window=window,
        measure=Decimal(measure),
        source="Carta de Andes",
        source_date=date(2026, 1, 15),
    )


@pytest.fixture
def books(db: Database) -> Books:
    """Norte bought a year before, sur and centro did not."""
    made = consortium(db, GROWTH, VOLUME)
    made.buy(
        "norte andes 2025-02-10 CAM-1 1 100000.00",
        "norte andes 2025-04-01 CAM-1 1 999999.00",
        "norte andes 2026-02-10 CAM-1 1 125000.00",
        "sur andes 2026-02-10 CAM-1 1 110000.00",
        "centro andes 2026-02-10 CAM-1 1 500.00",
    )
    return made


def told(books: Books) -> dict[str, Statement]:
    """Close and issue the quarter, verify the books; answer each member's statement."""
    periods.close(books.db, books.admin, "2026-Q1", now=NOW, early=True)
    found = statements.issue(
        books.db, books.admin, "2026-Q1", now=ISSUED_AT, render=printed
    )
    assert verify(books.db) == ()
    return {
        one.member: statements.statement_of(books.db, SYSTEM, one.number)[1]
        for one in found
    }


def steps(statement: Statement) -> dict[str, tuple[Decimal, str]]:
    (line,) = statement.lines
    return {step.step: (step.amount, step.text) for step in line.working}


def test_growth_is_over_the_stored_year_before_or_over_what_is_stated(
    books: Books,
) -> None:
    record(books.db, books.admin, [stated("100000")], now=NOW)
    found = told(books)
    (norte,), (sur,) = found["norte"].lines, found["sur"].lines
    assert (norte.measure, norte.earned) == (25, 2500)
    assert (sur.measure, sur.earned) == (10, 1100)
    amount, text = steps(found["norte"])["baseline"]
    assert (amount, text) == (100000, "Baseline that growth is measured from")
    amount, _ = steps(found["sur"])["baseline"]
    assert amount == 100000
    (step,) = [one for one in sur.working if one.step == "baseline"]
    assert step.text.endswith("stated in {source} of {date}")
    assert step.params == {"source": "Carta de Andes", "date": "2026-01-15"}


def test_a_member_without_any_baseline_is_told_so_on_its_statement(
    books: Books,
) -> None:
    centro = told(books)["centro"]
    assert centro.lines == ()
    (stop,) = centro.stopped
    assert (stop.programme, stop.reason) == ("andes-crece", "no_baseline")
    assert (stop.params["amount"], stop.params["date"]) == ("500.00", "2026-01-01")


def test_a_stated_baseline_comes_before_the_stored_year(books: Books) -> None:
    record(books.db, books.admin, [stated("113636.37", "norte")], now=NOW)
    (line,) = told(books)["norte"].lines
    assert line.earned == 0  # less than 10 %


def test_a_newer_baseline_of_a_closed_window_is_an_adjustment(books: Books) -> None:
    record(books.db, books.admin, [stated("100000")], now=NOW)
    told(books)
    assert record(books.db, books.admin, [stated("88000")], now=NOW) == 1
    assert verify(books.db) == ()  # the run reads what it read
    books.period("2026-Q2", *Q2)
    periods.close(books.db, books.admin, "2026-Q2", now=NOW, early=True)
    rows = [row for row in posted(books, "2026-Q2") if "adjusts" in row]
    assert [row.split()[0] for row in rows] == ["sur"]
    assert "= 1100.00" in rows[0]
    assert rows[0].endswith("adjusts 2026-Q1")
    assert verify(books.db) == ()


def test_a_baseline_of_a_later_window_touches_no_closed_period(books: Books) -> None:
    record(books.db, books.admin, [stated("100000")], now=NOW)
    told(books)
    later = stated("1", "centro", date(2026, 4, 1))
    record(books.db, books.admin, [later], now=NOW)
    books.period("2026-Q2", *Q2)
    periods.close(books.db, books.admin, "2026-Q2", now=NOW, early=True)
    assert not [row for row in posted(books, "2026-Q2") if "adjusts" in row]


def test_a_group_is_told_where_the_own_part_is_stated(db: Database) -> None:
    grouped = GROWTH.replace(
        'measure = "growth_percent"', 'pool = "group"\npayable = "increment"'
    )
    books = consortium(db, grouped)
    for code in ("este", "oeste"):
        books.member(code)
    books.buy(
        "este andes 2025-02-10 CAM-1 1 100000.00",
        "este andes 2026-02-10 CAM-1 1 125000.00",
        "oeste andes 2025-02-10 CAM-1 1 100000.00",
        "oeste andes 2026-02-10 CAM-1 1 125000.00",
        "norte andes 2025-02-10 CAM-1 1 100000.00",
        "norte andes 2026-02-10 CAM-1 1 125000.00",
        "sur andes 2026-02-10 CAM-1 1 125000.00",
        "centro andes 2025-02-10 CAM-1 1 100000.00",
        "centro andes 2026-02-10 CAM-1 1 125000.00",
    )
    record(books.db, books.admin, [stated("100000")], now=NOW)
    found = told(books)
    amount, text = steps(found["sur"])["beyond"]
    assert amount == 500000
    assert "the own part of it is stated in {source}" in text
    assert steps(found["norte"])["beyond"][1] == (
        "Baseline: only what is bought beyond it is paid on"
    )


def test_the_newest_holds_and_the_same_again_adds_nothing(books: Books) -> None:
    for measure, added in (("100", 1), ("100.000000", 0), ("0", 1)):
        assert record(books.db, books.admin, [stated(measure)], now=NOW) == added
    other = stated("5", "norte")
    assert record(books.db, books.admin, [stated("0"), other], now=NOW) == 1
    with books.db.reading(books.admin) as session:
        held = list_baselines(session, books.admin).items
    assert [(one.member, one.measure) for one in held] == [("norte", 5), ("sur", 0)]


def test_a_member_sees_its_own_and_a_supplier_none(books: Books) -> None:
    both = [stated("5", "norte"), stated("6")]
    record(books.db, books.admin, both, now=NOW)
    norte, andes = books.viewers["norte"], books.viewers["andes"]
    with books.db.reading(norte) as session:
        (one,) = list_baselines(session, norte).items
        assert list_baselines(session, norte, member="sur").items == ()
    assert (one.member, one.measure, one.source) == ("norte", 5, "Carta de Andes")
    with books.db.reading(andes) as session, pytest.raises(NotFound):
        list_baselines(session, andes)
    for viewer in (norte, andes):
        with pytest.raises(NotAllowed):
            record(books.db, viewer, both, now=NOW)
        with pytest.raises(NotAllowed):
            load(books.db, viewer, HEAD, "Carta", now=NOW)


def test_every_faulty_row_of_a_file_is_told_at_once_and_none_is_kept(
    books: Books,
) -> None:
    content = HEAD + (
        b"andes-crece,sur,2026-01-01,100,2026-01-15\n"
        b"nothing,sur,2026-01-01,100,2026-01-15\n"
        b"boreal-volumen,nobody,2026-01-01,100,2026-01-15\n"
        b"andes-crece,sur,2026-02-01,-1,soon\n"
        b"andes-crece,sur,later,x,2026-01-15\n"
        b"andes-crece,sur\n"
        b"andes-crece,sur,9999-12-31,1,2026-01-15\n"
    )
    with pytest.raises(Malformed) as refusal:
        load(books.db, books.admin, content, "Carta", now=NOW)
    assert {(one.row, one.column) for one in refusal.value.faults} == {
        (3, "programme"),
        (4, "programme"),
        (4, "member"),
        (5, "window"),
        (5, "measure"),
        (5, "date"),
        (6, "window"),
        (6, "measure"),
        (7, None),
        (8, "window"),
    }
    (window,) = [
        one.repair
        for one in refusal.value.faults
        if (one.row, one.column) == (5, "window")
    ]
    assert window == "Give its first day: 2026-01-01."
    with books.db.reading(books.admin) as session:
        assert list_baselines(session, books.admin).items == ()
    first = HEAD + content.splitlines(keepends=True)[1]
    assert load(books.db, books.admin, first, "Carta", now=NOW) == 1
    with pytest.raises(Malformed, match="source is empty"):
        load(books.db, books.admin, first, " ", now=NOW)


def test_a_wrong_baseline_of_a_request_is_named_by_its_path(books: Books) -> None:
    wrong = [stated("1"), stated("1.0000001"), stated("NaN", "nobody")]
    with pytest.raises(Malformed) as refusal:
        record(books.db, books.admin, wrong, now=NOW)
    assert [one.field for one in refusal.value.faults] == [
        "baselines[1].measure",
        "baselines[2].member",
        "baselines[2].measure",
    ]
