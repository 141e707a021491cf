"""What the figures of a table say that people rarely mean, and what is close to it."""

from __future__ import annotations

import pytest

from core.test_linter import MARGINAL, codes, found
from deals import deal, tiers
from rappel.core.terms import Measure, Reach


@pytest.mark.parametrize(
    ("highest", "asked"), [("0.035", True), ("0.9999", True), ("1", False)]
)
def test_percents_below_one_are_asked_about(highest: str, *, asked: bool) -> None:
    table = tiers(("0", "0"), ("100000", highest))
    warned = found("percent_fraction", tiers=table, **MARGINAL)
    assert bool(warned) is asked
    assert [at for at, _ in warned] == ["programmes[0].tiers[1]"] * asked


def test_a_percent_is_shown_beside_the_hundredfold() -> None:
    (told,) = found("percent_fraction", tiers=tiers(("0", "0.035")))
    assert (told[1]["percent"], told[1]["hundredfold"]) == ("0.035", "3.5")


@pytest.mark.parametrize(
    ("measure", "highest", "asked"),
    [
        (Measure.GROWTH_PERCENT, "0.25", True),
        (Measure.GROWTH_PERCENT, "1", False),
        (Measure.SHARE, "0.999999", True),
        (Measure.SHARE, "1", False),
        (Measure.TARGET_PERCENT, "1.2", True),
        (Measure.TARGET_PERCENT, "2", False),
        (Measure.AMOUNT, "0.25", False),
        (Measure.SHARE, "0", False),
    ],
)
def test_thresholds_in_percent_that_look_like_fractions_are_asked_about(
    measure: Measure, highest: str, *, asked: bool
) -> None:
    rows = [("0", "1"), (highest, "2")] if highest != "0" else [("0", "1")]
    told = found("threshold_fraction", measure=measure, tiers=tiers(*rows))
    assert bool(told) is asked
    if highest == "0.25" and asked:
        ((at, params),) = told
        assert at == "programmes[0].tiers[1]"
        assert (params["threshold"], params["hundredfold"]) == ("0.25", "25")


def test_a_table_that_pays_nothing_is_no_fraction() -> None:
    assert codes(deal(tiers=tiers(("0", "0")))) == []


def test_rates_paid_together_may_be_more_than_all() -> None:
    table = tiers(("0", "60"), ("100", "40.01"))
    (told,) = found("rates_beyond_whole", tiers=table, reach=Reach.STACKED)
    assert told[1]["percent"] == "100.01"
    whole = tiers(("0", "60"), ("100", "40"))
    assert found("rates_beyond_whole", tiers=whole, reach=Reach.STACKED) == []
    assert found("rates_beyond_whole", tiers=table) == []
