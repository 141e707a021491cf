"""More never earns less, where the rules say so.

Asked of random cases of all that is computed. Left out is what pays less for more by
its own words: values that fall, also those of an average price that falls as more is
measured (the linter says where), promotions of less than once, shares. And what divides
what it earned before by what is bought: a promotion at the average rate of a sum that
does not grow with it, and limits of each part of a pool.
"""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.cases import Row, case_of, earned_of, is_bought, with_purchases, with_terms
from rappel.actions.simulations import simulate
from rappel.core.linter import lint
from rappel.core.terms import (
    LimitPer,
    Measure,
    Multiplies,
    Pool,
    Reach,
)
from rappel.ingest.terms import programme_of

if TYPE_CHECKING:
    from rappel.core.agreements import Programme

FALLS: Final = {"falling_value", "falling_total", "falling_average", "falling_cut"}
EVEN: Final = {Reach.RETROACTIVE, Reach.MARGINAL, Reach.STACKED, Reach.LINEAR}
LIMITS: Final = ("cap", "minimum", "guarantee")


def rises(one: Programme) -> bool:
    """Whether the rules promise that more never earns less."""
    falls = any(found.code in FALLS for found in lint([one]))
    shared = Measure.SHARE in {one.measure, *(gate.measure for gate in one.gates)}
    parts = one.shared is not Pool.MEMBER and any(
        limit is not None and limit.per is LimitPer.MEMBER
        for limit in (getattr(one, name) for name in LIMITS)
    )
    return not (falls or shared or parts or _thins(one))


def _thins(one: Programme) -> bool:
    """Whether a promotion pays on an average rate that more may lower."""
    limited = any(getattr(one, name) is not None for name in LIMITS)
    plain = one.reach in EVEN and all(tier.plus is None for tier in one.tiers)
    return any(
        (promotion.by is not None and (promotion.by < 1 or not plain))
        or (promotion.multiplies is Multiplies.REWARD and limited)
        for promotion in one.promotions
    )


def rising(one: Row) -> Row:
    """Return terms whose values rise with their thresholds; of steps, one tier."""
    (name,) = {"percent", "per_unit", "amount"} & set(one["tiers"][0])
    columns = {
        field: sorted((tier.get(field, "0") for tier in one["tiers"]), key=Decimal)
        for field in (name, "plus")
        if any(field in tier for tier in one["tiers"])
    }
    rows = [
        tier | {field: values[place] for field, values in columns.items()}
        for place, tier in enumerate(one["tiers"])
    ]
    return {**one, "tiers": rows[:1] if one.get("reach") == "increment" else rows}


def more_is_no_less(seed: int) -> None:
    case = with_terms(case_of(seed), rising)
    bought = [one for one in case["purchases"] if is_bought(one)]
    terms = [programme_of(one, currency=case["currency"]) for one in case["programmes"]]
    fall = {one.code for one in terms if not rises(one)}
    for _ in terms:
        fall |= {one.code for one in terms if fall & {*one.less}}
    kept = [one for one in case["programmes"] if one["code"] not in fall]
    assume(bought and kept)
    case = with_purchases(case, bought) | _of(case, kept)
    more = with_purchases(case, [*bought, Random(seed).choice(bought)])
    before, after = earned_of(simulate(case)), earned_of(simulate(more))
    chained = any(one.get("less") for one in kept)
    sums = [{"all": sum(one.values(), Decimal(0))} for one in (before, after)]
    was, now = sums if chained else (before, after)
    assert {code: now[code] for code in was if now[code] < was[code]} == {}


def _of(case: Row, kept: list[Row]) -> Row:
    """Return what a case says of some of its programmes."""
    codes = {one["code"] for one in kept}
    named = {
        name: [row for row in case[name] if row["programme"] in codes]
        for name in ("settled", "baselines")
    }
    return {"programmes": kept, **named}


@settings(max_examples=4, deadline=None, derandomize=True)
@given(st.integers(0, 2**63))
def test_more_never_earns_less(seed: int) -> None:
    more_is_no_less(seed)


@pytest.mark.full
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**63))
def test_more_never_earns_less_of_many(seed: int) -> None:
    more_is_no_less(seed)
