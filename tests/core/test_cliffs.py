"""Cliffs: where buying more costs less, exactly."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from deals import QUARTER, bought, computed, deal, facts, only, purchases, tiers
from rappel.core.agreements import Tier
from rappel.core.cliffs import curve, resets, shown, slopes, steps
from rappel.core.frames import SUPPLIERS
from rappel.core.rebates import compute
from rappel.core.terms import Reach

# 0 % below 50,000, 2 % from there, 3 % from 100,000 (a case derived by hand)
TRICK = tiers(("0", "0"), ("50000", "2"), ("100000", "3"))


def earned(
    reach: Reach, measure: Fraction | int, table: tuple[Tier, ...] = TRICK
) -> Fraction:
    """Return what a measure earns, by the last piece that it has reached."""
    reached = [one for one in curve(table, reach) if one.start <= measure]
    return reached[-1].earned(Fraction(measure))


def test_from_98000_two_thousand_more_return_1040_which_is_52_percent() -> None:
    now, then = earned(Reach.RETROACTIVE, 98_000), earned(Reach.RETROACTIVE, 100_000)
    assert (now, then, then - now) == (1960, 3000, 1040)
    assert 100 * (then - now) == 52 * 2000
    step = steps(curve(TRICK, Reach.RETROACTIVE))[-1]
    assert step.half < 98_000 < step.cheaper


def test_the_zones_end_where_the_last_unit_returns_just_so_much() -> None:
    step = steps(curve(TRICK, Reach.RETROACTIVE))[-1]
    assert step.jump == 1000
    for share, edge in ((1, step.cheaper), (Fraction(1, 2), step.half)):
        gain = 3000 - Fraction(2, 100) * edge
        assert gain == share * (100_000 - edge)
    assert shown(step.cheaper, 2) == Decimal("98979.59")
    assert shown(step.half, 2) == Decimal("97916.66")


@pytest.mark.parametrize(
    ("reach", "measure", "total"),
    [
        (Reach.RETROACTIVE, 120_000, 3_600),
        (Reach.MARGINAL, 120_000, 1_000 + 600),
        (Reach.ROLLING, 120_000, 2_000 + 3_600),
        (Reach.STACKED, 120_000, 2_400 + 3_600),
        (Reach.RETROACTIVE, 49_999, 0),
        (Reach.ROLLING, 60_000, 1_200),
    ],
)
def test_a_curve_earns_what_its_reach_says(
    reach: Reach, measure: int, total: int
) -> None:
    assert earned(reach, measure) == total


CURVED = [reach for reach in Reach if reach not in {Reach.LINEAR, Reach.INCREMENT}]


@pytest.mark.parametrize("reach", CURVED)
@pytest.mark.parametrize("amount", [1, 49_999, 50_000, 99_999, 100_000, 234_567])
def test_a_curve_earns_what_the_engine_earns(reach: Reach, amount: int) -> None:
    fixed = reach in {Reach.HIGHEST_FIXED, Reach.EACH_FIXED}
    rows = (("10", "7"), ("50000", "20"), ("100000", "31"))
    table = tiers(*rows, value="amount" if fixed else "percent")
    terms = deal(tiers=table, reach=reach)
    (exact,) = computed(bought(str(amount)), terms).rebates["exact"]
    assert earned(reach, amount, table) == Fraction(exact)


@pytest.mark.parametrize("reach", CURVED)
@pytest.mark.parametrize("caps", [("3000", "12000", None), ("5", None, "20000")])
def test_a_curve_with_capped_tiers_earns_what_the_engine_earns(
    reach: Reach, caps: tuple[str | None, ...]
) -> None:
    fixed = reach in {Reach.HIGHEST_FIXED, Reach.EACH_FIXED}
    rows = (("10", "7"), ("50000", "20"), ("100000", "31"))
    table = tuple(
        replace(tier, cap=Decimal(cap) if cap else None)
        for tier, cap in zip(
            tiers(*rows, value="amount" if fixed else "percent"), caps, strict=True
        )
    )
    amounts = [9, 10, 80, 42_857, 42_858, 49_999, 50_000, 60_000, 99_999, 234_567]
    lines = "\n".join(f"{place} | {one}" for place, one in enumerate(amounts, start=1))
    known = replace(
        facts("amount\n1"),
        lines=purchases(f"supplier | amount\n{lines}"),
        suppliers=SUPPLIERS.of(
            [(place, f"s{place:02}") for place in range(1, len(amounts) + 1)]
        ),
    )
    deals = [
        deal(f"s{place:02}", tiers=table, reach=reach, suppliers=(f"s{place:02}",))
        for place in range(1, len(amounts) + 1)
    ]
    paid = compute(known, deals, period=QUARTER).rebates.sort("programme")["earned"]
    assert [earned(reach, amount, table) for amount in amounts] == [*paid]


def test_a_tier_whose_cap_is_earned_before_makes_the_total_fall() -> None:
    table = tiers(("0", "2"), ("100000", "3"))
    capped = (table[0], replace(table[1], cap=Decimal(1500)))
    (step,) = steps(curve(capped, Reach.RETROACTIVE))
    assert (step.tier, step.jump) == (1, -500)


def test_a_cap_below_a_threshold_leaves_a_flat_piece_before_it() -> None:
    table = tiers(("0", "2"), ("100000", "3"))
    capped = (replace(table[0], cap=Decimal(1000)), table[1])
    (step,) = steps(curve(capped, Reach.RETROACTIVE))
    assert step.jump == 2000
    assert (step.cheaper, step.half) == (98_000, 96_000)


def test_steps_that_start_anew_lose_at_most_their_cap() -> None:
    rows = [
        Tier(threshold=Decimal(start), every=Decimal(10), amount=Decimal(1))
        for start in (0, 100)
    ]
    (whole,) = resets(rows)
    (capped,) = resets([replace(rows[0], cap=Decimal(4)), rows[1]])
    assert (whole.jump, capped.jump) == (-9, -4)


@pytest.mark.parametrize("reach", CURVED)
@pytest.mark.parametrize("share", [Fraction(1), Fraction(1, 2)])
def test_a_zone_is_where_each_purchase_up_to_the_threshold_returns_so_much(
    reach: Reach, share: Fraction
) -> None:
    rows = (("20", "30"), ("50", "10"), ("60", "45"), ("90", "50"))
    fixed = reach in {Reach.HIGHEST_FIXED, Reach.EACH_FIXED}
    table = tiers(*rows, value="amount" if fixed else "percent")
    pieces = curve(table, reach)
    for step in steps(pieces):
        end, edge = step.threshold, step.cheaper if share == 1 else step.half
        inside = []
        for quarter in range(4 * int(end)):
            stand = Fraction(quarter, 4)
            gain = earned(reach, end, table) - earned(reach, stand, table)
            inside.append(gain > share * (end - stand))
        after = [Fraction(q, 4) for q, yes in enumerate(inside) if not yes]
        begins = after[-1] if after else Fraction(0)
        assert begins <= edge <= begins + Fraction(1, 4)


def test_fixed_amounts_are_the_highest_or_all_of_them() -> None:
    table = tiers(("100", "5"), ("200", "7"), value="amount")
    assert earned(Reach.HIGHEST_FIXED, 250, table) == 7
    assert earned(Reach.EACH_FIXED, 250, table) == 12
    assert earned(Reach.EACH_FIXED, 99, table) == 0


def test_marginal_tiers_have_no_cliff_and_plus_makes_one() -> None:
    assert steps(curve(TRICK, Reach.MARGINAL)) == ()
    more = Tier(threshold=Decimal(200_000), percent=Decimal(3), plus=Decimal(500))
    step = only(steps(curve((*TRICK, more), Reach.MARGINAL)))
    assert (step.tier, step.jump) == (3, 500)


def test_a_cliff_may_begin_tiers_below() -> None:
    table = tiers(("100", "0"), ("150", "1"), ("200", "90"), value="amount")
    step = steps(curve(table, Reach.HIGHEST_FIXED))[-1]
    assert (step.cheaper, step.half) == (110, 20)


def test_a_rate_above_the_share_pays_more_than_it_in_its_whole_tier() -> None:
    table = tiers(("100", "60"), ("200", "70"))
    last = steps(curve(table, Reach.RETROACTIVE))[-1]
    assert last.half == 0  # from nothing on: 140 come back of 200
    assert last.cheaper == 150  # 90 came back already, and 50 more of these 50


def test_where_the_total_falls_there_is_no_zone() -> None:
    step = steps(curve(tiers(("0", "3"), ("100", "2")), Reach.RETROACTIVE))[-1]
    assert (step.jump, step.cheaper, step.half) == (-1, 100, 100)


def test_a_linear_table_jumps_at_its_first_point_only() -> None:
    step = only(steps(curve(TRICK[1:], Reach.LINEAR)))
    assert (step.threshold, step.jump) == (50_000, 1_000)


def test_an_interpolated_rate_that_climbs_fast_returns_more_than_half() -> None:
    # from 0 % at 100 to 20 % at 200 the last unit returns 20 % and 0.2 % of 200
    slope = only(slopes(tiers(("100", "0"), ("200", "20"))))
    assert (slope.share, slope.start) == (Fraction(60, 100), 175)
    assert slopes(tiers(("100", "0"), ("200", "10"))) == ()
    assert slopes(tiers(("100", "60"), ("200", "60"))) == ()


def test_a_stretch_is_too_steep_from_its_own_first_point_at_the_earliest() -> None:
    assert only(slopes(tiers(("100", "40"), ("110", "50")))).start == 100


def steps_of(*rows: tuple[str, str, str]) -> tuple[Tier, ...]:
    return tuple(
        Tier(threshold=Decimal(start), amount=Decimal(gives), every=Decimal(every))
        for start, gives, every in rows
    )


@pytest.mark.parametrize(
    ("start", "lost"),
    [("100", []), ("110", [5]), ("200", [5]), ("201", [10])],
)
def test_steps_start_anew_at_the_next_tier(start: str, lost: list[int]) -> None:
    table = steps_of(("0", "5", "100"), (start, "9", "100"))
    assert [-step.jump for step in resets(table)] == lost
    assert curve(table, Reach.INCREMENT) == ()


def test_a_figure_is_shown_cut_down() -> None:
    assert shown(Fraction(2, 3), 2) == Decimal("0.66")
    assert shown(Fraction(5), 0) == 5
