"""Every reach, on both sides of every threshold; what is below, negative or fixed."""

from __future__ import annotations

import pytest

from deals import bought, column, computed, deal, earned, only, tiers
from rappel.core.money import Rounding
from rappel.core.terms import Boundary, Measure, Payable, Reach

STEPS = (("0", "10"), ("1000", "25"), ("2500", "30"))


@pytest.mark.parametrize(
    ("volume", "retroactive", "marginal", "rolling", "stacked"),
    [
        ("0", "0", "0", "0", "0"),
        ("999.99", "100", "100", "100", "100"),
        ("1000.00", "250", "100", "350", "350"),
        ("1000.01", "250", "100", "350", "350"),
        ("2000.00", "500", "350", "600", "700"),
        ("2499.99", "625", "475", "725", "875"),
        ("2500.00", "750", "475", "1475", "1625"),
        ("7000.00", "2100", "1825", "2825", "4550"),
    ],
)
def test_each_side_of_every_threshold(
    volume: str, retroactive: str, marginal: str, rolling: str, stacked: str
) -> None:
    reaches = {
        Reach.RETROACTIVE: retroactive,
        Reach.MARGINAL: marginal,
        Reach.ROLLING: rolling,
        Reach.STACKED: stacked,
    }
    for reach, expected in reaches.items():
        terms = deal(reach=reach, tiers=tiers(*STEPS))
        assert earned(bought(volume), terms) == [expected], reach


@pytest.mark.parametrize(
    ("volume", "at_least", "more_than"),
    [
        ("999.99", "100", "100"),
        ("1000.00", "250", "100"),
        ("1000.01", "250", "250"),
    ],
)
def test_a_value_on_the_threshold_has_reached_it_or_not_by_the_boundary(
    volume: str, at_least: str, more_than: str
) -> None:
    for boundary, expected in zip(Boundary, (at_least, more_than), strict=True):
        terms = deal(boundary=boundary, tiers=tiers(*STEPS))
        assert earned(bought(volume), terms) == [expected]


def test_between_a_hundred_and_a_hundred_and_a_cent_there_is_no_gap() -> None:
    terms = deal(tiers=tiers(("0", "10"), ("100.01", "20")))
    assert earned(bought("100.005"), terms) == ["10"]


def test_below_the_first_threshold_nothing_is_earned_and_no_tier_is_named() -> None:
    computation = computed(bought("999.99"), deal(tiers=tiers(("1000", "5"))))
    row = only(computation.rebates.to_dicts())
    assert (row["threshold"], row["percent"], row["earned"]) == (None, None, 0)
    assert computation.slices.is_empty()


def test_the_tier_is_chosen_from_the_unrounded_measure() -> None:
    terms = deal(tiers=tiers(("0", "1"), ("1000", "2")))
    assert earned(bought("999.999999"), terms) == ["10"]


@pytest.mark.parametrize(
    ("reach", "expected"), [(Reach.RETROACTIVE, "-500"), (Reach.MARGINAL, "-350")]
)
def test_the_tier_of_a_negative_amount_is_that_of_its_absolute_value(
    reach: Reach, expected: str
) -> None:
    lines = "kind | amount\ncredit_note | 2000"
    assert earned(lines, deal(reach=reach, tiers=tiers(*STEPS))) == [expected]


@pytest.mark.parametrize(
    ("volume", "highest", "each"),
    [
        ("999.99", "0", "0"),
        ("1000", "100", "100"),
        ("4999.99", "100", "100"),
        ("5000", "300", "400"),
    ],
)
def test_fixed_amounts_are_those_of_the_highest_tier_or_of_each(
    volume: str, highest: str, each: str
) -> None:
    rows = tiers(("1000", "100"), ("5000", "300"), value="amount")
    for reach, expected in ((Reach.HIGHEST_FIXED, highest), (Reach.EACH_FIXED, each)):
        terms = deal(reach=reach, payable=Payable.NONE, tiers=rows)
        assert earned(bought(volume), terms) == [expected]


