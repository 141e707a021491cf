"""A promotion pays more for what was bought in its days and its scope."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deals import bought, column, computed, deal, earned, tiers
from rappel.core.agreements import Limit, Promotion, Scope
from rappel.core.terms import LimitOf, Measure, Multiplies, Payable, Pool, Reach

FEBRUARY = (date(2026, 2, 1), date(2026, 3, 1))
ROWS = tiers(("0", "1"), ("1000", "2"))


def promotion(code: str = "double", **terms: Any) -> Promotion:
    """Return a promotion of February that doubles the rate."""
    start, end = FEBRUARY
    usual = {"multiplies": Multiplies.RATE, "by": Decimal(2)}
    return Promotion(
        code=code, start=start, end=end, **(terms if "adds" in terms else usual | terms)
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-01-31", "20"),
        ("2026-02-01", "32"),
        ("2026-02-28", "32"),
        ("2026-03-01", "20"),
    ],
)
def test_what_is_bought_inside_the_days_is_paid_twice(day: str, expected: str) -> None:
    terms = deal(tiers=ROWS, promotions=(promotion(),))
    lines = f"date | amount\n2026-01-05 | 400\n{day} | 600"
    assert earned(lines, terms) == [expected]


@pytest.mark.parametrize(("code", "expected"), [("A", "40"), ("B", "20")])
def test_what_is_outside_the_scope_is_not(code: str, expected: str) -> None:
    terms = deal(tiers=ROWS, promotions=(promotion(scope=Scope(codes=("A",))),))
    assert earned(f"code | amount\n{code} | 1000", terms) == [expected]


def test_the_scope_of_the_programme_holds_inside_the_promotion() -> None:
    inside = promotion(scope=Scope(categories=("access",)))
    terms = deal(tiers=ROWS, scope=Scope(categories=("cctv",)), promotions=(inside,))
    lines = "category | amount\ncctv | 1000\naccess | 1000"
    assert earned(lines, terms) == ["20"]


def test_a_promoted_volume_climbs_no_further() -> None:
    terms = deal(tiers=ROWS, promotions=(promotion(),))
    assert earned(bought("999.99"), terms) == ["20"]  # 1 % twice, not 2 %
    assert earned(bought("1000"), terms) == ["40"]


def test_a_marginal_rate_is_doubled_at_its_average() -> None:
    terms = deal(tiers=ROWS, reach=Reach.MARGINAL, promotions=(promotion(),))
    lines = "date | amount\n2026-01-05 | 1000\n2026-02-05 | 1000"
    assert earned(lines, terms) == ["45"]  # 10 + 20, and half of it again


def test_a_stated_addition_is_paid_on_what_is_inside() -> None:
    terms = deal(tiers=ROWS, promotions=(promotion(adds=Decimal("0.5")),))
    lines = "date | amount\n2026-01-05 | 1000\n2026-02-05 | 1000"
    assert earned(lines, terms) == ["45"]


def test_a_return_inside_takes_its_extra_back() -> None:
    terms = deal(tiers=ROWS, promotions=(promotion(),))
    lines = "kind | amount\ninvoice | 1500\ncredit_note | 300"
    assert earned(lines, terms) == ["48"]


@pytest.mark.parametrize(
    ("multiplies", "expected"), [(Multiplies.RATE, "30"), (Multiplies.REWARD, "60")]
)
def test_a_rate_acts_before_the_cap_and_a_reward_after_it(
    multiplies: Multiplies, expected: str
) -> None:
    cap = Limit(of=LimitOf.EARNED, amount=Decimal(30))
    double = promotion(multiplies=multiplies)
    terms = deal(tiers=ROWS, cap=cap, promotions=(double,))
    assert earned(bought("2000"), terms) == [expected]


def test_two_promotions_add_up_in_their_order_and_each_is_a_step() -> None:
    later, first = promotion("later", order=2), promotion("first", by=Decimal("1.5"))
    terms = deal(tiers=ROWS, promotions=(later, first))
    computation = computed(bought("2000"), terms)
    assert column(computation.rebates, "earned") == ["100"]  # 40 + 20 + 40
    assert column(computation.rebates, "exact") == ["40"]
    assert column(computation.steps, "code") == ["first", "later"]
    assert column(computation.steps, "amount") == ["20", "40"]
    assert column(computation.steps, "payable") == ["2000", "2000"]


def test_a_promotion_of_pieces_counts_pieces() -> None:
    terms = deal(
        measure=Measure.QUANTITY,
        payable=Payable.QUANTITY,
        tiers=tiers(("0", "3"), value="per_unit"),
        promotions=(promotion(),),
    )
    lines = "date | amount | quantity\n2026-01-05 | 1 | 10\n2026-02-05 | 1 | 4"
    assert earned(lines, terms) == ["54"]


def test_each_member_has_its_part_of_a_group_s_promotion() -> None:
    terms = deal(pool=Pool.GROUP, tiers=ROWS, promotions=(promotion(),))
    computation = computed(bought("750", "250"), terms)
    assert column(computation.rebates, "earned") == ["30", "10"]
    assert column(computation.steps, "amount") == ["15", "5"]


def test_a_promotion_of_one_revision_ends_with_it() -> None:
    first = deal(
        tiers=ROWS, in_force_until=date(2026, 2, 15), promotions=(promotion(),)
    )
    then = deal(tiers=ROWS, in_force_from=date(2026, 2, 15), revision=2)
    lines = "date | amount\n2026-02-14 | 500\n2026-02-15 | 500"
    assert earned(lines, first, then) == ["30"]


def test_the_next_tier_is_worth_its_promotions_too() -> None:
    terms = deal(tiers=ROWS, promotions=(promotion(),))
    rebates = computed(bought("900"), terms).rebates
    assert column(rebates, "earned") == ["18"]
    assert column(rebates, "next_worth") == ["20"]  # 20 and 18 more inside, less 18


@pytest.mark.parametrize("multiplies", list(Multiplies))
def test_a_promotion_pays_at_the_rate_of_its_own_revision(
    multiplies: Multiplies,
) -> None:
    """What January's terms earn on everything else is no part of the average."""
    first = deal(tiers=ROWS, in_force_until=date(2026, 2, 1))
    then = deal(
        tiers=tiers(("0", "3"), ("1000", "5")),
        in_force_from=date(2026, 2, 1),
        revision=2,
        promotions=(promotion(multiplies=multiplies),),
    )
    lines = "date | amount\n2026-01-31 | 800\n2026-02-01 | 200"
    assert earned(lines, first, then) == ["36"]  # 16 + 10, and 10 once more


@pytest.mark.parametrize(("cap", "expected"), [("26", "36"), ("13", "18"), ("0", "0")])
def test_a_cap_cuts_each_revision_by_the_same_part(cap: str, expected: str) -> None:
    limit = Limit(of=LimitOf.EARNED, amount=Decimal(cap))
    double = promotion(multiplies=Multiplies.REWARD)
    first = deal(tiers=ROWS, in_force_until=date(2026, 2, 1), cap=limit)
    then = deal(
        tiers=tiers(("0", "5")),
        in_force_from=date(2026, 2, 1),
        revision=2,
        cap=limit,
        promotions=(double,),
    )
    lines = "date | amount\n2026-01-31 | 800\n2026-02-01 | 200"
    assert earned(lines, first, then) == [expected]
