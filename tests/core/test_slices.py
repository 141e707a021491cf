"""What a slice says of itself: its measure, what it is paid on, what it comes to."""

from __future__ import annotations

import pytest

from deals import bought, column, computed, deal, earned, tiers
from rappel.core.terms import Measure, Reach

STEPS = tiers(("0", "10"), ("1000", "25"))


def said(lines: str, **terms: object) -> list[tuple[str, str, str]]:
    """Return measure, payable and amount of each slice."""
    slices = computed(lines, deal(**terms)).slices
    figures = (column(slices, name) for name in ("measure", "payable", "amount"))
    return list(zip(*figures, strict=True))


def test_a_rate_on_everything_has_one_slice_of_everything() -> None:
    assert said(bought("2000"), tiers=STEPS) == [("2000", "2000", "500")]


def test_stacked_rates_are_each_on_everything() -> None:
    slices = said(bought("2000"), tiers=STEPS, reach=Reach.STACKED)
    assert slices == [("2000", "2000", "200"), ("2000", "2000", "500")]


def test_above_the_last_point_one_slice_is_paid_on_everything() -> None:
    points = tiers(("100", "1"), ("200", "3"))
    slices = said(bought("1000"), tiers=points, reach=Reach.LINEAR)
    assert slices == [("1000", "1000", "30")]


def test_half_a_peso_is_above_zero() -> None:
    assert earned(bought("0.50"), deal(tiers=STEPS, reach=Reach.MARGINAL)) == ["0.05"]


def test_slices_of_pieces_are_paid_on_their_share_of_the_amount() -> None:
    slices = said(
        "amount | quantity\n300 | 30",
        measure=Measure.QUANTITY,
        reach=Reach.MARGINAL,
        tiers=tiers(("0", "1"), ("10", "2")),
    )
    assert slices == [("10", "100", "1"), ("20", "200", "4")]


def test_slices_of_thirty_thousand_millions_are_exact() -> None:
    slices = said(
        bought("30000000000"),
        reach=Reach.MARGINAL,
        tiers=tiers(("0", "1"), ("10000000000", "2")),
    )
    assert slices == [
        ("10000000000", "10000000000", "100000000"),
        ("20000000000", "20000000000", "400000000"),
    ]


@pytest.mark.parametrize(
    ("amount", "quantity", "pays"),
    [("300", "0", "3"), ("9000000000000", "9000000000000", "90000000000")],
)
def test_a_rate_on_everything_is_no_average(
    amount: str, quantity: str, pays: str
) -> None:
    terms = deal(measure=Measure.QUANTITY, tiers=tiers(("0", "1")))
    assert earned(f"amount | quantity\n{amount} | {quantity}", terms) == [pays]


@pytest.mark.parametrize("reach", [Reach.MARGINAL, Reach.RETROACTIVE, Reach.LINEAR])
def test_ten_million_millions_have_room_above_thresholds_of_a_peso(
    reach: Reach,
) -> None:
    terms = deal(reach=reach, tiers=tiers(("0", "2"), ("1", "2"), ("5", "2")))
    assert earned(bought("10000000000000"), terms) == ["200000000000"]
