"""Figures and days of tables: read when there is one way to read them, else refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rappel.ingest import marks
from rappel.ingest.figures import FigureError

if TYPE_CHECKING:
    from decimal import Decimal

AMBIGUOUS = "decimal_mark_ambiguous"
BAD = "bad_number"


def read_as(text: str, mark: str | None = None) -> str:
    try:
        return format(marks.amount(text, mark), "f")
    except FigureError as fault:
        return fault.code


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", "1234"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1234,567", "1234.567"),
        ("0,123", "0.123"),
        ("0.123", "0.123"),
        ("950.00", "950.00"),
        ("-1.00", "-1.00"),
        ("1.00-", "-1.00"),
        ("(1.00)", "-1.00"),
        ("$1,000.00", "1000.00"),
        ("-$1.00", "-1.00"),
        ("$-1.00", "-1.00"),
        ("US$ 12.50", "12.50"),
        ("R$ 1.234,50", "1234.50"),
        ("S/ 12.50", "12.50"),
        ("MXN 12.50", "12.50"),
        ("12.50 MXN", "12.50"),
        ("€ 12,50", "12.50"),
        ("12,50 €", "12.50"),
        ("1,234", AMBIGUOUS),
        ("1.234", AMBIGUOUS),
        ("123,456", AMBIGUOUS),
        ("1.1234567", "too_many_places"),
        ("100000000000000.00", BAD),
        ("99999999999999.00", "99999999999999.00"),
        ("", BAD),
        ("-", BAD),
        ("abc", BAD),
        ("1e3", BAD),
        ("NaN", BAD),
        ("\uff11\uff10\uff10", BAD),
        ("12.34.56", BAD),
        ("1,23,4.00", BAD),
        ("1,2345.00", BAD),
        ("1,234.567,8", BAD),
        ("1 234'567.00", BAD),
        ("--1", BAD),
        ("-1-", BAD),
        ("(1", BAD),
        ("1)", BAD),
        ("(-1)", BAD),
        ("1.", BAD),
        (".5", BAD),
        ("1234 567", BAD),
    ],
)
def test_a_figure_alone(text: str, value: str) -> None:
    assert read_as(text) == value


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("1234", ",", "1234"),
        ("12.5", ",", BAD),
        ("12,5", ".", BAD),
        ("1.234,5", ".", BAD),
        ("1.5 0", ".", BAD),
    ],
)
def test_a_mark_decides_and_what_contradicts_it_is_refused(
    text: str, mark: str | None, value: str
) -> None:
    assert read_as(text, mark) == value


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1,234", "12.50"], "."),
        (["1.234", "12,50"], ","),
        (["1,234", "5"], None),
        (["12.50", "12,50"], None),
        (["word"], None),
        ([], None),
    ],
)
def test_another_figure_of_the_file_can_decide(
    texts: list[str], mark: str | None
) -> None:
    assert marks.decimal_mark(texts) == mark


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_grouped_and_ungrouped_writing_are_the_same_figure(value: Decimal) -> None:
    english = f"{value:,.2f}"
    spanish = english.translate(str.maketrans(",.", ".,"))
    assert read_as(english) == read_as(spanish) == f"{value:.2f}"


def day_as(text: str, order: str | None = None) -> str:
    try:
        return marks.day(text, order).isoformat()
    except FigureError as fault:
        return fault.code


@pytest.mark.parametrize(
    ("text", "order", "value"),
    [
        ("2026-07-01", None, "2026-07-01T00:00:00"),
        ("2026/07/01", "dmy", "2026-07-01T00:00:00"),
        ("20260701", None, "2026-07-01T00:00:00"),
        ("2026-07-01T10:20:30", None, "2026-07-01T10:20:30"),
        ("2026-07-01 10:20", None, "2026-07-01T10:20:00"),
        ("2026-07-01 10:20:30.000", None, "2026-07-01T10:20:30"),
        ("31/12/2026", None, "2026-12-31T00:00:00"),
        ("12/31/2026", None, "2026-12-31T00:00:00"),
        ("07/07/2026", None, "2026-07-07T00:00:00"),
        ("12/12/2026", None, "2026-12-12T00:00:00"),
        ("01/07/2026", None, "date_ambiguous"),
        ("12/11/2026", None, "date_ambiguous"),
        ("01/07/2026", "dmy", "2026-07-01T00:00:00"),
        ("01/07/2026", "mdy", "2026-01-07T00:00:00"),
        ("1.7.2026", "dmy", "2026-07-01T00:00:00"),
        ("1-7-2026 08:30", "dmy", "2026-07-01T08:30:00"),
        ("01/07/2026", "ymd", "bad_date"),
        ("31/12/2026", "mdy", "bad_date"),
        ("13/13/2026", None, "bad_date"),
        ("01/07/26", "dmy", "bad_date"),
        ("30/02/2026", "dmy", "bad_date"),
        ("2026-02-30", None, "bad_date"),
        ("2026-07-01 25:00", None, "bad_date"),
        ("2026-07-01 noon", None, "bad_date"),
        ("2026-07/01", None, "bad_date"),
        ("45000", None, "bad_date"),
        ("yesterday", None, "bad_date"),
    ],
)
def test_a_day(text: str, order: str | None, value: str) -> None:
    assert day_as(text, order) == value


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["01/07/2026", "13/07/2026"], "dmy"),
        (["01/07/2026", "07/13/2026"], "mdy"),
        (["12/07/2026"], None),
        (["13/07/2026", "07/13/2026"], None),
        (["13/13/2026", "2026-07-31"], None),
        ([], None),
    ],
)
def test_another_day_of_the_file_can_decide(
    texts: list[str], order: str | None
) -> None:
    assert marks.date_order(texts) == order