def test_fixed_amounts_and_plus_need_a_measure_above_zero() -> None:
    rows = [tiers(("0", "100"), value="amount"), tiers(("0", "0"))]
    with_plus = tuple(
        type(tier)(threshold=tier.threshold, percent=tier.percent, plus=tier.threshold)
        for tier in tiers(("0", "1"), ("5", "1"))
    )
    for table in (rows[0],):
        terms = deal(reach=Reach.HIGHEST_FIXED, tiers=table)
        assert earned("amount\n0", terms) == ["0"]
        assert earned("kind | amount\ncredit_note | 9", terms) == ["0"]
    assert earned("amount\n100", deal(tiers=with_plus)) == ["6"]
    assert earned("kind | amount\ncredit_note | 100", deal(tiers=with_plus)) == ["-1"]


@pytest.mark.parametrize(
    ("units", "retroactive", "marginal"),
    [("499", "0", "0"), ("500", "1000", "0"), ("1200", "3600", "1600")],
)
def test_a_value_per_unit_is_paid_on_the_quantity(
    units: str, retroactive: str, marginal: str
) -> None:
    rows = tiers(("0", "0"), ("500", "2"), ("1000", "3"), value="per_unit")
    lines = f"amount | quantity\n1 | {units}"
    expected = {Reach.RETROACTIVE: retroactive, Reach.MARGINAL: marginal}
    for reach, pays in expected.items():
        terms = deal(
            measure=Measure.QUANTITY, payable=Payable.QUANTITY, reach=reach, tiers=rows
        )
        assert earned(lines, terms) == [pays]


def test_units_climb_and_the_average_price_is_paid_by_slice() -> None:
    terms = deal(
        measure=Measure.QUANTITY,
        reach=Reach.MARGINAL,
        tiers=tiers(("0", "1"), ("10", "2")),
    )
    computation = computed("amount | quantity\n300 | 30", terms)
    assert column(computation.rebates, "earned") == ["5"]
    assert column(computation.slices, "measure") == ["10", "20"]
    nothing = "amount | quantity\n300 | 0"
    assert earned(nothing, terms) == ["0"]


def test_a_half_cent_of_an_average_price_is_still_a_half_cent() -> None:
    terms = deal(
        measure=Measure.QUANTITY,
        reach=Reach.MARGINAL,
        tiers=tiers(("0", "0"), ("2", "1.5")),
    )
    lines = "amount | quantity\n1 | 3"
    assert earned(lines, terms) == ["0.01"]
    assert earned(
        lines, deal(**{**_fields(terms), "rounding": Rounding.HALF_EVEN})
    ) == ["0"]


def _fields(terms: object) -> dict[str, object]:
    return {name: getattr(terms, name) for name in ("measure", "reach", "tiers")}


@pytest.mark.parametrize(
    ("volume", "boundary", "ahead"),
    [
        ("98000", Boundary.AT_LEAST, ("100000", "2000", "1040")),
        ("100000", Boundary.AT_LEAST, None),
        ("100000", Boundary.MORE_THAN, ("100000", "0", "1000")),
        ("49999.99", Boundary.AT_LEAST, ("50000", "0.01", "1000")),
    ],
)
def test_the_next_tier_says_how_far_it_is_and_what_it_is_worth(
    volume: str, boundary: Boundary, ahead: tuple[str, str, str] | None
) -> None:
    rows = tiers(("0", "0"), ("50000", "2"), ("100000", "3"))
    rebates = computed(bought(volume), deal(boundary=boundary, tiers=rows)).rebates
    shown = tuple(
        only(column(rebates, f"next_{name}"))
        for name in ("threshold", "missing", "worth")
    )
    assert shown == (ahead or (None, None, None))


def test_slices_add_up_to_what_is_earned_before_rounding() -> None:
    terms = deal(reach=Reach.MARGINAL, tiers=tiers(*STEPS))
    computation = computed(bought("2000.005"), terms)
    assert column(computation.slices, "threshold") == ["0", "1000"]
    assert column(computation.slices, "measure") == ["1000", "1000.005"]
    assert column(computation.slices, "amount") == ["100", "250.00125"]
    assert column(computation.rebates, "exact") == ["350.00125"]
    assert column(computation.rebates, "earned") == ["350"]
