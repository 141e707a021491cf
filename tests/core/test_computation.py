"""The frames of a run: sorted by their keys, each figure once, none of them missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from deals import QUARTER, bought, column, computed, deal, tiers
from rappel.core.agreements import Limit, Outbound
from rappel.core.frames import INBOUND, POOLS, REBATES, SLICES, STOPPED
from rappel.core.period import Period
from rappel.core.terms import LimitOf, Payable, Pool, Reach

if TYPE_CHECKING:
    from rappel.core.agreements import Programme

STEPS = tiers(("0", "10"), ("1000", "25"))
NEXT_QUARTER = Period(QUARTER.end, date(2026, 7, 1))


def carrying(**terms: Any) -> Programme:
    """Return terms since the quarter began, whose cap of 100 carries its room."""
    cap = Limit(of=LimitOf.EARNED, amount=Decimal(100), carry=True)
    return deal(in_force_from=QUARTER.start, cap=cap, **terms)


def test_every_frame_is_sorted_by_its_key() -> None:
    marginal = {"reach": Reach.MARGINAL, "tiers": STEPS}
    nothing = {
        "pool": Pool.GROUP,
        "reach": Reach.HIGHEST_FIXED,
        "payable": Payable.NONE,
        "tiers": tiers(("0", "9"), value="amount"),
    }
    given = [deal("d", **nothing), deal("c", **nothing)]
    given += [deal("b", **marginal), deal("a", **marginal)]
    computation = computed("member | amount\n3 | 2000\n1 | 3000", *given)
    frames = (
        (REBATES, computation.rebates, 4),
        (SLICES, computation.slices, 8),
        (STOPPED, computation.stopped, 4),
    )
    for shape, frame, height in frames:
        assert frame.height == height, shape.name
        assert frame.equals(frame.sort(shape.key)), shape.name


def test_pools_are_sorted_by_programme() -> None:
    pools = computed(bought("100"), *(deal(code) for code in "hgfedcba")).pools
    assert pools["programme"].to_list() == [*"abcdefgh"]
    assert pools.equals(pools.sort(POOLS.key))


def test_the_supplier_s_leg_is_sorted_also_where_one_waits_for_another() -> None:
    own = {"tiers": STEPS, "outbound": Outbound(tiers=tiers(("0", "1")))}
    base, rest = deal("b", **own), deal("a", less=("b",), order=2, **own)
    inbound = computed(bought("2000"), base, rest).inbound
    assert inbound["programme"].to_list() == ["a", "b"]
    assert column(inbound, "amount") == ["375", "500"]  # of 1500 and of 2000
    assert inbound.equals(inbound.sort(INBOUND.key, nulls_last=True))


def test_the_supplier_s_leg_of_an_earlier_window_is_not_answered_again() -> None:
    terms = carrying(tiers=STEPS, outbound=Outbound(tiers=tiers(("0", "1"))))
    lines = "date | amount\n2026-03-31 | 600\n2026-04-01 | 800"
    inbound = computed(lines, terms, period=NEXT_QUARTER).inbound
    assert inbound["window"].unique().to_list() == [NEXT_QUARTER.start]
    assert column(inbound, "step") == ["exact", "cap"]
    assert column(inbound, "figure") == [None, "140"]  # 40 were left of the first 100
    assert column(inbound, "amount") == ["80", "0"]


def test_an_earlier_window_is_computed_for_what_it_carries_and_not_answered() -> None:
    lines = "date | amount\n2026-03-31 | 600\n2026-04-01 | 800"
    computation = computed(lines, carrying(tiers=STEPS), period=NEXT_QUARTER)
    assert column(computation.rebates, "exact") == ["80"]
    assert column(computation.slices, "amount") == ["80"]
    assert column(computation.pools, "measure") == ["800"]
    frames = (computation.rebates, computation.slices, computation.pools)
    assert {frame["window"].item() for frame in frames} == {NEXT_QUARTER.start}


def test_who_had_no_part_in_an_earlier_window_is_not_told_again() -> None:
    terms = carrying(
        pool=Pool.GROUP,
        reach=Reach.HIGHEST_FIXED,
        payable=Payable.NONE,
        tiers=tiers(("0", "9"), value="amount"),
    )
    lines = "date | member | amount\n{0} | 1 | 10\n{0} | 2 | 10"
    for day, told in (("2026-03-31", 0), ("2026-04-01", 2)):
        computation = computed(lines.format(day), terms, period=NEXT_QUARTER)
        assert computation.stopped.height == len(computation.findings) == told


def test_a_slice_is_of_the_measure_that_is_inside_it() -> None:
    marginal = deal(reach=Reach.MARGINAL, tiers=STEPS)
    slices = computed(bought("3500"), marginal).slices
    assert column(slices, "measure") == ["1000", "2500"]
    assert column(slices, "amount") == ["100", "625"]


def test_a_fixed_amount_alone_is_what_its_slice_earns() -> None:
    fixed = deal(reach=Reach.HIGHEST_FIXED, tiers=tiers(("0", "70"), value="amount"))
    computation = computed(bought("100"), fixed)
    assert column(computation.slices, "fixed") == ["70"]
    assert column(computation.slices, "amount") == ["70"]
    assert column(computation.rebates, "exact") == ["70"]


def test_who_bought_before_the_last_terms_has_their_fixed_amount_in_a_slice() -> None:
    day = date(2026, 2, 1)
    rows = tuple(replace(one, plus=Decimal(30)) for one in tiers(("0", "1")))
    first = deal(tiers=tiers(("0", "2")), in_force_until=day)
    then = deal(tiers=rows, in_force_from=day, revision=2)
    slices = computed("date | amount\n2026-01-31 | 100", first, then).slices
    assert column(slices, "payable") == ["100", "0"]
    assert column(slices, "amount") == ["2", "30"]


@pytest.mark.parametrize(
    ("bought_before", "payable"), [(5, ["100"]), (6, ["1", "100"])]
)
def test_what_was_returned_under_earlier_terms_has_no_slice(
    bought_before: int, payable: list[str]
) -> None:
    day = date(2026, 2, 1)
    first = deal(tiers=STEPS, in_force_until=day)
    then = deal(tiers=STEPS, in_force_from=day, revision=2)
    lines = f"""
    date       | kind        | amount
    2026-01-31 | invoice     | {bought_before}
    2026-01-31 | credit_note | 5
    2026-02-01 | invoice     | 100
    """
    assert column(computed(lines, first, then).slices, "payable") == payable


def test_a_slice_s_fixed_amount_is_the_member_s_part_and_in_its_amount() -> None:
    rows = tuple(replace(one, plus=Decimal(30)) for one in tiers(("0", "1")))
    group = deal(pool=Pool.GROUP, tiers=rows)
    computation = computed(bought("2000", "1000"), group)
    assert column(computation.slices, "payable") == ["2000", "1000"]
    assert column(computation.slices, "measure") == ["3000", "3000"]
    parts = [round(value, 6) for value in computation.slices["fixed"]]
    assert parts == [Decimal(20), Decimal(10)]
    amounts = [round(value, 6) for value in computation.slices["amount"]]
    assert amounts == [Decimal(40), Decimal(20)]


def test_who_reaches_no_tier_has_earned_exactly_nothing() -> None:
    computation = computed(bought("999"), deal(tiers=tiers(("1000", "5"))))
    assert column(computation.rebates, "exact") == ["0"]


def test_a_pool_s_measure_counts_once_and_who_bought_nothing_does_not() -> None:
    settled = "programme | member | window | amount\ndeal | 3 | 2026-01-01 | 1"
    group = deal(pool=Pool.GROUP, tiers=STEPS)
    pools = computed(bought("2000", "1000"), group, settled=settled).pools
    assert column(pools, "measure") == ["3000"]
    assert pools["contributors"].to_list() == [2]
    assert column(pools, "inbound") == ["750"]
