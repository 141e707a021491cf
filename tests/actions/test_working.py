"""Figures of a working, without the zeros that a frame's scale adds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rappel.actions.working import trimmed
from rappel.core.money import plain

FIGURES = st.decimals(min_value=-(10**19), max_value=10**19, places=18, allow_nan=False)


@pytest.mark.parametrize(
    ("figure", "at_least", "expected"),
    [
        ("12.340000000000000000", 2, "12.34"),
        ("12.340000000000000000", 0, "12.34"),
        ("12.345000000000000000", 2, "12.345"),
        ("12.000000000000000000", 2, "12.00"),
        ("12.000000000000000000", 0, "12"),
        ("1000.000000", 0, "1000"),
        ("1E+3", 2, "1000.00"),
        ("-0.000000000000000001", 2, "-0.000000000000000001"),
        ("-0.000000000000000000", 2, "0.00"),
        ("-0", 0, "0"),
    ],
)
def test_zeros_to_spare_are_dropped(figure: str, at_least: int, expected: str) -> None:
    assert f"{trimmed(Decimal(figure), at_least):f}" == expected


@given(FIGURES, st.sampled_from([0, 2, 6]))
def test_a_trimmed_figure_is_written_as_plain(figure: Decimal, at_least: int) -> None:
    found = trimmed(figure, at_least)
    assert found == figure
    assert f"{found:f}" == plain(figure, at_least)
