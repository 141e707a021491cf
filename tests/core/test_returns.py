"""Credit notes that count on the day of the invoice they correct."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from deals import QUARTER, column, computed, deal, earned, facts, tiers
from rappel.core.contributions import contributions
from rappel.core.period import Period, Unit
from rappel.core.terms import Fx, Returns

if TYPE_CHECKING:
    import polars as pl

    from rappel.core.agreements import Programme

ROWS = tiers(("0", "1"), ("1000", "2"))


def original(**terms: object) -> Programme:
    """Return terms that count a return on its invoice's day."""
    return deal(tiers=ROWS, returns=Returns.ORIGINAL_INVOICE, **terms)


def judged(lines: str, terms: Programme) -> pl.DataFrame:
    """Say of each line whether it counts."""
    found = contributions(facts(lines), [terms], period=QUARTER, programme="deal")
    return found.collect().sort("line")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-12-31", "20"),
        ("2026-01-01", "9"),
        ("2026-03-31", "9"),
        ("2026-04-01", "20"),
    ],
)
def test_a_return_counts_in_the_window_of_its_invoice(day: str, expected: str) -> None:
    lines = f"""
    kind        | date       | original_date | amount
    invoice     | 2026-01-05 |               | 1000
    credit_note | 2026-03-20 | {day}         | 100
    """
    assert earned(lines, original()) == [expected]
    assert earned(lines, deal(tiers=ROWS)) == ["9"]


def test_a_return_of_a_later_quarter_corrects_the_invoice_of_this_one() -> None:
    lines = """
    kind        | date       | original_date | amount
    invoice     | 2026-03-31 |               | 1000
    credit_note | 2026-05-02 | 2026-03-31    | 1000
    """
    terms = original(accumulate=Unit.QUARTER)
    half = Period(date(2026, 1, 1), date(2026, 7, 1))
    assert column(computed(lines, terms, period=half).rebates, "earned") == ["0"]


def test_the_rate_of_its_invoice_s_day_converts_it() -> None:
    lines = """
    kind        | date       | original_date | currency | amount
    invoice     | 2026-01-05 |               | USD      | 100
    credit_note | 2026-03-20 | 2026-01-05    | USD      | 100
    """
    rates = """
    from | to  | date       | rate
    USD  | MXN | 2026-01-05 | 18
    USD  | MXN | 2026-03-20 | 20
    """
    terms = original(fx=Fx.INVOICE_DATE)
    assert column(computed(lines, terms, rates=rates).rebates, "volume") == ["0"]


def test_a_return_without_its_invoice_s_date_stops_the_programme() -> None:
    lines = """
    member | kind        | amount
    1      | invoice     | 1000
    1      | credit_note | 100
    2      | invoice     | 500
    """
    computation = computed(lines, original(), deal("other", tiers=ROWS))
    assert column(computation.rebates, "programme") == ["deal", "other", "other"]
    assert column(computation.rebates, "member") == [2, 1, 2]
    assert column(computation.stopped, "reason") == ["no_original"]
    (finding,) = computation.findings
    assert finding.code == "no_original"
    assert "norte" in finding.kind.message.format_map(finding.params)


def test_each_line_is_told_the_day_it_counts_on() -> None:
    lines = """
    kind        | date       | original_date | amount
    invoice     | 2026-01-05 |               | 1000
    credit_note | 2026-05-02 | 2026-01-05    | 300
    credit_note | 2026-03-02 | 2025-11-05    | 200
    credit_note | 2026-03-02 |               | 100
    """
    told = judged(lines, original())
    assert column(told, "reason") == [None, None, "outside_window", "no_original"]
    assert column(told, "amount") == ["1000", "-300", None, None]
    assert told["window"].to_list() == [date(2026, 1, 1)] * 2 + [None] * 2


def test_lines_that_know_no_invoices_are_told_so() -> None:
    book = facts("kind | amount\ncredit_note | 100")
    book = type(book)(
        lines=book.lines.drop("original_date"),
        members=book.members,
        suppliers=book.suppliers,
    )
    found = contributions(book, [original()], period=QUARTER, programme="deal")
    assert column(found.collect(), "reason") == ["no_original"]
