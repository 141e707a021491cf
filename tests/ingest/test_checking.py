"""Everything that is wrong with a document is told at once, and nothing it is not."""

from __future__ import annotations

from typing import Any

import pytest

from rappel.actions.simulations import simulate
from rappel.errors import Malformed
from signed import agreement, faults
from simulated import short

UNSORTED = [{"from": "5", "percent": "1"}, {"from": "5", "percent": "101"}]
FINE = [{"from": "0", "percent": "1"}]


def document(*programmes: dict[str, Any], **above: Any) -> dict[str, Any]:
    """Return a document of these programmes, each with a code of its own."""
    named = [{"code": f"p{place}", **one} for place, one in enumerate(programmes)]
    return {**agreement(), "programmes": named, **above}


def test_a_misshapen_programme_hides_nothing_of_its_neighbours() -> None:
    given = document(
        {"tiers": FINE, "reech": "marginal"}, {"tiers": UNSORTED, "pool": "segment"}
    )
    assert faults(given) == {
        "programmes[0].reech": "unknown_field",
        "programmes[1].tiers[1].from": "duplicate_threshold",
        "programmes[1].tiers[1].percent": "percent_range",
        "programmes[1].segment": "missing_field",
    }


def test_of_a_misshapen_programme_only_the_order_of_its_table_is_judged() -> None:
    rows = [{"from": "5", "amount": "1"}, {"from": "4", "amount": "1"}]
    given = document({"tiers": rows, "reech": "highest_fixed"})
    assert faults(given) == {
        "programmes[0].reech": "unknown_field",
        "programmes[0].tiers[1].from": "unsorted_tiers",
    }
    rows = [{"from": "0", "up_to": "5", "amount": "1"}, {"from": "6", "amount": "1"}]
    given = document({"tiers": rows, "reech": "highest_fixed"})
    assert faults(given)["programmes[0].tiers[1].from"] == "tier_gap"


def test_a_misshapen_table_is_not_read() -> None:
    for wrong in ({"tiers": "none"}, {"tiers": [{"from": 5}]}, "a word"):
        given = document({"tiers": FINE})
        given["programmes"].append(wrong)
        assert all("programmes[1]" in (field or "") for field in faults(given))


def test_what_is_wrong_above_hides_nothing_below() -> None:
    given = document({"tiers": UNSORTED}, currency=5, supplier=None, in_force_from="?")
    assert faults(given) == {
        "currency": "not_text",
        "supplier": "wrong_type",
        "in_force_from": "not_readable",
        "programmes[0].tiers[1].from": "duplicate_threshold",
        "programmes[0].tiers[1].percent": "percent_range",
    }


def test_who_is_named_may_be_the_one_that_cannot_be_read() -> None:
    ill = {"code": "base", "tiers": FINE, "colour": "red"}
    well = {"tiers": FINE, "less": ["base"]}
    assert faults(document(ill, well)) == {"programmes[0].colour": "unknown_field"}
    named = faults(document({"tiers": FINE}, well))
    assert named == {"programmes[1].less[0]": "unknown_programme"}


def test_what_is_wrong_with_a_scale_hides_nothing_of_its_neighbours() -> None:
    gap = [{"from": "0", "up_to": "5", "percent": "1"}, {"from": "6", "percent": "2"}]
    assert faults(document({"tiers": gap}, {"tiers": UNSORTED})) == {
        "programmes[0].tiers[1].from": "tier_gap",
        "programmes[1].tiers[1].from": "duplicate_threshold",
        "programmes[1].tiers[1].percent": "percent_range",
    }


@pytest.mark.parametrize("programmes", [None, 5, "all", {}, []])
def test_a_list_that_is_none_is_refused(programmes: object) -> None:
    given = {**agreement(), "programmes": programmes}
    assert set(faults(given)) == {"programmes"}


def test_the_shape_of_the_facts_hides_nothing_of_a_simulation_s_terms() -> None:
    case = short({"tiers": UNSORTED}, colour="red")
    with pytest.raises(Malformed) as refused:
        simulate(case)
    assert [fault.field for fault in refused.value.faults] == [
        "colour",
        "programmes[0].tiers[1].from",
        "programmes[0].tiers[1].percent",
    ]


def test_a_figure_does_not_end_in_a_line_break() -> None:
    rows = [{"from": "0\n", "percent": "1\n"}]
    given = document({"tiers": rows, "year_starts": "01-01\n"}, currency="MXN\n")
    assert faults(given) == {
        "currency": "not_readable",
        "programmes[0].year_starts": "not_readable",
        "programmes[0].tiers[0].from": "not_readable",
        "programmes[0].tiers[0].percent": "not_readable",
    }
