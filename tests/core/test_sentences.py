"""Sentences: every word of the vocabulary is said, and the terms that matter first."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from deals import deal, tiers
from rappel.core import phrases
from rappel.core.agreements import Scope, Tier
from rappel.core.clauses import Figure, Listed, Sentence
from rappel.core.sentences import sentences
from rappel.core.terms import Boundary, GrowthOf, Measure, Payable, Pool, Reach
from said import every_deal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rappel.core.clauses import Filling


def english(filling: Filling) -> str:
    """Fill a sentence plainly."""
    if isinstance(filling, Sentence):
        params = {name: english(one) for name, one in filling.params.items()}
        return filling.text.format_map(params)
    if isinstance(filling, Listed):
        return filling.apart.join(map(english, filling.ones))
    if isinstance(filling, Figure):
        return f"{filling.value}{filling.unit and ' '}{filling.unit}"
    return str(filling)


def told(**terms: Any) -> list[str]:
    return [english(one) for one in sentences(deal(**terms))]


def texts(filling: Filling) -> Iterator[str]:
    """Yield the templates of a sentence and of what fills it."""
    if isinstance(filling, Sentence):
        yield filling.text
        for one in filling.params.values():
            yield from texts(one)
    if isinstance(filling, Listed):
        for one in filling.ones:
            yield from texts(one)


def phrases_of_all() -> set[str]:
    found: set[str] = set()
    for name, said in vars(phrases).items():
        if name.isupper():
            found |= {said} if isinstance(said, str) else set(said.values())
    return found


def test_the_first_sentence_says_most() -> None:
    first, *_ = told(suppliers=("andes",), scope=Scope(categories=("cctv",)))
    assert first == (
        "On purchases of cctv from andes, each quarter, each member earns the rate of "
        "the tier it reaches, back to the first unit: 0 % from 0 MXN; 2 % from 100000 "
        "MXN; 3.5 % from 250000 MXN."
    )


def test_every_phrase_is_said_by_some_terms() -> None:
    said = {
        text for one in every_deal() for line in sentences(one) for text in texts(line)
    }
    assert said == phrases_of_all()


def test_every_sentence_is_whole_and_filled() -> None:
    for one in every_deal():
        for line in map(english, sentences(one)):
            assert re.fullmatch(r"[A-Z][^{}]*[^{} ]\.", line), line
            assert not re.search(r"  | [,;.]|None|: \.", line), line


@pytest.mark.parametrize("field", ["returns", "fx", "counts", "settle", "rounding"])
def test_a_default_is_said_like_anything_else(field: str) -> None:
    word = getattr(deal(), field)
    tables = [
        table
        for table in vars(phrases).values()
        if isinstance(table, dict) and word in table
    ]
    said = {line.text for line in sentences(deal())}
    assert any(table[word] in said for table in tables)


def test_a_threshold_that_must_be_passed_is_above_and_not_from() -> None:
    passed = told(boundary=Boundary.MORE_THAN)
    assert "2 % above 100000 MXN" in passed[0]
    assert "A measure on a threshold has not reached it yet." in passed
    assert "A measure on a threshold has reached it." in told()


@pytest.mark.parametrize(
    ("terms", "threshold"),
    [
        ({"measure": Measure.QUANTITY}, "from 100000;"),
        ({"measure": Measure.SHARE}, "from 100000 %;"),
        ({"measure": Measure.GROWTH_AMOUNT}, "from 100000 MXN;"),
        (
            {"measure": Measure.GROWTH_AMOUNT, "growth_of": GrowthOf.QUANTITY},
            "from 100000;",
        ),
    ],
)
def test_a_threshold_has_the_unit_of_its_measure(
    terms: dict[str, Any], threshold: str
) -> None:
    assert threshold in told(**terms)[0]


def test_each_kind_of_value_is_said_in_its_own_way() -> None:
    value = Tier(
        threshold=Decimal(10),
        per_unit=Decimal(5),
        plus=Decimal(100),
        cap=Decimal(900),
    )
    first = told(measure=Measure.QUANTITY, payable=Payable.QUANTITY, tiers=(value,))[0]
    assert first.endswith(": 5 MXN per unit plus 100 MXN, at most 900 MXN from 10.")
    step = Tier(threshold=Decimal(0), amount=Decimal(5), every=Decimal(100))
    first = told(reach=Reach.INCREMENT, tiers=(step,))[0]
    assert "for each whole step" in first
    assert first.endswith(": 5 MXN for every 100 MXN from 0 MXN.")


def test_without_a_measure_the_one_value_is_earned() -> None:
    first, *rest = told(measure=Measure.NONE, tiers=tiers(("0", "2")))
    assert first.endswith("each member earns 2 %.")
    assert "No volume is to be reached: the first tier always holds." in rest


def test_fixed_amounts_are_not_paid_on_volume_whatever_the_payable() -> None:
    fixed = tiers(("0", "500"), value="amount")
    said = told(tiers=fixed, reach=Reach.HIGHEST_FIXED)
    assert "The amounts are fixed and not paid on volume." in said


def test_a_member_that_earns_alone_divides_nothing() -> None:
    assert not any("divided" in line for line in told())
    assert any("divided" in line for line in told(pool=Pool.GROUP))
    fixed = {"pool": Pool.GROUP, "payable": Payable.NONE}
    (alone,) = [line for line in told(**fixed) if "divided" in line]
    assert alone.startswith("Nothing says by what it is divided")


def test_days_are_days_until_the_rim_writes_them() -> None:
    start = date(2026, 1, 1)
    lines = sentences(deal(in_force_from=start))
    assert [line.params for line in lines if "start" in line.params] == [
        {"start": start}
    ]
