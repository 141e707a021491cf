"""Caps, minimums, guarantees and holdbacks, on both sides of each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deals import bought, column, computed, deal, earned, tiers
from rappel.core.agreements import Holdback, Limit, Promotion
from rappel.core.period import Period, Unit
from rappel.core.terms import Boundary, LimitOf, LimitPer, Multiplies, Pool, Reach

ROWS = tiers(("0", "1"), ("1000", "2"))
YEAR = date(2027, 1, 1)


def limit(amount: str, of: LimitOf = LimitOf.EARNED, **more: Any) -> Limit:
    """Return a limit of what is earned."""
    return Limit(of=of, amount=Decimal(amount), **more)


@pytest.mark.parametrize(
    ("amount", "expected"), [("1499.99", "30"), ("1500", "30"), ("1500.5", "30")]
)
def test_nothing_is_earned_beyond_a_cap(amount: str, expected: str) -> None:
    assert earned(bought(amount), deal(tiers=ROWS, cap=limit("30"))) == [expected]


def test_a_cap_is_a_step_also_where_it_changes_nothing() -> None:
    terms = deal(tiers=ROWS, cap=limit("30"))
    below, above = computed(bought("1000"), terms), computed(bought("2000"), terms)
    assert column(below.steps, "amount") == ["0"]
    assert column(above.steps, "amount") == ["-10"]
    assert column(above.steps, "step") == ["cap"]
    assert column(above.steps, "figure") == ["30"]
    assert column(above.rebates, "exact") == ["40"]


def test_a_claw_back_is_not_capped() -> None:
    lines = "kind | amount\ncredit_note | 5000"
    assert earned(lines, deal(tiers=ROWS, cap=limit("30"))) == ["-100"]


@pytest.mark.parametrize("of", [LimitOf.PAYABLE, LimitOf.MEASURE])
@pytest.mark.parametrize(("amount", "expected"), [("1500", "30"), ("1501", "30")])
def test_purchases_beyond_a_cap_are_paid_nothing(
    of: LimitOf, amount: str, expected: str
) -> None:
    terms = deal(tiers=ROWS, cap=limit("1500", of))
    assert earned(bought(amount), terms) == [expected]


def test_purchases_beyond_a_capped_measure_climb_nothing() -> None:
    terms = {"tiers": ROWS, "reach": Reach.RETROACTIVE}
    by_measure = deal(cap=limit("900", LimitOf.MEASURE), **terms)
    by_payable = deal(cap=limit("900", LimitOf.PAYABLE), **terms)
    assert earned(bought("1500"), by_measure) == ["9"]
    assert earned(bought("1500"), by_payable) == ["18"]


def test_a_cap_on_the_measure_cuts_slices_and_one_below_all_tiers_pays_nothing() -> (
    None
):
    rows = tiers(("500", "1"), ("1000", "2"))
    for cap, expected in (("1500", "15"), ("400", "0")):
        terms = deal(tiers=rows, reach=Reach.MARGINAL, cap=limit(cap, LimitOf.MEASURE))
        assert earned(bought("3000"), terms) == [expected]


@pytest.mark.parametrize(
    ("of", "below", "at"),
    [
        (LimitOf.MEASURE, "1499.99", "1500"),
        (LimitOf.PAYABLE, "1499.99", "1500"),
        (LimitOf.EARNED, "1499.99", "1500"),
    ],
)
def test_below_a_minimum_nothing_is_earned(of: LimitOf, below: str, at: str) -> None:
    amount = "30" if of is LimitOf.EARNED else "1500"
    terms = deal(tiers=ROWS, minimum=limit(amount, of))
    assert earned(bought(below), terms) == ["0"]
    assert earned(bought(at), terms) == ["30"]


@pytest.mark.parametrize(
    ("end", "expected"), [(date(2026, 3, 31), "20"), (date(2026, 4, 1), "50")]
)
def test_a_guarantee_acts_when_its_window_has_ended(end: date, expected: str) -> None:
    terms = deal(tiers=ROWS, guarantee=limit("50"))
    period = Period(date(2026, 1, 1), end)
    assert earned(bought("1000"), terms, period=period) == [expected]
    assert earned(bought("3000"), terms, period=period) == ["60"]


@pytest.mark.parametrize(
    ("from_day", "expected"), [(date(2026, 1, 1), "90"), (date(2026, 3, 2), "30")]
)
def test_a_limit_is_prorated_by_the_days_in_force(
    from_day: date, expected: str
) -> None:
    cap = limit("90", prorate="days")  # of the quarter's 90 days
    terms = deal(tiers=ROWS, cap=cap, in_force_from=from_day)
    lines = "date | amount\n2026-03-10 | 90000"
    assert earned(lines, terms) == [expected]


def test_a_lifetime_ends_with_its_terms() -> None:
    days = {"in_force_from": date(2026, 1, 1), "in_force_until": date(2026, 4, 1)}
    terms = deal(tiers=ROWS, accumulate=Unit.LIFETIME, guarantee=limit("50"), **days)
    assert earned(bought("1000"), terms) == ["50"]
    open_ended = deal(
        tiers=ROWS,
        accumulate=Unit.LIFETIME,
        guarantee=limit("50"),
        in_force_from=date(2026, 1, 1),
    )
    assert earned(bought("1000"), open_ended) == ["20"]


def test_limits_act_in_their_order_and_are_those_of_the_last_revision() -> None:
    first = deal(tiers=ROWS, cap=limit("1"), in_force_until=date(2026, 2, 1))
    then = deal(
        tiers=ROWS,
        cap=limit("30"),
        minimum=limit("30.01"),
        guarantee=limit("7"),
        in_force_from=date(2026, 2, 1),
        revision=2,
    )
    computation = computed(bought("2000"), first, then)
    assert column(computation.steps, "step") == ["cap", "minimum", "guarantee"]
    assert column(computation.steps, "amount") == ["-10", "-30", "7"]
    assert column(computation.rebates, "earned") == ["7"]


def test_a_pool_s_cap_is_divided_and_a_member_s_limits_its_own_part() -> None:
    group = {"pool": Pool.GROUP, "tiers": ROWS}
    volumes = bought("3000", "1000")
    of_pool = deal(cap=limit("40", per=LimitPer.POOL), **group)
    of_each = deal(cap=limit("40"), **group)
    assert earned(volumes, of_pool) == ["30", "10"]
    assert earned(volumes, of_each) == ["40", "20"]
    steps = computed(volumes, of_each).steps
    assert column(steps, "position") == [3000, 3000]
    assert column(steps, "amount") == ["-20", "0"]


def test_a_member_s_limit_in_a_group_is_rounded_as_what_it_limits() -> None:
    terms = deal(pool=Pool.GROUP, tiers=ROWS, cap=limit("40.005"))
    assert earned(bought("3000", "1000"), terms) == ["40.01", "20"]


def test_a_member_s_minimum_in_a_group_looks_at_its_own_purchases() -> None:
    floor = limit("1000", LimitOf.MEASURE)
    terms = deal(pool=Pool.GROUP, tiers=ROWS, minimum=floor)
    assert earned(bought("3000", "999.99", "1000"), terms) == ["60", "0", "20"]


def test_the_next_tier_is_worth_nothing_beyond_a_cap() -> None:
    terms = deal(tiers=ROWS, cap=limit("5"))
    assert column(computed(bought("900"), terms).rebates, "next_worth") == ["0"]
    group = deal(tiers=ROWS, pool=Pool.GROUP, cap=limit("5"))
    worth = column(computed(bought("900", "1"), group).rebates, "next_worth")
    assert worth == ["0", "0.01"]


@pytest.mark.parametrize(
    ("end", "held", "due"),
    [(date(2026, 3, 31), "5", "14"), (date(2026, 4, 1), "0", "19")],
)
def test_a_holdback_is_held_until_the_window_ends(
    end: date, held: str, due: str
) -> None:
    terms = deal(
        tiers=ROWS, holdback=Holdback(percent=Decimal(25)), fee_percent=Decimal(5)
    )
    period = Period(date(2026, 1, 1), end)
    rebates = computed(bought("1000"), terms, period=period).rebates
    assert column(rebates, "holdback") == [held]
    assert column(rebates, "fee") == ["1"]
    assert column(rebates, "due") == [due]


@pytest.mark.parametrize("boundary", Boundary)
@pytest.mark.parametrize(("amount", "held"), [("1999.99", "10"), ("2000", "0")])
def test_a_holdback_may_wait_for_a_measure_whatever_the_boundary(
    amount: str, held: str, boundary: Boundary
) -> None:
    kept = Holdback(percent=Decimal(25), release_from=Decimal(2000))
    terms = deal(tiers=ROWS, holdback=kept, boundary=boundary)
    rebates = computed(bought(amount), terms).rebates
    assert column(rebates, "holdback") == [held]


def test_instalments_of_a_capped_and_held_back_year_add_up() -> None:
    terms = deal(
        accumulate=Unit.YEAR,
        tiers=ROWS,
        cap=limit("50"),
        holdback=Holdback(percent=Decimal(25)),
    )
    lines = "date | amount\n2026-02-01 | 1200\n2026-05-01 | 900\n2026-08-01 | 900"
    paid, found = Decimal(0), []
    ends = (date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1), YEAR)
    for start, end in zip((date(2026, 1, 1), *ends), ends, strict=False):
        known = f"programme | member | window | amount\ndeal | 1 | 2026-01-01 | {paid}"
        rebates = computed(
            lines, terms, period=Period(start, end), settled=known
        ).rebates
        found += column(rebates, "due")
        paid += rebates["due"].sum()
    assert found == ["18", "13.5", "6", "12.5"]
    assert paid == 50


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    amounts=st.lists(st.integers(1, 500_000), min_size=1, max_size=5),
    cap=st.integers(0, 5_000),
    by=st.sampled_from(["0.5", "1", "1.5", "3"]),
    kind=st.sampled_from(list(Multiplies)),
    pool=st.sampled_from([Pool.MEMBER, Pool.GROUP]),
)
def test_steps_add_up_from_the_slices_to_what_is_earned(
    amounts: list[int], cap: int, by: str, kind: Multiplies, pool: Pool
) -> None:
    rows = "\n".join(
        f"{place % 3 + 1} | {Decimal(amount).scaleb(-2)}"
        for place, amount in enumerate(amounts)
    )
    extra = Promotion(
        code="x",
        start=date(2026, 2, 1),
        end=date(2026, 3, 1),
        multiplies=kind,
        by=Decimal(by),
    )
    limits = {
        "cap": limit(str(cap), per=LimitPer.POOL),
        "minimum": limit("100", LimitOf.PAYABLE, per=LimitPer.POOL),
        "guarantee": limit("7", per=LimitPer.POOL),
    }
    terms = deal(
        tiers=ROWS, reach=Reach.MARGINAL, pool=pool, promotions=(extra,), **limits
    )
    computation = computed(f"member | amount\n{rows}", terms)
    changed = computation.steps.group_by("member").agg(pl.col("amount").sum())
    both = computation.rebates.join(changed, on="member")
    assert both.height == computation.rebates.height
    for row in both.iter_rows(named=True):
        exact = row["exact"] + row["amount_right"]
        assert abs(row["earned"] - exact) <= Decimal("0.01")
    reward = Decimal(by) if kind is Multiplies.REWARD else Decimal(1)
    most = max(Decimal(cap), Decimal(7)) * max(reward, Decimal(1))
    pools = computation.rebates.height if pool is Pool.MEMBER else 1
    assert computation.rebates["earned"].sum() <= most * pools


@pytest.mark.parametrize(
    ("carry", "expected"), [(["carry"], ["12000", "8000"]), ([], ["12000", "10000"])]
)
def test_what_was_earned_above_a_guarantee_may_carry_over(
    carry: list[str], expected: list[str]
) -> None:
    """Dynamics 365: a top-up of 3,000 with carry-over, of 5,000 without."""
    terms = deal(
        tiers=tiers(("0", "100")),
        guarantee=limit("10000", **dict.fromkeys(carry, True)),
    )
    lines = "date | amount\n2026-02-05 | 12000\n2026-05-05 | 5000"
    half = Period(date(2026, 1, 1), date(2026, 7, 1))
    assert earned(lines, terms, period=half) == expected


@pytest.mark.parametrize(
    ("carry", "expected"),
    [(["carry"], ["20", "130", "50"]), ([], ["20", "75", "50"])],
)
def test_room_that_a_cap_did_not_use_may_carry_over(
    carry: list[str], expected: list[str]
) -> None:
    terms = deal(
        tiers=tiers(("0", "100")), cap=limit("75", **dict.fromkeys(carry, True))
    )
    lines = "date | amount\n2026-02-05 | 20\n2026-05-05 | 500\n2026-08-05 | 50"
    year = Period(date(2026, 1, 1), date(2026, 10, 1))
    assert earned(lines, terms, period=year) == expected
