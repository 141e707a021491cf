"""Purchases that count once they are paid."""

from __future__ import annotations

from datetime import date

import pytest

from deals import QUARTER, column, deal, earned, facts, tiers
from rappel.core.contributions import contributions
from rappel.core.terms import Counts

ROWS = tiers(("0", "1"), ("1000", "2"))
PAID = deal(tiers=ROWS, counts=Counts.PAID)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-03-31", "20"), ("2026-04-01", "6"), ("2025-12-01", "20"), ("", "6")],
)
def test_what_is_not_paid_at_the_period_s_end_waits(day: str, expected: str) -> None:
    lines = f"""
    date       | paid       | amount
    2026-01-05 | 2026-01-20 | 600
    2026-02-05 | {day}      | 400
    """
    assert earned(lines, PAID) == [expected]
    assert earned(lines, deal(tiers=ROWS)) == ["20"]
    assert earned(lines, PAID, deal("other", tiers=ROWS)) == [expected, "20"]


def test_a_return_is_subtracted_unpaid() -> None:
    lines = "kind | paid | amount\ninvoice | 2026-03-01 | 900\ncredit_note | | 100"
    assert earned(lines, PAID) == ["8"]


def test_a_purchase_counts_on_its_own_date() -> None:
    lines = "date | paid | amount\n2025-12-31 | 2026-01-05 | 900"
    assert earned(lines, PAID) == []


def test_each_line_says_that_it_is_not_paid() -> None:
    lines = "paid | amount\n2026-03-31 | 1\n | 2\n2026-04-01 | 3"
    told = contributions(facts(lines), [PAID], period=QUARTER, programme="deal")
    reasons = column(told.collect().sort("line"), "reason")
    assert reasons == [None, "not_paid", "not_paid"]
    assert date(2026, 4, 1) == QUARTER.end


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-03-31", ["8"]), ("2026-04-01", []), ("", [])]
)
def test_a_return_on_a_known_invoice_counts_once_that_is_paid(
    day: str, expected: list[str]
) -> None:
    lines = f"""
    kind        | original_date | paid  | amount
    invoice     |               | {day} | 1000
    credit_note | 2026-01-10    | {day} | 200
    """
    assert earned(lines, PAID) == expected
