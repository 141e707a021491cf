"""A simulation says every promotion, limit and deduction in its working."""

from __future__ import annotations

from typing import Any

import pytest

from rappel.actions.sentences import OF_ALL, OF_ONE
from rappel.actions.simulations import simulate
from rappel.wording import catalogue
from simulated import short

PROMOTION = {
    "code": "winter",
    "start": "2026-01-01",
    "end": "2026-02-01",
    "multiplies": "rate",
    "by": "2",
}


def steps(answer: dict[str, Any], row: int = 0) -> dict[str, tuple[str, str]]:
    """Return amount and sentence of each step of one row."""
    working = answer["rebates"][row]["working"]
    return {one["step"]: (one["amount"], one["text"]) for one in working}


def test_a_working_names_promotion_cap_guarantee_and_holdback_in_their_order() -> None:
    terms = {
        "promotions": [PROMOTION],
        "cap": {"of": "earned", "amount": "10"},
        "minimum": {"of": "earned", "amount": "5"},
        "guarantee": {"of": "earned", "amount": "8"},
        "holdback": {"percent": "25", "release": {"from": "1000"}},
    }
    answer = simulate(short(terms))
    assert list(steps(answer)) == [
        "volume",
        "measure",
        "tier",
        "exact",
        "promotion",
        "cap",
        "minimum",
        "guarantee",
        "rounded",
        "fee",
        "holdback",
        "due",
        "payable_now",
    ]
    said = steps(answer)
    assert said["promotion"] == (
        "6.00005",
        "Promotion winter: 2 times the rate, on 600.005",
    )
    assert said["cap"] == ("-2.0001", "Cap: at most 10 is earned")
    assert said["holdback"] == (
        "-2.50",
        "Held back for later: 25 % of what is earned",
    )
    assert said["due"][0] == "7.50"
    other = steps(answer, 1)
    assert other["minimum"] == ("-4", "Minimum: less than 5 earned is nothing")
    assert other["guarantee"][0] == "8"


def test_a_group_s_working_does_not_tell_what_others_bought() -> None:
    terms = {
        "pool": "group",
        "promotions": [{**PROMOTION, "multiplies": "reward"}],
        "cap": {"of": "earned", "amount": "6", "per": "pool"},
    }
    said = steps(simulate(short(terms)))
    assert said["promotion"][1] == "Promotion winter: 2 times the reward"


def test_a_deduction_stands_between_the_measure_and_the_tier() -> None:
    given = short()
    given["programmes"].append(
        {**given["programmes"][0], "code": "q", "less": ["p"], "order": 2}
    )
    said = steps(simulate(given), 2)
    assert list(said)[2] == "less"
    assert said["less"] == ("-6", "Less what p earned on the same purchases")


def test_fixed_parts_and_a_member_s_cap_follow_the_share() -> None:
    terms = {
        "pool": "group",
        "allocation": {"fixed": {"a": "1", "b": "1"}},
        "cap": {"of": "earned", "amount": "7"},
    }
    said = steps(simulate(short(terms)))
    assert said["share"][0] == "10.00"
    assert said["cap"] == ("-3", "Cap: at most 7 is earned")
    assert said["due"][0] == "7.00"


@pytest.mark.parametrize("language", ["es", "pt"])
def test_every_sentence_is_translated(language: str) -> None:
    said = {*OF_ALL.values(), *OF_ONE.values()}
    assert said - catalogue(language).keys() == set()
