"""Why an amount, what counts, and what each viewer is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from books import GROUP, NOW, Q2, RETROACTIVE, consortium
from rappel.actions import explaining, periods, rebates
from rappel.core.access import SYSTEM
from rappel.errors import NotAllowed, NotFound
from rappel.store import rebates as stored
from rappel.wording import translator

if TYPE_CHECKING:
    from books import Books
    from rappel.actions.rebates import Explanation
    from rappel.core.access import Viewer
    from rappel.store.base import Database


@pytest.fixture
def books(db: Database) -> Books:
    made = consortium(db, RETROACTIVE, GROUP)
    made.buy(
        "norte andes 2026-01-05 CAM-1 3 5000.00 USD@20",
        "norte andes 2026-02-05 CAM-1 1 20000.00",
        "norte andes 2026-02-06 CAM-1 1 10.00 out=freight",
        "sur andes 2026-02-05 CAM-1 1 7.00",
        "sur boreal 2026-03-05 X 2 1000.00",
    )
    return made


def explained(books: Books, member: str, viewer: Viewer = SYSTEM) -> Explanation:
    with books.db.reading(SYSTEM) as session:
        page = stored.list_rebates(session, SYSTEM, member=member)
    return rebates.explain(books.db, viewer, page.items[0].ref)


def close(books: Books) -> None:
    periods.close(books.db, books.admin, "2026-Q1", now=NOW)


def test_an_amount_is_opened_down_to_its_documents(books: Books) -> None:
    close(books)
    found = explained(books, "norte")
    steps = {one.step: one.amount for one in found.rebate.line.working}
    assert steps == {
        "volume": Decimal(120000),
        "measure": Decimal(120000),
        "tier": Decimal(100000),
        "exact": Decimal(2400),
        "rounded": Decimal(2400),
        "fee": Decimal(-240),
        "due": Decimal(2160),
        "payable_now": Decimal(2160),
    }
    assert [
        (one.number, str(one.rate), str(one.amount)) for one in found.documents
    ] == [
        ("A-2", "20", "100000.00"),
        ("A-3", "None", "20000.00"),
    ]
    counted = sum(one.amount for one in found.documents)
    assert counted == found.rebate.line.volume


def test_an_explanation_is_of_the_runs_own_facts(books: Books) -> None:
    close(books)
    before = explained(books, "norte")
    books.buy("norte andes 2026-01-06 CAM-1 1 777.00")
    assert explained(books, "norte") == before


def test_an_explanation_reads_as_text_in_three_languages(books: Books) -> None:
    close(books)
    found = explained(books, "norte")
    text = explaining.explanation_text(found)
    assert "andes-volumen for norte, 2026-01-01 to 2026-04-01" in text
    assert "Tier reached, from 100000" in text
    assert "USD 5000.00 x 20" in text
    assert "  2400.00  Rounded once to the currency's minor unit" in text
    assert "(half away from zero)" in text
    for language in ("es", "pt"):
        said = explaining.explanation_text(found, translator(language))
        assert "Tier reached" not in said
        assert "documents behind" not in said


def test_a_group_that_is_withheld_is_withheld_from_the_text_too(books: Books) -> None:
    close(books)
    with books.db.reading(SYSTEM) as session:
        found = stored.list_rebates(session, SYSTEM, programme="boreal-grupo").items
    text = explaining.explanation_text(
        rebates.explain(books.db, books.viewers["sur"], found[0].ref)
    )
    assert "The group's measure is withheld" in text


def test_an_adjustments_text_names_the_period_it_corrects(books: Books) -> None:
    close(books)
    books.period("2026-Q2", *Q2)
    books.buy("norte andes 2026-01-06 CAM-1 1 1000.00")
    periods.close(books.db, books.admin, "2026-Q2", now=NOW, early=True)
    with books.db.reading(SYSTEM) as session:
        (found,) = stored.list_rebates(session, SYSTEM, period="2026-Q2").items
    explanation = rebates.explain(books.db, SYSTEM, found.ref)
    assert "It corrects the closed period 2026-Q1." in explaining.explanation_text(
        explanation
    )
    counted = sum(one.amount for one in explanation.documents)
    assert counted == explanation.rebate.line.volume == Decimal(121000)


def test_a_member_explains_its_own_and_finds_no_other(books: Books) -> None:
    close(books)
    assert explained(books, "norte", books.viewers["norte"]).documents
    for who in ("sur", "centro", "andes", "boreal"):
        with pytest.raises(NotFound):
            explained(books, "norte", books.viewers[who])
    with pytest.raises(NotFound):
        rebates.explain(books.db, SYSTEM, "reb_of_nobody")


def rows(books: Books, viewer: Viewer) -> list[tuple[str, str, str, date, str]]:
    return [
        (
            one.programme,
            one.supplier,
            one.member,
            one.month,
            str(one.amount.normalize()),
        )
        for one in rebates.volumes(books.db, viewer, "2026-Q1", now=NOW)
    ]


JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
NORTE = [
    ("andes-volumen", "andes", "norte", JANUARY, "1E+5"),
    ("andes-volumen", "andes", "norte", FEBRUARY, "2E+4"),
]
SUR = [("andes-volumen", "andes", "sur", FEBRUARY, "7")]
GRUPO = [("boreal-grupo", "boreal", "sur", MARCH, "1E+3")]


@pytest.mark.parametrize("closed", [False, True])
def test_each_viewer_sees_its_own_volumes_by_month(
    books: Books, *, closed: bool
) -> None:
    if closed:
        close(books)
    assert rows(books, books.admin) == [*NORTE, *SUR, *GRUPO]
    assert rows(books, books.viewers["norte"]) == NORTE
    assert rows(books, books.viewers["sur"]) == [*SUR, *GRUPO]
    assert rows(books, books.viewers["centro"]) == []
    assert rows(books, books.viewers["andes"]) == [*NORTE, *SUR]
    assert rows(books, books.viewers["boreal"]) == GRUPO


def test_volumes_of_no_period_are_not_found(books: Books) -> None:
    with pytest.raises(NotFound):
        rebates.volumes(books.db, books.viewers["andes"], "2031-Q1", now=NOW)


def test_a_member_previews_its_own_rows_and_no_finding(books: Books) -> None:
    whole = rebates.preview(books.db, books.admin, "2026-Q1", now=NOW)
    assert {one.member for one in whole.rebates} == {"norte", "sur"}
    mine = rebates.preview(books.db, books.viewers["norte"], "2026-Q1", now=NOW)
    assert mine.rebates == tuple(one for one in whole.rebates if one.member == "norte")
    assert mine.rebates[0].line.next is not None
    assert mine.payable == {"MXN": Decimal("2160.00")}
    assert mine.findings == ()
    with pytest.raises(NotAllowed):
        rebates.preview(books.db, books.viewers["andes"], "2026-Q1", now=NOW)


def test_pools_are_the_administrators_alone(books: Books) -> None:
    close(books)
    for who, viewer in {"ada": books.admin, **books.viewers}.items():
        with books.db.reading(viewer) as session:
            found = stored.pools_of(session, viewer, "2026-Q1")
        assert len(found) == (2 if who == "ada" else 0)
