"""The frames of a run: sorted by their keys, each figure once, none of them missing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from deals import bought, column, computed, deal, tiers
from rappel.core.frames import REBATES, SLICES, STOPPED
from rappel.core.terms import Payable, Pool, Reach

STEPS = tiers(("0", "10"), ("1000", "25"))


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
