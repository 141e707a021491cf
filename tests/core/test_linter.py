"""The linter: each warning, and what is close to it and no reason for one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import deal, tiers
from rappel.core.agreements import Limit, Outbound, Promotion, Scope, Tier
from rappel.core.linter import lint
from rappel.core.terms import (
    AllocationBy,
    Boundary,
    GrowthOf,
    LimitOf,
    LimitPer,
    Measure,
    MeasureOver,
    Multiplies,
    Payable,
    Pool,
    Reach,
)

FLAT = tiers(("0", "2"))
MARGINAL = {"reach": Reach.MARGINAL}
FIXED = {"reach": Reach.HIGHEST_FIXED, "payable": Payable.NONE}


def codes(*programmes: Any) -> list[str]:
    return [one.code for one in lint(programmes)]


def found(code: str, **terms: Any) -> list[tuple[str | None, dict[str, str]]]:
    """Return the places and figures of one warning about a deal."""
    return [
        (one.column, {k: v for k, v in one.params.items() if k != "programme"})
        for one in lint([deal(**terms)])
        if one.code == code
    ]


def test_marginal_tiers_that_rise_are_no_reason_to_warn() -> None:
    assert codes(deal(**MARGINAL)) == []


def test_a_retroactive_tier_is_a_cliff_and_says_where_and_how_much() -> None:
    first, second = found("tier_cliff")
    assert first == (
        "programmes[0].tiers[1]",
        {
            "tier": "2",
            "threshold": "100000",
            "jump": "2000.00",
            "cheaper": "98000.00",
            "half": "96000.00",
            "currency": "MXN",
        },
    )
    assert second[1]["jump"] == "3750.00"


def test_the_same_rate_again_is_no_cliff() -> None:
    assert codes(deal(tiers=tiers(("0", "2"), ("100", "2")))) == []


@pytest.mark.parametrize(
    "terms",
    [
        {"measure_over": MeasureOver.PREVIOUS},
        {"measure_scope": Scope(categories=("cctv",))},
        {"measure": Measure.GROWTH_PERCENT},
        {"measure": Measure.QUANTITY},
    ],
)
def test_what_the_terms_alone_do_not_tell_is_not_warned_of(terms: Any) -> None:
    assert codes(deal(**terms)) == []


def test_a_measure_scope_that_is_the_scope_changes_nothing() -> None:
    scope = Scope(categories=("cctv",))
    assert "tier_cliff" in codes(deal(scope=scope, measure_scope=scope))


def test_units_have_no_price_in_the_terms_so_a_jump_is_only_told() -> None:
    table = tiers(("0", "1"), ("100", "3"), value="per_unit")
    terms = {"measure": Measure.QUANTITY, "payable": Payable.QUANTITY, "tiers": table}
    assert [(at, told["jump"]) for at, told in found("tier_jump", **terms)] == [
        ("programmes[0].tiers[1]", "200.00")
    ]


def test_a_fixed_amount_is_a_cliff_of_purchases_and_no_jump_of_units() -> None:
    table = tiers(("100", "5"), value="amount")
    assert codes(deal(tiers=table, **FIXED)) == ["tier_cliff"]
    assert codes(deal(tiers=table, measure=Measure.QUANTITY, **FIXED)) == []


@pytest.mark.parametrize(
    ("of", "expected"),
    [(GrowthOf.AMOUNT, ["tier_cliff"]), (GrowthOf.QUANTITY, ["tier_jump"])],
)
def test_growth_has_a_cliff_where_it_is_paid_on_and_bought_for_money(
    of: GrowthOf, expected: list[str]
) -> None:
    terms = {"measure": Measure.GROWTH_AMOUNT, "payable": Payable.INCREMENT}
    table = tiers(("0", "1"), ("100", "2"))
    assert codes(deal(tiers=table, growth_of=of, **terms)) == expected


def test_a_rate_that_falls_is_told_and_so_is_the_total_that_falls() -> None:
    table = tiers(("0", "3"), ("100000", "2"))
    assert found("falling_value", tiers=table) == [
        (
            "programmes[0].tiers[1]",
            {
                "tier": "2",
                "threshold": "100000",
                "field": "percent",
                "value": "2",
                "before": "3",
            },
        )
    ]
    (total,) = found("falling_total", tiers=table)
    assert total[1]["amount"] == "1000.00"
    assert codes(deal(tiers=table, **MARGINAL)) == ["falling_value"]


def test_a_plus_that_is_missing_above_falls() -> None:
    table = (
        Tier(threshold=Decimal(0), percent=Decimal(2), plus=Decimal(50)),
        Tier(threshold=Decimal(100), percent=Decimal(2)),
    )
    (fall,) = found("falling_value", tiers=table)
    assert (fall[1]["field"], fall[1]["value"]) == ("plus", "0")


def test_steps_that_pay_more_than_half_of_themselves_and_start_anew() -> None:
    def table(amount: str) -> tuple[Tier, ...]:
        every = Decimal(100)
        return (
            Tier(threshold=Decimal(0), amount=Decimal(amount), every=every),
            Tier(threshold=Decimal(1000), amount=Decimal(amount), every=every),
        )

    terms = {"reach": Reach.INCREMENT, "payable": Payable.NONE}
    fifty, more = deal(tiers=table("50"), **terms), deal(tiers=table("50.01"), **terms)
    assert codes(fifty) == ["falling_total"]
    assert codes(more) == ["step_pays_much", "step_pays_much", "falling_total"]
    units = deal(tiers=table("90"), measure=Measure.QUANTITY, **terms)
    assert codes(units) == ["falling_total"]
    other = Scope(categories=("cctv",))
    elsewhere = deal(tiers=table("50"), measure_scope=other, **terms)
    assert codes(elsewhere) == ["falling_total"]
    unmeasured = deal(tiers=table("50"), measure=Measure.NONE, **terms)
    assert codes(unmeasured) == ["tier_without_measure"]


def test_an_interpolated_rate_may_climb_too_fast() -> None:
    table = tiers(("0", "0"), ("200", "30"))
    assert found("tier_slope", tiers=table, reach=Reach.LINEAR) == [
        (
            "programmes[0].tiers[1]",
            {"tier": "2", "start": "166.66", "threshold": "200", "percent": "60"},
        )
    ]
    gentle = tiers(("0", "0"), ("200", "25"))
    assert codes(deal(tiers=gentle, reach=Reach.LINEAR)) == []


@pytest.mark.parametrize(
    ("threshold", "boundary", "never"),
    [
        ("100", Boundary.AT_LEAST, False),
        ("100", Boundary.MORE_THAN, True),
        ("100.01", Boundary.AT_LEAST, True),
        ("99.99", Boundary.MORE_THAN, False),
    ],
)
def test_no_share_is_beyond_all(
    threshold: str, boundary: Boundary, *, never: bool
) -> None:
    table = tiers(("0", "1"), (threshold, "2"))
    terms = {"measure": Measure.SHARE, "boundary": boundary, "tiers": table}
    assert codes(deal(**terms)) == ["tier_beyond_whole"] * never


def test_growth_and_target_may_be_beyond_a_hundred() -> None:
    table = tiers(("0", "1"), ("120", "2"))
    for measure in (Measure.GROWTH_PERCENT, Measure.TARGET_PERCENT):
        assert codes(deal(measure=measure, tiers=table)) == []


def test_without_a_measure_only_the_first_tier_holds() -> None:
    assert codes(deal(measure=Measure.NONE)) == ["tier_without_measure"] * 2
    assert codes(deal(measure=Measure.NONE, tiers=FLAT)) == []


def cap(of: LimitOf, amount: str, per: LimitPer = LimitPer.MEMBER) -> Limit:
    return Limit(of=of, amount=Decimal(amount), per=per)


@pytest.mark.parametrize(
    ("amount", "boundary", "never"),
    [
        ("250000", Boundary.AT_LEAST, 0),
        ("249999.99", Boundary.AT_LEAST, 1),
        ("250000", Boundary.MORE_THAN, 1),
        ("250000.01", Boundary.MORE_THAN, 0),
    ],
)
def test_a_tier_beyond_the_cap_of_the_measure_is_never_reached(
    amount: str, boundary: Boundary, never: int
) -> None:
    limit = cap(LimitOf.MEASURE, amount)
    terms = {"cap": limit, "boundary": boundary, **MARGINAL}
    assert codes(deal(**terms)) == ["tier_beyond_cap"] * never


@pytest.mark.parametrize(("amount", "idle"), [("5000", True), ("5000.01", False)])
def test_a_tier_never_pays_more_once_the_cap_is_earned(
    amount: str, *, idle: bool
) -> None:
    limit = cap(LimitOf.EARNED, amount)
    warned = found("tier_past_cap", cap=limit)
    assert [at for at, _ in warned] == ["programmes[0].tiers[2]"] * idle
    assert found("tier_past_cap", cap=limit, measure=Measure.GROWTH_PERCENT) == []


def test_a_cap_for_each_member_says_nothing_of_a_pool() -> None:
    each, all_ = cap(LimitOf.EARNED, "1"), cap(LimitOf.EARNED, "1", LimitPer.POOL)
    assert found("tier_past_cap", cap=each, pool=Pool.GROUP) == []
    assert len(found("tier_past_cap", cap=all_, pool=Pool.GROUP)) == 1


@pytest.mark.parametrize(("amount", "never"), [("250000", 1), ("249999.99", 0)])
def test_a_tier_that_ends_before_the_minimum_never_pays(
    amount: str, never: int
) -> None:
    limit = cap(LimitOf.MEASURE, amount)
    assert codes(deal(minimum=limit, **MARGINAL)) == ["tier_below_minimum"] * never


def test_the_members_own_table_is_looked_at_too() -> None:
    own = Outbound(tiers=tiers(("0", "0.5")))
    (told,) = found("percent_fraction", outbound=own, tiers=FLAT)
    assert told[0] == "programmes[0].outbound.tiers[0]"


YEAR = {"in_force_from": date(2026, 1, 1), "in_force_until": date(2027, 1, 1)}


@pytest.mark.parametrize(
    ("start", "end", "terms", "endless"),
    [
        (date(2026, 10, 1), date(2027, 1, 1), YEAR, False),
        (date(2026, 10, 1), date(2027, 1, 2), YEAR, True),
        (date(2026, 1, 1), date(2027, 1, 1), YEAR, True),
        (date(2026, 1, 1), date(2026, 12, 31), YEAR, False),
        (date(2026, 3, 1), date(2027, 3, 1), {}, False),
        (date(2026, 3, 1), date(2027, 3, 2), {}, True),
        (date(2028, 2, 29), date(2029, 2, 28), {}, False),
        (date(9998, 1, 1), date(9999, 12, 31), {}, True),
    ],
)
def test_a_promotion_ends_before_the_terms_or_within_a_year(
    start: date, end: date, terms: Any, *, endless: bool
) -> None:
    given = Promotion(
        code="verano", start=start, end=end, multiplies=Multiplies.RATE, by=Decimal(2)
    )
    warned = found("promotion_without_end", tiers=FLAT, promotions=(given,), **terms)
    assert [at for at, _ in warned] == ["programmes[0].promotions[0].end"] * endless


def test_a_group_that_is_paid_on_nothing_has_nothing_to_divide_its_rebate_by() -> None:
    group = {**FIXED, "tiers": tiers(("100", "10"), value="amount"), "pool": Pool.GROUP}
    code = "divided_by_nothing"
    assert found(code, **group) == [("programmes[0].allocation", {})]
    assert not found(code, **{**group, "pool": Pool.MEMBER})
    assert not found(code, **{**group, "payable": Payable.AMOUNT})
    for allocation in (AllocationBy.EQUAL, AllocationBy.OWN_TIER):
        assert not found(code, **group, allocation=allocation)
