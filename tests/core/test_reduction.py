"""What programmes ask of lines, and that no group holds lines they judge apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from deals import QUARTER, column, computed, deal, facts, tiers
from grouped import groups, told
from rappel.core import reduction, views
from rappel.core.agreements import Scope
from rappel.core.programmes import chained
from rappel.core.terms import Counts, Fx, Measure, Returns

if TYPE_CHECKING:
    from rappel.core.agreements import Programme

ONE = tiers(("0", "1"))
LINES = """
member | supplier | category | code | date       | kind        | currency | amount | rate | rate_currency
1      | 1        | cctv     | A    | 2026-01-01 | invoice     | MXN      | 1      |      |
1      | 1        | access   | B    | 2026-01-31 | invoice     | MXN      | 2      |      |
1      | 1        | alarms   | C    | 2026-02-01 | invoice     | MXN      | 4      |      |
1      | 1        |          | D    | 2026-02-28 | invoice     | MXN      | 8      |      |
1      | 2        | cctv     | A    | 2026-02-28 | invoice     | MXN      | 16     |      |
1      | 1        | cctv     | A    | 2026-03-31 | credit_note | MXN      | 32     |      |
1      | 1        | cctv     | A    | 2026-04-01 | invoice     | MXN      | 64     |      |
1      | 1        | cctv     | A    | 2026-01-05 | invoice     | USD      | 0.01   | 18.5 | MXN
1      | 1        | cctv     | A    | 2026-01-06 | invoice     | USD      | 0.02   | 0.9  | EUR
"""  # noqa: E501  a table
PESOS = {"fx": Fx.PERIOD_END}


def test_what_nobody_asks_about_is_one_group_a_month() -> None:
    found = groups(LINES, deal(tiers=ONE, **PESOS)).filter(currency="MXN", supplier=1)
    assert told(found, "day", "category", "code", "is_return", "amount", "lines") == {
        (date(2026, 1, 1), None, None, False, "3", 2),
        (date(2026, 2, 1), None, None, False, "12", 2),
        (date(2026, 3, 1), None, None, False, "-32", 1),
    }


@pytest.mark.parametrize(
    ("suppliers", "expected"),
    [(("andes",), [1]), (("andes", "bravo"), [1, 2]), (("*",), [1, 2]), (("no",), [])],
)
def test_lines_of_suppliers_that_nobody_names_are_left_out(
    suppliers: tuple[str, ...], expected: list[int]
) -> None:
    found = groups(LINES, deal(tiers=ONE, suppliers=suppliers))
    assert found["supplier"].unique().sort().to_list() == expected


@pytest.mark.parametrize("catalogued", [False, True])
@pytest.mark.parametrize(
    "scope",
    [Scope(categories=("cctv",)), Scope(exclude_categories=("cctv",))],
)
def test_categories_that_nobody_names_are_alike_and_their_codes_too(
    scope: Scope, *, catalogued: bool
) -> None:
    catalogue = """
    supplier | code | category
    1        | A    | cctv
    1        | B    | access
    1        | C    | alarms
    2        | A    | cctv
    """
    others = {"catalogue": catalogue} if catalogued else {}
    found = groups(LINES, deal(tiers=ONE, scope=scope), **others)
    found = found.filter(currency="MXN", supplier=1)
    assert told(found, "day", "category", "code", "amount") == {
        (date(2026, 1, 1), "cctv", None, "1"),
        (date(2026, 1, 1), reduction.UNNAMED, None, "2"),
        (date(2026, 2, 1), None, "D", "8"),
        (date(2026, 2, 1), reduction.UNNAMED, None, "4"),
        (date(2026, 3, 1), "cctv", None, "-32"),
    }


def test_a_code_is_told_where_somebody_names_it() -> None:
    named = deal(tiers=ONE, scope=Scope(codes=("A",)))
    found = groups(LINES, named).filter(currency="MXN", supplier=1)
    assert told(found, "day", "code", "amount") == {
        (date(2026, 1, 1), "A", "1"),
        (date(2026, 1, 1), None, "2"),
        (date(2026, 2, 1), None, "12"),
        (date(2026, 3, 1), "A", "-32"),
    }


def test_only_a_rate_into_a_currency_that_somebody_asks_for_is_told() -> None:
    found = groups(LINES, deal(tiers=ONE)).filter(currency="USD")
    assert told(found, "amount", "rate_currency", "at_document_rate") == {
        ("0.01", "MXN", "0.185"),
        ("0.02", None, "0.018"),
    }
    nobody = groups(LINES, deal(tiers=ONE, **PESOS)).filter(currency="USD")
    assert told(nobody, "amount", "rate_currency", "at_document_rate") == {
        ("0.03", None, "0"),
    }


def test_the_smallest_amount_at_the_smallest_rate_is_exact() -> None:
    text = """
    currency | amount       | rate     | rate_currency
    USD      | 0.000001     | 0.000001 | MXN
    USD      | 99999999.999999 | 99999.999999 | MXN
    """
    found = groups(text, deal(tiers=ONE))
    assert column(found, "at_document_rate") == ["9999999999899.900000000002"]


def test_returns_are_apart_where_somebody_treats_them_so() -> None:
    text = """
    date       | kind        | amount | original_date
    2026-02-01 | invoice     | 1      |
    2026-02-02 | credit_note | 2      | 2026-01-31
    2026-02-02 | credit_note | 4      |
    2026-04-01 | credit_note | 8      | 2026-03-31
    2026-04-01 | credit_note | 16     | 2026-04-01
    2026-03-31 | credit_note | 32     | 2025-12-31
    2026-03-31 | credit_note | 64     | 2026-07-01
    """
    apart = groups(text, deal(tiers=ONE, returns=Returns.EXCLUDED))
    assert told(apart, "day", "is_return", "amount") == {
        (date(2026, 2, 1), False, "1"),
        (date(2026, 2, 1), True, "-6"),
        (date(2026, 3, 1), True, "-96"),
    }
    moved = groups(text, deal(tiers=ONE, returns=Returns.ORIGINAL_INVOICE))
    assert told(moved, "day", "original_day", "amount") == {
        (date(2026, 2, 1), date(2026, 1, 1), "-2"),
        (date(2026, 2, 1), date(2026, 2, 1), "1"),
        (date(2026, 2, 1), None, "-4"),
        (date(2026, 3, 1), date(2025, 12, 31), "-32"),
        (date(2026, 3, 1), date(2026, 4, 1), "-64"),
        (date(2026, 4, 1), date(2026, 3, 1), "-8"),
    }


def test_what_is_paid_is_apart_where_somebody_asks() -> None:
    text = """
    amount | paid
    1      | 2026-03-31
    2      | 2026-04-01
    4      |
    """
    found = groups(text, deal(tiers=ONE, counts=Counts.PAID))
    assert told(found, "is_paid", "amount") == {
        (False, "6"),
        (True, "1"),
    }


def test_what_states_no_quantity_is_apart_where_somebody_counts_pieces() -> None:
    known = facts("amount | quantity\n1 | 3\n2 | 5\n4 | 7")
    four = pl.col("amount") == 4
    unsaid = pl.when(~four).then("quantity")
    known = replace(known, lines=known.lines.with_columns(quantity=unsaid))
    for measure, expected in (
        (Measure.QUANTITY, {(False, "3", "8"), (True, "4", "0")}),
        (Measure.AMOUNT, {(None, "7", "8")}),
    ):
        seen = views.views(chained([deal(tiers=ONE, measure=measure)]), QUARTER)
        by = reduction.asked(seen, known, until=QUARTER.end)
        found = reduction.reduced(known.lines, None, by)
        if "uncounted" not in found.columns:
            found = found.with_columns(uncounted=None)
        assert told(found, "uncounted", "amount", "quantity") == expected


def cut_into(days: int) -> list[Programme]:
    """Return revisions so that this many days cut the quarter, none the first."""
    begins = [date(2026, 1, 2) + timedelta(days=day) for day in range(90)]
    firsts = [day for day in begins if day.day != 1][:days]
    return [
        deal(tiers=ONE, revision=place, in_force_from=start, in_force_until=until)
        for place, (start, until) in enumerate(
            zip(firsts, [*firsts[1:], None], strict=True), start=1
        )
    ]


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [(reduction.CUTS, date(2026, 3, 1)), (reduction.CUTS + 1, date(2026, 3, 30))],
)
def test_days_are_runs_until_too_many_days_cut(cuts: int, expected: date) -> None:
    text = "date | amount\n2026-03-30 | 1\n2026-01-02 | 2"
    found = groups(text, *cut_into(cuts))
    assert told(found, "day", "amount") == {
        (date(2026, 1, 2), "2"),
        (expected, "1"),
    }


@pytest.mark.parametrize("months", [reduction.MONTHS, reduction.MONTHS + 1])
def test_runs_of_days_are_the_same_over_any_number_of_months(months: int) -> None:
    first = date(2026 - months // 12, 4 - months % 12, 1)
    text = """
    date       | kind        | amount | original_date
    2026-02-09 | invoice     | 1      |
    2026-02-10 | invoice     | 2      |
    2026-03-31 | credit_note | 4      | 2026-02-10
    2026-03-31 | credit_note | 8      |
    """
    returns = {"returns": Returns.ORIGINAL_INVOICE}
    known = facts(text)
    seen = views.views([deal(tiers=ONE, **returns)], QUARTER)
    asked = reduction.asked(seen, known, until=QUARTER.end)
    assert asked.cuts == (date(2026, 2, 10), date(2026, 3, 20))
    found = reduction.reduced(known.lines, None, replace(asked, first=first))
    assert told(found, "day", "original_day", "amount") == {
        (date(2026, 2, 1), date(2026, 2, 1), "1"),
        (date(2026, 2, 10), date(2026, 2, 10), "2"),
        (date(2026, 3, 20), None, "-8"),
        (date(2026, 3, 20), date(2026, 2, 10), "-4"),
    }


def test_more_currencies_than_a_byte_counts_are_kept_apart() -> None:
    rows = [f"X{number:03d} | 1" for number in range(300)]
    found = computed("\n".join(["currency | amount", *rows]), deal(tiers=ONE))
    assert found.stopped["currency"].n_unique() == 300


def test_kept_reductions_are_of_those_very_lines_alone() -> None:
    known = facts("amount\n1")
    none = groups("amount\n1", deal()).clear()
    seen = views.views(chained([deal()]), QUARTER)
    by = reduction.asked(seen, known, until=QUARTER.end)
    known = replace(known, kept=reduction.Kept(known.lines, lambda _: none))
    assert reduction.of(known, by).height == 0
    other = known.lines.filter(pl.col("amount") > 0)
    assert reduction.of(replace(known, lines=other), by).height == 1
