"""What a run's findings say, and to whom."""

from __future__ import annotations

from rappel.core.findings import Finding
from rappel.core.observations import of_member, stops


def finding(code: str, **params: str) -> Finding:
    return Finding(code=code, params=params)


NO_RATE = finding("no_rate", programme="andes", member="norte", amount="10.00")
NO_WEIGHTS = finding("no_weights", programme="grupo", member="sur", amount="900.00")
UNMAPPED = finding("unmapped_code", supplier="andes", amount="7.00")
OUTSIDE = finding("outside_every_window", member="norte", date="2026-05-01")
ALL = (NO_RATE, NO_WEIGHTS, UNMAPPED, OUTSIDE)


def test_what_names_a_programme_and_a_member_stops_the_one_for_the_other() -> None:
    assert stops(ALL) == (NO_RATE, NO_WEIGHTS)


def test_a_member_is_told_the_findings_that_name_it_and_no_others() -> None:
    assert of_member(ALL, "norte") == (NO_RATE, OUTSIDE)
    assert of_member(ALL, "centro") == ()


def test_a_member_is_not_told_what_its_whole_pool_earned() -> None:
    (told,) = of_member(ALL, "sur")
    assert dict(told.params) == {"programme": "grupo", "member": "sur"}
    assert "{amount}" not in told.kind.message
