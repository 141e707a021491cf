"""Which purchases count, on which day, at which rate, and why others do not."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from deals import (
    QUARTER,
    bought,
    column,
    computed,
    deal,
    earned,
    facts,
    tiers,
)
from rappel.core.agreements import Scope
from rappel.core.contributions import contributions
from rappel.core.eligibility import REASONS
from rappel.core.period import Period, Unit, YearStart
from rappel.core.terms import Pool, Returns

ONE = tiers(("0", "1"))
LINES = """
member | supplier | category | code | date       | kind        | amount
1      | 1        | cctv     | A    | 2026-01-01 | invoice     | 100
1      | 1        | access   | B    | 2026-02-15 | invoice     | 200
2      | 2        | cctv     | C    | 2026-02-09 | invoice     | 400
2      | 2        | cctv     | C    | 2026-02-10 | debit_note  | 800
3      | 1        |          |      | 2026-03-19 | invoice     | 1600
3      | 1        |          |      | 2026-03-20 | invoice     | 3200
1      | 1        | cctv     | A    | 2026-03-31 | credit_note | 10
1      | 1        | cctv     | A    | 2025-12-31 | invoice     | 5000
1      | 1        | cctv     | A    | 2026-04-01 | invoice     | 7000
"""
SCOPES = [
    ({}, {1: "290", 2: "800", 3: "1600"}),
    ({"suppliers": ("andes",)}, {1: "290", 3: "1600"}),
    ({"suppliers": ("andes", "bravo")}, {1: "290", 2: "800", 3: "1600"}),
    ({"scope": Scope(categories=("cctv",))}, {1: "90", 2: "800"}),
    ({"scope": Scope(exclude_categories=("cctv",))}, {1: "200"}),
    ({"scope": Scope(codes=("A", "C"))}, {1: "90", 2: "800"}),
    ({"scope": Scope(codes=("A", "B"), categories=("access",))}, {1: "200"}),
    ({"scope": Scope(members=("norte", "este"))}, {1: "290", 3: "1600"}),
    ({"scope": Scope(segments=("access", "other"))}, {2: "800"}),
    ({"scope": Scope(countries=("MX",))}, {1: "290"}),
    ({"pool": Pool.SEGMENT, "segment": "access"}, {2: "800"}),
    ({"in_force_from": date(2026, 2, 15)}, {1: "190", 3: "1600"}),
    ({"in_force_until": date(2026, 2, 15)}, {1: "100", 2: "800"}),
    ({"in_force_from": date(2026, 4, 1)}, {}),
    ({"returns": Returns.EXCLUDED}, {1: "300", 2: "800", 3: "1600"}),
    ({"accumulate": Unit.YEAR}, {1: "290", 2: "800", 3: "1600"}),
    ({"accumulate": Unit.LIFETIME}, {1: "5290", 2: "800", 3: "1600"}),
]


@pytest.mark.parametrize(("terms", "expected"), SCOPES)
def test_what_is_in_scope_counts_and_the_same_lines_explain_it(
    terms: dict[str, object], expected: dict[int, str]
) -> None:
    given = deal(tiers=ONE, **terms)
    rebates = computed(LINES, given).rebates
    volumes = dict(zip(rebates["member"], column(rebates, "volume"), strict=True))
    assert volumes == expected
    said = contributions(facts(LINES), [given], period=QUARTER, programme="deal")
    lines = said.collect()
    counted = lines.filter(pl.col("reason").is_null())
    sums = counted.group_by("member").agg(pl.col("amount").sum()).sort("member")
    assert dict(zip(sums["member"], column(sums, "amount"), strict=True)) == expected
    assert lines.height == 9
    assert set(lines["reason"].drop_nulls()) <= set(REASONS)
    assert counted["window"].null_count() == 0


@pytest.mark.parametrize(
    ("terms", "reasons"),
    [
        (
            {"suppliers": ("bravo",)},
            ["other_supplier"] * 2 + ["before_joining", None] + ["other_supplier"] * 5,
        ),
        (
            {"scope": Scope(categories=("cctv",))},
            [None, "other_category", "before_joining", None]
            + ["no_category"] * 2
            + [None, "outside_window", "outside_window"],
        ),
        (
            {"scope": Scope(codes=("A",), exclude_categories=("access",))},
            [None, "excluded_category", "other_code", "other_code"]
            + ["no_category"] * 2
            + [None, "outside_window", "outside_window"],
        ),
        (
            {"scope": Scope(members=("norte",)), "returns": Returns.EXCLUDED},
            [None, None, "other_member", "other_member"]
            + ["other_member"] * 2
            + ["returns_excluded", "outside_window", "outside_window"],
        ),
        (
            {"scope": Scope(countries=("CO",)), "in_force_from": date(2026, 2, 10)},
            ["other_country"] * 2 + ["not_in_force", None] + ["other_country"] * 5,
        ),
        (
            {"scope": Scope(segments=("cctv",)), "pool": Pool.GROUP},
            [None, None, "before_joining", None]
            + ["other_segment"] * 2
            + [None, "outside_window", "outside_window"],
        ),
        (
            {},
            [None, None, "before_joining", None, None, "after_leaving", None]
            + ["outside_window"] * 2,
        ),
    ],
)
def test_each_line_that_does_not_count_says_why(
    terms: dict[str, object], reasons: list[str | None]
) -> None:
    given = deal(tiers=ONE, **terms)
    said = contributions(facts(LINES), [given], period=QUARTER, programme="deal")
    assert said.sort("line").collect()["reason"].to_list() == reasons


def test_one_member_s_lines_can_be_asked_for_alone() -> None:
    said = contributions(
        facts(LINES), [deal()], period=QUARTER, programme="deal", member=3
    )
    assert sorted(said.collect()["line"]) == [5, 6]


def test_a_line_is_judged_by_the_revision_in_force_on_its_day() -> None:
    first = deal(in_force_until=date(2026, 2, 15), scope=Scope(codes=("A",)))
    then = deal(in_force_from=date(2026, 2, 15), scope=Scope(codes=("B",)))
    said = contributions(
        facts(LINES), [first, then], period=QUARTER, programme="deal", member=1
    )
    reasons = said.sort("line").collect()["reason"].to_list()
    assert reasons == [None, None, "other_code", "outside_window", "other_code"]


def test_the_category_comes_from_the_catalogue_where_lines_have_none() -> None:
    catalogue = "supplier | code | category\n1 | A | cctv\n2 | C | cctv"
    terms = deal(tiers=ONE, scope=Scope(categories=("cctv",)))
    computation = computed(LINES, terms, catalogue=catalogue)
    assert column(computation.rebates, "volume") == ["90", "800"]
    said = contributions(
        facts(LINES, catalogue=catalogue), [terms], period=QUARTER, programme="deal"
    )
    assert said.filter(pl.col("reason").is_null()).collect().height == 3


def test_without_a_catalogue_no_line_has_a_category() -> None:
    given = facts(LINES)
    bare = type(given)(
        lines=given.lines.drop("category"),
        members=given.members,
        suppliers=given.suppliers,
    )
    said = contributions(bare, [deal()], period=QUARTER, programme="deal")
    assert said.filter(pl.col("reason").is_null()).collect().height == 5


def test_an_unmapped_code_is_a_finding_that_states_its_volume() -> None:
    terms = deal(tiers=ONE, suppliers=("andes",), scope=Scope(categories=("cctv",)))
    computation = computed(LINES, terms)
    (finding,) = computation.findings
    assert finding.code == "unmapped_code"
    assert finding.params == {
        "supplier": "andes",
        "code": "",
        "currency": "MXN",
        "amount": "4800.00",
        "lines": "2",
    }
    assert finding.kind.message.format_map(finding.params)
    elsewhere = deal(tiers=ONE, suppliers=("bravo",), scope=Scope(categories=("x",)))
    assert computed(LINES, elsewhere).findings == ()
    assert computed(LINES, deal(tiers=ONE)).findings == ()


def test_volumes_are_told_by_programme_supplier_member_and_month() -> None:
    volumes = computed(LINES, deal(tiers=ONE)).volumes
    assert volumes.select("supplier", "member", "month", "lines").rows() == [
        (1, 1, date(2026, 1, 1), 1),
        (1, 1, date(2026, 2, 1), 1),
        (1, 1, date(2026, 3, 1), 1),
        (1, 3, date(2026, 3, 1), 1),
        (2, 2, date(2026, 2, 1), 1),
    ]
    assert column(volumes, "amount") == ["100", "200", "-10", "1600", "800"]


def test_windows_shorter_than_the_period_give_a_row_each() -> None:
    lines = "date | amount\n2026-01-31 | 100\n2026-02-01 | 200\n2026-02-28 | 300"
    rebates = computed(lines, deal(tiers=ONE, accumulate=Unit.MONTH)).rebates
    assert rebates["window"].to_list() == [date(2026, 1, 1), date(2026, 2, 1)]
    assert column(rebates, "volume") == ["100", "500"]


def test_a_window_counts_from_its_own_start_until_the_period_s_end() -> None:
    lines = """
    date       | amount
    2025-12-31 | 1
    2026-01-01 | 10
    2026-06-30 | 100
    2026-07-01 | 1000
    """
    second = Period(date(2026, 4, 1), date(2026, 7, 1))
    terms = deal(tiers=ONE, accumulate=Unit.YEAR)
    assert column(computed(lines, terms, period=second).rebates, "volume") == ["110"]
    from_july = deal(tiers=ONE, accumulate=Unit.YEAR, year_starts=YearStart(7, 1))
    rebates = computed(lines, from_july, period=second).rebates
    assert rebates["window"].to_list() == [date(2025, 7, 1)]
    assert column(rebates, "volume") == ["111"]


def test_a_year_that_starts_inside_a_month_cuts_that_month() -> None:
    lines = "date | amount\n2026-02-14 | 1\n2026-02-15 | 10"
    terms = deal(tiers=ONE, accumulate=Unit.YEAR, year_starts=YearStart(2, 15))
    rebates = computed(lines, terms).rebates
    assert rebates["window"].to_list() == [date(2025, 2, 15), date(2026, 2, 15)]
    assert column(rebates, "volume") == ["1", "10"]


def test_many_programmes_that_begin_on_many_days_are_counted_by_the_day() -> None:
    days = [date(2026, 1, 2) + timedelta(days=n) for n in range(60)]
    terms = [
        deal(f"p{n:02}", tiers=ONE, in_force_from=day) for n, day in enumerate(days)
    ]
    lines = "date | amount\n2026-01-20 | 100\n2026-02-20 | 10"
    assert earned(lines, *terms).count("1.1") == 19
    assert earned(lines, *terms).count("0.1") == 31


def test_no_programme_in_force_is_no_row_and_no_fault() -> None:
    computation = computed(LINES, deal(in_force_from=date(2027, 1, 1)))
    assert computation.rebates.is_empty()
    nothing = computed(LINES, deal(accumulate=Unit.LIFETIME, since=date(2027, 1, 1)))
    assert not nothing.rebates.is_empty()


def test_the_order_of_lines_changes_nothing() -> None:
    head, *rows = LINES.strip().splitlines()
    backwards = "\n".join([head, *reversed(rows)])
    one, other = computed(LINES, deal()), computed(backwards, deal())
    assert one.rebates.equals(other.rebates)
    assert one.volumes.equals(other.volumes)


def test_a_purchase_of_nothing_is_a_row_of_nothing() -> None:
    assert earned(bought("0"), deal()) == ["0"]
