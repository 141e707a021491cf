"""When a group's figure may be shown to one of its members."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rappel.core.disclosure import discloses


@pytest.mark.parametrize(
    ("contributors", "largest", "measure", "shown"),
    [
        (5, "25", "100", True),  # five, and a quarter is not above a quarter
        (4, "25", "100", False),  # one too few
        (5, "25.01", "100", False),  # one of them is more than a quarter
        (40, "0", "0", False),  # nothing has no parts
        (40, "-1", "-100", False),
    ],
)
def test_five_contribute_and_none_is_above_a_quarter(
    contributors: int, largest: str, measure: str, *, shown: bool
) -> None:
    found = discloses(
        contributors=contributors, largest=Decimal(largest), measure=Decimal(measure)
    )
    assert found is shown


def test_the_limits_are_arguments() -> None:
    given = {"contributors": 2, "largest": Decimal(50), "measure": Decimal(100)}
    assert not discloses(**given)
    assert discloses(**given, least=2, most=Decimal(50))
