"""An adjustment names the baseline that caused it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from books import NOW, Q2, consortium
from rappel.actions import periods, rebates
from rappel.actions.baselines import Baseline, record
from rappel.actions.explaining import told
from rappel.core.access import SYSTEM
from rappel.store import rebates as stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from books import Books
    from rappel.store.base import Database

FIRST = "norte andes 2026-01-05 CAM-1 1 100000.00"
GROWTH = """
code = "andes-2026"
supplier = "andes"
currency = "MXN"
[[programmes]]
code = "andes-crece"
pool = "group"
measure = "growth_amount"
tiers = [{ from = "0", percent = "1" }, { from = "155000", percent = "2" }]
baseline = { source = "letter", none = "zero" }
"""


def close(books: Books, code: str) -> None:
    periods.close(books.db, books.admin, code, now=NOW, early=True)


def causes(books: Books, change: Callable[[], object]) -> dict[str, list[str]]:
    """Change something after the first quarter was closed; say why each is corrected.

    Answers the causes by member.
    """
    books.period("2026-Q2", *Q2)
    close(books, "2026-Q1")
    change()
    close(books, "2026-Q2")
    with books.db.reading(SYSTEM) as session:
        found = stored.rebates_of(session, SYSTEM, "2026-Q2")
    return {
        one.member: [
            f"{cause.code}: {cause.text.format_map(cause.params)}"
            for cause in told(
                rebates.explain(books.db, books.admin, one.ref).rebate.line
            ).because
        ]
        for one in found
        if one.line.adjusts
    }


def state(books: Books, measure: str, member: str = "sur") -> None:
    one = Baseline(
        programme="andes-crece",
        member=member,
        window=date(2026, 1, 1),
        measure=Decimal(measure),
        source="Carta de Andes",
        source_date=date(2026, 1, 15),
    )
    record(books.db, books.admin, [one], now=NOW)


def test_a_baseline_is_a_cause_of_its_member_and_nameless_of_the_pool(
    db: Database,
) -> None:
    books = consortium(db, GROWTH)
    books.buy(FIRST, "sur" + FIRST[5:])
    state(books, "50000")
    found = causes(books, lambda: state(books, "40000"))
    assert found["sur"] == [
        "baseline: A baseline was stated or corrected, in Carta de Andes of 2026-01-15."
    ]
    assert found["norte"] == [
        "baselines: Baselines of other members of the pool changed."
    ]
