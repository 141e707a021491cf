"""The reaches between points and by whole steps, on both sides of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import bought, column, computed, deal, earned, only, tiers
from rappel.core.terms import Boundary, Measure, Payable, Pool, Reach

POINTS = tiers(("100", "1"), ("200", "3"), ("400", "4"))


def linear(**terms: Any) -> Any:
    """Return a rate that rises between points."""
    return deal(**{"reach": Reach.LINEAR, "tiers": POINTS, **terms})


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("99.99", "0"),
        ("100", "1"),
        ("150", "3"),  # 2 %
        ("199.99", "6"),
        ("200", "6"),
        ("300", "10.5"),  # 3.5 %
        ("400", "16"),
        ("1000", "40"),
    ],
)
def test_the_rate_lies_between_the_points_and_is_flat_above(
    volume: str, expected: str
) -> None:
    assert earned(bought(volume), linear()) == [expected]


def test_a_value_on_the_first_point_has_reached_it_or_not_by_the_boundary() -> None:
    strictly = linear(boundary=Boundary.MORE_THAN)
    assert earned(bought("100"), strictly) == ["0"]
    assert earned(bought("100.01"), strictly) == ["1"]
    assert earned(bought("200"), strictly) == ["6"]
    assert earned(bought("400"), strictly) == ["16"]


def test_the_slices_are_the_two_points_and_sum_to_the_whole() -> None:
    computation = computed(bought("150"), linear())
    assert column(computation.slices, "threshold") == ["100", "200"]
    assert column(computation.slices, "payable") == ["75", "75"]
    assert column(computation.slices, "amount") == ["0.75", "2.25"]
    assert column(computation.slices, "measure") == ["75", "75"]
    row = only(computation.rebates.to_dicts())
    assert (row["threshold"], row["exact"]) == (100, 3)


def test_on_a_point_there_is_one_slice() -> None:
    assert computed(bought("200"), linear()).slices.height == 1
    assert computed(bought("401"), linear()).slices.height == 1


def test_a_half_cent_between_points_is_exact() -> None:
    thirds = linear(tiers=tiers(("0", "0"), ("3", "1.5")))
    assert earned(bought("1"), thirds) == ["0.01"]  # 0.5 % of 1 is half a cent


def test_what_a_reached_point_adds_is_paid_once() -> None:
    rows = tuple(replace(one, plus=Decimal(10)) for one in POINTS)
    assert earned(bought("150"), linear(tiers=rows)) == ["13"]
    assert earned(bought("200"), linear(tiers=rows)) == ["16"]


def test_a_negative_measure_keeps_its_sign_between_points() -> None:
    assert earned("kind | amount\ncredit_note | 150", linear()) == ["-3"]


def test_a_linear_rate_pays_units_and_groups_too() -> None:
    rows = tiers(("0", "0"), ("10", "2"), value="per_unit")
    terms = linear(measure=Measure.QUANTITY, payable=Payable.QUANTITY, tiers=rows)
    assert earned("amount | quantity\n1 | 5", terms) == ["5"]
    group = linear(pool=Pool.GROUP)
    assert earned(bought("100", "50"), group) == ["2", "1"]
    huge = linear(tiers=tiers(("0", "0"), ("20000000000000", "2")))
    assert earned(bought("10000000000000"), huge) == ["100000000000"]


def test_two_revisions_each_have_their_own_points() -> None:
    first = linear(in_force_until=date(2026, 2, 1))
    flat = tiers(("100", "10"), ("200", "30"))
    then = linear(in_force_from=date(2026, 2, 1), tiers=flat, revision=2)
    lines = "date | amount\n2026-01-31 | 50\n2026-02-01 | 100"
    assert earned(lines, first, then) == ["21"]  # 50 at 2 % and 100 at 20 %


def test_what_the_next_point_is_worth() -> None:
    row = only(computed(bought("150"), linear()).rebates.to_dicts())
    assert (row["next_threshold"], row["next_missing"]) == (200, 50)
    assert row["next_worth"] == 3


def stepped(**terms: Any) -> Any:
    """Return 2 for each whole 100, and 5 for each whole 50 above 1,000."""
    rows = tuple(
        replace(one, every=Decimal(every))
        for one, every in zip(
            tiers(("0", "2"), ("1000", "5"), value="amount"), (100, 50), strict=True
        )
    )
    usual = {"reach": Reach.INCREMENT, "payable": Payable.NONE, "tiers": rows}
    return deal(**{**usual, **terms})


@pytest.mark.parametrize(
    ("volume", "at_least", "more_than"),
    [
        ("0", "0", "0"),
        ("99.99", "0", "0"),
        ("100", "2", "0"),
        ("100.01", "2", "2"),
        ("250", "4", "4"),
        ("999.99", "18", "18"),
        ("1000", "0", "18"),
        ("1049.99", "0", "0"),
        ("1050", "5", "0"),
        ("1050.01", "5", "5"),
        ("1100", "10", "5"),
    ],
)
def test_a_whole_step_above_the_reached_tier_pays(
    volume: str, at_least: str, more_than: str
) -> None:
    for boundary, expected in zip(Boundary, (at_least, more_than), strict=True):
        assert earned(bought(volume), stepped(boundary=boundary)) == [expected], volume


def test_a_step_may_be_a_fraction_and_is_counted_exactly() -> None:
    rows = tuple(
        replace(one, every=Decimal("0.1"))
        for one in tiers(("0", "0.01"), value="amount")
    )
    assert earned(bought("0.3"), stepped(tiers=rows)) == ["0.03"]
    assert earned(bought("0.299999"), stepped(tiers=rows)) == ["0.02"]


def test_steps_need_a_measure_above_zero_and_the_slice_says_all_of_them() -> None:
    assert earned("kind | amount\ncredit_note | 250", stepped()) == ["0"]
    computation = computed(bought("250"), stepped())
    assert column(computation.slices, "fixed") == ["4"]
    assert column(computation.rebates, "amount") == ["2"]


def test_two_free_in_every_hundred_of_a_hundred_and_fifty_are_two() -> None:
    terms = stepped(measure=Measure.QUANTITY)
    assert earned("amount | quantity\n1 | 150", terms) == ["2"]
