"""Baselines: stated or computed, and what it means that one is not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from deals import (
    QUARTER,
    bought,
    column,
    computed,
    deal,
    earned,
    facts,
    only,
    tiers,
)
from rappel.core.agreements import Baseline
from rappel.core.period import Unit
from rappel.core.rebates import compute
from rappel.core.terms import (
    BaselinePolicy,
    Measure,
    Payable,
)

BASE = "programme | member | measure\ndeal | 1 | 200000"
GROWN = tiers(("10", "1"), ("25", "2"))


def growing(**terms: Any) -> Any:
    """Return terms on growth in percent: 1 % from 10 %, 2 % from 25 %."""
    return deal(**{"measure": Measure.GROWTH_PERCENT, "tiers": GROWN, **terms})


POLICIES = [
    (None, "refuse", "no_baseline", None),
    (None, "skip", None, None),
    (None, "zero", None, "50"),
    ("0", "refuse", "zero_baseline", None),
    ("0", "skip", None, None),
    ("0", "zero", None, "50"),
    ("1000", "refuse", None, "40"),
]


@pytest.mark.parametrize(("base", "policy", "finding", "expected"), POLICIES)
def test_a_missing_or_empty_baseline_is_what_the_agreement_says(
    base: str | None, policy: str, finding: str | None, expected: str | None
) -> None:
    said = BaselinePolicy(policy)
    terms = deal(
        measure=Measure.GROWTH_AMOUNT,
        payable=Payable.INCREMENT,
        tiers=tiers(("0", "1")),
        baseline=Baseline(source="books", none=said, zero=said),
    )
    known = f"programme | member | measure\ndeal | 1 | {base}" if base else BASE_OF_SUR
    computation = computed(bought("5000"), terms, baselines=known)
    assert column(computation.rebates, "earned") == ([expected] if expected else [])
    assert [one.code for one in computation.findings] == ([finding] if finding else [])
    for one in computation.findings:
        assert "norte" in one.kind.message.format_map(one.params)


BASE_OF_SUR = "programme | member | measure\ndeal | 2 | 1"


def test_a_percent_of_nothing_is_no_growth() -> None:
    terms = growing(
        tiers=tiers(("0", "1"), ("10", "2")),
        baseline=Baseline(source="books", none=BaselinePolicy.ZERO),
    )
    row = only(computed(bought("5000"), terms).rebates.to_dicts())
    assert (row["measure"], row["threshold"], row["earned"]) == (0, 0, 50)
    assert row["next_threshold"] is None  # no purchase makes it more


def test_without_a_word_on_baselines_their_absence_is_refused() -> None:
    computation = computed(bought("5000", "100"), growing(), baselines=BASE)
    assert computation.rebates["member"].to_list() == [1]
    assert [one.code for one in computation.findings] == ["no_baseline"]


def of_the_books(**policies: Any) -> Any:
    """Return growth over the year before, by what was bought."""
    return growing(
        accumulate=Unit.QUARTER,
        baseline=Baseline(source="previous_year", **policies),
        tiers=tiers(("0", "0"), ("25", "2")),
    )


YEARS = """
member | date       | amount
1      | 2024-12-31 | 99999
1      | 2025-01-01 | 600
1      | 2025-03-31 | 200
1      | 2025-04-01 | 99999
1      | 2026-01-01 | 1000
"""


def test_a_baseline_can_be_what_was_bought_on_the_same_days_a_year_before() -> None:
    row = only(computed(YEARS, of_the_books()).rebates.to_dicts())
    assert (row["measure"], row["earned"]) == (25, 20)
    stated = "programme | member | measure\ndeal | 1 | 801"
    assert earned(YEARS, of_the_books(), baselines=stated) == ["0"]
    nothing = computed("date | amount\n2026-01-01 | 1000", of_the_books())
    assert [one.code for one in nothing.findings] == ["no_baseline"]


PART = """
member | date       | amount
2      | 2026-02-15 | 400000
"""
HALF = "programme | member | measure\ndeal | 2 | 100000"


@pytest.mark.parametrize(
    ("joined", "policy", "expected"),
    [
        (date(2025, 1, 1), "refuse", "8000"),
        (date(2025, 1, 2), "refuse", None),
        (date(2025, 3, 31), "skip", None),
        (date(2025, 4, 1), "refuse", None),
        (date(2025, 4, 1), "prorate", None),
        (date(2025, 3, 31), "prorate", "0"),
        (date(2025, 1, 31), "prorate", "8000"),  # 100,000 x 90 / 60 = 150,000
        (date(2025, 3, 17), "prorate", "0"),  # 100,000 x 90 / 15 = 600,000
        (date(2025, 3, 2), "prorate", "8000"),  # 100,000 x 90 / 30 = 300,000
        (date(2025, 3, 17), "zero", "0"),
    ],
)
def test_a_baseline_of_a_part_of_its_year_is_what_the_agreement_says(
    joined: date, policy: str, expected: str | None
) -> None:
    given = facts(PART, baselines=HALF)
    members = given.members.with_columns(joined=joined)
    terms = growing(
        baseline=Baseline(source="books", part_year=BaselinePolicy(policy)),
        tiers=tiers(("25", "2")),
    )
    computation = compute(replace(given, members=members), [terms], period=QUARTER)
    paid = column(computation.rebates, "earned")
    assert paid == ([expected] if expected else [])
    refused = policy != "skip" and expected is None
    codes = [one.code for one in computation.findings]
    assert codes == (["part_baseline"] if refused else [])


def test_a_lifetime_has_no_year_before_it_and_no_part_of_one() -> None:
    terms = growing(accumulate=Unit.LIFETIME, in_force_from=date(2025, 1, 1))
    base = "programme | member | measure\ndeal | 2 | 100"
    lines = "member | date | amount\n2 | 2026-02-15 | 125"
    assert earned(lines, terms, baselines=base) == ["2.5"]
    assert earned(lines.replace("125", "124.99"), terms, baselines=base) == ["1.25"]


def test_a_baseline_of_a_window_is_of_that_window_alone() -> None:
    bought_in = "date | amount\n2026-01-01 | 1000\n2026-02-01 | 1000"
    terms = growing(accumulate=Unit.MONTH)
    stated = """
programme | member | window     | measure
deal      | 1      | 2026-01-01 | 800
deal      | 1      | 2025-01-01 | 1
deal      | 1      |            | 900
"""
    assert earned(bought_in, terms, baselines=stated) == ["20", "10"]
    (one, _) = stated.strip().splitlines()[:2]
    only_january = f"{one}\ndeal | 1 | 2026-01-01 | 800"
    found = computed(bought_in, terms, baselines=only_january)
    assert column(found.rebates, "window") == [date(2026, 1, 1)]
    assert [each.code for each in found.findings] == ["no_baseline"]
